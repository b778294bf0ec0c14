// A laboratory on this machine: upstreams, a Redis, gateways and a round robin without stickiness, each a process that can be
// killed and started again under the same port. Everything it started is gone when it is closed.

import { spawn } from 'node:child_process';
import { createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { roundRobin } from './haproxy.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
export const project = path.join(here, '..', '..');
export const cache = path.join(project, '.cache', 'foreign');
const modules = path.join(cache, 'node_modules');
const everything = path.join(modules, '@modelcontextprotocol', 'server-everything', 'dist', 'index.js');

// A machine that is busy with other things takes longer.
const PATIENCE = Number(process.env.LAB_PATIENCE ?? 60_000);

export async function until(fact, what, limit = PATIENCE) {
    const end = Date.now() + limit;
    while (!(await fact())) {
        if (Date.now() > end) {
            throw new Error(`${what}: not within ${limit} ms`);
        }
        await pause(50);
    }
}

export const answers = (url) =>
    fetch(url, { signal: AbortSignal.timeout(2000) }).then(
        (response) => response.ok,
        () => false,
    );

export function accepts(port, host = '127.0.0.1') {
    return new Promise((resolve) => {
        const socket = net.connect(port, host, () => resolve(true) ?? socket.destroy());
        socket.setTimeout(1000, () => resolve(false) ?? socket.destroy());
        socket.on('error', () => resolve(false));
    });
}

// Ports that were free a moment ago, below those the system gives to outgoing connections: nobody gets one by accident
// while its owner is restarted.
let nextPort = 10_000 + Math.floor(Math.random() * 20_000);

export async function freePort() {
    const port = nextPort++;
    return (await accepts(port)) ? freePort() : port;
}

/** A process that can be ended and started again. */
export class Part {
    /** How long it may take to come up. */
    patience = PATIENCE;
    #child;
    #log;

    constructor(name, log, command, isUp) {
        this.name = name;
        this.log = log;
        this.command = command;
        this.isUp = isUp;
        this.#log = createWriteStream(log, { flags: 'a' });
    }

    get pid() {
        return this.#child?.pid;
    }

    get running() {
        return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
    }

    async start() {
        const [program, ...args] = this.command;
        this.#log.write(`--- ${args.at(-1)}\n`);
        this.#child = spawn(program, args, { cwd: project, stdio: ['ignore', 'pipe', 'pipe'] });
        this.#child.stdout.pipe(this.#log, { end: false });
        this.#child.stderr.pipe(this.#log, { end: false });
        this.#child.on('error', (error) => this.#log.write(`${error}\n`));
        await until(async () => {
            if (!this.running) {
                throw new Error(`${this.name} ended at once:\n${readFileSync(this.log, 'utf8').slice(-2000)}`);
            }
            return this.isUp();
        }, `${this.name} up`, this.patience);
        return this;
    }

    /** Ends it and waits until it is gone; a process that does not heed a polite signal is killed. */
    async stop(signal = 'SIGTERM', patience = 20_000) {
        if (!this.running) {
            return;
        }
        const gone = new Promise((resolve) => this.#child.once('exit', resolve));
        this.#child.kill(signal);
        const limit = setTimeout(() => this.#child.kill('SIGKILL'), patience);
        await gone;
        clearTimeout(limit);
    }

    kill() {
        return this.stop('SIGKILL');
    }

    /** Without waiting, for the very end. */
    killNow() {
        if (this.running) {
            this.#child.kill('SIGKILL');
        }
    }
}

function jvmFlags() {
    const lines = readFileSync(path.join(project, 'scripts', 'jvm.options'), 'utf8').split('\n');
    return lines.map((line) => line.replace(/#.*/, '').trim()).filter(Boolean);
}

// The same as in scripts/cluster, where it is explained.
const PROXY = {
    times: { connect: '2s', client: '95s', server: '95s', tunnel: '1h', 'http-request': '10s' },
    options: ['option http-no-delay'],
};

export class Lab {
    #parts = [];

    constructor() {
        this.folder = mkdtempSync(path.join(tmpdir(), 'lifeline-lab-'));
        process.on('exit', () => this.#parts.forEach((part) => part.killNow()));
        for (const signal of ['SIGINT', 'SIGTERM']) {
            process.on(signal, () => {
                console.error(`ended by ${signal}`);
                process.exit(1);
            });
        }
    }

    async #start(name, command, isUp, traits = {}) {
        const part = Object.assign(new Part(name, path.join(this.folder, `${name}.log`), command, isUp), traits);
        this.#parts.push(part);
        return part.start();
    }

    /** A server that is a script of ours, named from this folder. */
    async script(name, file, ...args) {
        const port = await freePort();
        const command = [process.execPath, path.join(here, file), ...args, '--port', String(port)];
        return this.#start(name, command, () => accepts(port), { port, url: `http://127.0.0.1:${port}` });
    }

    upstream(name = 'upstream') {
        return this.script(name, '../foreign/upstream/main.mjs', 'http');
    }

    async everything(name = 'everything') {
        const port = await freePort();
        const command = ['env', `PORT=${port}`, process.execPath, everything, 'streamableHttp'];
        return this.#start(name, command, () => accepts(port), { port, url: `http://127.0.0.1:${port}` });
    }

    everythingCommand() {
        return `${process.execPath} ${everything} stdio`;
    }

    async redis() {
        const port = await freePort();
        const command = ['redis-server', '--port', port, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'yes'];
        return this.#start('redis', [...command, '--dir', this.folder].map(String), () => accepts(port), {
            port,
            url: `redis://127.0.0.1:${port}`,
        });
    }

    async gateway(name, { redis, options = [] } = {}) {
        const port = await freePort();
        const own = ['serve', '--node-id', name, '--port', port, '--drain-timeout', '3s'];
        const shared = redis ? ['--redis', redis.url] : [];
        const jar = process.env.FOREIGN_JAR ?? path.join('gateway', 'target', 'lifeline.jar');
        const command = ['java', ...jvmFlags(), '-jar', jar, ...own, ...shared, ...options].map(String);
        const url = `http://127.0.0.1:${port}`;
        return this.#start(name, command, () => answers(`${url}/health/ready`), { port, url });
    }

    /** Gateways that share a Redis, behind a round robin. */
    async cluster(count, options) {
        const redis = await this.redis();
        const names = Array.from({ length: count }, (_, i) => `n${i + 1}`);
        const nodes = await Promise.all(names.map((name) => this.gateway(name, { redis, options })));
        for (const node of nodes) {
            const joined = () => readFileSync(node.log, 'utf8').includes('joined the cluster');
            await until(joined, `${node.name} in the cluster`);
        }
        const port = await freePort();
        const file = path.join(this.folder, 'haproxy.cfg');
        writeFileSync(file, roundRobin({ port, servers: nodes, ...PROXY }));
        const url = `http://127.0.0.1:${port}`;
        const proxy = await this.#start('proxy', ['haproxy', '-db', '-f', file], () => answers(`${url}/health/ready`), {
            port,
            url,
        });
        return { redis, nodes, proxy, url };
    }

    /** Nodes first, so that they can leave their cluster. */
    async close({ keep = false } = {}) {
        const nodes = this.#parts.filter((part) => part.command[0] === 'java');
        await Promise.all(nodes.map((part) => part.stop('SIGTERM', 8000)));
        await Promise.all(this.#parts.map((part) => part.stop('SIGTERM', 3000)));
        if (keep) {
            console.log(`logs are in ${this.folder}`);
        } else {
            rmSync(this.folder, { recursive: true });
        }
    }
}
