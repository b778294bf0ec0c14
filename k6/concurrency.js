// Many readers at once while events are published: none is lost, doubled or out of place, and streams begin quickly.
//
//   VUS       readers (100)          RATE      events a second (50)
//   CHANNELS  they share (10)        DURATION  of it all (30s)
import { DURATION, PROMISES, TURN, publish, reader } from "./lifeline.js";

const VUS = Number(__ENV.VUS || 100);
const RATE = Number(__ENV.RATE || 50);

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
            preAllocatedVUs: 10,
            maxVUs: 100,
            exec: "send",
        },
    },
    thresholds: { ...PROMISES, events_published: ["rate==1"] },
};

export function read() {
    reader().turn();
}

let sent = 0;
export function send() {
    publish(__VU + sent++);
}
