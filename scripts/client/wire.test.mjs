// The parser on the conformance table: whatever the cuts, the same is told.

import assert from "node:assert/strict";
import { test } from "node:test";
import { SseLimitError, SseParser } from "../../gateway/src/main/resources/client/wire.js";
import { scenarios } from "./wire-table.mjs";

const CUT_EVERYWHERE = 8 << 10;
const LARGE = 1 << 20;
const EDGE = 64;

const ALL = scenarios();
const PARSED = ALL.filter((scenario) => scenario.streams.length > 0);

function listener(scenario) {
    const facts = [];
    const parser = new SseParser(
        {
            event: (id, type, data) => facts.push({ event: data, id, type }),
            position: (position) => facts.push({ position }),
            retry: (retry) => facts.push({ retry }),
            comment: (comment) => facts.push({ comment }),
        },
        scenario.bounds,
    );
    parser.reset(scenario.resume);
    const feed = (bytes) => {
        try {
            parser.feed(bytes);
        } catch (error) {
            assert.ok(error instanceof SseLimitError);
            if (!facts.some((fact) => "limit" in fact)) {
                facts.push({ limit: error.bound });
            }
        }
    };
    return { facts, parser, feed };
}

function tell(scenario, cut) {
    const heard = listener(scenario);
    for (const chunks of scenario.streams) {
        cut(chunks).forEach(heard.feed);
        const before = heard.facts.length;
        heard.parser.end();
        assert.equal(heard.facts.length, before, "the end tells nothing");
    }
    return heard;
}

function expect(scenario, manner, cut) {
    const { facts, parser } = tell(scenario, cut);
    const remarks = scenario.facts.some((fact) => "comment" in fact);
    const told = remarks ? facts : facts.filter((fact) => !("comment" in fact));
    assert.deepEqual(told, scenario.facts, manner);
    assert.equal(parser.lastEventId, scenario.last, manner);
}

function pieces(chunks, size) {
    const whole = Buffer.concat(chunks);
    const cut = [];
    for (let at = 0; at < whole.length; at += size) {
        cut.push(whole.subarray(at, at + size));
    }
    return cut;
}

function points(length) {
    if (length <= CUT_EVERYWHERE) {
        return Array.from({ length: length + 1 }, (_, i) => i);
    }
    const edges = Array.from({ length: EDGE }, (_, i) => [i, length - i]).flat();
    return edges.concat(Array.from({ length: EDGE }, (_, i) => Math.floor((length * (i + 0.5)) / EDGE)));
}

for (const scenario of PARSED) {
    test(scenario.name, () => {
        expect(scenario, "as written", (chunks) => chunks);
        expect(scenario, "whole", (chunks) => [Buffer.concat(chunks)]);
        const large = Buffer.concat(scenario.streams.flat()).length > LARGE;
        expect(scenario, "byte by byte", (chunks) => pieces(chunks, large ? 4093 : 1));
        expect(scenario, "in twos", (chunks) => pieces(chunks, large ? 16384 : 2));
        for (const stream of scenario.streams) {
            const whole = Buffer.concat(stream);
            // Cut anywhere; a large one at fewer places, for time.
            const some = large ? [1, 8, whole.length - 1] : points(whole.length);
            for (const point of some) {
                const cut = [whole.subarray(0, point), whole.subarray(point)];
                expect(scenario, `cut at ${point}`, (chunks) => (chunks === stream ? cut : [Buffer.concat(chunks)]));
            }
        }
    });
}

test("every row of the table is here", () => {
    const rows = new Set(ALL.map((scenario) => scenario.row).filter((row) => row !== "own"));
    assert.deepEqual([...rows], Array.from({ length: 33 }, (_, i) => String(i + 1)));
});

test("takes nothing more once refused, until it is reset", () => {
    const heard = listener({ bounds: { data: 4, label: 4, skipped: 4 }, resume: "" });
    heard.feed(Buffer.from("data:too long\n\n"));
    heard.feed(Buffer.from("\n\ndata:a\n\n"));
    assert.deepEqual(heard.facts, [{ limit: "data" }]);
    heard.parser.reset("");
    heard.feed(Buffer.from("data:a\n\n"));
    assert.deepEqual(heard.facts.at(-1), { event: "a", id: "", type: "message" });
});

test("who is told may end the stream, and is told nothing more of it", () => {
    const told = [];
    const parser = new SseParser({
        event: (id, type, data) => {
            told.push(data);
            parser.end();
        },
    });
    parser.feed(Buffer.from("data:1\n\ndata:2\n\n"));
    parser.feed(Buffer.from("data:3\n\n"));
    assert.deepEqual(told, ["1", "3"]);
});

test("says whether an event brought its id itself", () => {
    const own = [];
    const parser = new SseParser({ event: (id, type, data, brought) => own.push([id, brought]) });
    parser.feed(Buffer.from("id:1\ndata:a\n\ndata:b\n\nid:1\n\ndata:c\n\nid:1\ndata:d\n\n"));
    assert.deepEqual(own, [["1", true], ["1", false], ["1", false], ["1", true]]);
});
