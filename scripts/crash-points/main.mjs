// The sweep: every step, every action, over three gateways, a real Redis and a round robin. scripts/crash-points/run says
// how to call it.

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Lab, project, until } from '../lab/lab.mjs';
import { Balance } from './balance.mjs';
import { Game } from './game.mjs';
import { steps } from './steps.mjs';
import { Upstream } from './upstream.mjs';

const FOLLOWS = 'this node follows the source of a feed';
const FAILS = 'failpoint ';
const LAPSED = 'the lease of this node was gone';
/** Lives in a row with the same victim: it was killed, and so it is the only one to be started again. */
const IN_A_ROW = 3;
const DAY = 86_400_000;
const ACTIONS = ['exception', 'pause', 'kill'];
const { values: flags } = parseArgs({
    options: {
        steps: { type: 'string', default: Object.keys(steps).join(',') },
        actions: { type: 'string', default: ACTIONS.join(',') },
        nth: { type: 'string' },
        apart: { type: 'boolean', default: false },
        keep: { type: 'boolean', default: false },
    },
});
// Nodes live for seconds: what they save on compiling is most of what they would spend.
process.env.JAVA_TOOL_OPTIONS = `-XX:TieredStopAtLevel=1 -Xmx160m ${process.env.JAVA_TOOL_OPTIONS ?? ''}`;
const begun = Date.now();
const say = (what) => console.log(`${((Date.now() - begun) / 1000).toFixed(0).padStart(4)} s  ${what}`);

/** What a gateway is told; each list is the life of one process. Without a number, at hits that leave traffic between. */
function lives(step) {
    const actions = flags.actions.split(',');
    const { from = 1, gap = 1, leaves = false } = steps[step];
    if (flags.nth === undefined && !flags.apart && !leaves) {
        return [actions.map((action, i) => `${step}:${from + i * gap}:${action}`)];
    }
    const nths = (flags.nth ?? String(from)).split(',');
    return nths.flatMap((nth) => actions.map((action) => [`${step}:${nth}:${action}`]));
}

/** The gateway is asked for the names of its steps: none may be without a case. */
function stepsOfTheGateway(jar) {
    const env = { ...process.env, LIFELINE_FAILPOINT: 'none:1:kill' };
    const { stderr } = spawnSync('java', ['-jar', jar, 'serve'], { env, cwd: project, encoding: 'utf8' });
    return /is none of (.*)/.exec(stderr)[1].split(', ');
}

function refuseForgotten() {
    const jar = process.env.FOREIGN_JAR ?? path.join('gateway', 'target', 'lifeline.jar');
    const forgotten = stepsOfTheGateway(jar).filter((step) => !(step in steps));
    if (forgotten.length > 0) {
        throw new Error(`no case for ${forgotten}`);
    }
}

/** Logs have the time of day. */
function timeOf(line) {
    const time = /^(\d\d):(\d\d):(\d\d)\.(\d\d\d)/.exec(line);
    const at = time ? new Date().setHours(...time.slice(1)) : 0;
    return at > Date.now() + DAY / 2 ? at - DAY : at;
}

/** A node says that its lease was gone once it is awake: what that led to came before. */
function fallenAsleep(line) {
    return timeOf(line) - 1000 * Number(/unrenewed="PT([\d.]+)S"/.exec(line)?.[1] ?? 60);
}

class Sweep {
    #lab = new Lab();
    #count = 0;
    invalid = 0;
    violations = [];

