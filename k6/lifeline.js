// What the scripts share: which nodes there are, a reader that comes back, and what is counted.
//
// Plain k6 hands a body over when it has ended. So a stream is read in turns: it ends after TURN seconds, by the gateway
// itself where it runs with --connection-max-age, by a timeout of ours where it does not; and the reader comes back with
// its last id, as every client does. What is lost, doubled or late over a turn shows in the ids, which have no holes.
import http from "k6/http";
import { sleep } from "k6";
import { Counter, Rate, Trend } from "k6/metrics";

export const NODES = (__ENV.NODES || "http://127.0.0.1:8080").split(",");
export const TURN = Number(__ENV.TURN || 5);
export const DURATION = __ENV.DURATION || "30s";
export const CHANNELS = Number(__ENV.CHANNELS || 10);

const TIMED_OUT = 1050;
// After the gateway's own end of a turn; what is still open then, we end.
const GRACE = 5;

export const received = new Counter("events_received");
export const missing = new Counter("events_missing");
export const repeated = new Counter("events_repeated");
export const gaps = new Counter("gap_verdicts");
export const heartbeats = new Counter("heartbeats");
export const returned = new Rate("streams_returned");
export const wait = new Trend("stream_wait", true);
export const published = new Rate("events_published");

// What every script asks for: nothing lost, nothing doubled, everybody comes back, everything published is taken.
export const PROMISES = {
    events_received: ["count>0"],
    events_missing: ["count==0"],
    events_repeated: ["count==0"],
    gap_verdicts: ["count==0"],
    streams_returned: ["rate>0.99"],
    stream_wait: [`p(95)<${__ENV.MAX_WAIT || 1000}`],
};

export function channel(number) {
    return `k6-${number % CHANNELS}`;
}

/** Publishes one event, at the next node if one is gone: with a key, so that asking twice does no harm. */
export function publish(number) {
    const key = `${__VU}-${__ITER}-${Date.now()}`;
    for (let attempt = 0; attempt < 2 * NODES.length; attempt++) {
        const node = NODES[(number + attempt) % NODES.length];
        const answer = http.post(`${node}/events/${channel(number)}`, `event ${number}`, {
            headers: { "Idempotency-Key": key },
            timeout: "5s",
            tags: { name: "publish" },
        });
        if (answer.status === 202) {
            published.add(true);
            return;
        }
        sleep(0.5);
    }
    published.add(false);
}

/** One reader of one channel: where it is, and what it has. */
export class Reader {
    constructor(number) {
        this.channel = channel(number);
        this.node = number % NODES.length;
        this.lastId = null;
    }

    /** Reads for a turn, and no longer than the given seconds. */
    turn(seconds = TURN + GRACE) {
        const headers = { Accept: "text/event-stream" };
        if (this.lastId !== null) {
            headers["Last-Event-ID"] = this.lastId;
        }
        const answer = http.get(`${NODES[this.node]}/events/${this.channel}`, {
            headers,
            timeout: seconds * 1000,
            responseType: "text",
            tags: { name: "stream" },
        });
        this.take(answer);
    }

    take(answer) {
        const body = answer.body || "";
        const began = body.startsWith("retry:");
        // A node that is gone is no broken promise: the next one has to take us.
        const gone = !began && answer.status === 0 && NODES.length > 1;
        if (!gone) {
            returned.add(began);
        }
        if (began && (answer.status === 200 || answer.error_code === TIMED_OUT)) {
            wait.add(answer.timings.waiting);
        }
        // What comes after the last empty line was cut off in the middle.
        body.slice(0, body.lastIndexOf("\n\n") + 1)
            .split("\n\n")
            .forEach((block) => this.event(block));
        if (answer.status !== 200 && answer.error_code !== TIMED_OUT) {
            this.node = (this.node + 1) % NODES.length;
            sleep(Math.random() * 0.5);
        }
    }

    event(block) {
        const fields = {};
        for (const line of block.split("\n")) {
            const colon = line.indexOf(":");
            if (colon === 0) {
                heartbeats.add(1);
            } else if (colon > 0) {
                fields[line.slice(0, colon)] = line.slice(colon + 1).trim();
            }
        }
        if (fields.event === "gap") {
            gaps.add(1);
        } else if (fields.data !== undefined) {
            this.count(fields.id);
        }
        this.lastId = fields.id || this.lastId;
    }

    count(id) {
        received.add(1);
        const [epoch, sequence] = place(id);
        const [lastEpoch, last] = place(this.lastId);
        if (epoch !== lastEpoch) {
            return;
        }
        if (sequence <= last) {
            repeated.add(1);
        } else {
            missing.add(sequence - last - 1);
        }
    }
}

function place(id) {
    const dash = (id || "").lastIndexOf("-");
    return dash < 0 ? [null, -1] : [id.slice(0, dash), Number(id.slice(dash + 1))];
}

/** The reader of this virtual user, which it keeps from one turn to the next. */
let mine = null;
export function reader() {
    mine = mine || new Reader(__VU);
    return mine;
}

/** The value of a metric of a node, all its labels added up; NaN where it cannot be had. */
export function metric(node, name) {
    const answer = http.get(`${node}/metrics`, { timeout: "5s", tags: { name: "metrics" } });
    if (answer.status !== 200) {
        return NaN;
    }
    return answer.body
        .split("\n")
        .filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`))
        .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" ") + 1)), 0);
}
