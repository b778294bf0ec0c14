// The MCP servers behind the gateway, as each node sees them.

import { el, paintState } from "../dom.js";
import { count, name } from "../format.js";
import { heading } from "../paged.js";
import { empty, Table } from "../table.js";

const TONES = { connected: "good", reconnecting: "warn", failing: "bad" };

const COLUMNS = [
    { label: "Upstream", kind: "short", text: ({ upstream }) => name(upstream.name) },
    { label: "State", kind: "short", paint: (cell, { upstream }) => paintState(cell, TONES[upstream.state], upstream.state ?? "") },
    { label: "Node", kind: "short", text: ({ node }) => name(node) },
    { label: "Kind", kind: "short", text: ({ upstream }) => name(upstream.kind) },
    { label: "Where", kind: "long", text: ({ upstream }) => name(upstream.url_or_command) },
    { label: "Links", kind: "number", text: ({ upstream }) => count(upstream.links) },
    { label: "Reconnections", kind: "number", text: ({ upstream }) => count(upstream.reconnections) },
    { label: "Last failure", kind: "text", text: ({ upstream }) => failure(upstream.last_failure) },
];

function failure(last) {
    return name(typeof last === "object" && last ? (last.message ?? JSON.stringify(last)) : last);
}

function rows(cluster) {
    return cluster
        .living()
        .flatMap((node) => (node.report.upstreams ?? []).map((upstream) => ({ node: node.name, upstream })))
        .sort((a, b) => (a.upstream.name + a.node < b.upstream.name + b.node ? -1 : 1));
}

export function upstreamsView(panel, { cluster }) {
    const table = new Table({ caption: "Upstreams by node", columns: COLUMNS });
    const nothing = empty("No upstream is configured: this gateway serves channels only. One is named at start:",
        "--upstream docs=http://127.0.0.1:3000/mcp");
    const paint = () => {
        const all = rows(cluster);
        table.show(all);
        nothing.hidden = all.length > 0;
    };
    const about = "The MCP servers behind the gateway. Reconnections count how often a node had to ask again.";
    panel.append(heading({ title: "Upstreams", about }), el("div", { class: "box" }, table.element, nothing));
    return {
        show() {
            cluster.addEventListener("change", paint);
            paint();
        },
        hide() {
            cluster.removeEventListener("change", paint);
        },
    };
}
