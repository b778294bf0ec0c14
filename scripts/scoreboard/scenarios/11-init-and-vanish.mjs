// Clients that begin a session and are never heard of again, and others that come and go for a while.

import { connect } from 'node:net';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { until } from '../../lab/lab.mjs';
import { Checks } from '../checks.mjs';
import { redis } from '../command.mjs';
import { closeWaits, descriptors, liveHeap, metric, MIB } from '../gauges.mjs';
import { Session } from '../mcp.mjs';

export const scenario = {
    number: 11,
    stars: 4,
    title: '5,000 init-and-vanish clients; 1 h churn',
    expected: 'heap, fds, sessions, Redis keys back to baseline; 0 CLOSE_WAIT',
};

const CLIENTS = 5000;
const WARM_UP = 1000;
const AT_ONCE = 20;
const HEAP_SLACK = 6 * MIB;

async function many(count, body) {
    let next = 0;
    const worker = async () => {
        while (next < count) {
            await body(next++);
        }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

/** Asks for a stream on a socket of its own and cuts it in the rude way, or goes without a word to the gateway. */
function openAndCut(node, path, headers, rude) {
    return new Promise((resolve) => {
        const socket = connect(node.port, '127.0.0.1', () => {
            const lines = Object.entries({ host: `127.0.0.1:${node.port}`, accept: 'text/event-stream', ...headers });
            socket.write(`GET ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}`).join('\r\n')}\r\n\r\n`);
        });
        socket.once('data', () => (rude ? socket.resetAndDestroy() : socket.end()));
        socket.on('error', () => {}).once('close', resolve).resume();
        setTimeout(() => socket.destroy(), 5000).unref();
    });
}

/** Of every four: one only begins, one leaves its stream politely, one rudely, one is of the old transport. */
async function vanish(nodes, i) {
    const node = nodes[i % nodes.length];
    if (i % 4 === 3) {
        return openAndCut(node, '/sse', {}, i % 8 === 3);
    }
    const session = await new Session(node.url, { name: `v${i % 10}` }).open();
    return i % 4 === 0 ? undefined : openAndCut(nodes[(i + 1) % nodes.length], '/mcp', session.headers, i % 4 === 1);
}

async function churn(nodes, duration) {
    const end = performance.now() + duration;
    let count = 0;
    const worker = async () => {
        while (performance.now() < end) {
            const i = count++;
            const node = nodes[i % nodes.length];
            const session = await new Session(node.url, { name: 'churn' }).open();
            await session.call('look', { secret: `${i}` }, nodes[(i + 1) % nodes.length].url);
            await openAndCut(node, '/mcp', session.headers, i % 2 === 0);
            await openAndCut(node, `/events/churn-${i % 50}`, {}, i % 2 === 1);
            await session.close(nodes[(i + 2) % nodes.length].url);
        }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    return count;
}

async function holdings(nodes, store) {
    const of = (gauge) => Promise.all(nodes.map(gauge));
    const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);
    return {
        sessions: sum(await of((node) => metric(node, 'mcp_sessions_held'))),
        streams: sum(await of((node) => metric(node, 'sse_connections_active'))),
        keys: await keys(store),
        fds: await of(async (node) => descriptors(node)),
        heap: await of(liveHeap),
        closeWaits: sum(await of(async (node) => closeWaits(node))),
    };
}

/** Keys that are there for something, and the marks of removed streams, which end by themselves within ten minutes. */
const COUNT = `local used, marks = 0, 0
for _, key in ipairs(redis.call('KEYS', '*')) do
  if redis.call('TYPE', key).ok == 'hash' and redis.call('HEXISTS', key, 'removed') == 1 and redis.call('PTTL', key) > 0 then
    marks = marks + 1
  else
    used = used + 1
  end
end
return {used, marks}`;

async function keys(store) {
    const [used, marks] = (await redis(store, 'EVAL', COUNT, 0)).split('\n').map(Number);
    return { used, marks };
}

/** What nodes alone need: their leases and lists. */
const FEW = 20;

/** Waits for what goes by itself, with the time; idle connections to upstreams are among it. */
async function settled(nodes, store, limit, fds = []) {
    const quiet = async () => {
        const held = await Promise.all(nodes.map((node) => metric(node, 'mcp_sessions_held')));
        return held.every((n) => n === 0) && (await keys(store)).used <= FEW;
    };
    await until(quiet, 'nothing held', limit).catch(() => {});
    const closed = () => nodes.every((node, i) => descriptors(node) <= (fds[i] ?? 0) + 3);
    await (fds.length > 0 ? until(closed, 'connections closed', limit).catch(() => {}) : pause(70_000));
    return holdings(nodes, store);
}

const mib = (bytes) => (bytes / MIB).toFixed(1);

export async function run({ lab, long, say }) {
    const checks = new Checks();
    const upstream = await lab.script('upstream', '../scoreboard/bookkeeper.mjs', '--book', path.join(lab.folder, 'book'));
    const retention = ['--session-retention', '5s', '--position-retention', '10s', '--buffer-retention', '5s', '--dedup-retention', '5s'];
    const { redis: store, nodes } = await lab.cluster(3, ['--upstream', `${upstream.url}/mcp`, ...retention]);
    await many(WARM_UP, (i) => vanish(nodes, i));
    await churn(nodes, 3000);
    const before = await settled(nodes, store, 90_000);
    say(`baseline ${JSON.stringify(before)}`);
    await many(CLIENTS, (i) => vanish(nodes, i));
    const held = await Promise.all(nodes.map((node) => metric(node, 'mcp_sessions_held')));
    say(`${CLIENTS} have vanished; held ${held}`);
    const duration = long ? 3_600_000 : 15_000;
    const churned = await churn(nodes, duration);
    const after = await settled(nodes, store, 120_000, before.fds);
    say(`afterwards ${JSON.stringify(after)}`);
    checks.expect(after.sessions <= before.sessions, `${after.sessions} sessions held, ${before.sessions} before`);
    checks.expect(after.streams <= before.streams, `${after.streams} streams open, ${before.streams} before`);
    checks.expect(after.keys.used <= Math.max(before.keys.used, FEW), `${after.keys.used} keys in Redis, ${before.keys.used} before: ${(await redis(store, 'KEYS', '*')).split('\n').slice(0, 8)}`);
    checks.expect(after.closeWaits === 0, `${after.closeWaits} connections in CLOSE_WAIT`);
    nodes.forEach(({ name }, i) => {
        checks.expect(after.fds[i] <= before.fds[i] + 3, `${name}: ${after.fds[i]} descriptors, ${before.fds[i]} before`);
        const more = after.heap[i] - before.heap[i];
        checks.expect(more <= HEAP_SLACK, `${name}: ${mib(after.heap[i])} MiB of heap, ${mib(before.heap[i])} before`);
    });
    const heap = after.heap.map((bytes, i) => `${mib(before.heap[i])} → ${mib(bytes)}`).join(', ');
    return checks.outcome(
        `${CLIENTS} vanished and ${churned} came and went in ${duration / 1000} s: sessions ${after.sessions}, keys ${before.keys.used} → ${after.keys.used} and ${after.keys.marks} marks of removed streams, descriptors ${before.fds} → ${after.fds}, live heap ${heap} MiB, CLOSE_WAIT ${after.closeWaits}`,
    );
}
