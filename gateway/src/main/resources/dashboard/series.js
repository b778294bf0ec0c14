// The last five minutes of a few figures, of all nodes together.

export const WINDOW = 300_000;
export const STEP = 2_000;
const SLOTS = WINDOW / STEP;
const HELD = 3; // a report is late at times; a node that misses this many is out of the sum

export class Series {
    constructor() {
        this.nodes = new Map();
    }

    /** A report's figures. Its time is the node's own, so that what is replayed lands where it belongs. */
    add(report, now) {
        const clock = Date.parse(report.started_at) + report.uptime_seconds * 1000;
        const line = this.nodes.get(report.node) ?? { points: [], skew: Infinity };
        this.nodes.set(report.node, line);
        line.skew = Number.isNaN(clock) ? 0 : Math.min(line.skew, now - clock);
        const at = Number.isNaN(clock) ? now : clock + line.skew;
        line.points.push({ at, figures: figures(report) });
        line.points = line.points.filter((point) => point.at > now - WINDOW - STEP * HELD);
    }

    /** One sum a step, oldest first; null where nothing was heard. */
    sums(figure, now) {
        const sums = new Array(SLOTS).fill(null);
        for (const { points } of this.nodes.values()) {
            slots(points, figure, now).forEach((value, i) => {
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

function slots(points, figure, now) {
    const line = new Array(SLOTS).fill(null);
    for (const { at, figures: values } of points) {
        const slot = SLOTS - 1 - Math.floor((now - at) / STEP);
        // Holds until the next report overwrites it.
        for (let i = Math.max(0, slot); i < Math.min(SLOTS, slot + HELD); i += 1) {
            line[i] = values[figure];
        }
    }
    return line;
}
