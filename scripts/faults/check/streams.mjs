// I1 to I10: what readers of a stream got, compared with what was sent to it.

import { SCALE } from "../scale.mjs";
import { epochOf } from "./record.mjs";

/** Those who remember nothing between two connections: nothing is promised to them across it. */
const FORGETFUL = new Set(["sdk-sse"]);

/** Those of whom only what they hand on is seen, as one long connection. */
const OPAQUE = new Set(["sdk-streamable", "wrapper"]);

/** Those whose events are a publisher's, who sends the next one when the last is kept. */
const PUBLISHED = new Set(["channel", "wrapper"]);

/** Those who get no verdict on their stream, but can see from the epoch in its ids that it began anew. */
const UNTOLD = new Set(["legacy", "streamable"]);

/**
 * Whether what a reader did not get was told in a way that cannot be seen from here: on an open stream of a session only the ids say
 * that it began anew, and this library keeps the ids to itself.
 */
const isToldUnseen = (record, { kind, stream }, n, next) =>
    kind === "sdk-streamable" && next !== undefined && record.hasLost(record.emitted(stream).get(n), next.t);

export function examineStreams(record, violate) {
    for (const chain of record.chains.values()) {
        const walks = walksOf(chain);
        const had = new Map();
        walks.forEach((walk) => new Walker(record, chain, had, violate).go(walk));
        examineUnion(record, chain, walks, violate);
        examineWriters(record, chain, violate);
        examineEnd(record, chain, walks, violate);
    }
    examineIds(record, violate);
}

/** The stretches within which order and wholeness are owed: a connection each, or all of them for an opaque client. */
function walksOf({ kind, conns }) {
    if (!OPAQUE.has(kind)) {
        let told = null;
        return conns.map((conn) => {
            const walk = { conn: conn.conn, last: conn.last, after: FORGETFUL.has(kind) || !conn.last ? null : conn.after, told, items: conn.items };
            told = conn.items.reduce((gap, item) => (item.what === "gap" ? item : null), told);
            return walk;
        });
    }
    const walks = [];
    for (const conn of conns) {
        if (walks.length === 0 || (conn.last === null && kind !== "wrapper")) {
            walks.push({ conn: conn.conn, last: null, after: null, items: [] });
        }
        walks.at(-1).items.push(...conn.items);
    }
    return walks;
}

class Walker {
    #seen = new Map();

    /** With what the reader has had on all its connections, and under which id. */
    constructor(record, chain, had, violate) {
        Object.assign(this, { record, chain, had });
        this.violate = (rule, said) => violate(rule, `${chain.name}: ${said}`);
    }

    go(walk) {
        let { after: previous, last: id } = walk;
        // Of a gap one may have been told on the connection before, and been cut before anything came behind it.
        let gap = walk.told && walk.told.id === id ? { item: walk.told, previous } : null;
        let isFirst = previous !== null;
        if (isFirst) {
            this.#seen.set(previous, this.had.get(previous) ?? id);
        }
        for (const item of walk.items) {
            if (item.what === "gap") {
                gap = { item, previous };
                continue;
            }
            gap ??= this.#newEpoch(id, item) ? { item: { ...item, reason: "epoch" }, previous, isGuess: true } : null;
            this.#one(item);
            if (item.n === undefined) {
                continue;
            }
            if (gap && !(gap.isGuess && this.#isNext(previous, item))) {
                this.#afterGap(gap, item);
            } else if (previous !== null) {
                this.#next(previous, item, isFirst);
            }
            this.#seen.set(item.n, item.id);
            this.had.set(item.n, item.id);
            previous = Math.max(previous ?? 0, item.n);
            id = item.id ?? id;
            gap = null;
            isFirst = false;
        }
    }

    // A store that was started again goes on in a new epoch, also when it has lost nothing.
    #isNext(previous, item) {
        return previous !== null && item.n > previous && this.#missing(previous, item).length === 0;
    }

