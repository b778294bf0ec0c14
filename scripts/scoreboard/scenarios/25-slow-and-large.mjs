// A thousand each of heads, bodies and readers that take for ever, bodies that are too large, and JSON made to hurt; and
// beside them streams that were there before.

import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import net from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Checks, ms, times } from '../checks.mjs';
import { ask, Session } from '../mcp.mjs';
import { Parts } from '../places.mjs';
import { Reader, sendBytes, statusOf } from '../raw.mjs';
import { until } from '../../lab/lab.mjs';

export const scenario = {
    number: 25,
    stars: 3,
    title: 'Slowloris, slow body, slow read (slowhttptest 1,000 each) + 4 MiB+1 body + JSON bombs',
    expected: 'all closed in time; existing streams keep their heartbeat; no OOM',
    also: 'MessageFuzzTest, BoundsTest, SlowReaderTest, BoundedBodyTest',
};

const MANY = 1000;
const LIMIT = 8000;
const BODY_LIMIT = 30_000;
const now = () => performance.now();

/** Connections that begin so and then trickle; how long the gateway bore with each of them. */
async function trickle(port, beginning, drop, limit) {
    const ages = [];
    const answers = [];
    for (let i = 0; i < MANY; i++) {
        const socket = net.connect(port, '127.0.0.1', () => socket.write(beginning));
        const began = now();
        const drip = setInterval(() => socket.write(drop), 1000);
        socket.on('data', (chunk) => answers.push(statusOf(chunk.toString('latin1'))));
        socket.on('error', () => {});
        socket.on('close', () => clearInterval(drip) ?? ages.push(now() - began));
        setTimeout(() => socket.destroyed || socket.destroy(ages.push(Infinity)), limit).unref();
        if (i % 50 === 49) {
            await pause(20);
        }
    }
    await until(() => ages.length >= MANY, 'all closed', limit + 10_000).catch(() => {});
    return { ages: ages.slice(0, MANY), answers };
}

/** Readers that ask for a stream and take nothing of it. */
async function starers(port, publish, limit) {
    const ages = [];
    const sockets = [];
    for (let i = 0; i < MANY; i++) {
        const socket = net.connect({ port, host: '127.0.0.1', highWaterMark: 1024 });
        const began = now();
        socket.write('GET /events/flood HTTP/1.1\r\nHost: localhost\r\n\r\n');
        socket.on('error', () => {});
        socket.once('data', () => socket.pause());
        sockets.push({ socket, began });
        if (i % 50 === 49) {
            await pause(20);
        }
    }
    await pause(1000);
    for (let i = 0; i < 60; i++) {
        await publish();
    }
    // Who does not read does not see the end either: the gateway's own count says when it gave them up.
    return { sockets, ages, leave: () => sockets.forEach(({ socket }) => socket.destroy()) };
}

const count = async (url, pattern) => {
    const { body } = await ask(url, { method: 'GET', path: '/metrics' });
    return [...body.matchAll(pattern)].reduce((sum, [, value]) => sum + Number(value), 0);
};

const call = (args) => `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":${args}}}`;
const bombs = {
    'depth 100,000': call('['.repeat(100_000) + ']'.repeat(100_000)),
    'a number of 1,000,000 digits': call(`{"text":${'9'.repeat(1_000_000)}}`),
    'a name twice': '{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}',
    'a batch of 10,000': `[${Array(10_000).fill('{"jsonrpc":"2.0","id":1,"method":"ping"}').join()}]`,
    'a name of 200,000 characters': `{"${'n'.repeat(200_000)}":1,"jsonrpc":"2.0","id":1,"method":"ping"}`,
    'open for ever': '{"a":'.repeat(50_000),
    'no UTF-8': Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]),
    'a lone surrogate': '{"jsonrpc":"2.0","id":1,"method":"\\ud800"}',
};

