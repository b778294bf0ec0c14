// I11: a request is carried out once at most, and ends once.

import { STAND_IN } from "../clients/session.mjs";

const brief = ({ how, code, status, text }) => [how, code, status, text].filter((word) => word !== undefined).join(" ");

export function examineCalls(record, violate) {
    for (const [req, call] of record.calls) {
        if (call.stream === undefined) {
            violate("I1", `${req} was carried out, and nobody had called it`);
            continue;
        }
        const name = `${call.kind} ${call.stream} ${call.tool} ${req.slice(0, 8)}`;
        examineRuns(call, (said) => violate("I11", `${name}: ${said}`));
        examineOutcomes(record, call, (rule, said) => violate(rule, `${name}: ${said}`));
    }
}

function examineRuns({ tool, execs, outcomes }, violate) {
    if (tool === "work" && execs.length > 1) {
        violate(`was carried out ${execs.length} times`);
    }
    if (execs.length === 0 && outcomes.some(({ how }) => how === "answer")) {
        violate("was answered, and never carried out");
    }
}

function examineOutcomes(record, call, violate) {
    const told = call.outcomes.filter((outcome) => isLast(outcome));
    const kept = told.filter((outcome) => outcome === told.at(-1) || !record.lostWhatWasKept(outcome.t));
    if (kept.length > 1) {
        violate("I11", `ended ${told.length} times: ${told.map(brief)}`);
    }
    for (const { saidReq, saidTag } of call.outcomes.filter(({ how }) => how === "answer")) {
        if (saidReq !== call.req || (saidTag !== call.stream && saidTag !== STAND_IN)) {
            violate("I2", `got the answer of ${saidTag} ${saidReq}`);
        }
    }
    if (call.outcomes.length === 0 && !isExcused(record, call)) {
        violate("I11", "never ended");
    }
    const unexplained = call.outcomes.find(({ how, t }) => how !== "answer" && !record.isExplained(call.t, t));
    if (unexplained) {
        violate("I11", `ended without a cause: ${brief(unexplained)}`);
    }
}

// The client that gave up on a request it was cut off from may hear of it all the same; and so may one to whom nothing was
// promised, when the request had been kept and the answer of the store was lost.
const isLast = ({ how, status }) => how !== "cut" && status !== 503;

// What was open when the store lost it is open for ever where the session went with it.
function isExcused(record, { actor, stream, t }) {
    return record.ended.has(`${actor} ${stream}`) || record.hasLost(t, t + 40_000);
}
