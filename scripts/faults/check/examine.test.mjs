// A made history that is green, and the same with one thing wrong at a time: does the checker name it by its number?

import assert from "node:assert/strict";
import { test } from "node:test";
import { CODES, examine, show } from "./examine.mjs";

const COUNT = 12;
const line = (t, actor, what, fields) => ({ t, actor, what, ...fields });
const event = (t, conn, n, fields = {}) =>
    line(t, "r", "event", { stream: "a", conn, id: `e1-${n}`, tag: "a", n, hash: `h${n}`, ...fields });

/** A reader of a channel that is cut after six of twelve and comes back, and one call. */
function good() {
    const history = [
        line(0, "run", "begin"),
        line(1, "r", "open", { stream: "a", conn: "r#1", kind: "channel", last: null, after: null }),
        line(2, "r", "opened", { stream: "a", conn: "r#1", status: 200, node: "n1" }),
        line(60, "r", "close", { stream: "a", conn: "r#1", clean: false }),
        line(61, "r", "open", { stream: "a", conn: "r#2", kind: "channel", last: "e1-6", after: 6 }),
        line(62, "r", "opened", { stream: "a", conn: "r#2", status: 200, node: "n2" }),
        line(200, "c", "call", { stream: "s", kind: "streamable", req: "q", tool: "work" }),
        line(201, "upstream", "exec", { req: "q", tag: "s", tool: "work" }),
        line(202, "c", "outcome", { stream: "s", kind: "streamable", req: "q", how: "answer", saidReq: "q", saidTag: "s" }),
        line(300, "run", "healed"), line(301, "run", "hushed"), line(400, "run", "quiet"),
    ];
    for (let n = 1; n <= COUNT; n++) {
        const t = n <= 6 ? n * 9 : 60 + n;
        history.push(line(t, "p", "emit", { tag: "a", n }), line(t + 0.2, "p", "post", { stream: "a", n, attempt: 1, how: "ok", id: `e1-${n}` }));
        history.push(event(t + 0.4, n <= 6 ? "r#1" : "r#2", n));
    }
    return history.sort((a, b) => a.t - b.t);
}

const rules = (history) => [...new Set(examine(history.sort((a, b) => a.t - b.t)).violations.map(({ rule }) => rule))];
const isEvent = (n) => (each) => each.what === "event" && each.n === n;
const without = (history, test_) => history.filter((each) => !test_(each));
const changed = (history, test_, fields) => history.map((each) => (test_(each) ? { ...each, ...fields } : each));
const fault = (kind, from, to) => [line(from, "nemesis", "begin", { kind }), line(to, "nemesis", "end", { kind })];
const gap = (t, conn, reason) => line(t, "r", "gap", { stream: "a", conn, from: "e1-6", to: "e2-0", reason });

test("a good history is green", () => assert.deepEqual(rules(good()), []));

