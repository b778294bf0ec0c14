// What the conformance table asks of an HTTP client, against a server that does what the row says.

import assert from "node:assert/strict";
import { test } from "node:test";
import { follow, scripted, status, stream, until } from "./lab.mjs";
import { scenarios } from "./wire-table.mjs";

const DEFAULT = 20;

function words(scenario) {
    const said = { requests: [], answer: ["200", "text/event-stream"], location: null, then: "" };
    for (const [keyword, value] of scenario.client) {
        if (keyword === "request") {
            said.requests.push(value);
        } else if (keyword === "answer") {
            const [, code, type] = /^(\S+) ?(.*)$/.exec(value);
            said.answer = [code, type];
        } else {
            said[keyword] = value;
        }
    }
    return said;
}

function answer(scenario, said) {
    return (response) => {
        const [code, type] = said.answer;
        response.statusCode = Number(code);
        if (type) {
            response.setHeader("Content-Type", type);
        }
        if (said.location !== null) {
            response.setHeader("Location", said.location);
        }
        const bodiless = ["204", "205"].includes(code);
        response.write(bodiless ? "" : Buffer.concat(scenario.streams.flat().concat(Buffer.from(""))));
        if (said.then !== "stay") {
            response.end();
        }
    };
}

function expectRequest(line, { method, headers }) {
    const [name, value] = line.split(": ");
    if (value !== undefined) {
        assert.equal(headers[name.toLowerCase()], value);
    } else if (name.startsWith("no ")) {
        assert.equal(headers[name.slice(3).toLowerCase()], undefined);
    } else {
        assert.equal(method, name);
    }
}

const EXPECT = {
    stay: async (heard) => {
        await heard.state("connected");
    },
    fail: async (heard, server) => {
        await until("it gave up", () => heard.source.readyState === 2);
        assert.equal(server.requests.length, 1);
    },
    follow: async (heard, server) => {
        await until("it followed", () => server.requests.length >= 2);
        assert.equal(server.requests[1].url, "/elsewhere");
    },
    reconnect: async (heard, server, [, , after, how, id]) => {
        await until("it waits", () => heard.retried().length > 0);
        assert.equal(heard.retried()[0].delay, after === "default" ? DEFAULT : Number(after));
        heard.source.reconnect();
        await until("it came back", () => server.requests.length >= 2);
        const sent = server.requests[1].headers["last-event-id"];
        assert.equal(sent && Buffer.from(sent, "latin1").toString(), how === "with" ? id : undefined);
    },
};

// It is R29 that a server in trouble is asked again, where EventSource gives up. fetch takes an empty Location for the
// page itself, goes round until it has enough, and calls that a failure of the network.
const OTHERWISE = {
    "20: status 503": "reconnect after default without id",
    "27: a redirect to an empty place": "reconnect after default without id",
};

for (const scenario of scenarios().filter(({ client }) => client.length > 0)) {
    test(scenario.name, async () => {
        const said = words(scenario);
        const then = (OTHERWISE[scenario.name] ?? said.then).split(" ");
        const step = answer(scenario, said);
        const server = await scripted(...(OTHERWISE[scenario.name] ? [step] : [step, status(204)]));
        const heard = follow(server.url, { initialDelay: DEFAULT, jitter: 0, lastEventId: scenario.resume });
        try {
            await EXPECT[then[0]](heard, server, then);
            said.requests.forEach((line) => expectRequest(line, server.requests[0]));
            const events = scenario.facts.filter((fact) => "event" in fact).map(({ event }) => event);
            await heard.count(events.length);
            assert.deepEqual(heard.events, events);
        } finally {
            heard.source.close();
            await server.close();
        }
    });
}

test("a stream is asked for with what the application adds", async () => {
    const server = await scripted(stream("data: x\n\n", { end: false }));
    const heard = follow(server.url, { headers: { "X-Own": "1" }, token: "secret", lastEventId: "7" });
    await heard.count(1);
    const { headers } = server.requests[0];
    assert.deepEqual([headers["x-own"], headers.authorization, headers["last-event-id"]], ["1", "Bearer secret", "7"]);
    heard.source.close();
    await server.close();
});
