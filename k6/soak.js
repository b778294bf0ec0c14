// For hours: readers that come and go, publishers, MCP sessions, and an eye on the nodes: what they hold must not grow
// with the time, only with what is asked of them.
//
//   VUS       readers (50)           RATE      events a second (20)
//   SESSIONS  MCP sessions (10)      DURATION  of it all (24h; 5m is enough to try it)
import { sleep } from "k6";
import { Gauge } from "k6/metrics";
import { NODES, PROMISES, TURN, metric, publish, reader } from "./lifeline.js";
import { MCP_PROMISES, Session } from "./mcp.js";

const VUS = Number(__ENV.VUS || 50);
const RATE = Number(__ENV.RATE || 20);
const SESSIONS = Number(__ENV.SESSIONS || 10);
const DURATION = __ENV.DURATION || "24h";
const SAMPLES = Number(__ENV.SAMPLES || 5);

const growth = new Gauge("heap_floor_growth");
const descriptors = new Gauge("descriptors_growth");
const streamsLeft = new Gauge("streams_left");

export const options = {
    scenarios: {
        readers: {
            executor: "constant-vus",
            vus: VUS,
            duration: DURATION,
            exec: "read",
            gracefulStop: `${TURN + 10}s`,
        },
        publishers: {
            executor: "constant-arrival-rate",
            rate: RATE,
            timeUnit: "1s",
            duration: DURATION,
            preAllocatedVUs: 5,
            maxVUs: 50,
            exec: "send",
        },
        sessions: { executor: "constant-vus", vus: SESSIONS, duration: DURATION, exec: "talk", gracefulStop: "60s" },
        watch: { executor: "constant-vus", vus: 1, duration: DURATION, exec: "watch", gracefulStop: "30s" },
    },
    thresholds: {
        ...PROMISES,
        ...MCP_PROMISES,
        events_published: ["rate>0.999"],
        heap_floor_growth: [`value<${__ENV.MAX_GROWTH || 1.5}`],
        descriptors_growth: [`value<${__ENV.MAX_GROWTH || 1.5}`],
        streams_left: ["value==0"],
    },
};

export function read() {
    reader().turn();
}

let sent = 0;
export function send() {
    publish(__VU + sent++);
}

let session = null;
export function talk() {
    session = session || new Session();
    if (session.id === null && !session.open()) {
        session = null;
        sleep(1);
        return;
    }
    session.call("echo", { text: `${__VU}-${__ITER}` });
    if (__ITER % 20 === 19) {
        session.close();
        session = null;
    }
    sleep(0.5 + Math.random());
}

// The lowest heap of some samples stands for what is really held: garbage only ever adds to it. The first samples are of
// a program that warms up, and stand for nothing.
const seen = [];
export function watch() {
    seen.push({ heap: total("process_heap_used_bytes"), files: total("process_open_fds") });
    const window = Math.max(3, Math.floor(seen.length / 4));
    if (seen.length >= 3 * window) {
        const early = seen.slice(window, 2 * window);
        const late = seen.slice(-window);
        growth.add(floor(late, "heap") / floor(early, "heap"));
        descriptors.add(floor(late, "files") / floor(early, "files"));
    }
    sleep(SAMPLES);
}

function total(name) {
    return NODES.map((node) => metric(node, name)).reduce((sum, each) => sum + each, 0);
}

function floor(samples, what) {
    return Math.min(...samples.map((sample) => sample[what]));
}

export function teardown() {
    let open = NaN;
    for (let look = 0; look < 20 && open !== 0; look++) {
        sleep(1);
        open = total("sse_connections_active");
    }
    streamsLeft.add(open);
}
