// What the source does about each failure, against servers with a script.

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { LifelineSource } from "../../gateway/src/main/resources/client/lifeline.js";
import { follow, freePort, pause, scripted, silence, status, stream, until } from "./lab.mjs";

const SOON = { initialDelay: 10, jitter: 0, serverRetry: false };
const open = [];

afterEach(async () => {
    await Promise.all(open.splice(0).map((part) => part.close()));
});

async function scene(steps, options = {}) {
    const server = await scripted(...steps);
    const heard = follow(server.url, { ...SOON, ...options });
    open.push(heard.source, server);
    return { server, heard, source: heard.source };
}

test("connects, tells, loses the stream, and is back, with the id", async () => {
    const { server, heard, source } = await scene([stream("id: 1\ndata: a\n\n"), stream("id: 2\ndata: b\n\n", { end: false })]);
    assert.deepEqual([source.state, source.readyState], ["connecting", 0]);
    await heard.count(2);
    const told = heard.states.map(({ state, attempt, reason }) => [state, attempt, reason]);
    assert.deepEqual(told, [
        ["connecting", 0, null],
        ["connected", 0, null],
        ["reconnecting", 1, "ended"],
        ["connecting", 1, "ended"],
        ["connected", 0, null],
    ]);
    assert.deepEqual([source.readyState, source.lastEventId], [LifelineSource.OPEN, "2"]);
    assert.equal(server.requests[1].headers["last-event-id"], "1");
    source.close();
    assert.deepEqual([source.readyState, heard.states.at(-1).state], [2, "closed"]);
});

test("the network and 5xx are tried again, after growing waits", async () => {
    const { heard } = await scene([status(500), status(502), (response) => response.destroy(), stream("data: x\n\n", { end: false })]);
    await heard.count(1);
    assert.deepEqual(heard.retried().map(({ delay }) => delay), [10, 100, 200]);
    assert.deepEqual(heard.errors.map(({ reason, status: code, retrying }) => [reason, code, retrying]), [
        ["status", 500, true],
        ["status", 502, true],
        ["network", undefined, true],
    ]);
});

test("an event or a heartbeat begins the count anew, a mere answer does not", async () => {
    const { heard } = await scene([
        status(500),
        stream("data: x\n\n"),
        stream("id: 1\n\n"),
        stream(": beat\n"),
        stream("data: y\n\n", { end: false }),
    ]);
    await heard.count(2);
    assert.deepEqual(heard.retried().map(({ delay }) => delay), [10, 10, 100, 10]);
});

test("a server nobody runs is asked until somebody does", async () => {
    const port = await freePort();
    const heard = follow(`http://127.0.0.1:${port}/`, SOON);
    open.push(heard.source);
    await until("some tries", () => heard.retried().length >= 2);
    assert.ok(heard.errors.every(({ reason }) => reason === "network"));
});

test("429 and 503 are tried again when the server says", async () => {
    const soon = { "Retry-After": "1" };
    const { server, heard } = await scene([status(429, soon), status(503, soon), stream("data: x\n\n", { end: false })]);
    await heard.count(1);
    assert.deepEqual(heard.retried().map(({ delay }) => delay), [1000, 1000]);
    assert.ok(server.requests[2].at - server.requests[0].at >= 1980);
});

test("the server's retry is met", async () => {
    const { heard } = await scene([stream("retry: 70\ndata: x\n\n"), stream("data: y\n\n", { end: false })], { serverRetry: true });
    await heard.count(2);
    assert.equal(heard.retried()[0].delay, 70);
});

for (const code of [400, 401, 403, 404, 405, 410]) {
    test(`${code} is not tried again`, async () => {
        const { server, heard } = await scene([status(code)]);
        await heard.state("failed");
        assert.deepEqual(heard.errors[0], { reason: "status", status: code, error: undefined, retrying: false });
        await pause(50);
        assert.equal(server.requests.length, 1);
    });
}

test("a page is no stream", async () => {
    const page = (response) => response.writeHead(200, { "Content-Type": "text/html" }).end("<p>");
    const { heard } = await scene([page]);
    await heard.state("failed");
    assert.equal(heard.states.at(-1).reason, "type");
});

test("a stream beyond its bounds is not tried again", async () => {
    const { heard } = await scene([stream("data: much too long\n\n")], { bounds: { data: 4, label: 64, skipped: 64 } });
    await heard.state("failed");
    assert.equal(heard.states.at(-1).reason, "limit");
});

