// A history put in order: faults, what was sent, connections with what came on them, chains of connections, calls.

const ENDING = new Set(["kill-node", "rolling-restart"]);
const LOSING = new Set(["redis-wipe", "redis-older"]);

/** How long after a fault its consequences may still be seen: the waits of everybody concerned, on a machine that is busy. */
export const SHADOW = 25_000;

/** Ids are a stream, an epoch and a sequence; this is all but the last. */
export const epochOf = (id) => (id ? id.slice(0, id.lastIndexOf("-")) : null);

function sorted(map, key, make) {
    if (!map.has(key)) {
        map.set(key, make());
    }
    return map.get(key);
}

export class Record {
    faults = [];
    emits = new Map();
    posts = new Map();
    forgotten = [];
    conns = new Map();
    chains = new Map();
    calls = new Map();
    ended = new Map();
    failed = new Map();
    attached = new Map();
    moments = {};
    starved = [];
    others = [];

    constructor(history) {
        this.begin = history[0]?.t ?? 0;
        this.end = history.at(-1)?.t ?? 0;
        history.forEach((line) => this.#take(line));
        this.losses = this.faults.filter(({ kind }) => LOSING.has(kind));
    }

    #take(line) {
        const { actor, what } = line;
        if (actor === "nemesis") {
            this.#fault(line);
        } else if (what === "starved") {
            this.starved.push({ from: line.t - line.ms, to: line.t });
        } else if (actor === "run") {
            this.moments[what] = line.t;
        } else if (TAKERS[what]) {
            TAKERS[what](this, line);
        } else {
            this.others.push(line);
        }
    }

    #fault({ t, actor: _actor, what, ...fault }) {
        if (what === "begin") {
            this.faults.push({ ...fault, from: t, to: Infinity });
        } else if (what === "end") {
            const open = this.faults.find((each) => each.kind === fault.kind && each.to === Infinity);
            Object.assign(open ?? {}, { to: t });
        } else {
            this.others.push({ t, actor: "nemesis", what, ...fault });
        }
    }

    emitted(tag) {
        return this.emits.get(tag) ?? new Map();
    }

    /** Whether some fault can explain what happened between two moments: a machine that stands still is one. */
    isExplained(from, to = from) {
        return [...this.faults, ...this.starved].some((fault) => fault.from - 2000 < to && fault.to + SHADOW > from);
    }

    /** Whether the clients themselves could not run. */
    wasStarved(from, to) {
        return this.starved.some((stall) => stall.from < to + 1000 && stall.to > from);
    }

    /** Whether the store lost something between two moments, or had just done so. */
    hasLost(from, to) {
        return this.losses.some((loss) => loss.from < to && loss.to + SHADOW > from);
    }

    /**
     * Whether one that was sent to a session before another may come after it. Asked without a position, an upstream tells
     * what comes from then on, while who had listened before may still be trying to keep what it heard; and what was on its
     * way when the store lost its keys is not known again.
     */
    mayComeLate(tag, n, { before, t }) {
        const sent = this.emitted(tag).get(n);
        const passed = this.emitted(tag).get(before);
        const begunAnew = (this.attached.get(tag) ?? []).some((each) => each.lastId === undefined && each.t > sent && each.t < passed);
        return begunAnew || this.wasUnderWay(sent, t);
    }

    /** Whether the store lost something while what was sent then was on its way, or kept, and had not come yet. */
    wasUnderWay(sent, t) {
        return this.losses.some((loss) => sent < loss.to && t > loss.from);
    }

    /** Whether an attempt to publish this one, of which its publisher never heard, may have come through after a loss. */
    mayStray(tag, n, t) {
        return this.posts.get(`${tag} ${n}`)?.unsure === true && this.wasUnderWay(this.emitted(tag).get(n), t);
    }

    /** Whether the store lost what had been kept at a moment: all of it, or what is younger than the copy. */
    lostWhatWasKept(t) {
        return this.losses.some(({ kind, from, to }) => t < to && (kind === "redis-wipe" || t > from));
    }

    /** Whether nobody need ever get this one: it is not certain that it was kept, or its server died with it. */
    isOptional(tag, n) {
        const post = this.posts.get(`${tag} ${n}`);
        if (post) {
            return post.ok === undefined;
        }
        const t = this.emitted(tag).get(n);
        return t === undefined || this.#diedWithWhoHeardIt(tag, t) || this.forgotten.some((hole) => hole.tag === tag && n <= hole.upto && t >= hole.since);
    }

    /** Whether the node that heard it may have ended before it could keep it, and who came next had no position to ask from. */
    #diedWithWhoHeardIt(tag, sent) {
        const next = (this.attached.get(tag) ?? []).find(({ t }) => t > sent);
        const ends = ({ kind, from, to }) => ENDING.has(kind) && from < next.t + SHADOW && to > sent;
        return next !== undefined && next.lastId === undefined && this.faults.some(ends);
    }

    newest(tag, t = Infinity) {
        let newest = 0;
        this.emitted(tag).forEach((at, n) => (newest = at <= t && n > newest ? n : newest));
        return newest;
    }

    /** What an upstream that lost its memory at a moment may not have got rid of: all since the network about it was whole. */
    wholeSince(t) {
        const killed = Math.max(...this.faults.filter(({ kind, from }) => kind === "upstream-forgets" && from <= t).map(({ from }) => from), -Infinity);
        const then = killed === -Infinity ? t : killed;
        const near = this.faults.filter((fault) => fault.from <= then && fault.to + 5000 > then);
        return Math.min(then, ...near.map(({ from }) => from)) - 1500;
    }
}

