// Clients that ask for a stream and never read it, while much is published, beside clients that read as they should.

import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { until } from '../../lab/lab.mjs';
import { publish, publishLines } from '../channel.mjs';
import { Checks, ms, times } from '../checks.mjs';
import { Follower } from '../follower.mjs';
import { metric, MIB, resident } from '../gauges.mjs';

export const scenario = {
    number: 12,
    stars: 4,
    title: 'Client that never reads (window 0), 1 KB × 10⁵',
    expected: "that stream cut at its cap and resumable; others' p99 unchanged; RSS flat",
};

const EVENTS = 100_000;
const STALLERS = 20;
const BATCH = 500;
const HEAP = '128m';
const RSS_SLACK = 24 * MIB;
const SLACK = 1.5;

/** A socket nobody reads until it is told to. */
class Staller {
    bytes = '';

    constructor(node, channel) {
        this.socket = connect({ port: node.port, host: '127.0.0.1', noDelay: true });
        this.socket.write(`GET /events/${channel} HTTP/1.1\r\nHost: 127.0.0.1:${node.port}\r\n\r\n`);
        this.socket.on('error', (error) => (this.error = error.code));
        this.closed = new Promise((resolve) => this.socket.once('close', resolve));
        this.open = new Promise((resolve) => this.socket.once('data', (bytes) => resolve((this.bytes += bytes)))).then(() => this.socket.pause());
    }

    /** Takes what the kernel has kept for it; the last id that came whole. */
    async wakeUp() {
        this.socket.on('data', (bytes) => (this.bytes += bytes)).resume();
        await Promise.race([this.closed, pause(5000)]);
        return [...this.bytes.matchAll(/^id: (\S+)\r?\ndata: .*\r?\n/gm)].at(-1)?.[1] ?? /^id: (\S+)/m.exec(this.bytes)?.[1];
    }
}

/** Publishes all, and meanwhile one event after the other on a channel that a client reads. */
async function flood(node, other) {
    const probe = Follower.ofChannel(node.url, 'probe').start();
    await until(() => probe.node && probe.lastId, 'the probe');
    const line = 'x'.repeat(1024);
    const lines = Array.from({ length: BATCH }, () => line);
    const took = [];
    let busy = true;
    const probing = (async () => {
        while (busy) {
            const data = `p${took.length}-${performance.now()}`;
            const sent = performance.now();
            await publish(other.url, 'probe', data);
            await until(() => probe.events.at(-1)?.data === data, 'the probe hears', 10_000);
            took.push(probe.events.at(-1).at - sent);
            await pause(20);
        }
    })();
    const begin = performance.now();
    for (let sent = 0; sent < EVENTS; sent += BATCH) {
        await publishLines(other.url, 'flood', lines, BATCH);
    }
    busy = false;
    await probing;
    await probe.stop();
    return { ...times(took), seconds: (performance.now() - begin) / 1000 };
}

const stalled = (node) => metric(node, 'sse_connection_duration_seconds_count', 'reason="stalled"');
const lost = (node) => metric(node, 'sse_connection_duration_seconds_count', 'reason="peer_lost"');

export async function run({ lab, long, say }) {
    const checks = new Checks();
    const timers = long ? [] : ['--heartbeat-interval', '2s', '--connection-timeout', '6s'];
    // Two gigabytes are never read: who kept them would not live.
    process.env.JAVA_TOOL_OPTIONS = `${process.env.JAVA_TOOL_OPTIONS ?? ''} -Xmx${HEAP}`;
    const { nodes } = await lab.cluster(3, timers);
    const [node, other] = nodes;
    const reader = Follower.ofChannel(node.url, 'flood').start();
    await until(() => reader.heard.length > 0, 'a reader');
    await flood(node, other);
    const calm = await flood(node, other);
    const before = resident(node);
    say(`without them: p99 ${ms(calm.p99)}, ${Math.round(calm.seconds)} s`);
    const stallers = Array.from({ length: STALLERS }, () => new Staller(node, 'flood'));
    await Promise.all(stallers.map(({ open }) => open));
    const begun = (await stalled(node)) + (await lost(node));
    const beside = await flood(node, other);
    const after = resident(node);
    say(`beside them: p99 ${ms(beside.p99)}, ${Math.round(beside.seconds)} s`);
    const cut = async () => (await stalled(node)) + (await lost(node)) - begun;
    await until(async () => (await cut()) >= STALLERS, 'all cut', long ? 120_000 : 30_000).catch(() => {});
    checks.expect((await cut()) === STALLERS, `${await cut()} of ${STALLERS} were cut`);
    const lastId = await stallers[0].wakeUp();
    const back = Follower.ofChannel(nodes[2].url, 'flood', { lastId }).start();
    await until(() => back.heard.length > 0, 'the one who comes back');
    await publish(other.url, 'flood', 'the last');
    await until(() => back.events.at(-1)?.data === 'the last' && reader.events.at(-1)?.data === 'the last', 'the last event');
    checks.expect(back.heard.find(({ data }) => data)?.event === 'gap', 'who missed so much is told of no gap');
    const total = 3 * EVENTS + 1;
    checks.expect(reader.events.length === total && reader.gaps.length === 0, `the one that reads got ${reader.events.length} of ${total}, ${reader.gaps.length} gaps`);
    checks.expect(beside.p99 <= calm.p99 * SLACK, `others' p99 went from ${ms(calm.p99)} to ${ms(beside.p99)}`);
    checks.expect(after - before <= RSS_SLACK, `resident memory went from ${Math.round(before / MIB)} to ${Math.round(after / MIB)} MiB`);
    await Promise.all([reader, back].map((one) => one.stop()));
    return checks.outcome(
        `${STALLERS} who never read cut, and back with a gap verdict; others' p50 ${ms(calm.p50)} → ${ms(beside.p50)}, p99 ${ms(calm.p99)} → ${ms(beside.p99)}; heap at most ${HEAP}, resident ${Math.round(before / MIB)} → ${Math.round(after / MIB)} MiB`,
    );
}
