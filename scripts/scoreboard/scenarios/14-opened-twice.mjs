// A session is opened a second time while its old stream is still there: a reloaded tab, a half-open connection.

import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { until } from '../../foreign/lab.mjs';
import { Checks, ms, times } from '../checks.mjs';
import { frames } from '../frames.mjs';
import { accepting, Session } from '../mcp.mjs';

export const scenario = {
    number: 14,
    stars: 4,
    title: 'Same session opened twice (tab reload, old half-open)',
    expected: 'newest of the same principal wins; the old one ends; no event on both (I10)',
};

const ROUNDS = 5;

/** One connection, never made again. */
class Tab {
    heard = [];
    ended;

    constructor(url, headers) {
        this.begun = performance.now();
        this.over = new AbortController();
        this.done = this.#read(url, headers).catch((error) => (this.ended ??= `broken: ${error.message}`));
    }

    async #read(url, headers) {
        const response = await fetch(url, { headers, signal: this.over.signal });
        this.status = response.status;
        this.openAt = performance.now();
        for await (const { data, event } of frames(response.body)) {
            if (data && event === 'message') {
                this.heard.push(JSON.parse(data).params?.data);
            }
        }
        this.ended = 'cleanly';
        this.endedAt = performance.now();
    }
}

let said = 0;

/** Tells the session something, numbered over all. */
async function tell(node, id) {
    const message = { jsonrpc: '2.0', method: 'notifications/message', params: { level: 'info', data: ++said } };
    const options = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(message) };
    const { status } = await fetch(`${node.url}/sessions/${id}/messages`, options);
    if (status !== 202) {
        throw new Error(`told nobody: ${status}`);
    }
    return said;
}

const everything = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

/** Opens it again and again, each time on the next node, and tells it things all the while. */
async function reload(checks, nodes, what, id, open) {
    const tabs = [];
    const first = said + 1;
    const took = [];
    for (let i = 0; i <= ROUNDS; i++) {
        const tab = open(nodes[i % nodes.length]);
        tabs.push(tab);
        await until(() => tab.status === 200 || tab.ended, `${what} ${i}`);
        const before = tabs.at(-2);
        if (before) {
            await until(() => before.ended, `the end of ${what} ${i - 1}`, 5000).catch(() => {});
            checks.expect(before.ended === 'cleanly', `${what}: the older one ended: ${before.ended}`);
            took.push((before.endedAt ?? Infinity) - tab.begun);
        }
        for (let n = 0; n < 5; n++) {
            await tell(nodes[(i + n) % nodes.length], id);
        }
    }
    const newest = tabs.at(-1);
    await until(() => newest.heard.includes(said), `${what}: the last word`, 10_000).catch(() => {});
    await pause(300);
    const all = tabs.flatMap(({ heard }) => heard);
    checks.expect(new Set(all).size === all.length, `${what}: something was heard on two connections`);
    checks.expect(String([...all].sort((a, b) => a - b)) === String(everything(first, said)), `${what}: heard ${all}`);
    checks.expect(!newest.ended, `${what}: the newest ended ${newest.ended}`);
    newest.over.abort();
    return took;
}

/** A peer that is there no more for all one can see, but whose connection nobody has closed. */
async function halfOpen(checks, nodes) {
    const session = await new Session(nodes[0].url).open();
    const socket = connect(nodes[0].port, '127.0.0.1');
    const head = Object.entries({ ...session.headers, accept: 'text/event-stream', host: `127.0.0.1:${nodes[0].port}` });
    socket.write(`GET /mcp HTTP/1.1\r\n${head.map(([name, value]) => `${name}: ${value}`).join('\r\n')}\r\n\r\n`);
    const early = await new Promise((resolve) => socket.once('data', resolve));
    checks.expect(String(early).startsWith('HTTP/1.1 200'), `half-open: ${String(early).slice(0, 40)}`);
    socket.pause();
    const tab = new Tab(`${nodes[1].url}/mcp`, { ...session.headers, accept: 'text/event-stream' });
    await until(() => tab.status === 200, 'the stream beside a half-open one');
    const word = await tell(nodes[2], session.id);
    await until(() => tab.heard.includes(word), 'the word on the newest', 5000).catch(() => {});
    checks.expect(String(tab.heard) === String([word]), `half-open: the newest heard ${tab.heard}`);
    let late = '';
    socket.on('data', (bytes) => (late += bytes)).resume();
    await pause(500);
    checks.expect(!late.includes('notifications/message'), 'half-open: the old connection got an event');
    checks.expect(late.includes('0\r\n\r\n'), `half-open: the old one was not ended: ${JSON.stringify(late.slice(0, 60))}`);
    socket.destroy();
    tab.over.abort();
}

async function legacy(nodes) {
    const over = new AbortController();
    const response = await fetch(`${nodes[0].url}/sse`, { signal: over.signal });
    for await (const { event, data } of frames(response.body)) {
        if (event === 'endpoint') {
            over.abort();
            return new URL(data, nodes[0].url).searchParams.get('sessionId');
        }
    }
    throw new Error('no endpoint');
}

export async function run({ lab, say }) {
    const checks = new Checks();
    const upstream = await lab.upstream();
    const { nodes } = await lab.cluster(3, ['--upstream', `${upstream.url}/mcp`]);
    const session = await new Session(nodes[0].url).open();
    const headers = { ...session.headers, accept: 'text/event-stream' };
    const streamable = await reload(checks, nodes, '/mcp', session.id, (node) => new Tab(`${node.url}/mcp`, headers));
    say('/mcp is done');
    const id = await legacy(nodes);
    const body = { jsonrpc: '2.0', id: 0, method: 'initialize', params: { protocolVersion: '2024-11-05', capabilities: {}, clientInfo: { name: 'tab', version: '1' } } };
    await fetch(`${nodes[0].url}/messages?sessionId=${id}`, { method: 'POST', headers: accepting, body: JSON.stringify(body) });
    const old = await reload(checks, nodes, '/sse', id, (node) => new Tab(`${node.url}/sse?sessionId=${id}`, {}));
    await halfOpen(checks, nodes);
    const took = times([...streamable, ...old]);
    return checks.outcome(
        `${took.count} times over 3 nodes and both transports: the older one ended ${ms(took.p50)} (longest ${ms(took.worst)}) after the newer was asked for; ${said} messages, each on one connection only`,
    );
}
