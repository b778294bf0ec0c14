// Redis is stopped and started with all it had, once politely and once with -9, while everybody publishes and listens.

import { setTimeout as pause } from 'node:timers/promises';
import { until } from '../../lab/lab.mjs';
import { insist, publish } from '../channel.mjs';
import { Checks, ms, times } from '../checks.mjs';
import { Follower } from '../follower.mjs';
import { Session } from '../mcp.mjs';

export const scenario = {
    number: 8,
    stars: 4,
    title: 'Redis restart, AOF intact, writes in flight',
    expected: 'writes held or refused, never acked and lost; resumes with no gap; < 5 s',
};

const CHANNELS = 4;
const LIMIT = 5000;
const AWAY = 1500;

/** Insists on its numbers one after the other; each is acknowledged once, whatever it took. */
class Insisting {
    acks = [];
    stopped = false;

    constructor(base, channel) {
        Object.assign(this, { base, channel });
        this.done = this.#go();
    }

    async #go() {
        while (!this.stopped) {
            const data = String(this.acks.length + 1);
            const { id, tries } = await insist(this.base, this.channel, data);
            this.acks.push({ data, id, tries, at: performance.now() });
            await pause(10);
        }
    }
}

/** Sends each number once and never again: what is refused need not be there, what is acknowledged must. */
class Careless {
    kept = [];
    refused = 0;
    stopped = false;

    constructor(base, channel) {
        Object.assign(this, { base, channel });
        this.done = this.#go();
    }

    async #go() {
        for (let n = 1; !this.stopped; n++) {
            const { status } = await publish(this.base, this.channel, String(n)).catch(() => ({}));
            if (status === 202) {
                this.kept.push(String(n));
            } else {
                this.refused++;
            }
            await pause(10);
        }
    }
}

async function restart(store, signal) {
    await store.stop(signal);
    await pause(AWAY);
    await store.start();
    return performance.now();
}

/** From Redis being there again until the first is kept and until every reader hears. */
async function back(up, writers, readers) {
    const kept = () => writers.every(({ acks }) => acks.at(-1)?.at > up);
    const heard = () => readers.every(({ heard: all }) => all.at(-1)?.at > up);
    await until(() => kept() && heard(), 'everybody back', 30_000);
    return performance.now() - up;
}

function judge(checks, writer, reader) {
    const heard = reader.events.map(({ data }) => data);
    const wanted = (writer.acks?.map(({ data }) => data) ?? writer.kept);
    const missing = wanted.filter((data) => !heard.includes(data));
    checks.expect(missing.length === 0, `${writer.channel}: kept and lost: ${missing.slice(0, 5)}`);
    checks.expect(new Set(heard).size === heard.length, `${writer.channel}: something came twice`);
    const rises = heard.every((data, i) => i === 0 || Number(data) > Number(heard[i - 1]));
    checks.expect(rises, `${writer.channel}: out of order`);
    checks.expect(reader.gaps.length === 0, `${writer.channel}: ${reader.gaps.length} gaps: ${reader.gaps[0]?.data}`);
}

export async function run({ lab, say }) {
    const checks = new Checks();
    const upstream = await lab.upstream();
    const { redis: store, nodes, url } = await lab.cluster(3, ['--upstream', `${upstream.url}/mcp`]);
    const names = Array.from({ length: CHANNELS }, (_, i) => `c${i}`);
    const readers = names.map((name, i) => Follower.ofChannel(nodes[i % 3].url, name).start());
    const listening = Follower.ofChannel(nodes[0].url, 'careless').start();
    await until(() => [...readers, listening].every(({ heard }) => heard.length > 0), 'readers');
    const session = await new Session(url).open();
    const writers = names.map((name, i) => new Insisting(nodes[(i + 1) % 3].url, name));
    const careless = new Careless(url, 'careless');
    await pause(1500);
    const took = [];
    for (const signal of ['SIGTERM', 'SIGKILL']) {
        const resumed = readers[0].lastId;
        took.push(await back(await restart(store, signal), writers, readers));
        say(`back ${ms(took.at(-1))} after Redis was there again`);
        const late = Follower.ofChannel(nodes[2].url, names[0], { lastId: resumed }).start();
        await until(() => late.events.length > 3, 'who comes back afterwards');
        const next = Number(late.events[0].data);
        const before = readers[0].events.find(({ id }) => id === resumed);
        checks.expect(late.gaps.length === 0 && next === Number(before.data) + 1, `coming back after ${before.data}: ${next}`);
        await late.stop();
        await pause(1000);
    }
    [...writers, careless].forEach((writer) => (writer.stopped = true));
    await Promise.all([...writers, careless].map(({ done }) => done));
    await pause(1000);
    writers.forEach((writer, i) => judge(checks, writer, readers[i]));
    judge(checks, careless, listening);
    const echo = await session.call('echo', { message: 'still there' });
    checks.expect(echo.status === 200 && echo.body.includes('still there'), `the session: ${echo.status}`);
    const { worst } = times(took);
    checks.expect(worst < LIMIT, `back only after ${ms(worst)}`);
    await Promise.all([...readers, listening].map((reader) => reader.stop()));
    const acks = writers.flatMap((writer) => writer.acks);
    const retried = acks.filter(({ tries }) => tries > 1).length;
    const count = acks.length + careless.kept.length;
    return checks.outcome(
        `2 restarts: ${count} acknowledged, all heard once; ${retried + careless.refused} refused meanwhile; no gap; everybody back after ${took.map(ms).join(' and ')}`,
        worst,
    );
}
