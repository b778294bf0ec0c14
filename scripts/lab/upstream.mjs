// What the MCP servers have in common that are made by hand to stand behind a gateway: sessions under their ids, the usual
// answers, and numbered messages a reader can go on with. What is run, written down or done wrong is each one's own.

import { randomUUID } from 'node:crypto';
import http from 'node:http';
import { whole } from './http.mjs';

export const STREAM = { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' };

/** An event; without a message it says but where the reader is. */
export const frame = (message, id) =>
    `${id === undefined ? '' : `id: ${id}\n`}event: message\ndata: ${message ? JSON.stringify(message) : ''}\n\n`;

export const notification = (data) => ({ jsonrpc: '2.0', method: 'notifications/message', params: { level: 'info', data } });

export const answer = (id, result) => ({ jsonrpc: '2.0', id, result });

/** What a tool said. */
export const said = (id, text) => answer(id, { content: [{ type: 'text', text }] });

export function json(response, status, value) {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(value));
}

/** One message as a stream. */
export function tell(response, message) {
    response.writeHead(200, STREAM).end(frame(message));
}

export const unknown = (response) =>
    json(response, 404, { jsonrpc: '2.0', id: null, error: { code: -32001, message: 'Session not found' } });

/** A tool that must not be run twice and one that may, which take the same. */
export const twoTools = (properties, inputSchema = { type: 'object', properties }) => [
    { name: 'work', description: 'Must not be run twice', inputSchema },
    { name: 'look', description: 'May be run again', inputSchema, annotations: { readOnlyHint: true } },
];

/** Numbered messages that a reader can go on with after any of them. A newer reader ends the older. */
export class Tail {
    id = randomUUID();
    stream = null;
    /** The number of the first that is kept. */
    first = 1;
    kept = [];

    get next() {
        return this.first + this.kept.length;
    }

    attach(response, lastId) {
        this.stream?.end();
        this.stream = response;
        response.writeHead(200, STREAM);
        const after = lastId === undefined ? this.next - 1 : Number(lastId);
        const from = lastId === undefined ? this.next : this.from(after);
        // A position first: whoever loses the very first message can say so.
        response.write(this.position(after));
        this.kept.slice(from - this.first).forEach((what, i) => response.write(frame(this.message(what), from + i)));
        response.on('close', () => {
            this.stream = this.stream === response ? null : this.stream;
        });
        return { after, from };
    }

    say(what) {
        this.kept.push(what);
        this.stream?.write(frame(this.message(what), this.next - 1));
    }

    /** Where whoever has all up to `after` is taken up again. */
    from(after) {
        return Math.max(this.first, after + 1);
    }

    position(after) {
        return frame(null, after);
    }

    /** What is kept may be less than what is sent. */
    message(what) {
        return what;
    }
}

/**
 * An MCP server over Streamable HTTP, for as much as a gateway asks of one. Who extends it makes sessions in `welcome` and
 * answers calls in `call`.
 */
export class Mock {
    sessions = new Map();
    info = { name: 'mock', version: '1' };
    tools = [];
    /** The revision it speaks; without one, that which it is asked for. */
    revision = undefined;
    server = http.createServer((request, response) => {
        this.serve(request, response).catch(() => response.destroy());
    });

    async listen(host = '127.0.0.1', port = 0) {
        await new Promise((resolve) => this.server.listen(port, host, resolve));
        this.port = this.server.address().port;
        this.url = `http://${host}:${this.port}`;
        return this;
    }

    close() {
        this.server.closeAllConnections();
        return new Promise((resolve) => this.server.close(resolve));
    }

    async serve(request, response) {
        const session = this.sessions.get(request.headers['mcp-session-id']);
        if (request.method === 'POST') {
            return this.#post(session, JSON.parse(await whole(request)), request, response);
        }
        if (request.method === 'DELETE') {
            return this.leave(session, response);
        }
        return session ? this.attach(session, request, response) : unknown(response);
    }

    attach(session, request, response) {
        session.attach(response, request.headers['last-event-id']);
    }

    leave(session, response) {
        this.sessions.delete(session?.id);
        json(response, 200, {});
    }

    /** Says whether a request without a session is taken all the same. */
    admits() {
        return false;
    }

    /** A notification, or the client's answer. */
    heard() {}

    #post(session, message, request, response) {
        if (message.method === 'initialize') {
            return this.#initialize(message, response);
        }
        if (!session && !this.admits(request)) {
            return unknown(response);
        }
        if (message.id === undefined || message.method === undefined) {
            this.heard(session, message);
            return response.writeHead(202).end();
        }
        return message.method === 'tools/call'
            ? this.call(session, message, response)
            : json(response, 200, answer(message.id, message.method === 'tools/list' ? { tools: this.tools } : {}));
    }

    #initialize({ id, params }, response) {
        const session = this.welcome(params);
        this.sessions.set(session.id, session);
        response.setHeader('mcp-session-id', session.id);
        const protocolVersion = this.revision ?? params.protocolVersion;
        const capabilities = { tools: {}, logging: {} };
        json(response, 200, answer(id, { protocolVersion, capabilities, serverInfo: this.info }));
    }
}
