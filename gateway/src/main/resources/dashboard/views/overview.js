// The first look: what flows, and how the nodes are.

import { el } from "../dom.js";
import { bytes, count, rate } from "../format.js";
import { Graph } from "../graph.js";
import { NodeCard } from "../nodecard.js";
import { heading } from "../paged.js";

const GRAPHS = [
    { figure: "links", label: "Open links", unit: "", write: count },
    { figure: "published", label: "Events published", unit: "per second", write: rate },
    { figure: "delivered", label: "Events delivered", unit: "per second", write: rate },
    { figure: "bytes", label: "Bytes delivered", unit: "per second", write: bytes },
];

export class OverviewView {
    constructor(panel, { cluster, series, live }) {
        this.cluster = cluster;
        this.series = series;
        this.live = live;
        this.cards = new Map();
        this.graphs = GRAPHS.map((wants) => ({ figure: wants.figure, graph: new Graph(wants) }));
        this.list = el("ul", { class: "cards" });
        this.waiting = el("p", { class: "quiet" }, "No node has reported yet. A report comes every two seconds.");
        panel.append(
            heading({ title: "What flows", about: "All nodes together, over the last five minutes." }),
            el("div", { class: "figures" }, ...this.graphs.map(({ graph }) => graph.element)),
            heading({ title: "Nodes", about: "A node that is gone stays here for a while; its clients are on the others." }),
            this.waiting,
            this.list,
        );
    }

    show() {
        this.timer = setInterval(() => this.paint(), 1_000);
        this.paint();
    }

    hide() {
        clearInterval(this.timer);
    }

    paint() {
        const now = Date.now();
        const nodes = this.cluster.all();
        this.waiting.hidden = nodes.length > 0;
        this.graphs.forEach(({ figure, graph }) => graph.show(this.series.sums(figure, now)));
        nodes.forEach((node) => this.card(node, nodes).paint(node, now, this.live.servedBy === node.name));
        for (const [name, card] of this.cards) {
            if (!this.cluster.nodes.has(name)) {
                card.element.remove();
                this.cards.delete(name);
            }
        }
    }

    /** The card of a node; a new one goes to its place among the others, which stay where they are. */
    card(node, nodes) {
        if (!this.cards.has(node.name)) {
            const card = new NodeCard(node.name);
            const next = nodes.slice(nodes.indexOf(node) + 1).find((other) => this.cards.has(other.name));
            this.list.insertBefore(card.element, next ? this.cards.get(next.name).element : null);
            this.cards.set(node.name, card);
        }
        return this.cards.get(node.name);
    }
}
