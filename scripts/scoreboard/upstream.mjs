// An MCP server in this process that can be told to behave badly: it keeps its sessions, what it ran, who listens, and
// every request it saw. Streamable HTTP on /mcp, the revision without sessions on the same path.

import { randomUUID } from 'node:crypto';
import http from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

const MODERN = '2026-07-28';
const argument = { type: 'object', properties: { secret: { type: 'string' } } };
const tools = [
    { name: 'work', description: 'Must not be run twice', inputSchema: argument },
    { name: 'look', description: 'May be run again', inputSchema: argument, annotations: { readOnlyHint: true } },
];
const now = () => performance.now();

export class Upstream {
    sessions = new Map();
    /** The calls that were run, each with what became of its connection. */
    runs = [];
    requests = [];
    cancels = [];
    #server = http.createServer((request, response) => {
        this.#serve(request, response).catch((error) => response.destroy(error));
    });

    /** What is done instead of the usual: each gets (request, response, session) and says whether it has answered. */
    constructor({ onGet, onAny } = {}) {
        Object.assign(this, { onGet, onAny });
    }

    async listen(host = '127.0.0.1') {
        await new Promise((resolve) => this.#server.listen(0, host, resolve));
        this.port = this.#server.address().port;
        this.url = `http://${host}:${this.port}`;
        return this;
    }

    close() {
        this.#server.closeAllConnections();
        return new Promise((resolve) => this.#server.close(resolve));
    }

    /** The newest session of the client of this name. */
    sessionOf(name) {
        return [...this.sessions.values()].findLast((session) => session.name === name);
    }

    runsOf(secret) {
        return this.runs.filter((run) => run.secret === secret);
    }

    async #serve(request, response) {
        this.requests.push({ at: now(), method: request.method, url: request.url, headers: request.headers });
        const session = this.sessions.get(request.headers['mcp-session-id']);
        if (await this.onAny?.(request, response, session)) {
            return undefined;
        }
        if (request.method === 'GET') {
            return (await this.onGet?.(request, response, session)) || this.#attach(request, response, session);
        }
        if (request.method === 'DELETE') {
            this.sessions.delete(session?.id);
            return response.writeHead(200).end();
        }
        let body = '';
        for await (const chunk of request) {
            body += chunk;
        }
        return this.#post(request, response, session, JSON.parse(body));
    }

    #attach(request, response, session) {
        if (!session) {
            return this.#json(response, 404, { jsonrpc: '2.0', id: null, error: { code: -32001, message: 'none' } });
        }
        session.stream?.end();
        session.stream = response;
        session.attached++;
        response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': here\n\n');
        const last = request.headers['last-event-id'];
        const from = last === undefined ? session.sent : Number(last);
        session.events.slice(from).forEach((message, i) => response.write(frame(message, from + i + 1)));
        session.sent = session.events.length;
        return undefined;
    }

    /** A numbered event of its own accord, kept for whoever asks to go on after an earlier one. */
    announce(session, data) {
        const message = { jsonrpc: '2.0', method: 'notifications/message', params: { level: 'info', data } };
        session.events.push(message);
        if (session.stream) {
            session.stream.write(frame(message, session.events.length));
            session.sent = session.events.length;
        }
    }

    #post(request, response, session, message) {
        const modern = request.headers['mcp-protocol-version'] === MODERN;
        if (message.method === 'initialize') {
            return this.#initialize(response, message);
        }
        if (!session && !modern) {
            return this.#json(response, 404, { jsonrpc: '2.0', id: null, error: { code: -32001, message: 'none' } });
        }
        if (message.method === 'notifications/cancelled') {
            this.cancels.push({ name: session?.name, id: message.params.requestId });
        }
        if (message.id === undefined || message.method === undefined) {
            return response.writeHead(202).end();
        }
        if (message.method === 'tools/call') {
            return this.#run(response, session, message);
        }
        const result = message.method === 'tools/list' ? { tools } : {};
        return this.#json(response, 200, { jsonrpc: '2.0', id: message.id, result });
    }

    #initialize(response, { id, params }) {
        const session = { id: randomUUID(), name: params.clientInfo.name, stream: null, attached: 0, events: [], sent: 0 };
        this.sessions.set(session.id, session);
        response.setHeader('mcp-session-id', session.id);
        const result = {
            protocolVersion: params.protocolVersion,
            capabilities: { tools: {}, logging: {} },
            serverInfo: { name: 'board', version: '1.0.0' },
        };
        return this.#json(response, 200, { jsonrpc: '2.0', id, result });
    }

    async #run(response, session, { id, params }) {
        const { secret, delay = 0, steps = 1, silent = false } = params.arguments;
        const run = { secret, name: session?.name, began: now(), ended: null, left: null };
        this.runs.push(run);
        response.on('close', () => (run.left ??= response.writableFinished ? null : now()));
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        if (!silent) {
            response.flushHeaders();
        }
        const progressToken = params._meta?.progressToken;
        for (let progress = 1; progress <= steps; progress++) {
            await pause(delay / steps);
            if (progressToken !== undefined) {
                const told = { progressToken, progress, total: steps, message: secret };
                response.write(frame({ jsonrpc: '2.0', method: 'notifications/progress', params: told }));
            }
        }
        run.ended = now();
        const result = { content: [{ type: 'text', text: secret }] };
        return response.end(frame({ jsonrpc: '2.0', id, result }));
    }

    #json(response, status, body) {
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    }
}

export const frame = (message, id) =>
    `${id === undefined ? '' : `id: ${id}\n`}event: message\ndata: ${JSON.stringify(message)}\n\n`;
