// What is behind the gateways: an MCP server that keeps a book of what it ran and said, and an event source for a feed.
// Both repeat nothing and forget nothing unless they are told to, so that whatever is missing was lost by a gateway.

import { randomUUID } from 'node:crypto';
import http from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

const frame = (id, data) => `id: ${id}\nevent: message\ndata: ${data}\n\n`;
const head = { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' };

/** Numbered events that a reader can go on with after any of them. */
class Tail {
    #reader = null;
    events = [];

    attach(response, after) {
        this.#reader?.end();
        this.#reader = response;
        response.writeHead(200, head);
        const from = after === undefined ? this.events.length : Number(after);
        // A position first: whoever loses the very first event can say so.
        response.write(`id: ${from}\n\n`);
        this.events.slice(from).forEach((data, i) => response.write(frame(from + i + 1, data)));
        response.on('close', () => {
            this.#reader = this.#reader === response ? null : this.#reader;
        });
    }

    get attended() {
        return this.#reader !== null;
    }

    say(data) {
        this.events.push(data);
        this.#reader?.write(frame(this.events.length, data));
    }

    end() {
        this.#reader?.end();
    }
}

export class Upstream {
    #conversations = new Map();
    #newest = new Map();
    #feed = new Tail();
    #server = http.createServer((request, response) => {
        this.#serve(request, response).catch(() => response.destroy());
    });
    executed = new Map();
    announced = new Map();
    fed = 0;

    async listen() {
        await new Promise((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
        this.url = `http://127.0.0.1:${this.#server.address().port}`;
        return this;
    }

    close() {
        this.#server.closeAllConnections();
        this.#server.close();
    }

    /** One numbered notification to each of those that were ever listened to. */
    announce(tags) {
        for (const tag of tags) {
            const conversation = this.#newest.get(tag);
            if (conversation && (conversation.tail.attended || conversation.tail.events.length > 0)) {
                const n = (this.announced.get(tag) ?? 0) + 1;
                this.announced.set(tag, n);
                conversation.tail.say(notification({ tag, n }));
            }
        }
    }

    feed() {
        this.#feed.say(String(++this.fed));
    }

    /** As a restart does that keeps no sessions. */
    forget() {
        this.#conversations.forEach((conversation) => conversation.tail.end());
        this.#conversations.clear();
        this.#newest.clear();
    }

    async #serve(request, response) {
        if (request.url === '/feed') {
            this.#feed.attach(response, request.headers['last-event-id'] || undefined);
            return undefined;
        }
        const conversation = this.#conversations.get(request.headers['mcp-session-id']);
        if (request.method === 'GET' && conversation) {
            return conversation.tail.attach(response, request.headers['last-event-id']);
        }
        if (request.method === 'DELETE') {
            this.#conversations.delete(conversation?.id);
            return json(response, 200, {});
        }
        return request.method === 'POST' ? this.#post(conversation, await body(request), response) : unknown(response);
    }

    #post(conversation, message, response) {
        if (message.method === 'initialize') {
            return this.#initialize(message, response);
        }
        if (!conversation) {
            return unknown(response);
        }
        if (message.id === undefined || message.method === undefined) {
            return response.writeHead(202).end();
        }
        return message.method === 'tools/call'
            ? this.#call(conversation, message, response)
            : json(response, 200, { jsonrpc: '2.0', id: message.id, result: { tools: [] } });
    }

    #initialize({ id, params }, response) {
        const tag = params.clientInfo.name;
        const conversation = { id: randomUUID(), tag, tail: new Tail() };
        this.#conversations.set(conversation.id, conversation);
        this.#newest.set(tag, conversation);
        response.setHeader('mcp-session-id', conversation.id);
        const serverInfo = { name: 'book', version: '1' };
        return json(response, 200, {
            jsonrpc: '2.0',
            id,
            result: { protocolVersion: '2025-11-25', capabilities: { tools: {}, logging: {} }, serverInfo },
        });
    }

    /** Says at once that it has the request, and the rest later: there is a time between the two. */
    async #call(conversation, message, response) {
        const { secret, delay } = message.params.arguments;
        this.executed.set(secret, (this.executed.get(secret) ?? 0) + 1);
        response.writeHead(200, head).flushHeaders();
        await pause(delay);
        const text = JSON.stringify({ secret, tag: conversation.tag });
        const answer = { jsonrpc: '2.0', id: message.id, result: { content: [{ type: 'text', text }] } };
        response.end(`event: message\ndata: ${JSON.stringify(answer)}\n\n`);
    }
}

const notification = (data) =>
    JSON.stringify({ jsonrpc: '2.0', method: 'notifications/message', params: { level: 'info', data } });

async function body(request) {
    let text = '';
    for await (const chunk of request) {
        text += chunk;
    }
    return JSON.parse(text);
}

function json(response, status, value) {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(value));
}

const unknown = (response) =>
    json(response, 404, { jsonrpc: '2.0', id: null, error: { code: -32001, message: 'Session not found' } });