const MUTATIONS = [
    ["I1", "an event nobody sent", (h) => [...h, event(250, "r#2", 13)]],
    ["I1", "a damaged event", (h) => changed(h, isEvent(4), { damaged: true })],
    ["I1", "a call nobody made", (h) => [...h, line(203, "upstream", "exec", { req: "z", tag: "s" })]],
    ["I2", "an event of another stream", (h) => [...h, line(80, "p", "emit", { tag: "b", n: 1 }), event(250, "r#2", 1, { tag: "b" })]],
    ["I2", "the answer of another call", (h) => changed(h, (each) => each.what === "outcome", { saidTag: "other" })],
    ["I3", "two that changed places", (h) => changed(changed(changed(h, isEvent(9), { n: 0 }), isEvent(10), { n: 9 }), isEvent(0), { n: 10 })],
    ["I4", "an event twice on one connection", (h) => [...h, event(70, "r#2", 9)]],
    ["I4", "the last one again after the return", (h) => [...h, event(66, "r#2", 6)]],
    ["I5", "a hole within a connection", (h) => without(h, isEvent(9))],
    ["I6", "a hole at the seam", (h) => without(h, isEvent(7))],
    ["I7", "what no connection ever brought", (h) => without(h, isEvent(4))],
    ["I7", "a gap without a cause", (h) => [...without(h, isEvent(7)), gap(66, "r#2", "epoch")]],
    ["I7", "an eviction within the window", (h) => [...without(h, isEvent(7)), gap(66, "r#2", "evicted")]],
    ["I8", "the end never came", (h) => without(h, isEvent(12))],
    ["I8", "a session that was ended without a cause", (h) => [...h, line(250, "r", "ended", { stream: "a", reason: "404" })]],
    ["I9", "an id for two events", (h) => changed(h, isEvent(9), { id: "e1-3" })],
    ["I11", "carried out twice", (h) => [...h, line(203, "upstream", "exec", { req: "q", tag: "s", tool: "work" })]],
    ["I11", "ended twice", (h) => [...h, { ...h.find(({ what }) => what === "outcome"), t: 210 }]],
    ["I11", "never ended", (h) => without(h, ({ what }) => what === "outcome")],
    ["I11", "an error without a cause", (h) => changed(h, ({ what }) => what === "outcome", { how: "error", code: -32011 })],
    ["I12", "silence", (h) => [...h, line(250, "r", "silent", { conn: "r#2", ms: 4000 })]],
    ["I12", "a comment inside an event", (h) => [...h, line(250, "r", "inside", { conn: "r#2" })]],
    ["I13", "a stream without a bound", (h) => [...h, line(390, "census", "redis", { when: "end", longest: 5000, eternal: [] })]],
    ["I13", "a key that stays for ever", (h) => [...h, line(390, "census", "redis", { when: "end", longest: 1, eternal: ["lifeline"] })]],
    ["I13", "descriptors that stay open", (h) => [
        ...h, line(1, "census", "node", { when: "start", node: "n1", descriptors: 100 }),
        line(399, "census", "node", { when: "closed", node: "n1", descriptors: 300 }),
    ]],
    ["I14", "one that hammers", (h) => [
        ...h, ...Array.from({ length: 12 }, (_, i) => line(310 + i, "w", "open", { stream: "a", conn: `w#${i}`, kind: "wrapper", last: "e1-12", after: 12 })),
        event(309, "w#0", 12),
    ]],
];

for (const [rule, name, mutate] of MUTATIONS) {
    test(`${rule}: ${name}`, () => assert.ok(rules(mutate(good())).includes(rule), `${rules(mutate(good()))}`));
}

test("I10: an old connection that goes on after it was replaced", () => {
    const kind = ({ what }) => what === "open";
    const history = changed(without(good(), ({ what }) => what === "close"), kind, { kind: "streamable" });
    history.push(line(200, "p", "emit", { tag: "a", n: 13 }), event(205, "r#1", 13), event(206, "r#2", 13));
    assert.deepEqual(rules(history), ["I5", "I10"]);
});

test("a gap after the store lost something is no violation", () => {
    const lost = without(good(), isEvent(7));
    assert.deepEqual(rules([...lost, gap(66, "r#2", "epoch"), ...fault("redis-wipe", 55, 58)]), []);
});

test("an intact restart of Redis justifies no gap", () => {
    const lost = without(good(), isEvent(7));
    assert.deepEqual(rules([...lost, gap(66, "r#2", "epoch"), ...fault("redis-restart", 55, 58)]), ["I7"]);
});

test("what its publisher does not know to be kept may be missing", () => {
    const unsure = changed(good(), ({ what, n }) => what === "post" && n === 9, { how: "info" });
    assert.deepEqual(rules(without(unsure, isEvent(9))), []);
});

test("what died with its upstream may be missing, and nothing from before that", () => {
    const mcp = without(good(), ({ what }) => what === "post");
    const forgot = [line(68, "upstream", "forgot", { tag: "a", upto: 9 }), ...fault("upstream-forgets", 67.5, 68.5)];
    assert.deepEqual(rules([...without(mcp, isEvent(9)), ...forgot]), []);
    const late = [line(5068, "upstream", "forgot", { tag: "a", upto: 9 }), ...fault("upstream-forgets", 5067, 5069)];
    assert.deepEqual(rules([...without(mcp, isEvent(9)), ...late]), ["I5", "I7"]);
});