    async begin() {
        this.upstream = await new Upstream().listen();
        this.redis = await this.#lab.redis();
        const options = [
            ['--upstream', `${this.upstream.url}/mcp`, '--feed', `source=${this.upstream.url}/feed`],
            ['--node-lease', '1500ms', '--position-check-interval', '1s', '--heartbeat-interval', '1s'],
            ['--connection-timeout', '4s', '--upstream-retry-initial', '100ms', '--upstream-retry-max', '1s'],
            ['--initial-retry-delay', '100ms', '--session-retention', '2m', '--drain-timeout', '1s'],
        ].flat();
        const names = ['n1', 'n2', 'n3'];
        this.nodes = await Promise.all(names.map((name) => this.#lab.gateway(name, { redis: this.redis, options })));
        this.nodes.forEach((node) => Object.assign(node, { usual: node.command }));
        await Promise.all(this.nodes.map((node) => this.#joined(node, 1)));
        this.balance = await new Balance(this.nodes.map((node) => node.port)).listen();
        this.url = `http://127.0.0.1:${this.balance.port}`;
    }

    #said(node, what) {
        return readFileSync(node.log, 'utf8').split(what).length - 1;
    }

    #lines(node, what, since = 0) {
        const lines = readFileSync(node.log, 'utf8').split('\n');
        return lines.filter((line) => line.includes(what) && timeOf(line) >= since);
    }

    /** Since when a node had failed. On a machine that is short of time some are taken for dead that are not. */
    #faultySince(victim, begun) {
        const failed = this.#lines(victim, FAILS, begun).map(timeOf);
        const lapsed = this.nodes.flatMap((node) => this.#lines(node, LAPSED, begun)).map(fallenAsleep);
        return Math.min(...failed, ...lapsed);
    }

    /** Who follows the source of the feed. */
    get follower() {
        const since = new Map(this.nodes.map((node) => [node, timeOf(this.#lines(node, FOLLOWS).at(-1) ?? '')]));
        return this.nodes.reduce((newest, node) => (since.get(node) > since.get(newest) ? node : newest));
    }

    #joined(node, times) {
        return until(() => this.#said(node, 'joined the cluster') >= times, `${node.name} in the cluster`, 240_000);
    }

    async #restart(node, points = []) {
        await node.kill();
        node.command = points.length > 0 ? ['env', `LIFELINE_FAILPOINT=${points}`, ...node.usual] : node.usual;
        const joined = this.#said(node, 'joined the cluster');
        await node.start();
        await this.#joined(node, joined + 1);
    }

    async #prepare(victim, points, { aloneFirst = false }) {
        const others = this.nodes.filter((node) => node !== victim);
        if (aloneFirst) {
            await Promise.all(others.map((node) => node.kill()));
            await this.#restart(victim, points);
            await until(() => this.follower === victim, `${victim.name} with the feed`);
        }
        const missing = others.filter((node) => !node.running).map((node) => this.#restart(node));
        await Promise.all([...missing, !aloneFirst && this.#restart(victim, points)]);
    }

    async live(step, points) {
        const victim = this.nodes[Math.floor(this.#count++ / IN_A_ROW) % this.nodes.length];
        const before = this.#said(victim, FAILS);
        const begun = Date.now();
        await this.#prepare(victim, points, steps[step]);
        const game = new Game({
            tag: `${step} ${this.#count}`,
            channel: `${step}-${this.#count}`,
            cluster: this,
            victim,
            upstream: this.upstream,
            step: steps[step],
        });
        const fired = () => this.#said(victim, FAILS) - before;
        await game.begin();
        const met = await game.play(fired, points.length);
        const violations = await game.judge(() => this.#faultySince(victim, begun));
        this.#report(points, fired(), met, violations, game);
    }

    #report(points, fired, met, violations, game) {
        const verdict = !met ? `INVALID, ${fired} of ${points.length} met` : violations.length > 0 ? 'VIOLATED' : 'held';
        say(`${points.join(', ').padEnd(70)} ${verdict}; ${game.figures}`);
        [...new Set(violations)].slice(0, 12).forEach((violation) => console.log(`          ${violation}`));
        this.invalid += met ? 0 : 1;
        this.violations.push(...violations);
    }

    async end(keep) {
        this.balance?.close();
        this.upstream?.close();
        await this.#lab.close({ keep });
    }
}

refuseForgotten();
const sweep = new Sweep();
let cases = 0;
try {
    await sweep.begin();
    say('all is up');
    for (const step of flags.steps.split(',')) {
        for (const points of lives(step)) {
            await sweep.live(step, points);
            cases += points.length;
        }
    }
} finally {
    await sweep.end(flags.keep || sweep.violations.length > 0 || sweep.invalid > 0);
}
say(`${cases} cases; ${sweep.violations.length} violations, ${sweep.invalid} lives in which a step was not met`);
process.exit(sweep.violations.length > 0 ? 1 : sweep.invalid > 0 ? 3 : 0);
