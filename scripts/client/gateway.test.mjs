// The source against real gateways, through a network that does not keep still.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import { follow, freePort, gateway, pause, publish, redis, until } from "./lab.mjs";
import { Proxy } from "./proxy.mjs";

const SOON = { initialDelay: 10, jitter: 0, serverRetry: false };
const BEATING = ["--heartbeat-interval", "200ms", "--connection-timeout", "2s", "--buffer-size", "500"];
const open = [];

let plain;
let proxy;

before(async () => {
    plain = await gateway(BEATING);
});

after(() => plain.stop());

afterEach(async () => {
    for (const part of open.splice(0).reverse()) {
        await part();
    }
});

async function through(channel, options = {}) {
    proxy = await new Proxy(plain.port).listen();
    const heard = follow(`${proxy.url}/events/${channel}`, { ...SOON, ...options });
    open.push(() => proxy.close(), () => heard.source.close());
    await heard.state("connected");
    // The position comes first: from here on nothing can be missed.
    await until("a position", () => heard.source.lastEventId !== "");
    return heard;
}

const numbers = (count) => Array.from({ length: count }, (_, i) => String(i));

async function burst(base, channel, from, to) {
    for (let i = from; i < to; i++) {
        await publish(base, channel, String(i));
    }
}

test("cut again and again, it loses nothing and doubles nothing", async () => {
    const heard = await through("cuts");
    for (let i = 0; i < 10; i++) {
        await burst(plain.url, "cuts", i * 20, i * 20 + 10);
        proxy.cut();
        await burst(plain.url, "cuts", i * 20 + 10, i * 20 + 20);
    }
    await heard.count(200);
    assert.deepEqual(heard.events, numbers(200));
    assert.ok(heard.errors.length >= 5);
    assert.deepEqual(heard.gaps, []);
});

test("away for a while, it gets what it missed", async () => {
    const heard = await through("away");
    await burst(plain.url, "away", 0, 3);
    await heard.count(3);
    proxy.refuse();
    await burst(plain.url, "away", 3, 60);
    await until("some tries", () => heard.retried().length >= 3);
    proxy.heal();
    await heard.count(60);
    assert.deepEqual(heard.events, numbers(60));
});

test("on one machine it is back in less than 100 ms", async () => {
    const heard = await through("fast", { initialDelay: 0 });
    const times = [];
    for (let i = 0; i < 5; i++) {
        const connected = heard.states.filter(({ state }) => state === "connected").length;
        const cutAt = performance.now();
        proxy.cut();
        await until("back", () => heard.states.filter(({ state }) => state === "connected").length > connected);
        times.push(performance.now() - cutAt);
        await publish(plain.url, "fast", String(i));
        await heard.count(i + 1);
    }
    const best = times.sort((a, b) => a - b)[2];
    assert.ok(best < 100, `median of ${times.map(Math.round)} ms`);
});

test("a slow network delivers all, in order", async () => {
    const heard = await through("slow");
    proxy.slow(64);
    await burst(plain.url, "slow", 0, 60);
    await heard.count(60);
    assert.deepEqual(heard.events, numbers(60));
    assert.deepEqual(heard.errors, []);
});

test("a network that swallows everything is noticed by its silence", async () => {
    const heard = await through("stall", { idleTimeout: 1500, connectTimeout: 500 });
    await burst(plain.url, "stall", 0, 2);
    await heard.count(2);
    proxy.stall();
    await burst(plain.url, "stall", 2, 5);
    await until("it is taken for dead", () => heard.errors.some(({ reason }) => reason === "idle"));
    proxy.heal();
    await heard.count(5);
    assert.deepEqual(heard.events, numbers(5));
});

test("heartbeats alone keep it", async () => {
    const heard = await through("quiet", { idleTimeout: 2000 });
    await pause(4000);
    assert.deepEqual([heard.source.state, heard.errors], ["connected", []]);
});

test("what cannot be had any more is told", async () => {
    const heard = await through("gap");
    await burst(plain.url, "gap", 0, 1);
    await heard.count(1);
    const from = heard.source.lastEventId;
    proxy.refuse();
    const lines = numbers(600).join("\n");
    await fetch(`${plain.url}/events/gap`, { method: "POST", body: lines, headers: { "Content-Type": "application/x-ndjson" } });
    proxy.heal();
    await heard.count(501);
    assert.equal(heard.gaps.length, 1);
    assert.deepEqual([heard.gaps[0].from, heard.gaps[0].reason], [from, "evicted"]);
    assert.deepEqual([heard.events[1], heard.events.at(-1)], ["100", "599"]);
});

