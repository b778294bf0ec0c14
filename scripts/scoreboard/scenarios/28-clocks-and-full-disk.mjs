// Nodes and a Redis whose clocks are five minutes off, and a disk that is full under Redis.

import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Checks, ms } from '../checks.mjs';
import { ask } from '../mcp.mjs';
import { joined, Parts } from '../places.mjs';
import { Reader } from '../raw.mjs';
import { Talk } from '../talk.mjs';
import { Upstream } from '../upstream.mjs';
import { Clock, missing } from '../../lab/clock.mjs';
import { answers, until } from '../../lab/lab.mjs';

export const scenario = {
    number: 28,
    stars: 2,
    title: 'Clock ±5 min on one node or Redis; full disk at Redis (AOF write fails)',
    expected: 'order by sequence, not time; no early expiry; refuse writes visibly, no silent ack',
    also: 'RedisLossTest, LogAgainstModelTest',
};

const CHANNEL = '/events/clock';
const now = () => performance.now();
const told = (reader) => reader.events.filter(({ data }) => data !== undefined);

/** What is kept for less than the clocks are apart, and events, sessions and readers on all of the nodes. */
async function skewed(checks, lab, name, { nodes: clocks, redis: clock }) {
    const parts = new Parts(lab);
    const upstream = await new Upstream().listen();
    const at = (seconds) => (seconds ? new Clock(path.join(lab.folder, `clock${seconds}`), seconds).command : []);
    try {
        const redis = await parts.redis({ before: at(clock), options: ['--dbfilename', `${name}.rdb`, '--appenddirname', name] });
        const kept = ['--buffer-retention', '60s', '--session-retention', '60s', '--heartbeat-interval', '1s'];
        const options = ['--upstream', `${upstream.url}/mcp`, ...kept];
        const start = (seconds, i) => parts.gateway(`${name}-${i}`, { before: at(seconds), redis, options });
        const nodes = await Promise.all(clocks.map(start));
        await joined(nodes);
        const readers = await Promise.all(nodes.map(({ url }) => new Reader(url + CHANNEL).opened));
        const talk = await new Talk(nodes[0].url, { name }).open();
        const answered = [];
        for (let i = 1; i <= 30; i++) {
            const response = await ask(nodes[i % nodes.length].url, { path: CHANNEL, body: `e${i}` });
            answered.push(JSON.parse(response.body).id);
        }
        const orders = () => readers.map((reader) => told(reader).map(({ data }) => data).join());
        const wanted = Array.from({ length: 30 }, (_, i) => `e${i + 1}`).join();
        await until(() => orders().every((order) => order === wanted), 'all events everywhere', 10_000).catch(() => {});
        checks.expect(orders().every((order) => order === wanted), `${name}: the readers saw ${JSON.stringify(orders())}`);
        await pause(6000);
        for (const node of nodes) {
            const again = await new Reader(node.url + CHANNEL, { headers: { 'last-event-id': answered[0] } }).opened;
            await until(() => told(again).length >= 29, 'the replay', 5000).catch(() => {});
            const events = told(again);
            checks.expect(events.length === 29 && !events.some(({ event }) => event === 'gap'), `${name}: ${node.name} replays ${events.length} of 29, ${events[0]?.event ?? 'no gap'}`);
            const { answer } = await talk.run('look', { secret: node.name }, { id: node.name, base: node.url });
            checks.expect(answer?.result, `${name}: the session is gone on ${node.name}: ${JSON.stringify(answer)}`);
            again.leave();
        }
        checks.expect(readers.every(({ closed }) => closed === null), `${name}: a reader was ended`);
        readers.forEach((reader) => reader.leave());
        return `${name} in order, replayed on every node`;
    } finally {
        await parts.close();
        await upstream.close();
    }
}

const mounted = (folder, size) => spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, `board-${process.pid}`, folder]).status === 0;

/** Publishes until something else than an acknowledgement comes, or so many are acknowledged. */
async function fill(url, size, most, acknowledged) {
    for (let i = 0; i < most; i++) {
        const n = acknowledged.length + 1;
        const body = `${n} ${'x'.repeat(size)}`;
        const answer = await ask(url, { path: '/events/disk', body, patience: 15_000 }).catch((error) => ({ status: error.message, headers: {}, body: '' }));
        if (answer.status !== 202) {
            return answer;
        }
        acknowledged.push(JSON.parse(answer.body).id);
    }
    return null;
}

