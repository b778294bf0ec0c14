// Follows a stream across as many connections as it takes, and remembers what it saw: what came, when it was let in where,
// and how each connection ended.

import { setTimeout as pause } from 'node:timers/promises';
import { frames } from '../lab/lines.mjs';

const now = () => performance.now();

export class Follower {
    heard = [];
    comments = [];
    openings = [];
    endings = [];
    lastId;
    #over = new AbortController();

    /** How to ask, given the last id and a signal; onFrame is told of each event as it comes. */
    constructor(open, { wait = 200, lastId, onFrame = () => {} } = {}) {
        Object.assign(this, { open, wait, lastId, onFrame });
    }

    /** A channel's reader. */
    static ofChannel(base, channel, options) {
        const open = (lastId, signal) =>
            fetch(`${base}/events/${channel}`, { headers: lastId === undefined ? {} : { 'last-event-id': lastId }, signal });
        return new Follower(open, options);
    }

    /** The standing stream of a session. */
    static ofSession(session, options) {
        const { base, path } = session;
        const open = (lastId, signal) => {
            const headers = { ...session.headers, accept: 'text/event-stream', ...(lastId && { 'last-event-id': lastId }) };
            return fetch(base + path, { headers, signal });
        };
        return new Follower(open, options);
    }

    start() {
        this.done = this.#follow();
        return this;
    }

    async stop() {
        this.#over.abort();
        await this.done;
    }

    get events() {
        return this.heard.filter(({ data, event }) => data && event !== 'gap');
    }

    get gaps() {
        return this.heard.filter(({ event }) => event === 'gap');
    }

    async #follow() {
        while (!this.#over.signal.aborted) {
            await this.#once().catch(() => {});
            await pause(this.wait);
        }
    }

    async #once() {
        const asked = now();
        const response = await this.open(this.lastId, this.#over.signal).catch((error) => {
            this.openings.push({ asked, at: now(), status: error.cause?.code ?? error.message });
            throw error;
        });
        const node = response.headers.get('lifeline-node');
        this.openings.push({ asked, at: now(), status: response.status, node, lastId: this.lastId });
        if (response.status !== 200) {
            this.refusal = await response.text();
            return;
        }
        this.node = node;
        let last;
        try {
            for await (const frame of frames(response.body)) {
                last = frame;
                this.#take(frame, node);
            }
            this.endings.push({ at: now(), clean: true, last, node });
        } catch (error) {
            if (!this.#over.signal.aborted) {
                this.endings.push({ at: now(), clean: false, last, node, error: error.cause?.code ?? error.message });
            }
        } finally {
            this.node = undefined;
        }
    }

    #take(frame, node) {
        const seen = { ...frame, at: now(), node };
        if (frame.comment !== undefined) {
            this.comments.push(seen);
            return;
        }
        this.lastId = frame.id ?? this.lastId;
        this.heard.push(seen);
        this.onFrame(seen);
    }
}
