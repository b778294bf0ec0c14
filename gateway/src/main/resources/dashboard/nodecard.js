// One node on the first view.

import { el, meter, paintState, setAttribute, setText } from "./dom.js";
import { age, bytes, count, name, percent, rate } from "./format.js";

const TONES = { up: "good", degraded: "warn", draining: "warn", silent: "warn", gone: "bad" };
const LATE = 5_000;
const FACTS = [
    ["Links", (report) => count(report.links?.open)],
    ["Sessions", (report) => count(report.sessions?.held)],
    ["Exchanges", (report) => count(report.sessions?.open_exchanges)],
    ["Published", (report) => `${rate(report.rates?.published)}/s`],
    ["Delivered", (report) => `${rate(report.rates?.delivered)}/s`],
    ["Heartbeats", (report) => `${rate(report.rates?.heartbeats)}/s`],
    ["Streams", (report) => count(report.streams?.attended)],
    ["Links ever", (report) => count(report.links?.opened)],
    ["Refused", (report) => count(report.links?.refused)],
];

export class NodeCard {
    constructor(title) {
        this.state = el("span");
        this.serves = el("span", { class: "serves" }, "serves this page");
        this.about = el("p", { class: "about" });
        this.values = FACTS.map(([label]) => ({ label, value: el("dd") }));
        this.buffer = gauge("Buffers");
        this.heap = gauge("Heap");
        const facts = this.values.map(({ label, value }) => el("div", {}, el("dt", {}, label), value));
        const heading = el("h3", {}, name(title));
        this.element = el(
            "li",
            { class: "card" },
            el("header", {}, heading, this.serves, this.state),
            this.about,
            el("dl", { class: "facts" }, ...facts, this.buffer.element, this.heap.element),
        );
    }

    paint(node, now, serves) {
        const { report, state } = node;
        const gone = state === "gone" || state === "left";
        paintState(this.state, TONES[state], gone ? `${state} ${age((now - node.since) / 1000)} ago` : state);
        setAttribute(this.element, "data-tone", TONES[state]);
        setAttribute(this.element, "data-gone", gone);
        setAttribute(this.element, "data-state", state);
        setText(this.about, about(node, now));
        this.serves.hidden = gone || !serves;
        this.values.forEach(({ value }, i) => setText(value, FACTS[i][1](report)));
        this.buffer.show(report.streams?.ring_fill, bytes(report.streams?.ring_bytes));
        const { used, max } = report.heap ?? {};
        this.heap.show(used / max, `${bytes(used)} of ${bytes(max)}`);
    }
}

function about(node, now) {
    const { report } = node;
    const late = now - node.seen > LATE ? `last report ${age((now - node.seen) / 1000)} ago` : null;
    if (node.state === "gone" || node.state === "left") {
        return `These are the figures of its last report, ${age((now - node.seen) / 1000)} ago.`;
    }
    const log = report.log ? `${report.log.kind}${report.log.available ? "" : " away"}` : null;
    const parts = [
        report.version ? `version ${name(report.version)}` : null,
        Number.isFinite(report.uptime_seconds) ? `up ${age(report.uptime_seconds)}` : null,
        log ? `log: ${log}` : null,
        report.relay ? `relay: ${report.relay}` : null,
        late,
    ];
    return parts.filter(Boolean).join(" · ");
}

function gauge(label) {
    const bar = meter(label);
    const said = el("span", { class: "quiet" });
    const element = el("div", { class: "wide" }, el("dt", {}, label), el("dd", {}, bar.element, said));
    return {
        element,
        show(share, text) {
            bar.show(share, `${percent(share)}, ${text}`);
            setText(said, `${percent(share)} · ${text}`);
        },
    };
}