    #newEpoch(id, item) {
        return UNTOLD.has(this.chain.kind) && id && item.id && epochOf(id) !== epochOf(item.id);
    }

    #one({ n, tag, damaged, t }) {
        const { stream } = this.chain;
        const sent = this.record.emitted(tag).get(n);
        if (damaged || sent === undefined || sent > t) {
            this.violate("I1", `${tag} ${n} ${damaged ? "was damaged" : "was never sent"}`);
        } else if (tag !== stream) {
            this.violate("I2", `got ${n} of ${tag}`);
        }
    }

    #next(previous, item, isFirst) {
        const { n, conn } = item;
        const where = `${n} after ${previous} on ${conn}`;
        if (this.#seen.has(n) || n === previous) {
            if (!this.#isToldAnew(item) && !this.#isStray(item)) {
                this.violate("I4", `${where}${isFirst ? ", with which it had come back" : ""}`);
            }
        } else if (n < previous) {
            if (!this.#isLate(previous, item) && !this.#isStray(item)) {
                this.violate("I3", where);
            }
        } else if (this.#missing(previous, item).length > 0) {
            this.violate(isFirst ? "I6" : "I5", where);
        }
    }

    // The store lost it, and the session's stream began anew: the upstream may have sent it once more.
    #isToldAnew({ n, id, t }) {
        const { stream, kind } = this.chain;
        const before = this.#seen.get(n);
        const isAnew = before && id ? epochOf(before) !== epochOf(id) : OPAQUE.has(kind) || FORGETFUL.has(kind);
        return isAnew && !PUBLISHED.has(kind) && this.record.wasUnderWay(this.record.emitted(stream).get(n), t);
    }

    // An attempt of its publisher was stuck on the way for so long that the store had lost the one that came through.
    #isStray({ n, id, t }) {
        const { stream, kind } = this.chain;
        const before = this.#seen.get(n) ?? this.had.get(n);
        const isAnew = before === undefined || epochOf(before) !== epochOf(id);
        return PUBLISHED.has(kind) && isAnew && this.record.mayStray(stream, n, t);
    }

    #isLate(previous, { n, t }) {
        const { stream, kind } = this.chain;
        return !PUBLISHED.has(kind) && this.record.mayComeLate(stream, n, { before: previous, t });
    }

    // What had come before is not missing, nor what may still come; that it does is seen when all is over.
    #missing(from, item) {
        const { n: to, t } = item;
        const isExcused = (n) => this.record.isOptional(this.chain.stream, n) || isToldUnseen(this.record, this.chain, n, item);
        const may = (n) => this.had.has(n) || isExcused(n) || this.#isLate(to, { n, t });
        return numbers(from + 1, to).filter((n) => !may(n));
    }

    #afterGap({ item, previous }, { n }) {
        const { stream } = this.chain;
        const sent = this.record.emitted(stream).get(previous ?? n) ?? item.t;
        if (!isJustified(this.record, stream, item, n, sent)) {
            this.violate("I7", `gap without a cause: ${item.reason}, ${previous} to ${n}`);
        }
        // Sent again by a publisher that could not know that it had been kept, before the store lost it.
        if (previous !== null && n <= previous && !this.record.hasLost(sent, item.t)) {
            this.violate("I3", `${n} after ${previous}, behind a gap`);
        }
    }
}

const numbers = (from, to) => Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);

function isJustified(record, stream, { reason, t }, next, sent) {
    if (record.hasLost(sent, t)) {
        return true;
    }
    if (reason !== "evicted") {
        return false;
    }
    const age = t - (record.emitted(stream).get(next - 1) ?? t);
    return record.newest(stream, t) - next + 1 >= SCALE.buffer * 0.9 || age > SCALE.retention * 0.9;
}

// I7: over all connections of a reader, whatever was sent between the first and the last it got.
function examineUnion(record, chain, walks, violate) {
    if (FORGETFUL.has(chain.kind)) {
        return;
    }
    const got = new Set(walks.flatMap(({ items }) => items.flatMap(({ n }) => (n === undefined ? [] : [n]))));
    const declared = walks.flatMap((walk, i) => holes(walk, i > 0 ? walks[i - 1] : null, chain));
    const next = (n) => walks.flatMap(({ items }) => items).find((item) => item.n > n);
    const isExcused = (n) => record.isOptional(chain.stream, n) || isToldUnseen(record, chain, n, next(n));
    const lost = numbers(Math.min(...got), Math.max(...got)).filter(
        (n) => !got.has(n) && !isExcused(n) && !declared.some(([from, to]) => n > from && n < to));
    if (lost.length > 0) {
        violate("I7", `${chain.name}: never got ${lost.slice(0, 10)}${lost.length > 10 ? `… (${lost.length})` : ""}`);
    }
}

