// Reads the conformance table the Java parser is tested on too: shared/src/test/resources/wire, its README tells the format.

import { readdirSync, readFileSync } from "node:fs";

const FOLDER = new URL("../../shared/src/test/resources/wire/", import.meta.url);
const FOR_A_CLIENT = new Set(["client", "request", "answer", "location", "then"]);
const PLAIN = { n: "\n", r: "\r", t: "\t", s: " ", 0: "\0", "\\": "\\" };

/** The escapes of the files: any bytes as readable text. */
export function bytes(text) {
    const parts = [];
    for (let at = 0; at < text.length; ) {
        if (text[at] !== "\\") {
            const end = text.indexOf("\\", at);
            parts.push(Buffer.from(text.slice(at, end < 0 ? text.length : end)));
            at = end < 0 ? text.length : end;
            continue;
        }
        const [part, next] = escaped(text, at + 1);
        parts.push(part);
        at = next;
    }
    return Buffer.concat(parts);
}

function escaped(text, at) {
    const kind = text[at];
    if (kind === "x") {
        return [Buffer.from([parseInt(text.slice(at + 1, at + 3), 16)]), at + 3];
    }
    if (kind === "u") {
        return [Buffer.from(String.fromCharCode(parseInt(text.slice(at + 1, at + 5), 16))), at + 5];
    }
    if (text.startsWith("BOM", at)) {
        return [Buffer.from([0xef, 0xbb, 0xbf]), at + 3];
    }
    if (kind === "{") {
        const close = text.indexOf("}", at);
        const star = text.lastIndexOf("*", close);
        const once = bytes(text.slice(at + 1, star));
        return [Buffer.concat(Array(Number(text.slice(star + 1, close))).fill(once)), close + 1];
    }
    if (!(kind in PLAIN)) {
        throw new Error(`no such escape: \\${kind} in ${text}`);
    }
    return [Buffer.from(PLAIN[kind]), at + 1];
}

const text = (escapes) => bytes(escapes).toString();

function fact(keyword, value) {
    switch (keyword) {
        case "event": {
            const [, id = "", type = "message", data] = /^(?:id=(\S+) )?(?:type=(\S+) )?data=(.*)$/s.exec(value);
            return { event: text(data), id: text(id), type: text(type) };
        }
        case "position":
            return { position: text(value) };
        case "retry":
            return { retry: Number(value) };
        case "comment":
            return { comment: text(value) };
        case "limit":
            return { limit: value };
        default:
            throw new Error(`no such keyword: ${keyword}`);
    }
}

function take(scenario, keyword, value) {
    if (FOR_A_CLIENT.has(keyword)) {
        scenario.client.push([keyword, value]);
    } else if (keyword === "bounds") {
        scenario.bounds = Object.fromEntries(value.split(" ").map((part) => [part.split("=")[0], Number(part.split("=")[1])]));
    } else if (keyword === "resume" || keyword === "last") {
        scenario[keyword] = text(value);
    } else if (keyword === "feed") {
        scenario.streams.at(-1).push(bytes(value));
    } else if (keyword === "end") {
        scenario.streams.push([]);
    } else {
        scenario.facts.push(fact(keyword, value));
    }
}

/** All cases: row, name, bounds, resume, streams of chunks, facts, last, client. */
export function scenarios() {
    const found = [];
    for (const file of readdirSync(FOLDER).sort().filter((name) => name.endsWith(".wire"))) {
        let row = "";
        for (const line of readFileSync(new URL(file, FOLDER), "utf8").split("\n")) {
            const space = line.indexOf(" ");
            const keyword = space < 0 ? line : line.slice(0, space);
            const value = space < 0 ? "" : line.slice(space + 1);
            if (keyword === "row") {
                row = value;
            } else if (keyword === "case") {
                const blank = { bounds: undefined, resume: "", streams: [[]], facts: [], last: "", client: [] };
                found.push({ row, name: `${row}: ${value}`, ...blank });
            } else if (line !== "" && !line.startsWith("#")) {
                take(found.at(-1), keyword, value);
            }
        }
    }
    found.forEach((scenario) => (scenario.streams = scenario.streams.filter((chunks) => chunks.length > 0)));
    return found;
}
