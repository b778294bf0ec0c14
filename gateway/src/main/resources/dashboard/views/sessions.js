// MCP sessions: conversations that outlive links and nodes, and what they still wait for.

import { el, paintState, setText } from "../dom.js";
import { age, client, name, NOTHING, time } from "../format.js";
import { PagedView } from "../paged.js";

const MOST_SHOWN = 4;

function paintListening(cell, session) {
    paintState(cell, session.listening ? "good" : null, session.listening ? "attached" : "away");
}

/** The requests without an outcome yet, oldest ones first as the gateway lists them. */
function paintExchanges(cell, session) {
    const open = session.open_exchanges ?? [];
    const lines = open.slice(0, MOST_SHOWN).map((one) => `${name(one.method)}, ${age(one.age_seconds)}`);
    if (open.length > MOST_SHOWN) {
        lines.push(`and ${open.length - MOST_SHOWN} more`);
    }
    while (cell.children.length > Math.max(1, lines.length)) {
        cell.lastChild.remove();
    }
    while (cell.children.length < Math.max(1, lines.length)) {
        cell.append(el("div"));
    }
    [...cell.children].forEach((line, i) => setText(line, lines[i] ?? NOTHING));
}

const COLUMNS = [
    { label: "Session", kind: "mono", text: (session) => name(session.session) },
    { label: "Client", kind: "name", text: (session) => client(session.client) },
    { label: "Reader", kind: "short", paint: paintListening },
    { label: "Open exchanges", kind: "text", paint: paintExchanges },
    { label: "Upstream", kind: "short", text: (session) => name(session.upstream) },
    { label: "Transport", kind: "short", text: (session) => name(session.transport) },
    { label: "Revision", kind: "short", text: (session) => name(session.revision) },
    { label: "Node", kind: "short", text: (session) => name(session.node) },
    { label: "Holder", kind: "short", text: (session) => name(session.holder) },
    { label: "Principal", kind: "name", text: (session) => name(session.principal) },
    { label: "Changed", kind: "number", text: (session) => time(session.changed_at) },
];

export function sessionsView(panel, { api, origin }) {
    return new PagedView(panel, api, {
        title: "Sessions",
        about:
            "MCP conversations, by a short hash of their id. The node serves the client’s stream, the holder keeps the" +
            " link to the upstream; any node can take over either.",
        path: "api/sessions",
        key: "sessions",
        noun: "session",
        nouns: "sessions",
        search: "Client, upstream, principal or hash",
        columns: COLUMNS,
        nothing: ["No MCP session is open. Point an MCP client at one of these:", `${origin}/mcp\n${origin}/sse`],
    });
}
