// An MCP server that keeps books: whom it introduced itself to and how often, which call it ran how often, how much it
// announced to whom. Restarted it has forgotten its sessions, and goes on with its books.
//
//   node bookkeeper.mjs --book FILE [--interval MS] [--resumable] --port 9000
//
// GET /book gives the books, POST /hush ends the announcements. Its tools: work and look, of which look may be run again;
// both take { secret, delay, cut }, and with cut the connection is cut when the work is done.

import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';

const { values: flags } = parseArgs({
    options: {
        book: { type: 'string' },
        interval: { type: 'string', default: '0' },
        resumable: { type: 'boolean' },
        port: { type: 'string' },
    },
});
const takes = { type: 'object', properties: { secret: { type: 'string' }, delay: { type: 'number' }, cut: { type: 'boolean' } } };
const tools = [
    { name: 'work', description: 'Must not be run twice', inputSchema: takes },
    { name: 'look', description: 'May be run again', inputSchema: takes, annotations: { readOnlyHint: true } },
];
const book = existsSync(flags.book)
    ? JSON.parse(readFileSync(flags.book, 'utf8'))
    : { introduced: {}, executed: {}, announced: {} };
const conversations = new Map();
const count = (page, key) => (book[page][key] = (book[page][key] ?? 0) + 1);
const frame = (id, message) => `id: ${id}\nevent: message\ndata: ${message ? JSON.stringify(message) : ''}\n\n`;

/** A payload that can be told from every other: whose, the how manieth, and what follows from both. */
export const hashOf = (tag, n) => createHash('sha256').update(`${tag} ${n}`).digest('hex').slice(0, 12);

class Conversation {
    id = randomUUID();
    events = [];
    stream = null;
    answers = new Map();

    constructor(tag) {
        this.tag = tag;
        conversations.set(this.id, this);
    }

    attach(response, lastId) {
        this.stream?.end();
        this.stream = response;
        response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
        const from = lastId === undefined ? this.events.length : Number(lastId);
        response.write(frame(from, null));
        this.events.slice(from).forEach((message, i) => response.write(frame(from + i + 1, message)));
        response.on('close', () => {
            this.stream = this.stream === response ? null : this.stream;
        });
    }

    announce() {
        // Nobody has listened yet: a server may not know that anybody ever will.
        if (!this.stream && this.events.length === 0) {
            return;
        }
        const n = count('announced', this.tag);
        const data = { tag: this.tag, n, hash: hashOf(this.tag, n) };
        this.events.push({ jsonrpc: '2.0', method: 'notifications/message', params: { level: 'info', data } });
        this.stream?.write(frame(this.events.length, this.events.at(-1)));
    }

    /** The answer of one call on a stream of its own, which can be asked for again by its name. */
    async answer(name, response) {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write(frame(`call-${name}`, null));
        response.end(frame(`call-${name}-end`, await this.answers.get(name)));
    }
}

function send(response, status, body) {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
}

const unknown = { jsonrpc: '2.0', id: null, error: { code: -32001, message: 'Session not found' } };

function initialize(message, response) {
    const conversation = new Conversation(message.params.clientInfo.name);
    count('introduced', conversation.tag);
    response.setHeader('mcp-session-id', conversation.id);
    send(response, 200, {
        jsonrpc: '2.0',
        id: message.id,
        result: {
            protocolVersion: message.params.protocolVersion,
            capabilities: { tools: {}, logging: {} },
            serverInfo: { name: 'bookkeeper', version: '1.0.0' },
        },
    });
}

async function execute(conversation, message) {
    const { secret, delay = 0 } = message.params.arguments;
    count('executed', secret);
    await pause(delay);
    const text = JSON.stringify({ secret, tag: conversation.tag });
    return { jsonrpc: '2.0', id: message.id, result: { content: [{ type: 'text', text }] } };
}

async function call(conversation, message, response) {
    const outcome = execute(conversation, message);
    if (flags.resumable) {
        const name = randomUUID();
        conversation.answers.set(name, outcome);
        return conversation.answer(name, response);
    }
    const answer = await outcome;
    if (message.params.arguments.cut) {
        response.destroy();
        return undefined;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(`event: message\ndata: ${JSON.stringify(answer)}\n\n`);
    return undefined;
}

async function post(conversation, request, response) {
    let body = '';
    for await (const chunk of request) {
        body += chunk;
    }
    const message = JSON.parse(body);
    if (message.method === 'initialize') {
        return initialize(message, response);
    }
    if (!conversation) {
        return send(response, 404, unknown);
    }
    if (message.id === undefined || message.method === undefined) {
        return response.writeHead(202).end();
    }
    if (message.method === 'tools/call') {
        return call(conversation, message, response);
    }
    return send(response, 200, { jsonrpc: '2.0', id: message.id, result: message.method === 'tools/list' ? { tools } : {} });
}

function get(conversation, request, response) {
    const lastId = request.headers['last-event-id'];
    const name = /^call-(.{36})$/.exec(lastId ?? '')?.[1];
    return name && conversation.answers.has(name) ? conversation.answer(name, response) : conversation.attach(response, lastId);
}

function serve(request, response) {
    const conversation = conversations.get(request.headers['mcp-session-id']);
    if (request.url === '/book' || request.url === '/hush') {
        clearInterval(request.url === '/hush' ? timer : undefined);
        return send(response, 200, book);
    }
    if (request.method === 'POST') {
        return post(conversation, request, response);
    }
    if (!conversation) {
        return send(response, 404, unknown);
    }
    if (request.method === 'GET') {
        return get(conversation, request, response);
    }
    conversations.delete(conversation.id);
    conversation.stream?.end();
    return send(response, 200, {});
}

const interval = Number(flags.interval);
const timer = interval > 0 ? setInterval(() => conversations.forEach((each) => each.announce()), interval) : undefined;
const server = http.createServer(serve).listen(Number(flags.port), '127.0.0.1');
// Longer than anybody keeps an idle connection to it: no request meets one that is just being closed.
server.keepAliveTimeout = 120_000;
process.on('SIGTERM', () => {
    writeFileSync(flags.book, JSON.stringify(book));
    process.exit(0);
});