test("an id nobody knows is a gap too", async () => {
    const heard = follow(`${plain.url}/events/known`, { ...SOON, lastEventId: "abc" });
    open.push(() => heard.source.close());
    await until("a verdict", () => heard.gaps.length === 1);
    assert.deepEqual([heard.gaps[0].from, heard.gaps[0].reason], [null, "unknown"]);
});

test("types, ids and many lines arrive as they were published", async () => {
    const heard = await through("types");
    const told = [];
    heard.source.addEventListener("price", (event) => told.push([event.data, event.lastEventId]));
    const id = await publish(plain.url, "types", "a\nb …\n", { type: "price" });
    await until("it came", () => told.length === 1);
    assert.deepEqual(told, [["a\nb …\n", id]]);
});

test("a hundred come back at once, and each has everything", async () => {
    const first = await through("crowd");
    const crowd = Array.from({ length: 99 }, () => follow(`${proxy.url}/events/crowd`, SOON));
    open.push(() => crowd.forEach(({ source }) => source.close()));
    crowd.push(first);
    await until("all stand", () => crowd.every(({ source }) => source.lastEventId !== ""));
    await burst(plain.url, "crowd", 0, 5);
    proxy.cut();
    await burst(plain.url, "crowd", 5, 10);
    await until("all have all", () => crowd.every(({ events }) => events.length >= 10));
    crowd.forEach(({ events }) => assert.deepEqual(events, numbers(10)));
});

test("an MCP session's stream is followed and acknowledged", async () => {
    const heard = follow(`${plain.url}/sse`, SOON);
    open.push(() => heard.source.close());
    let endpoint;
    heard.source.addEventListener("endpoint", (event) => (endpoint = event.data));
    await until("the endpoint", () => endpoint);
    const params = { protocolVersion: "2025-03-26", capabilities: {}, clientInfo: { name: "test", version: "1" } };
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "initialize", params });
    const headers = { "Content-Type": "application/json" };
    const posted = await fetch(new URL(endpoint, plain.url), { method: "POST", body, headers });
    assert.equal(posted.status, 202);
    await heard.count(1);
    assert.equal(JSON.parse(heard.events[0]).id, 1);
    await heard.source.acknowledge();
    await assert.rejects(heard.source.acknowledge("made-up"), ({ status }) => status >= 400);
});

test("who has no token is refused for good, and who has one is not", async () => {
    const folder = mkdtempSync(join(tmpdir(), "keys-"));
    const file = join(folder, "keys.yaml");
    writeFileSync(file, '- name: reader\n  key: "a long random text"\n  subscribe: ["*"]\n  publish: ["*"]\n');
    const guarded = await gateway(["--auth", "keys", "--keys-file", file]);
    open.push(() => guarded.stop(), () => rmSync(folder, { recursive: true }));
    const nobody = follow(`${guarded.url}/events/x`, SOON);
    await nobody.state("failed");
    assert.equal(nobody.errors[0].status, 401);
    const keys = ["an old one", "a long random text"];
    const reader = follow(`${guarded.url}/events/x`, { ...SOON, token: () => keys.shift() ?? "a long random text" });
    open.push(() => reader.source.close());
    await until("a position", () => reader.source.lastEventId !== "");
    await publish(guarded.url, "x", "0", { headers: { Authorization: "Bearer a long random text" } });
    await reader.count(1);
    assert.deepEqual(reader.errors.map(({ status, retrying }) => [status, retrying]), [[401, true]]);
});

test("a gateway that drains and comes back, with Redis, is not noticed in the events", async (t) => {
    const store = await redis();
    if (!store) {
        t.skip("there is no redis-server");
        return;
    }
    open.push(() => store.stop());
    const port = await freePort();
    const options = [...BEATING, "--redis", store.url, "--no-cluster", "--drain-timeout", "1s"];
    const first = await gateway(options, port);
    const heard = follow(`${first.url}/events/drain`, { ...SOON, serverRetry: true, maxDelay: 300 });
    open.push(() => heard.source.close());
    await until("a position", () => heard.source.lastEventId !== "");
    await burst(first.url, "drain", 0, 20);
    await first.stop();
    const second = await gateway(options, port);
    open.push(() => second.stop());
    await burst(second.url, "drain", 20, 40);
    await heard.count(40);
    assert.deepEqual(heard.events, numbers(40));
    assert.deepEqual(heard.gaps, []);
    assert.equal(heard.errors[0].reason, "ended", "it ended properly");
});
