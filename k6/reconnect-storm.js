// All readers lose their streams in the same instant, again and again, and all come back in the next. With several nodes
// scripts/k6 also kills one in the middle. Whoever comes back gets what it missed.
//
//   VUS          readers (200)                   RATE      events a second (50)
//   STORM_EVERY  seconds between storms (5)      DURATION  of it all (30s)
import exec from "k6/execution";
import { DURATION, PROMISES, publish, reader } from "./lifeline.js";

const VUS = Number(__ENV.VUS || 200);
const RATE = Number(__ENV.RATE || 50);
const STORM_EVERY = Number(__ENV.STORM_EVERY || 5);

export const options = {
    scenarios: {
        readers: {
            executor: "constant-vus",
            vus: VUS,
            duration: DURATION,
            exec: "read",
            gracefulStop: `${STORM_EVERY + 5}s`,
        },
        publishers: {
            executor: "constant-arrival-rate",
            rate: RATE,
            timeUnit: "1s",
            duration: DURATION,
            preAllocatedVUs: 10,
            maxVUs: 100,
            exec: "send",
        },
    },
    thresholds: {
        ...PROMISES,
        stream_wait: [`p(95)<${__ENV.MAX_WAIT || 2000}`],
        events_published: ["rate>0.99"],
    },
};

/** Until the next storm, which is the same moment for everybody. */
export function read() {
    const passed = exec.instance.currentTestRunDuration / 1000;
    const left = STORM_EVERY - (passed % STORM_EVERY);
    reader().turn(left < 1 ? left + STORM_EVERY : left);
}

let sent = 0;
export function send() {
    publish(__VU + sent++);
}