test("an error while something is broken is an outcome like any other", () => {
    const refused = changed(good(), ({ what }) => what === "outcome", { how: "error", code: -32011 });
    assert.deepEqual(rules([...refused, ...fault("kill-node", 199, 201)]), []);
});

/** The same events on one connection to a session's stream, told by an upstream, in another order and under other ids. */
function told(order, id = () => undefined) {
    const mcp = without(good(), ({ what, n }) => ["post", "close"].includes(what) || n !== undefined && what === "event" || what === "open");
    const conn = line(1, "r", "open", { stream: "a", conn: "r#2", kind: "legacy", last: null, after: null });
    return [...mcp, conn, ...order.map((n, i) => event(100 + i, "r#2", n, { id: id(i, n) ?? `e1-${i}` }))];
}

const swapped = [1, 2, 6, 7, 3, 8, 4, 5, 9, 10, 11, 12];

test("what one node had heard may come after what another heard that was told no position", () => {
    const anew = line(50, "upstream", "attached", { tag: "a" });
    assert.deepEqual(rules([...told(swapped), anew]), []);
    assert.deepEqual(rules([...told(swapped), { ...anew, lastId: "2" }]), ["I5", "I3"]);
    assert.deepEqual(rules([...told([1, 3, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12]), anew]), ["I5", "I3"]);
});

test("what only a node had heard that ended may be missing, where the next had no position to ask from", () => {
    const missing = told([1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12]);
    const anew = line(50, "upstream", "attached", { tag: "a" });
    assert.deepEqual(rules([...missing, anew, ...fault("kill-node", 47, 60)]), []);
    assert.deepEqual(rules([...missing, anew, ...fault("redis-restart", 47, 60)]), ["I7"]);
    assert.deepEqual(rules([...missing, { ...anew, lastId: "4" }, ...fault("kill-node", 47, 60)]), ["I5", "I7"]);
});

test("what was on its way when the store lost its keys may come once more in the new epoch, and not in the same", () => {
    const order = [1, 2, 3, 4, 5, 6, 7, 6, 8, 9, 10, 11, 12];
    const lost = fault("redis-older", 50, 64);
    assert.deepEqual(rules([...told(order, (i) => (i < 6 ? `e1-${i}` : `e2-${i}`)), ...lost]), []);
    assert.deepEqual(rules([...told(order), ...lost]), ["I4"]);
    assert.deepEqual(rules(told(order, (i) => (i < 6 ? `e1-${i}` : `e2-${i}`))), ["I4"]);
});

test("a gap that was told on the connection before is told", () => {
    const lost = without(good(), (each) => isEvent(7)(each) || isEvent(8)(each));
    const back = changed(lost, (each) => each.what === "open" && each.conn === "r#2", { last: "e2-0" });
    const told = { ...gap(59, "r#1", "epoch"), id: "e2-0" };
    assert.deepEqual(rules([...back, told, ...fault("redis-wipe", 55, 58)]), []);
    assert.deepEqual(rules([...back, ...fault("redis-wipe", 55, 58)]), ["I6", "I7"]);
    assert.deepEqual(rules([...lost, told, ...fault("redis-wipe", 55, 58)]), ["I6"]);
});

test("an attempt to publish that was stuck may come through after a loss, in the new epoch", () => {
    const again = (id) => event(80, "r#2", 5, { id });
    const stuck = line(46, "p", "post", { stream: "a", n: 5, attempt: 2, how: "info" });
    const lost = fault("redis-wipe", 74, 76);
    assert.deepEqual(rules([...good(), again("e2-5"), stuck, ...lost]), []);
    assert.deepEqual(rules([...good(), again("e1-5"), stuck, ...lost]), ["I3"]);
    assert.deepEqual(rules([...good(), again("e2-5"), ...lost]), ["I3"]);
    assert.deepEqual(rules([...good(), again("e2-5"), stuck]), ["I3"]);
});