async function throwBombs(checks, url) {
    const took = [];
    const session = await new Session(url).open();
    await session.request('ping', {});
    for (const [what, body] of Object.entries(bombs)) {
        const answer = await ask(url, { path: '/mcp', headers: session.headers, body: Buffer.from(body) }).catch((error) => ({ status: error.message, body: '' }));
        const text = String(answer.body);
        // A lone surrogate is text by JSON's grammar: it may also be an unknown method.
        const wanted = what === 'a lone surrogate' ? [400, 200] : [400];
        checks.expect(wanted.includes(answer.status), `${what} was answered ${answer.status} ${text.slice(0, 100)}`);
        checks.expect(/-32(700|600|601)/.test(text) && !/\bat [a-z.]+\(|Exception/.test(text), `${what} was told ${text.slice(0, 120)}`);
        took.push(answer.took ?? Infinity);
    }
    return times(took);
}

/** With a length, and in chunks that say none. */
async function tooLarge(checks, { port }) {
    const size = 4 * 1024 * 1024 + 1;
    const heads = [`Content-Length: ${size}\r\n\r\n`, `Transfer-Encoding: chunked\r\n\r\n${size.toString(16)}\r\n`];
    for (const path of ['/events/large', '/mcp', '/messages?sessionId=x']) {
        for (const head of heads) {
            const begin = `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream\r\n${head}`;
            const { text, closed } = await sendBytes(port, Buffer.concat([Buffer.from(begin), Buffer.alloc(size, 'x')]), { patience: 10_000 });
            checks.expect(statusOf(text) === 413 || (text === '' && closed), `a body too large for ${path}: ${statusOf(text)}`);
            checks.expect(closed, `after a body too large for ${path} the connection stayed open`);
        }
    }
}

const installed = () => spawnSync('slowhttptest', ['-h']).error === undefined;

/** The tool everybody has: slow heads, slow bodies, slow reads. */
async function slowhttptest(url, seconds) {
    const ways = [['-H', '-i', '5'], ['-B', '-i', '5', '-s', '8192'], ['-X', '-w', '10', '-y', '20', '-n', '5', '-z', '32']];
    const said = [];
    for (const way of ways) {
        const target = way[0] === '-B' ? `${url}/events/slow` : `${url}/dashboard`;
        const command = [...way, '-c', MANY, '-r', '500', '-l', seconds, '-u', target, '-t', way[0] === '-B' ? 'POST' : 'GET', '-p', '3'];
        const child = spawn('slowhttptest', command.map(String), { stdio: ['ignore', 'pipe', 'ignore'] });
        let text = '';
        child.stdout.on('data', (chunk) => (text += chunk));
        await new Promise((resolve) => child.on('close', resolve));
        const last = text.replace(/\u001b\[[0-9;]*m/g, '').split('service available:').at(-1) ?? '';
        said.push(`${way[0]} service ${/YES/.test(last) ? 'available' : 'NOT available'}`);
    }
    return said;
}

const descriptors = ({ pid }) => readdirSync(`/proc/${pid}/fd`).length;

export async function run({ lab, long, say }) {
    const checks = new Checks();
    const parts = new Parts(lab);
    try {
        const options = ['--heartbeat-interval', '1s', '--connection-timeout', `${LIMIT}ms`, '--max-body', '4MiB'];
        const gateway = await parts.gateway('beset', { options });
        const { url, port } = gateway;
        const calm = await Promise.all([1, 2, 3].map(() => new Reader(`${url}/events/calm`).opened));
        await pause(1500);
        const before = descriptors(gateway);
        say('slow heads');
        const heads = await trickle(port, 'GET /events/x HTTP/1.1\r\nHost: localhost\r\nX-A: ', 'a', LIMIT + 10_000);
        const worstHead = times(heads.ages).worst;
        checks.expect(worstHead <= LIMIT + 3000, `a slow head was borne with for ${ms(worstHead)}`);
        say('slow bodies');
        const beginning = 'POST /events/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10000\r\n\r\n';
        const bodies = await trickle(port, beginning, 'a', BODY_LIMIT + 15_000);
        const worstBody = times(bodies.ages).worst;
        checks.expect(worstBody <= BODY_LIMIT + 3000, `a slow body was borne with for ${ms(worstBody)}`);
        checks.expect(bodies.answers.every((status) => status === 408), `slow bodies were answered ${[...new Set(bodies.answers)]}`);
        say('readers that do not read');
        const flood = 'x'.repeat(128 * 1024);
        const stalled = await starers(port, () => ask(url, { path: '/events/flood', body: flood }), LIMIT);
        const gone = async () => (await count(url, /reason="(?:stalled|peer_lost)"[^}]*\} ([\d.]+)/g)) >= MANY;
        const staredAt = now();
        await until(gone, 'all starers given up', LIMIT * 3).catch(() => {});
        const worstStare = now() - staredAt;
        checks.expect(worstStare <= LIMIT + 5000, `a reader that does not read was borne with for ${ms(worstStare)}`);
        stalled.leave();
        say('large bodies and bombs');
        await tooLarge(checks, gateway);
        const bombed = await throwBombs(checks, url);
        checks.expect(bombed.p50 < 100, `a bomb was answered after ${ms(bombed.p50)} in the middle of them`);
        let tool = 'slowhttptest is not installed, ours alone';
        if (installed()) {
            say('slowhttptest');
            const said = await slowhttptest(url, long ? 60 : 12);
            checks.expect(said.every((word) => !/NOT/.test(word)), said.join(', '));
            tool = `slowhttptest ${said.join(', ')}`;
        }
        await until(() => descriptors(gateway) <= before + 20, 'descriptors back', 60_000).catch(() => {});
        checks.expect(descriptors(gateway) <= before + 20, `${descriptors(gateway)} descriptors, ${before} before`);
        const gaps = calm.flatMap(({ comments }) => comments.slice(1).map(({ at }, i) => at - comments[i].at));
        const silence = times(gaps);
        checks.expect(silence.worst <= 3000, `others heard no heartbeat for ${ms(silence.worst)}`);
        checks.expect(calm.every(({ closed }) => closed === null), 'an existing stream was ended');
        checks.expect(gateway.running && !/OutOfMemory/.test(readFileSync(gateway.log, 'utf8')), 'it ran out of memory');
        const closed = `heads ≤ ${ms(worstHead)}, bodies ≤ ${ms(worstBody)} (408), readers ≤ ${ms(worstStare)}`;
        return checks.outcome(`${MANY} each: ${closed}; ${tool}; 413 six times; ${bombed.count} bombs refused, p50 ${ms(bombed.p50)} worst ${ms(bombed.worst)}; heartbeats of 1 s at most ${ms(silence.worst)} apart; -Xmx256m, no OOM, ${descriptors(gateway)} descriptors of ${before} before`);
    } finally {
        await parts.close();
    }
}