async function fullDisk(checks, lab, say) {
    const folder = path.join(lab.folder, 'small-disk');
    mkdirSync(folder);
    if (!mounted(folder, '12m')) {
        return 'full disk not tried: no tmpfs can be mounted here';
    }
    const umount = () => spawnSync('umount', ['-l', folder]);
    process.on('exit', umount);
    const parts = new Parts(lab);
    try {
        const ballast = path.join(folder, 'ballast');
        writeFileSync(ballast, Buffer.alloc(8 * 1024 * 1024));
        const redis = await parts.redis({ folder });
        const options = ['--buffer-bytes', '64MiB', '--heartbeat-interval', '1s', '--append-timeout', '3s'];
        const nodes = await Promise.all(['d1', 'd2'].map((name) => parts.gateway(name, { redis, options })));
        await joined(nodes);
        const reader = await new Reader(`${nodes[1].url}/events/disk`).opened;
        const acknowledged = [];
        const refusal = await fill(nodes[0].url, 20_000, 900, acknowledged);
        const before = acknowledged.length;
        say(`the disk is full after ${before} events: ${refusal?.status}`);
        checks.expect(refusal?.status === 503, `with a full disk a publisher was answered ${refusal?.status ?? 'with acknowledgements only'}`);
        checks.expect(/log-unavailable/.test(refusal?.body) && refusal?.headers['retry-after'], `the refusal says ${refusal?.body}`);
        const ready = await ask(nodes[0].url, { method: 'GET', path: '/health/ready' });
        checks.expect(/degraded/.test(ready.body) || ready.status === 503, `readiness says ${ready.status} ${ready.body}`);
        checks.expect(reader.closed === null, 'the reader was ended');
        rmSync(ballast);
        const freed = now();
        let back;
        await until(async () => !(back = await fill(nodes[0].url, 1000, 1, acknowledged)), 'writes again', 30_000).catch(() => {});
        const recovery = now() - freed;
        checks.expect(back === null, `with room again a publisher was answered ${back?.status}`);
        await pause(1500);
        await redis.stop('SIGKILL');
        await redis.start();
        await until(() => answers(`${nodes[0].url}/health/ready`), 'ready again', 20_000);
        await fill(nodes[0].url, 10, 1, acknowledged);
        await until(() => told(reader).at(-1)?.data.startsWith(`${acknowledged.length} x`), 'the last event', 15_000).catch(() => {});
        const again = await new Reader(`${nodes[1].url}/events/disk`, { headers: { 'last-event-id': acknowledged[0] } }).opened;
        await until(() => told(again).length >= acknowledged.length - 1, 'the replay', 15_000).catch(() => {});
        const kept = new Set(told(again).map(({ id }) => id));
        const lost = acknowledged.slice(1).filter((id) => !kept.has(id)).length;
        checks.expect(lost === 0, `${lost} of ${acknowledged.length} acknowledged events are not kept`);
        checks.expect(!told(again).some(({ event }) => event === 'gap') && !told(reader).some(({ event }) => event === 'gap'), 'a gap was told');
        const order = told(reader).map(({ data }) => parseInt(data, 10));
        checks.expect(order.every((n, i) => n >= (order[i - 1] ?? 0)), 'the reader saw another order');
        return `full disk: 503 after ${before} events, readiness degraded, writes again ${ms(recovery)} after room, 0 of ${acknowledged.length} acknowledged lost over a kill of Redis`;
    } finally {
        await parts.close();
        umount();
    }
}

export async function run({ lab, say }) {
    const checks = new Checks();
    const told = [];
    const why = missing();
    if (!why) {
        for (const [name, clocks] of [
            ['nodes-apart', { nodes: [-300, 0, 300], redis: 0 }],
            ['redis-ahead', { nodes: [0, 0], redis: 300 }],
            ['redis-behind', { nodes: [0, 0], redis: -300 }],
        ]) {
            say(name);
            told.push(await skewed(checks, lab, name, clocks));
        }
    } else {
        checks.expect(false, `the clocks were not tried: ${why}`);
    }
    say('full disk');
    told.push(await fullDisk(checks, lab, say));
    return checks.outcome(told.join('; '));
}
