// How links ended lately, by reason: the closed list that is also the metric label and the field in the logs.

import { el, freshId, paintState, setAttribute, setText } from "../dom.js";
import { age, client, count, name, plural, time } from "../format.js";
import { heading } from "../paged.js";
import { empty, Table } from "../table.js";

const MOST_ROWS = 100;
const MEANINGS = {
    client_left: "The client closed its side.",
    peer_lost: "The network lost it: a reset, or bytes nobody acknowledged.",
    stalled: "It took nothing for the connection timeout.",
    drained: "The node was going away and said so.",
    rotated: "It reached the age at which links are renewed.",
    paused: "The client is to ask again, as its protocol has it.",
    credential_expired: "Its token ran out.",
    completed: "All there was to say was said.",
    superseded: "The same reader opened the stream again.",
    session_ended: "The session is over.",
};

const COLUMNS = [
    { label: "When", kind: "short", text: (closing) => time(closing.at) },
    { label: "Reason", kind: "short", paint: paintReason },
    { label: "Meaning", kind: "text", text: (closing) => MEANINGS[closing.reason] ?? "" },
    { label: "Comes back", kind: "short", text: (closing) => (closing.return ? "yes" : "no") },
    { label: "Kind", kind: "short", text: (closing) => name(closing.kind) },
    { label: "Client", kind: "name", text: (closing) => client(closing.client) },
    { label: "Age", kind: "number", text: (closing) => age(closing.age_seconds) },
    { label: "Node", kind: "short", text: (closing) => name(closing.node) },
];

/** What an operator should look at: the network or a reader that does not read. */
const TROUBLE = new Set(["peer_lost", "stalled"]);

function paintReason(cell, closing) {
    paintState(cell, TROUBLE.has(closing.reason) ? "warn" : null, name(closing.reason));
}

export class ClosingsView {
    constructor(panel, { cluster }) {
        this.cluster = cluster;
        this.paint = this.paint.bind(this);
        this.reasons = el("ul", { class: "reasons", "aria-label": "Closings by reason" });
        this.bars = new Map();
        this.table = new Table({ caption: "Recent closings, newest first", columns: COLUMNS });
        this.nothing = empty("No link has ended yet.");
        this.filter = el("select", { id: freshId("reason") }, el("option", { value: "" }, "All reasons"));
        this.filter.addEventListener("change", this.paint);
        const label = el("label", { for: this.filter.id }, "Reason");
        const tools = el("div", { class: "tools" }, el("div", { class: "field" }, label, this.filter));
        const about = "The last 50 of each node. A link that ended is no loss: who comes back with its last id misses nothing.";
        panel.append(
            heading({ title: "Recent closings", about }),
            el("div", { class: "box" }, this.reasons),
            el("div", { class: "box" }, tools, this.table.element, this.nothing),
        );
    }

    show() {
        this.cluster.addEventListener("change", this.paint);
        this.paint();
    }

    hide() {
        this.cluster.removeEventListener("change", this.paint);
    }

    all() {
        return this.cluster
            .all()
            .flatMap((node) => (node.report.closings ?? []).map((closing) => ({ ...closing, node: node.name })))
            .sort((a, b) => (a.at > b.at ? -1 : 1));
    }

    paint() {
        const all = this.all();
        const counts = new Map();
        all.forEach(({ reason }) => counts.set(reason, (counts.get(reason) ?? 0) + 1));
        const most = Math.max(1, ...counts.values());
        [...counts].forEach(([reason, n]) => this.bar(reason).show(n, most));
        this.bars.forEach((bar, reason) => setAttribute(bar.element, "hidden", !counts.has(reason)));
        const chosen = all.filter(({ reason }) => !this.filter.value || reason === this.filter.value);
        this.table.show(chosen.slice(0, MOST_ROWS));
        this.table.describe(`${plural(chosen.length, "closing")}, newest first`);
        this.nothing.hidden = all.length > 0;
    }

    bar(reason) {
        if (!this.bars.has(reason)) {
            const bar = reasonBar(reason);
            this.bars.set(reason, bar);
            this.reasons.append(bar.element);
            this.filter.append(el("option", { value: reason }, name(reason)));
        }
        return this.bars.get(reason);
    }
}

function reasonBar(reason) {
    const bar = el("meter", { min: 0, max: 1, "aria-hidden": "true" });
    const said = el("span", { class: "number" });
    const title = el("span", {}, name(reason));
    return {
        element: el("li", { title: MEANINGS[reason] ?? null }, title, bar, said),
        show(n, most) {
            setAttribute(bar, "value", n / most);
            setText(said, count(n));
        },
    };
}
