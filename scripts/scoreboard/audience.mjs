// Sessions that listen to a bookkeeper's numbered announcements, and what each has to have heard: all of them, in order, once,
// its own and no one else's. Clients by hand see every byte; the official TypeScript and Python ones are as they are.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { cache, until } from '../lab/lab.mjs';
import { Caller } from './caller.mjs';
import { Follower } from './follower.mjs';
import { Session } from './mcp.mjs';

const now = () => performance.now();
const hashOf = (tag, n) => createHash('sha256').update(`${tag} ${n}`).digest('hex').slice(0, 12);
const listener = fileURLToPath(new URL('listener.py', import.meta.url));

/** What one session has heard, judged as it comes. */
class Ear {
    last = 0;
    faults = [];
    #ids = new Set();

    constructor(tag) {
        this.tag = tag;
    }

    hear({ tag, n, hash }, id) {
        if (id !== undefined && this.#ids.has(id)) {
            this.faults.push(`heard ${n} under an id that was another's`);
        }
        this.#ids.add(id);
        if (tag !== this.tag) {
            this.faults.push(`heard what is ${tag}'s`);
        } else if (hash !== hashOf(tag, n)) {
            this.faults.push(`heard ${n}, which was never said so`);
        } else if (n <= this.last) {
            this.faults.push(`heard ${n} after ${this.last}: again, or out of order`);
        } else if (n > this.last + 1) {
            this.faults.push(`heard ${n} after ${this.last}: ${n - this.last - 1} lost`);
        }
        this.last = Math.max(this.last, n);
        this.lastAt = now();
    }
}

/** By hand: a session, its standing stream, and calls. Asks again as soon as the standard lets a client. */
class ByHand {
    kind = 'by hand';

    constructor(tag, base) {
        this.ear = new Ear(tag);
        this.session = new Session(base, { name: tag });
        this.caller = new Caller(this.session);
    }

    async open() {
        await this.session.open();
        const onFrame = ({ id, data }) => data && this.ear.hear(JSON.parse(data).params.data, id);
        this.follower = Follower.ofSession(this.session, { onFrame }).start();
        await until(() => this.follower.node, `the stream of ${this.ear.tag}`);
    }

    get openings() {
        return this.follower.openings;
    }

    get endings() {
        return this.follower.endings;
    }

    get node() {
        return this.follower.node;
    }

    call(args) {
        return this.caller.work(args);
    }

    async close() {
        await this.follower.stop();
        await this.session.close();
    }
}

/** The official TypeScript client; its GETs are counted on their way. */
class TypeScript {
    kind = 'TypeScript SDK';
    openings = [];

    constructor(tag, base) {
        this.ear = new Ear(tag);
        this.base = base;
    }

    #watched = async (input, init) => {
        const isGet = (init?.method ?? 'GET') === 'GET';
        const asked = now();
        const note = (status, node) => isGet && this.openings.push({ asked, at: now(), status, node });
        try {
            const response = await fetch(input, init);
            note(response.status, response.headers.get('lifeline-node'));
            return response;
        } catch (error) {
            note(error.cause?.code ?? error.message);
            throw error;
        }
    };

    async open() {
        const transport = new StreamableHTTPClientTransport(new URL(`${this.base}/mcp`), { fetch: this.#watched });
        this.client = new Client({ name: this.ear.tag, version: '1' });
        this.client.fallbackNotificationHandler = async ({ params }) => this.ear.hear(params.data);
        await this.client.connect(transport);
        await until(() => this.openings.length > 0, `the stream of ${this.ear.tag}`);
    }

    get node() {
        return this.openings.findLast(({ status }) => status === 200)?.node;
    }

    async call(args) {
        const result = await this.client.callTool({ name: 'work', arguments: args });
        return JSON.parse(result.content[0].text);
    }

    close() {
        return this.client.close();
    }
}

/** The official Python client, in a process of its own that tells what it sees. */
class Python {
    kind = 'Python SDK';
    openings = [];
    #calls = new Map();

    constructor(tag, base) {
        this.ear = new Ear(tag);
        this.base = base;
    }

    static python = path.join(cache, 'python-2.3.0', 'bin', 'python');

    async open() {
        this.child = spawn(Python.python, [listener, `${this.base}/mcp`, this.ear.tag], { stdio: ['pipe', 'pipe', 'ignore'] });
        createInterface({ input: this.child.stdout }).on('line', (line) => this.#told(JSON.parse(line)));
        await until(() => this.openings.length > 0, `the stream of ${this.ear.tag}`);
    }

    #told({ heard, asked, status, node, answered, failed }) {
        if (heard) {
            this.ear.hear(heard);
        } else if (answered) {
            this.#calls.get(answered.secret).resolve(answered);
        } else if (failed) {
            this.#calls.get(failed).reject(new Error(status));
        } else {
            this.openings.push({ asked: now() - asked, at: now(), status, node });
        }
    }

    get node() {
        return this.openings.findLast(({ status }) => status === 200)?.node;
    }

    call(args) {
        this.child.stdin.write(`${JSON.stringify(args)}\n`);
        return new Promise((resolve, reject) => this.#calls.set(args.secret, { resolve, reject }));
    }

    async close() {
        const gone = new Promise((resolve) => this.child.once('exit', resolve));
        this.child.stdin.end();
        await gone;
    }
}

const kinds = { byHand: ByHand, typeScript: TypeScript, python: Python };

export class Audience {
    /** So many of each kind, as { byHand: 70, typeScript: 20, python: 10 }. */
    constructor(base, counts) {
        this.members = Object.entries(counts).flatMap(([kind, count]) =>
            Array.from({ length: count }, (_, i) => new kinds[kind](`${kind}-${i}`, base)),
        );
    }

    async open(together = 10) {
        for (let i = 0; i < this.members.length; i += together) {
            await Promise.all(this.members.slice(i, i + together).map((member) => member.open()));
        }
    }

    /** Waits until everything that was announced has been heard, or the patience is over; then what is wrong. */
    async judge(checks, announced, patience = 20_000) {
        const behind = () => this.members.filter(({ ear }) => ear.last < (announced[ear.tag] ?? 0));
        await until(() => behind().length === 0, 'everything heard', patience).catch(() => {});
        for (const { ear } of this.members) {
            ear.faults.slice(0, 2).forEach((fault) => checks.expect(false, `${ear.tag} ${fault}`));
            checks.expect(ear.last === announced[ear.tag], `${ear.tag} heard up to ${ear.last} of ${announced[ear.tag]}`);
        }
        return Object.values(announced).reduce((sum, n) => sum + n, 0);
    }

    close() {
        return Promise.all(this.members.map((member) => member.close()));
    }
}
