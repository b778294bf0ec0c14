// Places on a network of their own, in which processes run and whose links can be cut one way or both. And processes with
// other surroundings than the laboratory gives them.

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { answers, Part, project, until } from '../lab/lab.mjs';
import { Bridge, isPossible, Place } from '../lab/namespaces.mjs';

const subnet = `10.${20 + (process.pid % 200)}.${Math.floor(process.pid / 200) % 250}`;
const chain = (name) => `add chain inet cut ${name} { type filter hook ${name}put priority 0 ; }`;
const RULES = ['add table inet cut', chain('in'), chain('out')].join('; ');

class Cuttable extends Place {
    /** Swallows what goes to these addresses and comes from them, or only one of the two; without any, everything. */
    cut(addresses = [''], { incoming = true, outgoing = true } = {}) {
        for (const address of addresses) {
            if (incoming) {
                this.sh('nft', `add rule inet cut in ${address && `ip saddr ${address}`} drop`);
            }
            if (outgoing) {
                this.sh('nft', `add rule inet cut out ${address && `ip daddr ${address}`} drop`);
            }
        }
    }

    heal() {
        this.sh('nft', 'flush table inet cut');
    }
}

/** A network with these places, each under its name. */
export class Network {
    #bridge = new Bridge('lb', subnet);
    address = `${subnet}.1`;

    /** Why there can be none here, or null. */
    static missing() {
        return isPossible() ? null : 'no network namespaces here: root, ip and nft are needed';
    }

    constructor(...names) {
        names.forEach((name) => (this[name] = this.#bridge.add(name, RULES, Cuttable)));
    }

    close() {
        this.#bridge.close();
    }
}

/** Processes of a scenario's own, ended with it. */
export class Parts {
    #parts = [];
    #port = 30_000 + (process.pid % 500) * 4;

    constructor(lab) {
        this.lab = lab;
        process.on('exit', () => this.#parts.forEach((part) => part.killNow()));
    }

    async start(name, command, isUp, traits = {}) {
        const part = new Part(name, path.join(this.lab.folder, `${name}.log`), command.map(String), isUp);
        this.#parts.unshift(Object.assign(part, traits));
        await part.start().catch(async (slow) => {
            if (!part.running) {
                throw slow;
            }
            // A machine with much else to do: what is begun is not given up yet.
            await until(isUp, `${name} up at last`, 180_000);
        });
        return part;
    }

    /** A gateway in a place of its own, or with a command before its own. */
    gateway(name, { place, before = [], redis, options = [] }) {
        const port = this.#port++;
        const host = place?.address ?? '127.0.0.1';
        const jar = process.env.FOREIGN_JAR ?? path.join(project, 'gateway', 'target', 'lifeline.jar');
        const open = place ? ['--host', host, '--cluster-host', host, '--allow-open=true', '--admin-token', ADMIN] : [];
        const store = redis ? ['--redis', redis.url] : [];
        const own = ['serve', '--node-id', name, '--port', port, '--drain-timeout', '2s', ...store, ...open];
        const java = ['java', '-XX:+UseSerialGC', '-Xmx256m', '-XX:+ExitOnOutOfMemoryError', '-jar', jar, ...own, ...options];
        const command = place ? place.inside(...before, ...java) : [...before, ...java];
        const url = `http://${host}:${port}`;
        return this.start(name, command, () => answers(`${url}/health/ready`), { port, url });
    }

    redis({ host = '127.0.0.1', before = [], folder = this.lab.folder, options = [] } = {}) {
        const port = this.#port++;
        const plain = ['redis-server', '--port', port, '--bind', host, '--protected-mode', 'no', '--save', '', '--dir', folder];
        const kept = ['--appendonly', 'yes', ...options];
        const up = () => spawnSync('redis-cli', ['-h', host, '-p', port, 'ping']).stdout.toString().startsWith('PONG');
        return this.start('redis', [...before, ...plain, ...kept], up, { port, url: `redis://${host}:${port}` });
    }

    async close() {
        for (const part of this.#parts) {
            await part.stop('SIGTERM', 5000);
        }
    }
}

export const ADMIN = 'the-token-of-the-scoreboard-0123456789';
export const asAdmin = { authorization: `Bearer ${ADMIN}` };

/** Waits until the nodes have found each other. */
export async function joined(nodes, patience = 60_000) {
    for (const node of nodes) {
        const said = () => readFileSync(node.log, 'utf8').includes('joined the cluster');
        await until(said, `${node.name} in the cluster`, patience);
    }
}
