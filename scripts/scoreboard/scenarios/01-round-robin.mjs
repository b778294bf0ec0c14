// Sessions whose every request lands on the next node, beside sessions that stay with one.

import http from 'node:http';
import { open } from '../../lab/http.mjs';
import { accepting } from '../../lab/mcp.mjs';
import { Checks, ms, times } from '../checks.mjs';
import { haproxy } from '../front.mjs';
import { ask, Session } from '../mcp.mjs';

export const scenario = {
    number: 1,
    stars: 5,
    title: 'POST, GET, DELETE of one session round-robined over 3 nodes, no stickiness, 10⁴ requests',
    expected: '0 × 404/400; p99 within 20 % of one node',
};

const REQUESTS = 10_000;
const CALLS = 300;
const CALLS_A_LOOK = 30;
const AT_ONCE = 4;
// A node of three sees a third of the requests, so that its code is compiled three times as late: 12,000 each.
const WARM_UP = 30;
const SLACK = 1.2;

/** Opens the session's stream, waits for its head, and leaves. */
async function look(session) {
    const begin = performance.now();
    const response = await open(`${session.base}/mcp`, { headers: { ...session.headers, accept: 'text/event-stream' } });
    response.destroy();
    return { status: response.statusCode, took: performance.now() - begin };
}

/** One life of a session; each of its exchanges. */
async function live(base, agent) {
    const session = await new Session(base, { agent }).open();
    const seen = [];
    for (let i = 0; i < CALLS; i++) {
        const answer = i % 2 === 0 ? await session.call('echo', { message: `m${i}` }) : await session.request('ping');
        seen.push({ ...answer, node: answer.headers['lifeline-node'], isPost: true });
        if (i % CALLS_A_LOOK === 0) {
            seen.push(await look(session));
        }
    }
    seen.push(await session.close());
    const after = await ask(base, { headers: { ...accepting, 'mcp-session-id': session.id }, agent, body: { jsonrpc: '2.0', id: 1, method: 'ping' } });
    return { seen, after };
}

class Side {
    posts = [];
    statuses = new Map();
    requests = 0;
    cut = [];
    nodes = new Set();
    after = new Set();

    constructor(front) {
        this.front = front;
        this.agent = new http.Agent({ keepAlive: true, maxSockets: AT_ONCE });
    }

    /** As many lives as go at once. */
    async block(counts) {
        const worker = async () => {
            const { seen, after } = await live(this.front.url, this.agent).catch((error) => {
                this.cut.push(error.message);
                return { seen: [], after: {} };
            });
            if (counts && seen.length > 0) {
                this.#take(seen, after);
            }
        };
        await Promise.all(Array.from({ length: AT_ONCE }, worker));
    }

    #take(seen, after) {
        // Opening a session is two more.
        this.requests += seen.length + 2;
        seen.forEach(({ status, node }) => {
            this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
            this.nodes.add(node);
        });
        this.after.add(after.status);
        this.posts.push(...seen.filter(({ isPost }) => isPost).map(({ took }) => took));
    }
}

export async function run({ lab, say }) {
    const checks = new Checks();
    const upstream = await lab.upstream();
    const { nodes } = await lab.cluster(3, ['--upstream', `${upstream.url}/mcp`]);
    const all = new Side(await haproxy(lab, nodes, 60_000));
    const one = new Side(await haproxy(lab, nodes.slice(0, 1), 60_000));
    for (let i = 0; i < WARM_UP; i++) {
        await all.block(false);
    }
    await one.block(false);
    say('warm');
    // In turn, so that both see the same machine.
    while (all.requests < REQUESTS) {
        await one.block(true);
        await all.block(true);
    }
    for (const [name, side] of Object.entries({ 'three nodes': all, 'one node': one })) {
        const odd = [...side.statuses].filter(([status]) => ![200, 202, 204].includes(status));
        checks.expect(odd.length === 0, `${name}: ${odd.map(([status, count]) => `${count} × ${status}`)}`);
        checks.expect(side.cut.length === 0, `${name}: ${side.cut.length} were cut, by ${side.cut[0]}`);
        checks.expect([...side.after].join() === '404', `${name}: after DELETE ${[...side.after]}`);
    }
    const visited = [...all.nodes].filter(Boolean).length;
    checks.expect(visited === 3, `only ${visited} nodes were asked`);
    const [three, single] = [times(all.posts), times(one.posts)];
    const ratio = three.p99 / single.p99;
    checks.expect(ratio <= SLACK, `p99 is ${ratio.toFixed(2)} times that of one node`);
    return checks.outcome(
        `${all.requests} requests over 3 nodes, 0 × 404/400; p50 ${ms(three.p50)}, p99 ${ms(three.p99)}; on one node p50 ${ms(single.p50)}, p99 ${ms(single.p99)}: ${ratio.toFixed(2)} times`,
    );
}
