// Clients of both transports and readers of channels. Whoever loses a stream asks for it again: after the last event it saw,
// or, if it is blind, without a word. All of them go to any node; who prefers one goes there as long as it takes it.

import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { open, whole } from '../lab/http.mjs';
import { frames } from '../lab/lines.mjs';
import { accepting, hello, inSession } from '../lab/mcp.mjs';

const AGAIN = 150;
const MOST_CALLS = 3;
/** A connection for each request, so that each may go to another node. */
const EACH = { agent: false, patience: 15_000 };
const brief = (error) => error.code ?? error.message;

class Client {
    closed = false;
    lastId = undefined;

    constructor(tag, { oracle, any, prefers = any, blind = false }) {
        Object.assign(this, { tag, oracle, any, prefers, blind });
        this.ready = new Promise((resolve) => {
            this.isReady = resolve;
        });
    }

    /** A node that is not there has certainly not got it: then any other may have it. */
    async ask(path, options) {
        const asked = { ...EACH, ...options };
        try {
            return await open(this.prefers + path, asked);
        } catch (error) {
            if (error.code === 'ECONNREFUSED') {
                return open(this.any + path, asked);
            }
            throw error;
        }
    }

    /** Reads a stream for as long as this client lives. */
    async follow() {
        let returning = false;
        while (!this.closed) {
            try {
                const response = await this.attend();
                if (response.statusCode === 200) {
                    this.stream = response;
                    const blind = returning && this.blind;
                    returning = true;
                    await this.#read(response, blind);
                } else {
                    this.turnedAway(response.statusCode, await whole(response));
                }
            } catch {
                // Broken or refused: it is asked for again.
            }
            await pause(AGAIN);
        }
    }

    async #read(response, blind) {
        let unsure = blind;
        for await (const event of frames(response)) {
            if (this.closed) {
                return;
            }
            this.lastId = event.id ?? this.lastId;
            unsure = !this.take(event, unsure) && unsure;
        }
    }

    get resuming() {
        return this.lastId === undefined || this.blind ? {} : { 'last-event-id': this.lastId };
    }

    turnedAway(status, why) {
        if (status < 500) {
            this.oracle.violate('turned away', `${this.tag} ${status} ${why.slice(0, 150)}`);
        }
    }

    close() {
        this.closed = true;
        this.stream?.destroy();
    }
}

/** Reads the numbers of a channel. */
export class Reader extends Client {
    constructor(tag, channel, means) {
        super(tag, means);
        this.channel = channel;
    }

    attend() {
        return this.ask(`/events/${this.channel}`, { headers: this.resuming, patience: 6000 });
    }

    take({ event, data, id }, unsure) {
        if (event === 'gap') {
            this.oracle.violate('a gap without a cause', `${this.tag} ${data}`);
        } else if (data !== undefined) {
            const n = Number.parseInt(data, 10);
            return this.oracle.heard(this.tag, n, { id: id && `${this.channel} ${id}`, meaning: String(n), blind: unsure });
        }
        // When to come back is said first; only an id says from where on it gets everything.
        id && this.isReady();
        return false;
    }
}

/** Publishes numbers, each until it is kept. */
export class Publisher extends Client {
    #last = Promise.resolve();
    published = 0;

    /** After what was published before. */
    publish(channel, padding = '') {
        this.#last = this.#last.then(() => this.#publish(channel, padding));
        return this.#last;
    }

    async #publish(channel, padding) {
        const n = this.published + 1;
        const options = { method: 'POST', headers: { 'idempotency-key': randomUUID() }, body: `${n} ${padding}` };
        for (;;) {
            try {
                const response = await this.ask(`/events/${channel}`, options);
                await whole(response);
                if (response.statusCode === 202) {
                    this.published = n;
                    return;
                }
            } catch {
                // Nobody knows whether it was kept; the key makes it safe to say it again.
            }
            await pause(AGAIN);
        }
    }
}

/** What both kinds of MCP clients have in common. */
class Caller extends Client {
    #next = 1;
    secrets = new Map();

    message(method, params, id) {
        return JSON.stringify({ jsonrpc: '2.0', method, params, ...(id !== undefined && { id }) });
    }

    get hello() {
        return JSON.stringify(hello(this.tag));
    }

    /** Says something of no consequence to whoever listens, until it is taken. */
    async insist(post) {
        while (!this.closed) {
            try {
                const response = await post();
                const text = await whole(response);
                if (response.statusCode < 300) {
                    return { response, text };
                }
            } catch {
                // Again.
            }
            await pause(AGAIN);
        }
        return undefined;
    }

    /** Those that wait at a node which stands still would all be cut where it dies as it wakes. */
    get busy() {
        return [...this.secrets.values()].filter((secret) => this.oracle.isOpen(secret)).length >= MOST_CALLS;
    }

    async call(delay) {
        const id = this.#next++;
        const secret = randomUUID();
        this.secrets.set(id, secret);
        this.oracle.called(secret, this.tag);
        const params = { name: 'work', arguments: { secret, delay } };
        await this.put(this.message('tools/call', params, id), id, secret);
    }