test("an answer to whom the gateway had to stand in for is this client's, and another client's is not", () => {
    const answered = (saidTag) => changed(good(), ({ what }) => what === "outcome", { saidTag });
    assert.deepEqual(rules(answered("lifeline")), []);
    assert.deepEqual(rules(answered("other")), ["I2"]);
});

test("it may be the one with which its reader had come back", () => {
    const lost = fault("redis-older", 50, 64);
    const again = (epoch) => [
        ...changed(without(good(), (each) => each.conn === "r#2" && each.what === "event"), (each) => each.what === "open", { kind: "legacy" }),
        ...[5, 6, 7, 8, 9, 10, 11, 12].map((n, i) => event(80 + i, "r#2", n, { id: `${epoch}-${n}` })),
    ];
    assert.deepEqual(rules([...again("e2"), ...lost]), []);
    assert.deepEqual(rules([...again("e1"), ...lost]), ["I4"]);
});

test("a new epoch is no gap for who is told of none, where nothing is missing before it", () => {
    const legacy = changed(good(), (each) => each.what === "open", { kind: "legacy" });
    const anew = legacy.map((each) => (each.what === "event" && each.n > 8 ? { ...each, id: `e2-${each.n}` } : each));
    assert.deepEqual(rules(anew), []);
    assert.deepEqual(rules(without(anew, isEvent(9))), ["I7"]);
});

test("who sees no ids may miss what the store lost, and nothing else", () => {
    const opaque = changed(without(good(), isEvent(7)), (each) => each.what === "open", { kind: "sdk-streamable" });
    assert.deepEqual(rules([...opaque, ...fault("redis-older", 61, 64)]), []);
    assert.ok(rules(opaque).length > 0);
});

test("what came late is not missing behind what had come before it", () => {
    const anew = line(50, "upstream", "attached", { tag: "a" });
    const back = line(106.5, "r", "open", { stream: "a", conn: "r#3", kind: "legacy", last: "e1-6", after: 4 });
    const history = told(swapped).map((each) => (each.what === "event" && each.t > 106.5 ? { ...each, conn: "r#3" } : each));
    assert.deepEqual(rules([...history, anew, back]), []);
});

test("an outcome that the store lost may be followed by an error, and one that it kept may not", () => {
    const error = { ...good().find(({ what }) => what === "outcome"), t: 230, how: "error", code: -32011 };
    assert.deepEqual(rules([...good(), error, ...fault("redis-older", 199, 210)]), []);
    assert.deepEqual(rules([...good(), error, ...fault("redis-older", 204, 210)]), ["I11"]);
    assert.deepEqual(rules([...good(), error, ...fault("redis-restart", 199, 210)]), ["I11"]);
});

test("to whom nothing was promised may hear of it all the same, once", () => {
    const refused = changed(good(), ({ what }) => what === "outcome", { how: "refused", status: 503 });
    const error = { ...good().find(({ what }) => what === "outcome"), t: 230, how: "error", code: -32011 };
    const broken = fault("kill-node", 199, 201);
    assert.deepEqual(rules([...refused, ...broken, error]), []);
    assert.deepEqual(rules([...refused, ...broken, error, { ...error, t: 240 }]), ["I11"]);
});

test("I8: a client that gave up before it got in needs a cause", () => {
    const none = without(good(), ({ what }) => what === "event" || what === "opened");
    const gaveUp = line(90, "r", "failed", { stream: "a", error: "504" });
    assert.deepEqual(rules(none), ["I8"]);
    assert.deepEqual(rules([...none, gaveUp]), ["I8"]);
    assert.deepEqual(rules([...none, gaveUp, ...fault("kill-proxy", 50, 60)]), []);
});

test("I15: a run that met nothing is of no worth", () => {
    const printed = console.log;
    console.log = () => {};
    try {
        assert.equal(show(examine(good()), 1), CODES.invalid);
        assert.equal(show(examine(good()), 1, { mustCover: false }), CODES.green);
    } finally {
        console.log = printed;
    }
});
