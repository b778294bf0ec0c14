// A client names a session that never was, has expired, or was lost with the store.

import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { accepting, inSession } from '../../lab/mcp.mjs';
import { newClient } from '../../foreign/clients/ts1.mjs';
import { Checks, ms, times } from '../checks.mjs';
import { redis } from '../command.mjs';
import { ask, Session } from '../mcp.mjs';

export const scenario = {
    number: 5,
    stars: 5,
    title: 'Unknown, expired or lost session id',
    expected: '404 + JSON-RPC error within 50 ms, never 400/500 or hang; client re-initialises',
};

const LIMIT = 50;
const WARM_UP = 10;
const ping = { jsonrpc: '2.0', id: 7, method: 'ping' };

/** Every way to name a session, on both transports. */
function ways(id) {
    const named = { ...accepting, ...inSession(id) };
    const query = encodeURIComponent(id);
    return [
        { method: 'POST', headers: named, body: ping },
        { method: 'POST', headers: named, body: { jsonrpc: '2.0', method: 'notifications/cancelled', params: {} } },
        { method: 'GET', headers: { ...named, accept: 'text/event-stream' } },
        { method: 'DELETE', headers: named },
        { method: 'POST', path: `/messages?sessionId=${query}`, headers: accepting, body: ping },
        { method: 'POST', path: `/message?session_id=${query}`, headers: accepting, body: ping },
        { method: 'GET', path: `/sse?sessionId=${query}`, headers: { accept: 'text/event-stream' } },
    ];
}

const isRpcError = (body) => {
    try {
        const { jsonrpc, error } = JSON.parse(body);
        return jsonrpc === '2.0' && Number.isInteger(error.code) && error.message.length > 0;
    } catch {
        return false;
    }
};

async function knock(checks, url, what, id) {
    const took = [];
    for (const way of ways(id)) {
        const said = `${what}: ${way.method} ${way.path?.split('?')[0] ?? '/mcp'}`;
        const answer = await ask(url, way).catch((error) => ({ status: error.message, body: '' }));
        checks.expect(answer.status === 404, `${said} was answered ${answer.status}`);
        checks.expect(isRpcError(answer.body), `${said} got no JSON-RPC error but ${answer.body.slice(0, 80)}`);
        took.push(answer.took ?? Infinity);
    }
    return took;
}

/** The official client: an error at once, and a session again by connecting. */
async function official(checks, url, lose) {
    const connect = async () => {
        const client = newClient('streamable', new URL(`${url}/mcp`), () => {});
        await client.connect();
        return client;
    };
    const client = await connect();
    await lose();
    const begin = performance.now();
    const outcome = await client.callTool('echo', { message: 'x' }).then(
        () => 'an answer',
        (error) => `${error.code} ${error.message}`,
    );
    const took = performance.now() - begin;
    checks.expect(/404|not found/i.test(outcome), `the TypeScript client was told ${outcome}`);
    await client.close().catch(() => {});
    const again = await connect();
    const echo = await again.callTool('echo', { message: 'again' });
    checks.expect(echo.content[0].text.includes('again'), 'the TypeScript client cannot begin again');
    await again.close();
    return took;
}

export async function run({ lab, say }) {
    const checks = new Checks();
    const upstream = await lab.upstream();
    const retention = ['--session-retention', '2s'];
    const { nodes, url, redis: store } = await lab.cluster(3, ['--upstream', `${upstream.url}/mcp`, ...retention]);
    for (const node of nodes) {
        await (await new Session(node.url).open()).close();
        for (let i = 0; i < WARM_UP; i++) {
            await knock(new Checks(), node.url, 'before it counts', 'warm-up');
        }
    }
    const all = [];
    const everywhere = async (what, id) => {
        for (const node of nodes) {
            all.push(...(await knock(checks, node.url, what, id)));
        }
    };
    await everywhere('unknown', randomBytes(18).toString('base64url'));
    await everywhere('malformed', 'no/such session?');
    await everywhere('of 4 KiB', 'x'.repeat(4096));
    const ended = await new Session(url).open();
    await ended.close();
    await everywhere('ended', ended.id);
    const left = await new Session(url).open();
    await pause(4000);
    await everywhere('expired', left.id);
    const lost = await new Session(url).open();
    await redis(store, 'FLUSHALL');
    await everywhere('lost', lost.id);
    say('all were told; now the official client');
    const again = await new Session(url).open();
    const echo = await again.call('echo', { message: 'again' });
    checks.expect(echo.status === 200 && echo.body.includes('again'), `who begins again gets ${echo.status}`);
    const noticed = await official(checks, url, () => redis(store, 'FLUSHALL'));
    const { count, p50, worst } = times(all);
    checks.expect(worst <= LIMIT, `the slowest answer took ${ms(worst)}`);
    const rest = `p50 ${ms(p50)}, slowest ${ms(worst)}; TypeScript SDK told after ${ms(noticed)}, new session at once`;
    return checks.outcome(`${count} requests, all 404; ${rest}`, noticed);
}