const TAKERS = {
    emit: (record, { t, tag, n }) => sorted(record.emits, tag, () => new Map()).set(n, t),
    post: (record, { t, stream, n, how }) => {
        const post = sorted(record.posts, `${stream} ${n}`, () => ({ attempts: 0 }));
        post.attempts++;
        post.unsure ||= how === "info";
        post.ok ??= how === "ok" ? t : undefined;
    },
    attached: (record, line) => {
        sorted(record.attached, line.tag, () => []).push(line);
        record.others.push(line);
    },
    failed: (record, line) => record.failed.set(`${line.actor} ${line.stream}`, line),
    forgot: (record, { t, tag, upto }) => record.forgotten.push({ tag, upto, at: t, since: record.wholeSince(t) }),
    open: (record, line) => {
        const chain = sorted(record.chains, `${line.actor} ${line.stream}`, () => new Chain(line));
        const conn = { ...line, chain, items: [] };
        record.conns.set(line.conn, conn);
        chain.conns.push(conn);
    },
    opened: (record, line) => Object.assign(record.conns.get(line.conn) ?? {}, { status: line.status, node: line.node, openedAt: line.t }),
    close: (record, line) => Object.assign(record.conns.get(line.conn) ?? {}, { closedAt: line.t, error: line.error, clean: line.clean }),
    event: (record, line) => record.conns.get(line.conn)?.items.push(line),
    gap: (record, line) => record.conns.get(line.conn)?.items.push(line),
    lost: (record, line) => record.chains.get(`${line.actor} ${line.stream}`)?.resets.push(line),
    ended: (record, line) => record.ended.set(`${line.actor} ${line.stream}`, line),
    call: (record, line) => record.calls.set(line.req, { ...sorted(record.calls, line.req, newCall), ...line }),
    outcome: (record, line) => sorted(record.calls, line.req, newCall).outcomes.push(line),
    exec: (record, line) => sorted(record.calls, line.req, newCall).execs.push(line),
};

const newCall = () => ({ outcomes: [], execs: [] });

/** All connections of one reader to one stream. */
class Chain {
    conns = [];
    resets = [];

    constructor({ actor, stream, kind }) {
        Object.assign(this, { actor, stream, kind, key: `${actor} ${stream}` });
    }

    get name() {
        return `${this.actor} on ${this.stream}`;
    }
}