test("204 closes", async () => {
    const { heard } = await scene([status(204)]);
    await heard.state("closed");
    assert.equal(heard.errors.length, 0);
});

test("gives up after so many tries in a row", async () => {
    const { server, heard } = await scene([status(500)], { maxAttempts: 2 });
    await heard.state("failed");
    assert.deepEqual([server.requests.length, heard.states.at(-1).reason], [3, "exhausted"]);
});

test("a budget allows more tries, at its pace", async () => {
    const { server, heard } = await scene([status(500)], {
        maxAttempts: 1,
        maxDelay: 60,
        retryBudget: { tokens: 1, perToken: 400 },
    });
    await until("four requests", () => server.requests.length >= 4);
    const delays = heard.retried().map(({ delay }) => delay);
    assert.deepEqual(delays.slice(0, 2), [10, 60]);
    assert.ok(delays[2] > 200 && delays[2] <= 400, `a token comes back: ${delays[2]}`);
});

test("a stream without a byte for too long is dead", async () => {
    const { heard } = await scene([stream("id: 1\ndata: a\n\n", { end: false }), stream("data: b\n\n", { end: false })], {
        idleTimeout: 150,
    });
    await heard.count(2);
    assert.deepEqual(heard.errors.map(({ reason }) => reason), ["idle"]);
});

test("heartbeats keep a stream", async () => {
    const beating = (response) => {
        stream("data: a\n\n", { end: false })(response);
        const beat = setInterval(() => response.write(": now\n"), 40);
        response.on("close", () => clearInterval(beat));
    };
    const { heard } = await scene([beating], { idleTimeout: 400 });
    await heard.count(1);
    await pause(1000);
    assert.deepEqual(heard.errors, []);
});

test("an answer that never comes is not waited for", async () => {
    const { heard } = await scene([silence, stream("data: a\n\n", { end: false })], { connectTimeout: 100 });
    await heard.count(1);
    assert.deepEqual(heard.errors.map(({ reason }) => reason), ["timeout"]);
});

test("what is sent again is dropped, and what only has the same id is not", async () => {
    const first = "id: 1\ndata: a\n\nid: 2\ndata: b\n\n";
    const again = "id: 2\ndata: b\n\nid: 1\ndata: another count\n\nid: 3\ndata: c\n\ndata: no id\n\ndata: no id\n\n";
    const { heard, source } = await scene([stream(first), stream(again, { end: false })]);
    await heard.count(6);
    assert.deepEqual(heard.events, ["a", "b", "another count", "c", "no id", "no id"]);
    assert.equal(source.duplicates, 1);
});

test("so many ids are known, and no more", async () => {
    const { heard } = await scene([stream("id: 1\ndata: a\n\nid: 2\ndata: b\n\nid: 3\ndata: c\n\n"), stream("id: 1\ndata: a\n\nid: 3\ndata: c\n\nid: 4\ndata: d\n\n", { end: false })], { recentIds: 2 });
    await heard.count(5);
    assert.deepEqual(heard.events, ["a", "b", "c", "a", "d"]);
});

test("a gap is told, with all that is known of it; ids count anew behind it", async () => {
    const gap = 'id: g\nevent: gap\ndata: {"from":"1","to":"g","reason":"epoch"}\n\n';
    const { heard } = await scene([stream("id: 1\ndata: a\n\n"), stream(`${gap}id: 1\ndata: a\n\n`, { end: false })]);
    await heard.count(2);
    assert.deepEqual(heard.gaps, [{ from: "1", to: "g", reason: "epoch" }]);
});

test("somebody else's gap is an event like any other", async () => {
    const { heard, source } = await scene([]);
    const told = [];
    source.addEventListener("gap", (event) => told.push(event.data));
    source.addEventListener("own", (event) => told.push([event.data, event.lastEventId, event.origin]));
    heard.source.close();
    const server = await scripted(stream("event: gap\ndata: mind it\n\nid: 5\nevent: own\ndata: x\n\n", { end: false }));
    const other = new LifelineSource(server.url);
    open.push(other, server);
    other.addEventListener("gap", (event) => told.push([event.data, event.detail]));
    other.addEventListener("own", (event) => told.push([event.data, event.lastEventId, event.origin]));
    await until("both", () => told.length === 2);
    assert.deepEqual(told, [["mind it", undefined], ["x", "5", new URL(server.url).origin]]);
});

