// The verdict on a history, from the history alone.

import { examineCalls } from "./calls.mjs";
import { coverage } from "./coverage.mjs";
import { examineLife } from "./life.mjs";
import { Record } from "./record.mjs";
import { examineStreams } from "./streams.mjs";

export const INVARIANTS = {
    I1: "no phantom", I2: "isolation", I3: "ordered", I4: "unique", I5: "whole within a connection", I6: "resumed at the successor",
    I7: "no silent loss, no gap without a cause", I8: "everything arrives in the end", I9: "one id, one payload", I10: "one writer",
    I11: "each request carried out once at most and ended once", I12: "heartbeats", I13: "bounds", I14: "returns with measure",
    I15: "the interesting cases were met",
};

/** What a run is: green, in violation of something, or of no worth. */
export const CODES = { green: 0, violated: 1, invalid: 3 };

export function examine(history) {
    const record = new Record(history);
    const violations = [];
    const violate = (rule, detail) => violations.push({ rule, detail });
    examineStreams(record, violate);
    examineCalls(record, violate);
    examineLife(record, violate);
    return { violations, covered: coverage(record), figures: figures(record) };
}

const quantile = (list, q) => Math.round([...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * q))] ?? NaN);

function figures(record) {
    const conns = [...record.conns.values()];
    const items = conns.flatMap((conn) => conn.items);
    const calls = [...record.calls.values()];
    const outcomes = {};
    calls.forEach((call) => call.outcomes.forEach(({ how }) => (outcomes[how] = (outcomes[how] ?? 0) + 1)));
    const back = [...record.chains.values()].flatMap(recoveries);
    return {
        faults: record.faults.length,
        sent: [...record.emits.values()].reduce((sum, { size }) => sum + size, 0),
        received: items.filter(({ n }) => n !== undefined).length,
        resumes: conns.filter(({ last }) => last).length,
        gaps: items.filter(({ what }) => what === "gap").length,
        "sessions ended": record.ended.size,
        calls: `${calls.length} (${Object.entries(outcomes).map(([how, count]) => `${how} ${count}`).join(", ")})`,
        "back with an event after": `p50 ${quantile(back, 0.5)} ms, p99 ${quantile(back, 0.99)} ms, longest ${quantile(back, 1)} ms`,
    };
}

function recoveries({ conns }) {
    return conns.flatMap((conn, i) => {
        const next = conns.slice(i + 1).flatMap(({ items }) => items.slice(0, 1))[0];
        return conn.closedAt && next && next.t > conn.closedAt ? [next.t - conn.closedAt] : [];
    });
}

/** Prints the verdict and gives the exit code. */
export function show({ violations, covered, figures: counted }, seed, { mustCover = true } = {}) {
    Object.entries(counted).forEach(([name, value]) => console.log(`${name.padEnd(26)}${value}`));
    Object.entries(covered).forEach(([name, value]) => console.log(`met ${value > 0 ? `${value} times`.padEnd(22) : "NEVER".padEnd(22)}${name}`));
    for (const rule of Object.keys(INVARIANTS)) {
        const broken = violations.filter((violation) => violation.rule === rule);
        if (broken.length > 0) {
            console.log(`VIOLATED ${rule} (${INVARIANTS[rule]}) ${broken.length} times, seed ${seed}`);
            broken.slice(0, 8).forEach(({ detail }) => console.log(`         ${detail}`));
        }
    }
    const never = Object.entries(covered).filter(([, value]) => value === 0).map(([name]) => name);
    if (violations.length > 0) {
        console.log(`chaos: ${violations.length} violations, seed ${seed}`);
        return CODES.violated;
    }
    if (mustCover && never.length > 0) {
        console.log(`chaos: INVALID, not green: never met ${never.join("; ")}; seed ${seed}`);
        return CODES.invalid;
    }
    console.log(`chaos: every invariant held, seed ${seed}`);
    return CODES.green;
}
