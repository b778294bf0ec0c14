// Who still uses the legacy transport, and whether they could leave it today.

import { el, meter, paintState, setText } from "../dom.js";
import { count, name, percent, plural, time } from "../format.js";
import { heading } from "../paged.js";
import { Poll } from "../poll.js";
import { empty, Table } from "../table.js";

const EVERY = 5_000;
const ADVICE = {
    ready: ["good", "ready to move"],
    update: ["warn", "needs an update"],
    unknown: [null, "not known"],
};

function paintAdvice(cell, { transport, advice }) {
    const [tone, text] = transport === "legacy" ? (ADVICE[advice] ?? [null, name(advice)]) : ["good", "moved"];
    paintState(cell, tone, text);
}

const COLUMNS = [
    { label: "Client", kind: "name", text: (one) => name(one.client) },
    { label: "Version", kind: "short", text: (one) => name(one.version) },
    { label: "Uses", kind: "short", text: (one) => name(one.transport) },
    { label: "Advice", kind: "short", paint: paintAdvice },
    { label: "Why", kind: "text", text: (one) => name(one.why) },
    { label: "Principal", kind: "name", text: (one) => name(one.principal) },
    { label: "Count", kind: "number", text: (one) => count(one.count) },
    { label: "First seen", kind: "number", text: (one) => time(one.first_seen) },
    { label: "Last seen", kind: "number", text: (one) => time(one.last_seen) },
];

const ORDER = { legacy: 0, streamable: 1 };

export class MigrationView {
    constructor(panel, { api, origin }) {
        this.api = api;
        this.share = meter("Share of legacy clients");
        this.said = el("p", {});
        this.trouble = el("p", { class: "notice" });
        this.table = new Table({ caption: "Clients by transport", columns: COLUMNS });
        this.nothing = empty(
            "No MCP client has come yet. The one below is the endpoint for those that speak Streamable HTTP:",
            `${origin}/mcp`,
        );
        this.poll = new Poll(EVERY, () => this.load());
        const about = "Clients of the legacy SSE transport, and what is known of their way to Streamable HTTP.";
        const tools = el("div", { class: "tools" }, this.said, this.share.element);
        panel.append(
            heading({ title: "Migration", about }),
            this.trouble,
            el("div", { class: "box" }, tools, this.table.element, this.nothing),
        );
    }

    show() {
        this.poll.start();
    }

    hide() {
        this.poll.stop();
    }

    async load() {
        try {
            this.paint(await this.api.get("api/migration"));
            setText(this.trouble, "");
        } catch (refused) {
            const absent = refused.status === 404;
            setText(this.trouble, absent ? "This gateway does not keep count of its legacy clients." : refused.message);
        }
    }

    paint({ clients = [], sunset, legacy_share: share }) {
        const sorted = [...clients].sort((a, b) => ORDER[a.transport] - ORDER[b.transport] || b.count - a.count);
        const legacy = clients.filter((one) => one.transport === "legacy").length;
        const until = sunset ? ` The legacy endpoints are announced to end on ${name(sunset)}.` : "";
        const part = Number.isFinite(share) ? `, ${percent(share)} of the requests` : "";
        setText(this.said, `${plural(legacy, "client")} on the legacy transport${part}.${until}`);
        this.share.show(share, percent(share));
        this.share.element.hidden = !Number.isFinite(share);
        this.table.show(sorted);
        this.table.describe(plural(sorted.length, "client"));
        this.nothing.hidden = sorted.length > 0;
    }
}
