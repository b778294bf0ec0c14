// nginx in front with what it does when nobody configured it for event streams: it buffers, speaks HTTP/1.0, and compresses.

import { setTimeout as pause } from 'node:timers/promises';
import { frames } from '../../lab/lines.mjs';
import { publish } from '../channel.mjs';
import { Checks, ms, times } from '../checks.mjs';
import { Follower } from '../follower.mjs';
import { nginx } from '../front.mjs';
import { Session } from '../mcp.mjs';

export const scenario = {
    number: 13,
    stars: 4,
    title: 'nginx with default buffering and gzip in front',
    expected: 'first event < 100 ms',
    also: 'configurations for nginx, HAProxy and Envoy: [operations](../scripts/operations/run)',
};

const LIMIT = 100;
const ROUNDS = 20;
const WARM_UP = 10;

/** From publishing to a fresh reader until it hears, and from asking until the first byte. */
async function channel(front, name) {
    const [waits, hears] = [[], []];
    for (let i = 0; i < ROUNDS + WARM_UP; i++) {
        const asked = performance.now();
        const reader = Follower.ofChannel(front.url, `${name}-${i}`).start();
        // The position it begins at; what is published from then on is its.
        const position = () => reader.heard.find(({ id }) => id);
        await first(position, 3000);
        waits.push((position()?.at ?? Infinity) - asked);
        const said = performance.now();
        await publish(front.url, `${name}-${i}`, 'x'.repeat(20));
        await first(() => reader.events.length > 0, 3000);
        hears.push((reader.events[0]?.at ?? Infinity) - said);
        await reader.stop();
    }
    return { waits: times(waits.slice(WARM_UP)), hears: times(hears.slice(WARM_UP)) };
}

async function first(fact, limit) {
    const end = performance.now() + limit;
    while (!fact() && performance.now() < end) {
        await pause(1);
    }
}

/** The first event of a new stream of the old transport, and the first progress of a call on /mcp. */
async function mcp(front) {
    const took = [];
    for (let i = 0; i < ROUNDS + WARM_UP; i++) {
        const leave = new AbortController();
        const asked = performance.now();
        const signal = AbortSignal.any([leave.signal, AbortSignal.timeout(3000)]);
        const response = await fetch(`${front.url}/sse`, { signal });
        await (await frames(response.body).next().catch(() => {}));
        took.push(performance.now() - asked);
        leave.abort();
    }
    return times(took.slice(WARM_UP));
}

async function progress(front) {
    const session = await new Session(front.url).open();
    const params = { name: 'trigger-long-running-operation', arguments: { duration: 2, steps: 4 }, _meta: { progressToken: 'p' } };
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params });
    const response = await fetch(`${front.url}/mcp`, { method: 'POST', headers: session.headers, body });
    const at = [];
    for await (const { data } of frames(response.body)) {
        at.push(...(data ? [performance.now()] : []));
    }
    // Four steps half a second apart: whoever buffers hands them over together.
    return at.slice(1).map((time, i) => time - at[i]);
}

export async function run({ lab, say }) {
    const checks = new Checks();
    const upstream = await lab.upstream();
    const { nodes } = await lab.cluster(3, ['--upstream', `${upstream.url}/mcp`]);
    const zips = 'gzip on; gzip_proxied any; gzip_min_length 0;';
    const fronts = {
        'as it comes, gzip on': { server: 'gzip on;' },
        'gzip for every type': { server: `${zips} gzip_types *;` },
        'gzip for every type, HTTP/1.1': { server: `${zips} gzip_types *;`, location: 'proxy_http_version 1.1;' },
    };
    const measured = [];
    for (const [name, options] of Object.entries(fronts)) {
        const front = await nginx(lab, nodes, options);
        const { waits, hears } = await channel(front, name.replace(/\W+/g, '-'));
        const opened = await mcp(front);
        const steps = await progress(front);
        checks.expect(waits.worst < LIMIT, `${name}: the first event of a stream came after ${ms(waits.worst)}`);
        checks.expect(hears.worst < LIMIT, `${name}: an event came ${ms(hears.worst)} after it was published`);
        checks.expect(opened.worst < LIMIT, `${name}: the first event on /sse came after ${ms(opened.worst)}`);
        checks.expect(steps.length >= 3 && steps.slice(0, 3).every((gap) => gap > 300), `${name}: progress came together: ${steps.map(Math.round)}`);
        say(`${name}: ${ms(waits.worst)}, ${ms(hears.worst)}, ${ms(opened.worst)}`);
        measured.push(Math.max(waits.worst, hears.worst, opened.worst));
    }
    const worst = Object.keys(fronts).map((name, i) => `${name}: ${ms(measured[i])}`);
    return checks.outcome(`slowest first event of ${3 * ROUNDS} each: ${worst.join('; ')}`);
}
