// The last five minutes of a few figures, of all nodes together.

export const WINDOW = 300_000;
export const STEP = 2_000;
const SLOTS = WINDOW / STEP;
const HELD = 3; // a report is late at times; a node that misses this many is out of the sum

export class Series {
    constructor() {
        this.nodes = new Map();
    }

    /**
     * A report's figures, whether it is new or replayed. Its time is the node's own; how far the node's clock is from
     * ours shows in the report that took the least time to come.
     */
    add(report, now) {
        const clock = Date.parse(report.started_at) + report.uptime_seconds * 1000;
        if (Number.isNaN(clock)) {
            return;
        }
        const line = this.nodes.get(report.node) ?? { points: new Map(), skew: Infinity };
        this.nodes.set(report.node, line);
        line.skew = Math.min(line.skew, now - clock);
        line.points.set(clock, figures(report));
        const oldest = now - line.skew - WINDOW - STEP * HELD;
        for (const point of line.points.keys()) {
            if (point < oldest) {
                line.points.delete(point);
            }
        }
    }

    /** One sum a step, oldest first; null where nothing was heard. */
    sums(figure, now) {
        const sums = new Array(SLOTS).fill(null);
        for (const line of this.nodes.values()) {
            slots(line, figure, now).forEach((value, i) => {
                sums[i] = value === null ? sums[i] : (sums[i] ?? 0) + value;
            });
        }
        return sums;
    }
}

function figures(report) {
    const { published = 0, delivered = 0, bytes = 0 } = report.rates ?? {};
    return { published, delivered, bytes, links: report.links?.open ?? 0 };
}

function slots({ points, skew }, figure, now) {
    const line = new Array(SLOTS).fill(null);
    for (const clock of [...points.keys()].sort((a, b) => a - b)) {
        const slot = SLOTS - 1 - Math.floor((now - clock - skew) / STEP);
        // Holds until the next report overwrites it.
        for (let i = Math.max(0, slot); i < Math.min(SLOTS, slot + HELD); i += 1) {
            line[i] = points.get(clock)[figure];
        }
    }
    return line;
}