test("nothing comes after close, not even what has arrived", async () => {
    const { heard, source } = await scene([stream("data: a\n\ndata: b\n\n", { end: false })]);
    source.onmessage = (event) => {
        heard.events.push(event.data);
        source.close();
    };
    await heard.state("closed");
    await pause(50);
    assert.deepEqual(heard.events, ["a"]);
});

test("asked to, it comes back at once, also after it gave up", async () => {
    const { server, heard, source } = await scene([status(404), stream("data: a\n\n", { end: false })]);
    await heard.state("failed");
    source.reconnect();
    await heard.count(1);
    source.reconnect();
    await heard.count(2);
    assert.equal(server.requests.length, 3);
    source.close();
    source.reconnect();
    assert.equal(source.state, "closed");
});

test("a token that ran out is replaced, once", async () => {
    const tokens = ["old", "new", "new"];
    const { server, heard } = await scene([status(401), stream("data: a\n\n"), status(401)], { token: () => tokens.shift() ?? "new" });
    await heard.state("failed");
    const sent = server.requests.map(({ headers }) => headers.authorization);
    assert.deepEqual(sent, ["Bearer old", "Bearer new", "Bearer new"]);
    assert.deepEqual(heard.errors.map(({ status: code, retrying }) => [code, retrying]), [[401, true], [undefined, true], [401, true], [401, false]]);
});

test("a server that refuses every token is not asked for ever", async () => {
    let given = 0;
    const { server, heard } = await scene([status(401)], { token: () => `token ${given++}` });
    await heard.state("failed");
    assert.equal(server.requests.length, 2);
});

test("asked to, it counts anew", async () => {
    const { heard, source } = await scene([status(500), status(500), status(500)], { maxAttempts: 2 });
    await heard.state("failed");
    source.reconnect();
    await until("it tries again", () => heard.retried().length >= 4);
    assert.deepEqual(heard.retried().map(({ delay }) => delay), [10, 100, 10, 100]);
});

test("where tokens cannot be had now, they are asked for again", async () => {
    let asked = 0;
    const token = async () => {
        asked++;
        if (asked < 3) {
            throw new Error("no network");
        }
        return "t";
    };
    const { heard } = await scene([stream("data: a\n\n", { end: false })], { token });
    await heard.count(1);
    assert.deepEqual(heard.errors.map(({ reason, retrying }) => [reason, retrying]), [["token", true], ["token", true]]);
});

test("acknowledges to the endpoint the session named", async () => {
    const { server, heard, source } = await scene([stream("id: s.1\nevent: endpoint\ndata: /gw/messages?sessionId=s\n\nid: s.2\ndata: x\n\n", { end: false }), status(204), status(404)], { token: "t" });
    await heard.count(1);
    await source.acknowledge();
    const { method, url, headers } = server.requests[1];
    assert.deepEqual([method, url, headers.authorization], ["POST", "/gw/messages/ack?sessionId=s", "Bearer t"]);
    await assert.rejects(source.acknowledge("s.1"), { status: 404 });
});

test("acknowledges beside /mcp, and to nobody where there is no session", async () => {
    const server = await scripted(stream("id: 0.1\ndata: x\n\n", { end: false }), status(204));
    const heard = follow(server.url.replace("/events", "/docs/mcp"), { headers: { "Mcp-Session-Id": "s1" } });
    const other = await scene([stream("event: endpoint\ndata: http://elsewhere.test/messages\n\ndata: x\n\n", { end: false })]);
    open.push(heard.source, server);
    await heard.count(1);
    await heard.source.acknowledge();
    assert.equal(server.requests[1].url, "/docs/messages/ack?sessionId=s1");
    await other.heard.count(1);
    await assert.rejects(other.source.acknowledge("1"), /another origin/);
    const channel = await scene([stream("data: x\n\n", { end: false })]);
    await channel.heard.count(1);
    await assert.rejects(channel.source.acknowledge("1"), /no session/);
});

test("handlers are set, replaced and taken back", async () => {
    const { source } = await scene([]);
    const first = () => {};
    assert.equal(typeof source.onmessage, "function");
    source.onmessage = first;
    assert.equal(source.onmessage, first);
    source.onmessage = null;
    assert.equal(source.onmessage, null);
    source.close();
});

test("what makes no sense is refused at once", () => {
    assert.throws(() => new LifelineSource("http://localhost/", { initalDelay: 5 }), /no such option: initalDelay/);
    assert.throws(() => new LifelineSource("http://localhost/", { initialDelay: 5, maxDelay: 1 }), RangeError);
    assert.throws(() => new LifelineSource("nowhere"), TypeError);
});
