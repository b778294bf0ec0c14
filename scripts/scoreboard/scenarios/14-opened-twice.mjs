// A session is opened a second time while its old stream is still there: a reloaded tab, a half-open connection.

import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { until } from '../../lab/lab.mjs';
import { frames } from '../../lab/lines.mjs';
import { accepting, hello } from '../../lab/mcp.mjs';
import { notification } from '../../lab/upstream.mjs';
import { Checks, ms, times } from '../checks.mjs';
import { Session } from '../mcp.mjs';

export const scenario = {
    number: 14,
    stars: 4,
    title: 'Same session opened twice (tab reload, old half-open)',
    expected: 'newest of the same principal wins; the old one ends; no event on both (I10)',
};

const ROUNDS = 5;

/** One connection, never made again: what it was told by number, and when. */
class Tab {
    heard = [];
    at = new Map();
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
        for await (const { id, data, event } of frames(response.body)) {
            this.lastId = id ?? this.lastId;
            const n = data && event === 'message' ? JSON.parse(data).params?.data : undefined;
            if (n !== undefined) {
                this.heard.push(n);
                this.at.set(n, performance.now());
            }
        }
        this.ended = 'cleanly';
        this.endedAt = performance.now();
    }
}

let said = 0;

/** Tells the session something, numbered over all. */
async function tell(node, id) {
    const message = notification(++said);
    const options = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(message) };
    const { status } = await fetch(`${node.url}/sessions/${id}/messages`, options);
    if (status !== 202) {
        throw new Error(`told nobody: ${status}`);
    }
    return said;
}

const everything = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

/**
 * Once the newer is let in, the older hears nothing. What it heard before is not said again to one that names the last it
 * heard; to one that does not, what has just been said may be. How much that was.
 */
function judge(checks, what, tabs, first, remembers) {
    const late = tabs.slice(1).flatMap((newer, i) => [...tabs[i].at].filter(([n, at]) => newer.at.has(n) && at > newer.at.get(n)));
    checks.expect(late.length === 0, `${what}: ${late.length} were heard on the older one after the newer had them`);
    const all = tabs.flatMap(({ heard }) => heard);
    const again = all.length - new Set(all).size;
    checks.expect(!remembers || again === 0, `${what}: ${again} were heard on two connections`);
    checks.expect(String([...new Set(all)].sort((a, b) => a - b)) === String(everything(first, said)), `${what}: heard ${all}`);
    return again;
}

/** Opens it again and again, each time on the next node, and tells it things all the while. */
async function reload(checks, nodes, what, id, remembers, open) {
    const tabs = [];
    const first = said + 1;
    const took = [];
    for (let i = 0; i <= ROUNDS; i++) {
        const lastId = remembers ? tabs.at(-1)?.lastId : undefined;
        const tab = open(nodes[i % nodes.length], lastId && { 'last-event-id': lastId });
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
        if (remembers) {
            // What it names is the last it will have heard.
            await until(() => tab.heard.includes(said), `${what}: everything said`, 10_000).catch(() => {});
        }
    }
    const newest = tabs.at(-1);
    await until(() => newest.heard.includes(said), `${what}: the last word`, 10_000).catch(() => {});
    await pause(300);
    checks.expect(!newest.ended, `${what}: the newest ended ${newest.ended}`);
    newest.over.abort();
    return { took, again: judge(checks, what, tabs, first, remembers) };
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
    const { value } = await frames(response.body).next();
    over.abort();
    const id = new URL(value.data, nodes[0].url).searchParams.get('sessionId');
    const body = JSON.stringify(hello('tab', { revision: '2024-11-05' }));
    await fetch(`${nodes[0].url}/messages?sessionId=${id}`, { method: 'POST', headers: accepting, body });
    return id;
}

export async function run({ lab, say }) {
    const checks = new Checks();
    const upstream = await lab.upstream();
    const { nodes } = await lab.cluster(3, ['--upstream', `${upstream.url}/mcp`]);
    const rounds = [];
    for (const remembers of [true, false]) {
        const word = remembers ? 'with the last id' : 'without a word';
        const session = await new Session(nodes[0].url).open();
        const headers = { ...session.headers, accept: 'text/event-stream' };
        const streamable = (node, last) => new Tab(`${node.url}/mcp`, { ...headers, ...last });
        rounds.push(await reload(checks, nodes, `/mcp ${word}`, session.id, remembers, streamable));
        const id = await legacy(nodes);
        const old = (node, last) => new Tab(`${node.url}/sse?sessionId=${id}`, { ...last });
        rounds.push(await reload(checks, nodes, `/sse ${word}`, id, remembers, old));
        say(`${word}: done`);
    }
    await halfOpen(checks, nodes);
    const took = times(rounds.flatMap((round) => round.took));
    const again = rounds.reduce((sum, round) => sum + round.again, 0);
    return checks.outcome(
        `${took.count} times over 3 nodes and both transports: the older one ended ${ms(took.p50)} (longest ${ms(took.worst)}) after the newer was asked for; ${said} messages, none on an older one once the newer was there; who names the last id hears nothing twice, who does not heard ${again} of the last moment again`,
    );
}