/** What a reader was told that it would not get, as numbers. */
function holes(walk, before, chain) {
    const found = [];
    const events = walk.items.filter(({ n }) => n !== undefined);
    if (walk.after === null && before) {
        const earlier = before.items.filter(({ n }) => n !== undefined).at(-1)?.n ?? before.after ?? 0;
        found.push([earlier, events[0]?.n ?? Infinity]);
    }
    let { after: previous, last: id } = walk;
    let isGap = false;
    for (const item of walk.items) {
        isGap ||= item.what === "gap" || (UNTOLD.has(chain.kind) && id && item.id && epochOf(id) !== epochOf(item.id));
        if (item.n !== undefined) {
            if (isGap) {
                found.push([previous ?? 0, item.n]);
            }
            isGap = false;
            previous = item.n;
            id = item.id ?? id;
        }
    }
    return isGap ? [...found, [previous ?? 0, Infinity]] : found;
}

// I10: what was sent after a newer connection had its first event does not come on an older one.
function examineWriters(record, { kind, conns, stream, name }, violate) {
    if (kind === "channel" || OPAQUE.has(kind) || FORGETFUL.has(kind)) {
        return;
    }
    conns.forEach((conn, i) => {
        const taken = Math.min(...conns.slice(i + 1).map(({ items }) => items[0]?.t ?? Infinity));
        const late = conn.items.filter(({ n, t }) => t > taken && (record.emitted(stream).get(n) ?? 0) > taken + 50);
        late.slice(0, 1).forEach(({ n }) => violate("I10", `${name}: ${conn.conn} still got ${n} after it had been replaced`));
    });
}

// I8: at the end everybody has everything, or was told that it has not.
function examineEnd(record, chain, walks, violate) {
    const { hushed, healed } = record.moments;
    const isOver = record.ended.has(chain.key) || (FORGETFUL.has(chain.kind) ? false : chain.resets.some(({ t }) => t > (healed ?? Infinity)));
    if (hushed === undefined || isOver || hasGivenUp(record, chain, violate)) {
        return;
    }
    const newest = record.newest(chain.stream);
    const items = walks.flatMap((walk) => walk.items);
    const opened = chain.conns.find(({ status }) => status === 200)?.openedAt;
    if (opened === undefined) {
        violate("I8", `${chain.name}: never got in`);
        return;
    }
    // Somebody new is owed what is sent from then on.
    const got = Math.max(...items.flatMap(({ n }) => n ?? []), items.length > 0 ? 0 : record.newest(chain.stream, opened));
    const missing = numbers(got + 1, newest + 1).filter((n) => !record.isOptional(chain.stream, n));
    if (missing.length > 0) {
        violate("I8", `${chain.name}: had ${got} of ${newest} when all had been well for long`);
    }
}

/** Whether the client never got in and will not try again, as some do at the first refusal by a proxy. */
function hasGivenUp(record, { key, name, conns }, violate) {
    const failed = record.failed.get(key);
    if (failed && !record.isExplained(conns[0].t, failed.t)) {
        violate("I8", `${name}: gave up without a cause: ${failed.error}`);
    }
    return failed !== undefined;
}

// I9: one id, one payload, whoever gets it and whenever.
function examineIds(record, violate) {
    const known = new Map();
    for (const { items, stream } of record.conns.values()) {
        for (const { id, n, hash } of items.filter((item) => item.id && item.hash)) {
            const key = `${stream} ${id}`;
            const first = known.get(key) ?? { n, hash };
            known.set(key, first);
            if (first.hash !== hash) {
                violate("I9", `${stream}: ${id.slice(-16)} was ${first.n} and is ${n}`);
            }
        }
    }
}
