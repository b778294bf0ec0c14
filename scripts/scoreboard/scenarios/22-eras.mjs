// Clients of four revisions call a tool at the same gateway and leave in the middle. The old ones are waited for; to the
// new one leaving means that it does not want the answer any more.

import { setTimeout as pause } from 'node:timers/promises';
import { Checks, ms } from '../checks.mjs';
import { ask } from '../mcp.mjs';
import { Reader } from '../raw.mjs';
import { Talk } from '../talk.mjs';
import { Upstream } from '../upstream.mjs';
import { until } from '../../lab/lab.mjs';
import { accepting, hello } from '../../lab/mcp.mjs';

export const scenario = {
    number: 22,
    stars: 3,
    title: 'Era mix: 2024-11-05, 2025-06-18, 2025-11-25, 2026-07-28 on one gateway',
    expected: 'disconnect = keep (old) / cancel upstream < 1 s (new); GET, DELETE, Last-Event-ID handled per era',
    also: 'ModernTest, StreamableResumeTest, LegacyTest',
};

const DELAY = 3000;
const MODERN = '2026-07-28';

async function running(upstream, secret) {
    await until(() => upstream.runsOf(secret).length === 1, `${secret} at the upstream`, 20_000);
    return upstream.runsOf(secret)[0];
}

/** The oldest: its answer comes on the one stream it has, when it is back. */
async function oldest(checks, upstream, nodes) {
    const secret = 'left by 2024-11-05';
    const first = await new Reader(`${nodes[0].url}/sse`).opened;
    await until(() => first.events.length > 0, 'the endpoint');
    const endpoint = first.events[0].data;
    const send = (message, base) =>
        ask(base, { path: endpoint, headers: accepting, body: { jsonrpc: '2.0', ...message } });
    await send(hello('oldest', { revision: '2024-11-05' }), nodes[1].url);
    await send({ method: 'notifications/initialized' }, nodes[2].url);
    await send({ id: 1, method: 'tools/call', params: { name: 'work', arguments: { secret, delay: DELAY } } }, nodes[1].url);
    const run = await running(upstream, secret);
    const lastId = first.lastId;
    first.leave();
    await until(() => run.ended || run.left, 'the end of the call', 20_000);
    checks.expect(run.left === null, 'the call of 2024-11-05 was cancelled when its client left');
    const id = new URL(endpoint, nodes[0].url).searchParams.get('sessionId');
    const back = await new Reader(`${nodes[2].url}/sse?sessionId=${id}`, { headers: { 'last-event-id': lastId } }).opened;
    const answered = () => back.events.some(({ data }) => data.includes(secret));
    await until(answered, 'the answer for 2024-11-05', 15_000).catch(() => {});
    checks.expect(answered(), 'the answer for 2024-11-05 was not kept');
    back.leave();
}

/** Those with sessions on /mcp: the stream of the call is taken up again, on another node. */
async function withSession(checks, upstream, nodes, revision) {
    const secret = `left by ${revision}`;
    const talk = await new Talk(nodes[0].url, { name: revision, revision }).open();
    const call = await talk.begin('work', { secret, delay: DELAY, steps: 4 }, { meta: { progressToken: 1 } }).opened;
    const run = await running(upstream, secret);
    await until(() => call.lastId !== undefined, `an event for ${revision}`, 20_000);
    const lastId = call.lastId;
    call.leave();
    await until(() => run.ended || run.left, 'the end of the call', 20_000);
    checks.expect(run.left === null, `the call of ${revision} was cancelled when its client left`);
    const rest = await talk.listen({ base: nodes[1].url, lastId }).opened;
    const answered = () => rest.messages.some(({ id, result }) => id === 1 && result);
    await until(answered, `the answer for ${revision}`, 15_000).catch(() => {});
    checks.expect(answered(), `the answer for ${revision} was not kept: ${rest.status}`);
    const standing = await talk.listen({ base: nodes[2].url }).opened;
    checks.expect(standing.status === 200, `GET of ${revision} was answered ${standing.status}`);
    standing.leave();
    const ended = await talk.close(nodes[1].url);
    const after = await talk.post({ id: 9, method: 'ping' }, nodes[2].url);
    checks.expect(ended.status === 204 && after.status === 404, `DELETE of ${revision}: ${ended.status}, then ${after.status}`);
}

const _meta = {
    'io.modelcontextprotocol/protocolVersion': MODERN,
    'io.modelcontextprotocol/clientInfo': { name: 'modern', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': {},
};
const modernHeaders = { ...accepting, 'mcp-protocol-version': MODERN, 'mcp-method': 'tools/call', 'mcp-name': 'work' };

function modernCall(base, secret, delay, silent = false) {
    const params = { name: 'work', arguments: { secret, delay, silent }, _meta };
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params });
    return new Reader(`${base}/mcp`, { method: 'POST', headers: modernHeaders, body });
}

/** The newest: leaving cancels, and there is nothing to come back to. */
async function modern(checks, upstream, node) {
    const stays = modernCall(node.url, 'stays', 200);
    await until(() => stays.closed, 'the modern answer', 15_000);
    checks.expect(stays.messages.some(({ result }) => result), `a modern call that stays got ${stays.status}`);
    const took = [];
    for (const silent of [false, true]) {
        const secret = `left by 2026-07-28, ${silent ? 'before' : 'after'} the answer begins`;
        const leaves = modernCall(node.url, secret, 20_000, silent);
        const run = await running(upstream, secret);
        await (silent || leaves.opened);
        const leftAt = performance.now();
        leaves.leave();
        await until(() => run.left, 'the cancel at the upstream', 10_000).catch(() => {});
        took.push(run.left ? run.left - leftAt : Infinity);
        checks.expect(took.at(-1) < 1000, `${secret}: the upstream heard of it after ${ms(took.at(-1))}`);
    }
    for (const method of ['GET', 'DELETE']) {
        const headers = { ...accepting, 'mcp-protocol-version': MODERN, 'last-event-id': 'x' };
        const { status } = await ask(node.url, { method, headers });
        checks.expect(status === 405, `${method} of 2026-07-28 was answered ${status}`);
    }
    return Math.max(...took);
}

export async function run({ lab }) {
    const checks = new Checks();
    const upstream = await new Upstream().listen();
    try {
        const { nodes } = await lab.cluster(3, ['--upstream', `${upstream.url}/mcp`]);
        const [, , , took] = await Promise.all([
            oldest(checks, upstream, nodes),
            withSession(checks, upstream, nodes, '2025-06-18'),
            withSession(checks, upstream, nodes, '2025-11-25'),
            modern(checks, upstream, nodes[0]),
        ]);
        await pause(200);
        checks.expect(upstream.runs.length === 6, `${upstream.runs.length} runs of 6 calls`);
        return checks.outcome(`3 old clients left and found their answers on another node; the modern one's leaving cancelled ≤ ${ms(took)} after it, before and after its answer had begun`);
    } finally {
        await upstream.close();
    }
}
