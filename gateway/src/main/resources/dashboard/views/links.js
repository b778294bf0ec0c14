// Every link of every node: one open HTTP response being written.

import { paintState } from "../dom.js";
import { age, bytes, client, count, name } from "../format.js";
import { PagedView } from "../paged.js";

const KINDS = [
    { name: "channel", label: "Channel" },
    { name: "mcp_sse", label: "MCP, legacy SSE" },
    { name: "mcp_get", label: "MCP, GET" },
    { name: "mcp_post", label: "MCP, POST" },
    { name: "api", label: "Operators" },
];
const STATES = [
    { name: "live", label: "Live" },
    { name: "replaying", label: "Replaying" },
    { name: "lagging", label: "Lagging" },
];
const TONES = { live: "good", lagging: "warn" };
const kindOf = (link) => KINDS.find((kind) => kind.name === link.kind)?.label ?? name(link.kind);

const COLUMNS = [
    { label: "Stream", kind: "name", text: (link) => name(link.stream) },
    { label: "State", kind: "short", paint: (cell, link) => paintState(cell, TONES[link.state], link.state ?? "") },
    { label: "Kind", kind: "short", text: kindOf },
    { label: "Client", kind: "name", text: (link) => client(link.client) },
    { label: "Age", kind: "number", sort: "age", text: (link) => age(link.age_seconds) },
    { label: "Last event", kind: "number", text: (link) => age(link.idle_seconds) },
    { label: "Lag", kind: "number", sort: "lag", text: (link) => count(link.lag) },
    { label: "Events", kind: "number", sort: "events", text: (link) => count(link.events) },
    { label: "Bytes", kind: "number", sort: "bytes", text: (link) => bytes(link.bytes) },
    { label: "Beats", kind: "number", text: (link) => count(link.heartbeats) },
    { label: "Node", kind: "short", text: (link) => name(link.node) },
    { label: "From", kind: "short", text: (link) => name(link.address) },
    { label: "Principal", kind: "name", text: (link) => name(link.principal) },
];

export function linksView(panel, { api, cluster, origin }) {
    return new PagedView(panel, api, {
        title: "Links",
        about: "Each open event stream to a client. Lag is how many events it has yet to get.",
        path: "api/connections",
        key: "connections",
        noun: "link",
        nouns: "links",
        search: "Stream, client, address or principal",
        columns: COLUMNS,
        filters: [
            { name: "node", label: "Node", options: () => cluster.living().map((node) => ({ name: node.name })) },
            { name: "kind", label: "Kind", options: () => KINDS },
            { name: "state", label: "State", options: () => STATES },
        ],
        sorts: [
            { name: "age", label: "Age" },
            { name: "lag", label: "Lag" },
            { name: "events", label: "Events" },
            { name: "bytes", label: "Bytes" },
        ],
        nothing: ["No client is connected. Open a link from a terminal, and it shows here:", `curl -N ${origin}/events/demo`],
    });
}
