// A small graph of the last five minutes: a number, its trace, and the same in words.

import { el, setAttribute, setText, svg } from "./dom.js";
import { NOTHING } from "./format.js";

const WIDTH = 300;
const HEIGHT = 56;

/** A figure with its graph; write turns a value into a text without its unit. */
export class Graph {
    constructor({ label, unit, write }) {
        this.label = label;
        this.unit = unit;
        this.write = write;
        this.value = el("span");
        this.most = el("span", { class: "most label" });
        this.area = svg("path", { class: "area" });
        this.trace = svg("path", { class: "trace" });
        this.image = this.canvas();
        this.element = el(
            "figure",
            { class: "figure" },
            el("figcaption", { class: "label" }, label),
            this.most,
            el("p", { class: "value" }, this.value, el("span", { class: "unit" }, unit)),
            this.image,
            el("div", { class: "axis", "aria-hidden": "true" }, el("span", {}, "5 min ago"), el("span", {}, "now")),
        );
    }

    canvas() {
        const lines = [0, HEIGHT / 2].map((y) => svg("path", { class: "grid", d: `M0 ${y}H${WIDTH}` }));
        return svg(
            "svg",
            { class: "graph", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", role: "img" },
            ...lines,
            this.area,
            this.trace,
        );
    }

    /** Shows sums, oldest first, null where nothing was heard; the latest that was heard is what it is now. */
    show(sums) {
        const heard = sums.filter((value) => value !== null);
        const now = sums.at(-1) ?? sums.at(-2) ?? null;
        const most = Math.max(0, ...heard);
        const top = roof(most);
        const runs = stretches(sums, top);
        setText(this.value, now === null ? NOTHING : this.write(now));
        setText(this.most, heard.length > 0 ? `most ${this.write(most)}` : "");
        setAttribute(this.trace, "d", runs.map(trace).join(""));
        setAttribute(this.area, "d", runs.map(area).join(""));
        setAttribute(this.image, "aria-label", this.words(now, heard, most));
    }

    words(now, heard, most) {
        if (heard.length === 0) {
            return `${this.label}: nothing heard yet`;
        }
        const least = this.write(Math.min(...heard));
        const latest = now === null ? "not known" : this.write(now);
        return `${this.label}, last 5 minutes: now ${latest}, least ${least}, most ${this.write(most)} ${this.unit}`;
    }
}

/** The next round figure above, so that the scale does not breathe with every report. */
function roof(most) {
    if (most <= 0) {
        return 1;
    }
    const power = 10 ** Math.floor(Math.log10(most));
    return [1, 1.5, 2, 3, 4, 6, 8, 10].map((n) => n * power).find((n) => n >= most);
}

/** The unbroken stretches of a series, as points of the canvas. */
function stretches(sums, top) {
    const runs = [];
    let run = null;
    sums.forEach((value, i) => {
        if (value === null) {
            run = null;
            return;
        }
        if (run === null) {
            run = [];
            runs.push(run);
        }
        const x = (i / (sums.length - 1)) * WIDTH;
        run.push([x.toFixed(1), (HEIGHT - (value / top) * HEIGHT).toFixed(1)]);
    });
    return runs;
}

function trace(run) {
    return `M${run.map((point) => point.join(" ")).join("L")}`;
}

function area(run) {
    return `${trace(run)}L${run.at(-1)[0]} ${HEIGHT}L${run[0][0]} ${HEIGHT}Z`;
}
