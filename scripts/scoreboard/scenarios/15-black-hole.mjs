// A network that swallows the packets of a client and of its gateway and says nothing to either.

import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { Checks, ms } from '../checks.mjs';
import { ask } from '../mcp.mjs';
import { asAdmin, joined, Network, Parts } from '../places.mjs';
import { until } from '../../lab/lab.mjs';

export const scenario = {
    number: 15,
    stars: 3,
    title: 'Black hole client↔gateway (drop, no FIN)',
    expected: 'noticed ≤ 90 s both sides; then resume, no loss',
    also: 'BlackHoleTest, DeadPeerTest',
};

const CHANNEL = '/events/hole';
const now = () => performance.timeOrigin + performance.now();

const lines = (part) =>
    (existsSync(part.log) ? readFileSync(part.log, 'utf8') : '').split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));

/** When the gateway gave the peer up, by its own count. */
async function lost(nodes, limit) {
    const counts = async () => {
        const pages = await Promise.all(nodes.map(({ url }) => ask(url, { method: 'GET', path: '/metrics', headers: asAdmin })));
        return pages.some(({ body }) => /reason="(peer_lost|stalled)"[^}]*\} [1-9]/.test(body));
    };
    await until(counts, 'the peer lost', limit).catch(() => {});
    return now();
}

export async function run({ lab, long, say }) {
    const missing = Network.missing();
    if (missing) {
        return { skipped: missing };
    }
    const [beat, limit] = long ? [30_000, 90_000] : [1500, 4500];
    const checks = new Checks();
    const network = new Network('client', 'n1', 'n2');
    const parts = new Parts(lab);
    try {
        const redis = await parts.redis({ host: network.address });
        const options = ['--heartbeat-interval', `${beat}ms`, '--connection-timeout', `${limit}ms`];
        const start = (name) => parts.gateway(name, { place: network[name], redis, options });
        const nodes = await Promise.all(['n1', 'n2'].map(start));
        await joined(nodes);
        let published = 0;
        const publish = () => ask(nodes[1].url, { path: CHANNEL, body: `e${++published}` });
        const program = new URL('../visitor.mjs', import.meta.url).pathname;
        const url = nodes[0].url + CHANNEL;
        const command = network.client.inside(process.execPath, program, url, String(limit));
        const visitor = await parts.start('visitor', command, () => true);
        await until(() => lines(visitor).some(({ state }) => state === 'connected'), 'the visitor connected');
        const heard = () => lines(visitor).filter(({ what }) => what === 'event').map(({ data }) => data);
        await publish();
        await until(() => heard().length === 1, 'the first event');
        const cutAt = now();
        network.client.cut();
        say('the client is cut off');
        for (let i = 0; i < 5; i++) {
            await publish();
        }
        const gateway = (await lost(nodes, limit * 2)) - cutAt;
        const reconnecting = () => lines(visitor).find(({ at, state }) => at > cutAt && state === 'reconnecting');
        await until(reconnecting, 'the visitor notices', limit * 2).catch(() => {});
        const client = (reconnecting()?.at ?? Infinity) - cutAt;
        // The timers run from the last beat, and are looked at twice a beat.
        const most = limit + 2000;
        checks.expect(gateway <= most, `the gateway noticed after ${ms(gateway)}`);
        checks.expect(client <= most, `the client noticed after ${ms(client)}`);
        await publish();
        await pause(500);
        const healedAt = now();
        network.client.heal();
        await until(() => heard().length === published, 'everything', 30_000).catch(() => {});
        const recovery = (lines(visitor).find(({ at, what }) => at > healedAt && what === 'event')?.at ?? Infinity) - healedAt;
        const wanted = Array.from({ length: published }, (_, i) => `e${i + 1}`);
        checks.expect(heard().join() === wanted.join(), `of ${published} came ${heard().join()}`);
        checks.expect(!lines(visitor).some(({ what }) => what === 'gap'), 'a gap was told');
        const both = `gateway after ${ms(gateway)}, client after ${ms(client)} (limit ${ms(limit)})`;
        return checks.outcome(`noticed by the ${both}; back ${ms(recovery)} after the network, ${published - new Set(heard()).size} of ${published} lost`, recovery);
    } finally {
        await parts.close();
        network.close();
    }
}
