// What the page knows of the nodes: their reports as they come, and who is still on the roster of living nodes.
//
//   report → up, degraded, draining        (the node's own word)
//   no report for QUIET while others come → silent
//   not on the roster any more            → gone, or left if it was draining
//
// The roster decides: a lease that has lapsed is what dead means.

const QUIET = 7_000;
const JOINING = 4_000;
const REMEMBERED = 15 * 60_000;
const AWAY = new Set(["gone", "left"]);

export class Cluster extends EventTarget {
    constructor() {
        super();
        this.nodes = new Map();
    }

    /** In the order of their names. */
    all() {
        return [...this.nodes.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    }

    living() {
        return this.all().filter((node) => !AWAY.has(node.state));
    }

    sum(figure) {
        return this.living().reduce((sum, node) => sum + (figure(node.report) ?? 0), 0);
    }

    /** Takes a report; one that is not newer than what is known is a replay, and says nothing about now. */
    take(report, now) {
        const known = this.nodes.get(report.node);
        if (known && !isNews(report, known.report)) {
            return;
        }
        const node = known ?? { name: report.node, since: now };
        this.nodes.set(report.node, node);
        node.report = report;
        node.seen = now;
        this.enter(node, report.status, now);
        this.changed();
    }

    /** Who lives, by the leases: what /api/nodes answers. */
    roster(reports, now) {
        const listed = new Set(reports.map((report) => report.node));
        for (const report of reports) {
            this.enlist(report, now);
        }
        for (const node of this.nodes.values()) {
            if (!listed.has(node.name) && now - node.seen > JOINING) {
                this.enter(node, AWAY.has(node.state) ? node.state : leaving(node), now);
            }
            if (AWAY.has(node.state) && now - node.since > REMEMBERED) {
                this.nodes.delete(node.name);
            }
        }
        this.changed();
    }

    enlist(report, now) {
        if (report.status !== "silent") {
            this.take(report, now);
        } else if (this.nodes.has(report.node)) {
            this.enter(this.nodes.get(report.node), "silent", now);
        } else {
            this.nodes.set(report.node, { name: report.node, report, seen: now, state: "silent", since: now });
        }
    }

    /** Who has not been heard of for too long, while others are; says whether that is news worth asking the roster about. */
    judge(now) {
        const quiet = this.living().filter((node) => node.state !== "silent" && now - node.seen > QUIET);
        quiet.forEach((node) => this.enter(node, "silent", now));
        if (quiet.length > 0) {
            this.changed();
        }
        return quiet.length > 0;
    }

    enter(node, state, now) {
        const before = node.state;
        if (before !== state) {
            node.state = state;
            node.since = now;
            this.dispatchEvent(new CustomEvent("turn", { detail: { node, before, state } }));
        }
    }

    changed() {
        this.dispatchEvent(new Event("change"));
    }
}

/** A node that said that it was going is no accident. */
function leaving(node) {
    return node.report.status === "draining" ? "left" : "gone";
}

function isNews(report, known) {
    return report.started_at !== known.started_at || report.uptime_seconds > known.uptime_seconds || !known.rates;
}
