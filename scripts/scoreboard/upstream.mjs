// An MCP server in this process that can be told to behave badly: it keeps its sessions, what it ran, who listens, and
// every request it saw. Streamable HTTP on /mcp, the revision without sessions on the same path.

import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { frame, Mock, notification, said, STREAM, twoTools } from '../lab/upstream.mjs';

const MODERN = '2026-07-28';
const now = () => performance.now();

export class Upstream extends Mock {
    info = { name: 'board', version: '1.0.0' };
    tools = twoTools({ secret: { type: 'string' } });
    /** The calls that were run, each with what became of its connection. */
    runs = [];
    requests = [];
    cancels = [];

    /** What is done with a GET instead of the usual: gets (request, response, session) and says whether it has answered. */
    constructor({ onGet } = {}) {
        super();
        this.onGet = onGet;
    }

    /** The newest session of the client of this name. */
    sessionOf(name) {
        return [...this.sessions.values()].findLast((session) => session.name === name);
    }

    runsOf(secret) {
        return this.runs.filter((run) => run.secret === secret);
    }

    async serve(request, response) {
        const { method, url, headers } = request;
        this.requests.push({ at: now(), method, url, headers });
        const isDone = method === 'GET' && (await this.onGet?.(request, response, this.sessions.get(headers['mcp-session-id'])));
        return isDone || super.serve(request, response);
    }

    welcome({ clientInfo: { name } }) {
        return { id: randomUUID(), name, stream: null, attached: 0, events: [], sent: 0 };
    }

    /** Who does not say what it has gets what was said while nobody listened. */
    attach(session, request, response) {
        session.stream?.end();
        session.stream = response;
        session.attached++;
        response.writeHead(200, STREAM).write(': here\n\n');
        const last = request.headers['last-event-id'];
        const from = last === undefined ? session.sent : Number(last);
        session.events.slice(from).forEach((message, i) => response.write(frame(message, from + i + 1)));
        session.sent = session.events.length;
    }

    /** A numbered event of its own accord, kept for whoever asks to go on after an earlier one. */
    announce(session, data) {
        session.events.push(notification(data));
        if (session.stream) {
            session.stream.write(frame(session.events.at(-1), session.events.length));
            session.sent = session.events.length;
        }
    }

    admits(request) {
        return request.headers['mcp-protocol-version'] === MODERN;
    }

    heard(session, { method, params }) {
        if (method === 'notifications/cancelled') {
            this.cancels.push({ name: session?.name, id: params.requestId });
        }
    }

    async call(session, { id, params }, response) {
        const { secret, delay = 0, steps = 1, silent = false } = params.arguments;
        const run = { secret, name: session?.name, began: now(), ended: null, left: null };
        this.runs.push(run);
        response.on('close', () => (run.left ??= response.writableFinished ? null : now()));
        response.writeHead(200, STREAM);
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
        response.end(frame(said(id, secret)));
    }
}
