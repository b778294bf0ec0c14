// Clients without a library: bytes on a socket, and the events of a stream with the time at which each came.

import http from 'node:http';
import net from 'node:net';
import { Lines } from '../lab/lines.mjs';

const now = () => performance.now();

/** Sends bytes as they are and gives what came back until the other side closed or the patience ended. */
export function sendBytes(port, bytes, { host = '127.0.0.1', patience = 3000 } = {}) {
    return new Promise((resolve) => {
        const began = now();
        const said = [];
        const socket = net.connect(port, host, () => socket.write(bytes));
        const end = (closed) => {
            clearTimeout(limit);
            socket.destroy();
            resolve({ text: Buffer.concat(said).toString('latin1'), closed, millis: now() - began });
        };
        const limit = setTimeout(() => end(false), patience);
        socket.on('data', (chunk) => said.push(chunk));
        socket.on('error', () => {});
        socket.on('close', () => end(true));
    });
}

export const statusOf = (text) => Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0);

/** An event stream that is read and kept; it does not come back by itself. */
export class Reader {
    events = [];
    comments = [];
    status = 0;
    headers = {};
    closed = null;
    bytes = 0;
    #request;
    #lines = new Lines(
        {
            event: (event) => this.#hear(event),
            comment: (text) => this.comments.push({ text, at: now() }),
        },
        { bare: true },
    );

    constructor(url, { method = 'GET', headers = {}, body, onEvent } = {}) {
        this.onEvent = onEvent;
        this.opened = new Promise((resolve) => {
            const accept = { accept: 'application/json, text/event-stream', ...headers };
            this.#request = http.request(url, { method, headers: accept, agent: false }, (response) => {
                this.status = response.statusCode;
                this.headers = response.headers;
                resolve(this);
                response.setEncoding('utf8');
                response.on('data', (text) => this.#take(text));
                response.on('end', () => this.#over('ended'));
                response.on('error', () => this.#over('cut'));
            });
            this.#request.on('error', () => this.#over('cut') ?? resolve(this));
            this.#request.on('socket', (socket) => (this.socket = socket));
            this.#request.end(body);
        });
    }

    get lastId() {
        return this.events.findLast(({ id }) => id !== undefined)?.id;
    }

    /** Those with something in them, as JSON where it is. */
    get messages() {
        return this.events.filter(({ data }) => data).map(({ data }) => JSON.parse(data));
    }

    leave() {
        this.#request.destroy();
    }

    #over(how) {
        this.closed ??= { how, at: now() };
    }

    #take(text) {
        this.bytes += text.length;
        this.#lines.take(text);
    }

    #hear(said) {
        const event = { ...said, at: now() };
        this.events.push(event);
        this.onEvent?.(event);
    }
}
