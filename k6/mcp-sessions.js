// MCP sessions, each a conversation of some requests whose every request may meet another node: each request has its
// answer, no session is forgotten, and when all have ended none is left behind.
//
//   VUS    conversations at a time (50)     CALLS     tool calls in each (10)
//   PAUSE  seconds between calls (0.2)      DURATION  of it all (30s)
//   ECHO   the tool to call, which says back what it is told as "text" (echo, of the upstream inside)
import { sleep } from "k6";
import { Rate, Trend } from "k6/metrics";
import { DURATION, NODES, metric } from "./lifeline.js";
import { MCP_PROMISES, Session } from "./mcp.js";

const VUS = Number(__ENV.VUS || 50);
const CALLS = Number(__ENV.CALLS || 10);
const PAUSE = Number(__ENV.PAUSE || 0.2);
const ECHO = __ENV.ECHO || "echo";

const right = new Rate("mcp_answers_right");
const left = new Trend("mcp_sessions_left");

export const options = {
    scenarios: {
        sessions: { executor: "constant-vus", vus: VUS, duration: DURATION, gracefulStop: "60s" },
    },
    thresholds: { ...MCP_PROMISES, mcp_answers_right: ["rate==1"], mcp_sessions_left: ["max==0"] },
};

export default function () {
    const session = new Session();
    if (!session.open()) {
        sleep(1);
        return;
    }
    session.ask("tools/list", {});
    for (let call = 0; call < CALLS; call++) {
        const said = `${__VU}-${__ITER}-${call}`;
        const result = session.call(ECHO, { text: said });
        right.add(JSON.stringify(result || {}).includes(said));
        sleep(PAUSE * (0.5 + Math.random()));
    }
    session.close();
}

/** A node lets go of a session that ended at another within some seconds. */
export function teardown() {
    let held = NaN;
    for (let look = 0; look < 20; look++) {
        held = NODES.map((node) => metric(node, "mcp_sessions_held")).reduce((sum, each) => sum + each, 0);
        if (held === 0) {
            break;
        }
        sleep(1);
    }
    left.add(held);
}
