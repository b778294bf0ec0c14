// A session whose streams stay open: to be listened to, left and come back to.

import { setTimeout as pause } from 'node:timers/promises';
import { messages, Session } from './mcp.mjs';
import { Reader } from './raw.mjs';

// What HAProxy says itself when its probes of all nodes were late, on a machine that is very busy: nothing was passed on.
const isProxys = ({ status, headers }) => status === 503 && headers['content-type'] === 'text/html';

export class Talk extends Session {
    async post(message, base, options) {
        for (let tries = 1; ; tries++) {
            const response = await super.post(message, base, options);
            if (!isProxys(response) || tries > 20) {
                return response;
            }
            await pause(500);
        }
    }

    /** The answer to a tool's call, and what came before it. */
    async run(name, args, { id = 1, meta, base, patience } = {}) {
        const params = { name, arguments: args, ...(meta && { _meta: meta }) };
        const response = await this.post({ id, method: 'tools/call', params }, base, { patience });
        const all = messages(response);
        return { answer: all.find((message) => message.id === id && !message.method), all, response };
    }

    /** A call whose stream is left open, to be read or left. */
    begin(name, args, { id = 1, base = this.base, meta } = {}) {
        const params = { name, arguments: args, ...(meta && { _meta: meta }) };
        const body = JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params });
        return new Reader(base + this.path, { method: 'POST', headers: this.headers, body });
    }

    /** The standing stream, or the rest of one that broke. */
    listen({ lastId, base = this.base, onEvent } = {}) {
        const after = lastId === undefined ? {} : { 'last-event-id': lastId };
        const headers = { ...this.headers, accept: 'text/event-stream', ...after };
        delete headers['content-type'];
        return new Reader(base + this.path, { headers, onEvent });
    }
}
