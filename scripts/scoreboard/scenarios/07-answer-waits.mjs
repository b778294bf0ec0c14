// The connection of a call dies after the tool ran and before its answer came: the client's, the upstream's, the whole node.

import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { until } from '../../lab/lab.mjs';
import { frames } from '../../lab/lines.mjs';
import { accepting } from '../../lab/mcp.mjs';
import { Caller } from '../caller.mjs';
import { Checks, ms } from '../checks.mjs';
import { Session } from '../mcp.mjs';

export const scenario = {
    number: 7,
    stars: 4,
    title: 'Connection dies after the tool ran, before the answer',
    expected: 'executed once (I11); the answer waits in the buffer and is replayed; never a re-sent `tools/call`',
    also: 'official clients over a kill: [resume.mjs](../scripts/foreign/resume.mjs)',
};

const DELAY = 3000;
const LINGER = 700;

const books = async ({ url }) => (await fetch(`${url}/book`)).json();

/** Posts a call and cuts the connection when it has told from where to come back. */
async function callAndLeave(session, base, secret, path_ = '/mcp') {
    const leave = new AbortController();
    const body = { jsonrpc: '2.0', id: secret, method: 'tools/call', params: { name: 'work', arguments: { secret, delay: DELAY } } };
    const options = { method: 'POST', headers: session.headers, body: JSON.stringify(body), signal: leave.signal };
    const response = await fetch(base + path_, options);
    let id;
    for await (const frame of frames(response.body)) {
        id = frame.id ?? id;
        if (id) {
            break;
        }
    }
    leave.abort();
    return id;
}

/** All that a stream says from there to its end. */
async function rest(session, base, lastId, path_ = '/mcp') {
    const headers = { ...session.headers, accept: 'text/event-stream', 'last-event-id': lastId };
    const response = await fetch(base + path_, { headers, signal: AbortSignal.timeout(15_000) });
    const heard = [];
    if (response.status === 200) {
        for await (const { data } of frames(response.body)) {
            heard.push(...(data ? [JSON.parse(data)] : []));
        }
    }
    return { status: response.status, heard };
}

const answersOf = ({ heard }, secret) => heard.filter(({ id }) => id === secret);

async function clientGone(checks, nodes, upstreamName) {
    const session = await new Session(nodes[0].url, { path: `${upstreamName}/mcp` }).open();
    const secret = randomUUID();
    const lastId = await callAndLeave(session, nodes[0].url, secret, session.path);
    await pause(DELAY + 700);
    const began = performance.now();
    const replay = await rest(session, nodes[1].url, lastId, session.path);
    const took = performance.now() - began;
    const answers = answersOf(replay, secret);
    checks.expect(answers.length === 1, `client gone: ${answers.length} answers on the other node, status ${replay.status}`);
    checks.expect(answers[0]?.result?.content[0].text.includes(secret), `client gone: the answer is ${JSON.stringify(answers[0])}`);
    await session.close();
    return { secret, took };
}

/** The official client, whose response body breaks in the middle; it has to notice nothing. */
async function officialGone(checks, url) {
    let broken = false;
    const breaking = async (input, init) => {
        const response = await fetch(input, init);
        const isCall = init?.method === 'POST' && String(init.body).includes('tools/call');
        if (!isCall || broken || !/event-stream/.test(response.headers.get('content-type') ?? '')) {
            return response;
        }
        broken = true;
        const reader = response.body.getReader();
        let reads = 0;
        const body = new ReadableStream({
            async pull(controller) {
                const { value } = await reader.read();
                controller.enqueue(value);
                if (++reads === 1) {
                    await pause(300);
                    await reader.cancel();
                    controller.error(new Error('cut by the scenario'));
                }
            },
        });
        return new Response(body, { status: 200, headers: response.headers });
    };
    const client = new Client({ name: 'official', version: '1' });
    await client.connect(new StreamableHTTPClientTransport(new URL(`${url}/mcp`), { fetch: breaking }));
    const secret = randomUUID();
    const result = await client
        .callTool({ name: 'work', arguments: { secret, delay: DELAY } })
        .catch((error) => ({ content: [{ text: error.message }] }));
    checks.expect(broken, 'the answer of the official client never was a stream');
    checks.expect(result.content[0].text.includes(secret), `TypeScript SDK: ${result.content[0].text}`);
    await client.close();
    return secret;
}

