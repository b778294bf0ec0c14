// Puts the page together: reports come in live, the roster of living nodes is asked for, views show both.

import "../client/lifeline-status.js";
import { Api } from "./api.js";
import { Cluster } from "./cluster.js";
import { announce, setAttribute, setText } from "./dom.js";
import { name, plural } from "./format.js";
import { Live } from "./live.js";
import { Poll } from "./poll.js";
import { Series } from "./series.js";
import { Tabs } from "./tabs.js";
import { Tokens } from "./tokens.js";
import { ChannelView } from "./views/channel.js";
import { ClosingsView } from "./views/closings.js";
import { linksView } from "./views/links.js";
import { MigrationView } from "./views/migration.js";
import { OverviewView } from "./views/overview.js";
import { sessionsView } from "./views/sessions.js";
import { streamsView } from "./views/streams.js";
import { upstreamsView } from "./views/upstreams.js";

const ROSTER_EVERY = 5_000;
const SETTLED = 8_000; // after a reconnect the other nodes get the time to be heard again
const byId = (id) => document.getElementById(id);

const base = new URL("../", import.meta.url);
const tokens = new Tokens(byId("token"));
const api = new Api(base, tokens);
const cluster = new Cluster();
const series = new Series();
const live = new Live(api.url("api/live"), tokens, byId("status"));
const parts = { api, tokens, cluster, series, live, origin: base.href.replace(/\/$/, "") };

const roster = new Poll(ROSTER_EVERY, async () => {
    try {
        const { nodes } = await api.get("api/nodes");
        const now = Date.now();
        cluster.roster(nodes, now);
        nodes.forEach((report) => series.add(report, now));
        if (nodes.some((report) => report.log?.available)) {
            live.expect(now);
        }
    } catch (refused) {
        if (cluster.nodes.size === 0) {
            setText(byId("summary"), refused.message);
        }
    }
});

function summarise() {
    const living = cluster.living();
    const gone = cluster.all().filter((node) => node.state === "gone").length;
    document.title = gone > 0 ? `Lifeline: ${plural(gone, "node")} gone` : "Lifeline";
    const words = [
        `${plural(living.length, "node")}${gone > 0 ? `, ${gone} gone` : ""}`,
        plural(cluster.sum((report) => report.links?.open), "link"),
        plural(cluster.sum((report) => report.sessions?.open_exchanges), "open exchange"),
    ];
    setText(byId("summary"), words.join(" · "));
}

/** What a person would want to be told without looking: nodes that leave, trouble, and that it is over. */
function tellTurn({ node, before, state }) {
    if (before !== undefined) {
        announce(`Node ${name(node.name)} is ${state}.`);
    }
}

let wasLive = false;

function tellLink({ state }) {
    const connected = state === "connected";
    setAttribute(document.documentElement, "data-live", state);
    setText(byId("served"), connected && live.servedBy ? `through ${name(live.servedBy)}` : "");
    if (connected && wasLive) {
        announce(`Live again, through ${name(live.servedBy)}.`);
        roster.now();
    }
    wasLive ||= connected;
}

live.addEventListener("report", ({ detail }) => {
    const now = Date.now();
    cluster.take(detail, now);
    series.add(detail, now);
});
live.addEventListener("turn", ({ detail }) => tellLink(detail));
cluster.addEventListener("change", summarise);
cluster.addEventListener("turn", ({ detail }) => tellTurn(detail));
tokens.addEventListener("change", () => live.open());

setInterval(() => {
    const now = Date.now();
    const settled = live.connectedSince !== null && now - live.connectedSince > SETTLED;
    if (settled && cluster.judge(now)) {
        roster.now();
    }
}, 1_000);

new Tabs(byId("tabs"), byId("main"), [
    { name: "overview", label: "Overview", build: (panel) => new OverviewView(panel, parts) },
    { name: "links", label: "Links", build: (panel) => linksView(panel, parts) },
    { name: "sessions", label: "Sessions", build: (panel) => sessionsView(panel, parts) },
    { name: "streams", label: "Streams", build: (panel) => streamsView(panel, parts) },
    { name: "upstreams", label: "Upstreams", build: (panel) => upstreamsView(panel, parts) },
    { name: "closings", label: "Closings", build: (panel) => new ClosingsView(panel, parts) },
    { name: "channel", label: "Channel", build: (panel) => new ChannelView(panel, parts) },
    { name: "migration", label: "Migration", build: (panel) => new MigrationView(panel, parts) },
]);
roster.start();
