// MCP by hand: requests whose every byte, status and time is seen, on connections of our own.

import { performance } from 'node:perf_hooks';
import { open, whole } from '../lab/http.mjs';
import { Lines } from '../lab/lines.mjs';
import { accepting, hello, inSession, REVISION } from '../lab/mcp.mjs';

const PATIENCE = 60_000;

const bytesOf = (body) => Buffer.from(typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body));

/** One exchange: { status, headers, body, took }. A stream is read to its end; whoever wants it open uses a Reader. */
export async function ask(base, { method = 'POST', path = '/mcp', headers = {}, body, agent, patience = PATIENCE } = {}) {
    const url = new URL(path, base);
    const begin = performance.now();
    const bytes = body === undefined ? undefined : bytesOf(body);
    const all = { ...headers, ...(bytes && { 'content-length': bytes.length }) };
    const silence = `${method} ${url.pathname}: nothing for ${patience} ms`;
    const response = await open(url, { method, headers: all, body: bytes, agent, patience, silence });
    const text = await whole(response);
    return { status: response.statusCode, headers: response.headers, body: text, took: performance.now() - begin };
}

/** The JSON-RPC messages of an answer, whether it came as JSON or as a stream. */
export function messages({ headers, body }) {
    if (!/event-stream/.test(headers['content-type'] ?? '')) {
        return body.trim() === '' ? [] : [JSON.parse(body)];
    }
    const found = [];
    new Lines({ event: ({ data }) => data && found.push(JSON.parse(data)) }).take(body);
    return found;
}

/** One session on /mcp, or on the path given. */
export class Session {
    #next = 1;

    constructor(base, { agent, name = 'scoreboard', path = '/mcp', headers = {}, revision = REVISION } = {}) {
        Object.assign(this, { base, agent, name, path, own: headers, revision });
    }

    get headers() {
        return { ...accepting, ...this.own, ...inSession(this.id, this.revision) };
    }

    async open(base = this.base) {
        const body = hello(this.name, { revision: this.revision });
        const headers = { ...accepting, ...this.own };
        const answer = await ask(base, { path: this.path, agent: this.agent, headers, body });
        this.id = answer.headers['mcp-session-id'];
        if (answer.status !== 200 || !this.id) {
            throw new Error(`initialize: ${answer.status} ${answer.body.slice(0, 200)}`);
        }
        await this.post({ method: 'notifications/initialized' }, base);
        return this;
    }

    post(message, base = this.base, options = {}) {
        const body = { jsonrpc: '2.0', ...message };
        return ask(base, { path: this.path, agent: this.agent, headers: this.headers, body, ...options });
    }

    /** A request with an id of its own. */
    request(method, params, base, options) {
        return this.post({ id: this.#next++, method, params }, base, options);
    }

    call(name, args, base, options) {
        return this.request('tools/call', { name, arguments: args }, base, options);
    }

    close(base = this.base) {
        return ask(base, { method: 'DELETE', path: this.path, agent: this.agent, headers: this.headers });
    }
}
