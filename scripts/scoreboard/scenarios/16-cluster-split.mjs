// The nodes cannot see each other, but all see Redis: both ways, then one way only, each time healed.

import { setTimeout as pause } from 'node:timers/promises';
import { Checks, ms, times } from '../checks.mjs';
import { ask } from '../mcp.mjs';
import { joined, Network, Parts } from '../places.mjs';
import { Reader } from '../raw.mjs';
import { Talk } from '../talk.mjs';
import { Upstream } from '../upstream.mjs';
import { answers } from '../../lab/lab.mjs';

export const scenario = {
    number: 16,
    stars: 3,
    title: 'Hazelcast split 1|2, one-way too, 60 s, heal',
    expected: 'delivery goes on through Redis polling; no dup after the merge; no node stuck',
    also: 'UnrelayedTest, RelayedTest',
};

const CHANNEL = '/events/split';
const BEAT = 1000;
const now = () => performance.now();

/** Publishes to the nodes in turn; knows how long each event took to each reader. */
class Traffic {
    #sent = new Map();
    refused = 0;

    constructor(nodes) {
        this.nodes = nodes;
    }

    async open() {
        this.readers = await Promise.all(this.nodes.map(({ url }) => new Reader(url + CHANNEL).opened));
        this.#timer = setInterval(() => this.#publish(), 200);
    }

    #timer;

    async #publish() {
        const n = this.#sent.size + 1;
        this.#sent.set(n, now());
        const node = this.nodes[n % this.nodes.length];
        const headers = { 'idempotency-key': `n${n}` };
        const { status } = await ask(node.url, { path: CHANNEL, headers, body: String(n) }).catch(() => ({ status: 0 }));
        this.refused += status === 202 ? 0 : 1;
    }

    get count() {
        return this.#sent.size;
    }

    stop() {
        clearInterval(this.#timer);
    }

    /** How long events of a stretch of time took, to all readers. */
    delays(from, to) {
        return this.readers.flatMap((reader) =>
            told(reader).map(({ data, at }) => [this.#sent.get(Number(data)), at]).filter(([sent]) => sent >= from && sent < to).map(([sent, at]) => at - sent),
        );
    }
}

const told = (reader) => reader.events.filter(({ data }) => data !== undefined);

/** Calls by one node whose answers and notifications have to come by another. */
async function calls(checks, talk, upstream, nodes, over) {
    let made = 0;
    while (!over()) {
        const id = ++made;
        const { answer } = await talk.run('work', { secret: `call ${id}`, delay: 50 }, { id, base: nodes[id % nodes.length].url });
        checks.expect(answer?.result, `call ${id} by ${nodes[id % nodes.length].name} got ${JSON.stringify(answer)}`);
        checks.expect(upstream.runsOf(`call ${id}`).length === 1, `call ${id} was run ${upstream.runsOf(`call ${id}`).length} times`);
        await pause(300);
    }
    return made;
}

export async function run({ lab, long, say }) {
    const missing = Network.missing();
    if (missing) {
        return { skipped: missing };
    }
    const split = long ? 60_000 : 10_000;
    const checks = new Checks();
    const network = new Network('n1', 'n2', 'n3');
    const parts = new Parts(lab);
    const upstream = await new Upstream().listen(network.address);
    try {
        const redis = await parts.redis({ host: network.address });
        const options = ['--heartbeat-interval', `${BEAT}ms`, '--upstream', `${upstream.url}/mcp`];
        const names = ['n1', 'n2', 'n3'];
        const nodes = await Promise.all(names.map((name) => parts.gateway(name, { place: network[name], redis, options })));
        await joined(nodes);
        const talk = await new Talk(nodes[0].url, { name: 'split' }).open();
        const standing = await talk.listen().opened;
        const traffic = new Traffic(nodes);
        await traffic.open();
        let over = false;
        const calling = calls(checks, talk, upstream, nodes, () => over);
        await pause(3000);
        const others = [network.n2.address, network.n3.address];
        const marks = [['together', now() - 3000, now()]];
        const during = async (name, cut) => {
            say(name);
            const from = now();
            cut();
            await pause(split);
            network.n1.heal();
            const healed = now();
            marks.push([name, from, healed]);
            // Long enough for everybody to have met again.
            await pause(long ? 30_000 : 12_000);
            marks.push([`after ${name}`, now() - 2000, now()]);
        };
        await during('split', () => network.n1.cut(others));
        await during('one way', () => network.n1.cut(others, { incoming: false }));
        over = true;
        const made = await calling;
        traffic.stop();
        await pause(BEAT * 2);
        traffic.readers.forEach((reader, i) => {
            const got = told(reader).map(({ data }) => Number(data));
            const places = new Set(got);
            checks.expect(got.length === places.size, `${nodes[i].name}'s reader got ${got.length - places.size} twice`);
            checks.expect(places.size === traffic.count, `${nodes[i].name}'s reader got ${places.size} of ${traffic.count}`);
            checks.expect(reader.closed === null, `${nodes[i].name}'s reader was ended`);
        });
        const orders = new Set(traffic.readers.map((reader) => told(reader).map(({ data }) => data).join()));
        checks.expect(orders.size === 1, 'the readers saw different orders');
        checks.expect(traffic.refused === 0, `${traffic.refused} publishes were refused`);
        checks.expect(standing.closed === null, "the session's stream was ended");
        for (const node of nodes) {
            checks.expect(await answers(`${node.url}/health/ready`), `${node.name} is not ready`);
        }
        const figures = marks.map(([name, from, to]) => {
            const { p50, worst } = times(traffic.delays(from, to));
            const most = name.startsWith('after') ? 2000 : 3 * BEAT + 2000;
            checks.expect(worst < most, `${name}: an event took ${ms(worst)}`);
            return `${name} p50 ${ms(p50)} worst ${ms(worst)}`;
        });
        return checks.outcome(`${traffic.count} events to 3 readers, 0 lost, 0 twice; ${made} calls by all nodes, each run and answered once; delays: ${figures.join(', ')}`);
    } finally {
        await parts.close();
        await upstream.close();
        network.close();
    }
}
