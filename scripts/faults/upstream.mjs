// An MCP server that writes down all it does: what it told whom, numbered, and which call it carried out. Streamable HTTP
// without an SDK. Told to end it keeps its conversations in a file; begun again it has them, or has forgotten them.
//
//   node upstream.mjs --history FILE --state FILE [--forget] [--again K] [--every MS] [--host H] --port P
//
// With --again it sends the last K once more to whoever comes back. GET /hush/PREFIX ends the telling of those whose name begins so.

import { randomUUID } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import http from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { Pen, readHistory } from "./history.mjs";
import { written } from "./payload.mjs";

const KEPT = 400;
const text = { type: "string" };
const { values: flags } = parseArgs({
    options: {
        history: text, state: text, port: text, forget: { type: "boolean" },
        again: { type: "string", default: "0" }, every: { type: "string", default: "200" }, host: { type: "string", default: "127.0.0.1" },
    },
});
const input = { type: "object", properties: { req: { type: "string" }, delay: { type: "number" } } };
const tools = [
    { name: "work", description: "Must not be run twice", inputSchema: input },
    { name: "look", description: "May be run again", inputSchema: input, annotations: { readOnlyHint: true } },
];

const pen = new Pen(flags.history);
const say = (what, fields) => pen.write("upstream", what, fields);
const frame = (id, message) => `id: ${id}\nevent: message\ndata: ${message ? JSON.stringify(message) : ""}\n\n`;

/** One client's conversation: what it was told, each under its number in this conversation. */
class Conversation {
    stream = null;

    constructor({ tag, id = randomUUID(), first = 1, told = [] }) {
        Object.assign(this, { tag, id, first, told });
    }

    get next() {
        return this.first + this.told.length;
    }

    attach(response, lastId) {
        this.stream?.end();
        this.stream = response;
        this.listened = true;
        response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
        const after = lastId === undefined ? this.next - 1 : Number(lastId);
        const from = lastId === undefined ? this.next : Math.max(this.first, after + 1 - Number(flags.again));
        response.write(frame(after, null));
        this.told.slice(from - this.first).forEach((n, i) => response.write(this.#frame(from + i, n)));
        const again = this.told.slice(from - this.first, Math.max(0, after + 1 - this.first));
        say("attached", { tag: this.tag, lastId, ...(again.length > 0 && { again }) });
        response.on("close", () => (this.stream = this.stream === response ? null : this.stream));
    }

    tell(n) {
        this.told.push(n);
        this.stream?.write(this.#frame(this.next - 1, n));
        if (this.told.length > KEPT) {
            this.told.shift();
            this.first++;
        }
    }

    #frame(id, n) {
        const params = { level: "info", data: written(this.tag, n) };
        return frame(id, { jsonrpc: "2.0", method: "notifications/message", params });
    }
}

const conversations = new Map();
const newest = new Map();
const counts = new Map();
const hushed = [];

function keep(conversation) {
    conversations.set(conversation.id, conversation);
    newest.set(conversation.tag, conversation);
    return conversation;
}

function recall() {
    for (const { what, tag, n } of existsSync(flags.history) ? readHistory(flags.history) : []) {
        if (what === "emit") {
            counts.set(tag, n);
        }
    }
    if (flags.forget) {
        counts.forEach((upto, tag) => say("forgot", { tag, upto }));
    } else if (existsSync(flags.state)) {
        JSON.parse(readFileSync(flags.state, "utf8")).forEach((each) => (keep(new Conversation(each)).listened = true));
    }
}

function tellAll() {
    for (const conversation of newest.values()) {
        // Nobody has listened yet: a server may not know that anybody ever will.
        if (conversation.listened && !hushed.some((prefix) => conversation.tag.startsWith(prefix))) {
            const n = (counts.get(conversation.tag) ?? 0) + 1;
            counts.set(conversation.tag, n);
            say("emit", { tag: conversation.tag, n });
            conversation.tell(n);
        }
    }
}

function json(response, status, body) {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(body));
}

const unknown = (response) => json(response, 404, { jsonrpc: "2.0", id: null, error: { code: -32001, message: "Session not found" } });

function initialize(message, response) {
    const { id } = keep(new Conversation({ tag: message.params.clientInfo.name }));
    response.setHeader("mcp-session-id", id);
    const result = {
        protocolVersion: "2025-11-25", capabilities: { tools: {}, logging: {} }, serverInfo: { name: "mock", version: "1" },
    };
    json(response, 200, { jsonrpc: "2.0", id: message.id, result });
}

async function call(conversation, message, response) {
    const { req, delay = 0 } = message.params.arguments;
    say("exec", { req, tag: conversation.tag, tool: message.params.name });
    await pause(delay);
    const content = [{ type: "text", text: JSON.stringify({ req, tag: conversation.tag }) }];
    const answer = { jsonrpc: "2.0", id: message.id, result: { content } };
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.end(`event: message\ndata: ${JSON.stringify(answer)}\n\n`);
}

function post(conversation, message, response) {
    if (message.method === "initialize") {
        return initialize(message, response);
    }
    if (!conversation) {
        return unknown(response);
    }
    if (message.id === undefined || message.method === undefined) {
        return response.writeHead(202).end();
    }
    if (message.method === "tools/call") {
        return call(conversation, message, response);
    }
    return json(response, 200, { jsonrpc: "2.0", id: message.id, result: message.method === "tools/list" ? { tools } : {} });
}

function forget(conversation, response) {
    conversations.delete(conversation?.id);
    if (newest.get(conversation?.tag) === conversation) {
        newest.delete(conversation?.tag);
    }
    json(response, 200, {});
}

async function serve(request, response) {
    const conversation = conversations.get(request.headers["mcp-session-id"]);
    if (request.url.startsWith("/hush/")) {
        hushed.push(request.url.slice("/hush/".length));
        return json(response, 200, {});
    }
    if (request.method === "GET") {
        return conversation ? conversation.attach(response, request.headers["last-event-id"]) : unknown(response);
    }
    if (request.method === "DELETE") {
        return forget(conversation, response);
    }
    let body = "";
    for await (const chunk of request) {
        body += chunk;
    }
    return post(conversation, JSON.parse(body), response);
}

recall();
const telling = setInterval(tellAll, Number(flags.every));
setInterval(() => conversations.forEach(({ stream }) => stream?.write(": still here\n\n")), 500).unref();
const server = http.createServer((request, response) => serve(request, response).catch(() => response.destroy()));
process.on("uncaughtException", (error) => say("error", { error: String(error) }));
process.on("SIGTERM", async () => {
    clearInterval(telling);
    const state = [...conversations.values()].map(({ tag, id, first, told }) => ({ tag, id, first, told }));
    writeFileSync(flags.state, JSON.stringify(state));
    conversations.forEach(({ stream }) => stream?.end());
    await pause(200);
    process.exit(0);
});
server.listen(Number(flags.port), flags.host);
