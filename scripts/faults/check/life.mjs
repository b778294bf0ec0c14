// I8 for sessions, I12 to I14: endings, heartbeats, bounds, and coming back with measure.

import { SCALE } from "../scale.mjs";

export function examineLife(record, violate) {
    examineEndings(record, violate);
    examineSilence(record, violate);
    examineBounds(record, violate);
    examineReturns(record, violate);
    for (const { actor, what, error, kind } of record.others.filter((line) => line.what === "crashed")) {
        violate("I8", `${actor} ${what}: ${error ?? kind}`);
    }
}

function examineEndings(record, violate) {
    for (const [key, { t, reason }] of record.ended) {
        const chain = record.chains.get(key);
        const began = chain?.conns[0]?.t ?? t;
        const isOver = record.moments.quiet !== undefined && t > record.moments.quiet;
        if (!isOver && !record.hasLost(began, t)) {
            violate("I8", `${key}: its session was ended without a cause: ${reason}`);
        }
    }
}

function examineSilence(record, violate) {
    const isExcused = (from, to) => record.isExplained(from, to) || record.wasStarved(from, to);
    for (const { actor, conn, what, ms, t } of record.others) {
        if (what === "inside") {
            violate("I12", `${conn}: a comment inside an event`);
        } else if (what === "silent" && !isExcused(t - ms, t)) {
            violate("I12", `${actor} ${conn}: heard nothing for ${Math.round(ms)} ms`);
        }
    }
    for (const { conn, error, closedAt } of record.conns.values()) {
        if (error === "silent" && !isExcused(closedAt - SCALE.timeout, closedAt)) {
            violate("I12", `${conn}: was given up for its silence`);
        }
    }
}

function examineBounds(record, violate) {
    const counted = record.others.filter(({ actor }) => actor === "census");
    for (const { longest, eternal, when } of counted.filter(({ what }) => what === "redis")) {
        if (longest > SCALE.buffer + 100) {
            violate("I13", `a stream of ${longest} events at the ${when}`);
        }
        if (eternal.length > 0) {
            violate("I13", `${eternal.length} keys that stay for ever: ${[...new Set(eternal)]}`);
        }
    }
    const nodes = counted.filter(({ what }) => what === "node");
    for (const { node, descriptors } of nodes.filter(({ when }) => when === "closed")) {
        const before = nodes.find((each) => each.node === node && each.when === "start")?.descriptors ?? Infinity;
        if (descriptors > before + 60) {
            violate("I13", `${node} has ${descriptors} descriptors open, and had ${before} before anybody came`);
        }
    }
}

/** More often than this nobody comes back, in tries a second. */
const MOST = 8;

function examineReturns(record, violate) {
    for (const { kind, conns, name } of record.chains.values()) {
        const hurried = conns.some((conn, i) => i >= MOST && conn.t - conns[i - MOST].t < 1000);
        if (kind === "wrapper" && hurried) {
            violate("I14", `${name}: came back more than ${MOST} times in a second`);
        }
    }
    const waits = record.others.filter(({ what }) => what === "wait").map(({ delay }) => delay);
    if (waits.length > 8 && new Set(waits.map(Math.round)).size < waits.length / 4) {
        violate("I14", `all come back after the same wait: ${waits.slice(0, 5)}`);
    }
}