    /** Takes an answer or a notification; says whether it was news of the standing stream. */
    hear(data, id, { unsure = false, mayRepeat = false } = {}) {
        const message = JSON.parse(data);
        if (message.method === 'notifications/message') {
            const { tag, n } = message.params.data;
            if (tag !== this.tag) {
                this.oracle.violate('a notification of another session', `${this.tag} got ${data}`);
            }
            return this.oracle.heard(this.tag, n, { id: id && `${this.session} ${id}`, meaning: data, blind: unsure });
        }
        const secret = this.secrets.get(message.id);
        if (secret === undefined) {
            return false;
        }
        if (!this.oracle.isOpen(secret)) {
            this.oracle.repeated(secret, mayRepeat);
        } else if (message.error) {
            this.oracle.refused(secret, message.error.code, message.error.message);
        } else {
            this.oracle.answered(secret, JSON.parse(message.result.content[0].text));
        }
        return false;
    }

    refused(secret, status, text) {
        let error = { code: status, message: text };
        try {
            error = JSON.parse(text).error ?? error;
        } catch {
            // Not in our words.
        }
        this.oracle.refused(secret, error.code, `${status} ${error.message}`);
    }
}

export class Streamable extends Caller {
    get #named() {
        return this.session ? inSession(this.session) : {};
    }

    #post(body) {
        return this.ask('/mcp', { method: 'POST', headers: { ...accepting, ...this.#named }, body });
    }

    async open() {
        const begun = await this.insist(() => this.#post(this.hello));
        if (begun === undefined) {
            return;
        }
        this.session = begun.response.headers['mcp-session-id'];
        await this.insist(() => this.#post(this.message('notifications/initialized')));
        this.follow();
    }

    attend() {
        this.isReady();
        const headers = { accept: 'text/event-stream', ...this.#named, ...this.resuming };
        return this.ask('/mcp', { headers, patience: 6000 });
    }

    take({ data, id }, unsure) {
        return data ? this.hear(data, id, { unsure }) : false;
    }

    async put(body, id, secret) {
        try {
            const response = await this.#post(body);
            if (response.statusCode !== 200) {
                this.refused(secret, response.statusCode, await whole(response));
            } else if (/event-stream/.test(response.headers['content-type'])) {
                await this.#followAnswer(response, secret);
            } else {
                this.hear(await whole(response));
            }
        } catch (error) {
            this.oracle.isOpen(secret) && this.oracle.cut(secret, brief(error));
        }
    }

    /** The stream of one call, across as many connections as it takes. */
    async #followAnswer(first, secret) {
        let lastId;
        for (let response = first; !this.closed; response = await this.#goOn(lastId)) {
            try {
                for await (const event of frames(response)) {
                    lastId = event.id ?? lastId;
                    event.data && this.hear(event.data);
                }
            } catch (error) {
                if (lastId === undefined) {
                    throw error;
                }
            }
            if (!this.oracle.isOpen(secret)) {
                return;
            }
            if (lastId === undefined) {
                this.oracle.violate('an answer that cannot be asked for', `${this.tag}: its stream ended without an id`);
                throw new Error('no id');
            }
        }
    }

    async #goOn(lastId) {
        const headers = { accept: 'text/event-stream', ...this.#named, 'last-event-id': lastId };
        while (!this.closed) {
            await pause(AGAIN);
            const response = await this.ask('/mcp', { headers, patience: 6000 }).catch(() => undefined);
            if (response?.statusCode === 200) {
                return response;
            }
            if (response && response.statusCode < 500) {
                throw new Error(`${response.statusCode} ${await whole(response)}`);
            }
        }
        throw new Error('closed');
    }
}

export class Legacy extends Caller {
    #place = null;

    async open() {
        this.follow();
        while (!this.#place && !this.closed) {
            await pause(20);
        }
        const post = (body) => () => this.ask(this.#place, { method: 'POST', headers: accepting, body });
        let taken = false;
        while (!taken && !this.closed) {
            const met = new Promise((resolve) => {
                this.met = resolve;
            });
            await this.insist(post(this.hello));
            taken = await met;
        }
        await this.insist(post(this.message('notifications/initialized')));
        this.isReady();
    }

    attend() {
        const path = this.blind && this.session ? `/sse?sessionId=${this.session}` : '/sse';
        return this.ask(path, { headers: { accept: 'text/event-stream', ...this.resuming }, patience: 6000 });
    }

    take({ event, data, id }, unsure) {
        if (event === 'endpoint') {
            this.#settle(data);
            return false;
        }
        if (!data) {
            return false;
        }
        if (JSON.parse(data).id === 0) {
            this.#meet(data);
        }
        return this.hear(data, id, { unsure, mayRepeat: this.blind });
    }

    #meet(data) {
        if (JSON.parse(data).error) {
            this.oracle.introductionFailed(this.tag, data);
        }
        this.met?.(!JSON.parse(data).error);
    }

    #settle(place) {
        const session = new URLSearchParams(place.split('?')[1]).get('sessionId');
        if (this.session && this.session !== session) {
            this.oracle.violate('another session', this.tag);
        }
        this.session = session;
        this.#place = place;
    }

    async put(body, id, secret) {
        try {
            const response = await this.ask(this.#place, { method: 'POST', headers: accepting, body });
            const text = await whole(response);
            if (response.statusCode !== 202) {
                this.refused(secret, response.statusCode, text);
            }
        } catch (error) {
            this.oracle.isOpen(secret) && this.oracle.cut(secret, brief(error));
        }
    }
}
