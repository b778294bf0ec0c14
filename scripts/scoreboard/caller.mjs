// Calls of a session by hand, each followed to its answer: across a stream that was ended with a word when to come back, but
// not across one that broke, unless one is told to.

import { setTimeout as pause } from 'node:timers/promises';
import { frames } from '../lab/lines.mjs';

/** A request whose connection broke before its answer was there. */
export class Cut extends Error {}

export class Caller {
    #next = 1000;

    constructor(session) {
        this.session = session;
    }

    /** What the call said it did. */
    async work(args, { tool = 'work', persistent = false } = {}) {
        const { result, error } = await this.ask('tools/call', { name: tool, arguments: args }, persistent);
        if (error) {
            throw Object.assign(new Error(`${error.code} ${error.message}`), { code: error.code });
        }
        return JSON.parse(result.content[0].text);
    }

    /** The message that answers. */
    async ask(method, params, persistent = false) {
        const id = this.#next++;
        const { session } = this;
        const body = JSON.stringify({ jsonrpc: '2.0', id, method, params });
        let response = await this.#send(`${method} sent`, { method: 'POST', headers: session.headers, body });
        let lastId;
        for (;;) {
            if (!/event-stream/.test(response.headers.get('content-type') ?? '')) {
                const text = await response.text();
                if (!response.ok) {
                    throw new Error(`${response.status} ${text.slice(0, 120)}`);
                }
                return JSON.parse(text);
            }
            const read = await this.#read(response, id, lastId);
            if (read.answer) {
                return read.answer;
            }
            if (read.broken && !persistent) {
                throw new Cut(`the stream of ${method} broke: ${read.broken}`);
            }
            lastId = read.lastId;
            await pause(Number(read.retry ?? 200));
            const headers = { ...session.headers, accept: 'text/event-stream', 'last-event-id': lastId };
            response = await this.#send('resume', { headers });
        }
    }

    async #send(what, init) {
        try {
            return await fetch(this.session.base + this.session.path, init);
        } catch (error) {
            throw new Cut(`${what}: ${error.cause?.code ?? error.message}`);
        }
    }

    async #read(response, id, lastId) {
        const read = { lastId };
        try {
            for await (const frame of frames(response.body)) {
                read.lastId = frame.id ?? read.lastId;
                read.retry = frame.retry ?? read.retry;
                const message = frame.data ? JSON.parse(frame.data) : {};
                if (message.id === id && message.method === undefined) {
                    read.answer = message;
                }
            }
        } catch (error) {
            read.broken = error.cause?.code ?? error.message;
        }
        return read;
    }
}