/** The connection upstream is cut when the tool has run: nobody can say more than that it may have. */
async function upstreamGone(checks, url) {
    const session = await new Session(url).open();
    const secret = randomUUID();
    const { error } = await new Caller(session).ask('tools/call', { name: 'work', arguments: { secret, delay: 300, cut: true } });
    checks.expect(error?.code === -32011, `upstream gone: ${JSON.stringify(error)}`);
    await session.close();
    return secret;
}

/** The node that asked dies; from an upstream that keeps its answers, another fetches it. */
async function nodeGone(checks, nodes, upstreamName, keeper, accepts) {
    const session = await new Session(nodes[2].url, { path: `${upstreamName}/mcp` }).open();
    const secret = randomUUID();
    const lastId = await callAndLeave(session, nodes[2].url, secret, session.path);
    // The tool runs, and the node has had a moment to note under which name the answer can be asked for.
    await until(async () => (await books(keeper)).executed[secret] === 1, 'the tool runs');
    await pause(LINGER);
    const killed = performance.now();
    await nodes[2].kill();
    const replay = await rest(session, nodes[0].url, lastId, session.path);
    const took = performance.now() - killed;
    const answers = answersOf(replay, secret);
    checks.expect(answers.length === 1 && accepts(answers[0], secret), `node gone${upstreamName}: ${JSON.stringify(replay)}`);
    await nodes[2].start();
    return { secret, took };
}

/** The old transport: the stream is gone, its successor on another node brings the answer. */
async function legacyGone(checks, nodes) {
    const leave = new AbortController();
    const stream = await fetch(`${nodes[0].url}/sse`, { signal: leave.signal });
    const secret = randomUUID();
    const body = { jsonrpc: '2.0', id: secret, method: 'tools/call', params: { name: 'work', arguments: { secret, delay: DELAY } } };
    let lastId;
    for await (const frame of frames(stream.body)) {
        lastId = frame.id ?? lastId;
        if (frame.event === 'endpoint') {
            await fetch(nodes[1].url + frame.data, { method: 'POST', headers: accepting, body: JSON.stringify(body) });
            break;
        }
    }
    leave.abort();
    await pause(DELAY + 700);
    const response = await fetch(`${nodes[1].url}/sse`, { headers: { 'last-event-id': lastId }, signal: AbortSignal.timeout(10_000) });
    let answer;
    for await (const { data, event } of frames(response.body)) {
        answer = event === 'message' && JSON.parse(data).id === secret ? JSON.parse(data) : answer;
        if (answer) {
            break;
        }
    }
    checks.expect(answer?.result?.content[0].text.includes(secret), `old transport: ${JSON.stringify(answer)}`);
    return secret;
}

export async function run({ lab, say }) {
    const checks = new Checks();
    const keeper = (name, ...options) =>
        lab.script(name, '../scoreboard/bookkeeper.mjs', '--book', path.join(lab.folder, `${name}-book`), ...options);
    const [plain, resumable] = [await keeper('plain'), await keeper('resumable', '--resumable')];
    const upstreams = `${plain.url}/mcp,resumable=${resumable.url}/mcp`;
    const { nodes, url } = await lab.cluster(3, ['--upstream', upstreams]);
    const gone = await clientGone(checks, nodes, '');
    const secrets = [gone.secret, await officialGone(checks, url), await upstreamGone(checks, url), await legacyGone(checks, nodes)];
    say('now the node itself');
    const isError = ({ error }) => error?.code === -32011;
    const isAnswer = ({ result }, secret) => result?.content[0].text.includes(secret);
    const lost = await nodeGone(checks, nodes, '', plain, isError);
    const fetched = await nodeGone(checks, nodes, '/resumable', resumable, isAnswer);
    secrets.push(lost.secret);
    const all = await Promise.all([plain, resumable].map(books));
    for (const secret of [...secrets, fetched.secret]) {
        const runs = (all[0].executed[secret] ?? 0) + (all[1].executed[secret] ?? 0);
        checks.expect(runs === 1, `a call was carried out ${runs} times`);
    }
    return checks.outcome(
        `6 ways to lose it, each call executed once; a waiting answer replayed in ${ms(gone.took)}; its node killed: error -32011 after ${ms(lost.took)}, or fetched from a resumable upstream after ${ms(fetched.took)}`,
        Math.max(lost.took, fetched.took),
    );
}
