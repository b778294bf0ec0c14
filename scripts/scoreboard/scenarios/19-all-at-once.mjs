// A thousand clients lose their connection in the same moment and come back in the same moment.

import { readFileSync } from 'node:fs';
import { Checks, ms, times } from '../checks.mjs';
import { ask } from '../mcp.mjs';
import { Reader } from '../raw.mjs';
import { until } from '../../lab/lab.mjs';
import { setTimeout as pause } from 'node:timers/promises';

export const scenario = {
    number: 19,
    stars: 3,
    title: '1,000 clients reconnect at once',
    expected: 'served < 10 s, no cascade, Redis < 80 % CPU',
    also: 'k6/storm.js',
};

const CLIENTS = 1000;
const MISSED = 20;
const CHANNEL = '/events/storm';
const now = () => performance.now();

/** What a process has used of the processor, in milliseconds. */
function used({ pid }) {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
}

const told = (reader) => reader.events.filter(({ data }) => data !== undefined);
const crowd = (make) => Promise.all(Array.from({ length: CLIENTS }, (_, i) => make(i)));

/** Comes back until it is taken, as a client does; says how often it had to. */
async function comeBack(url, lastId, counts) {
    for (let tries = 1; ; tries++) {
        const reader = await new Reader(url + CHANNEL, { headers: { 'last-event-id': lastId } }).opened;
        if (reader.status === 200) {
            return reader;
        }
        counts.refused++;
        await pause(500 + Math.random() * 500);
    }
}

export async function run({ lab, say }) {
    const checks = new Checks();
    const { nodes, url, redis } = await lab.cluster(3, ['--heartbeat-interval', '2s', '--connection-timeout', '30s']);
    const publish = (body) => ask(nodes[0].url, { path: CHANNEL, body });
    await publish('the first');
    // Others, who have nothing to do with it and must not notice.
    const calm = await Promise.all(nodes.map((node) => new Reader(`${node.url}/events/calm`).opened));
    const first = [];
    for (let i = 0; i < CLIENTS; i += 100) {
        first.push(...(await Promise.all(Array.from({ length: 100 }, () => new Reader(url + CHANNEL).opened))));
    }
    await until(() => first.every(({ lastId, status }) => status === 200 && lastId), 'all connected', 60_000);
    say(`${CLIENTS} are connected`);
    const lastId = first[0].lastId;
    first.forEach((reader) => reader.leave());
    for (let i = 1; i <= MISSED; i++) {
        await publish(`missed ${i}`);
    }
    await pause(1000);
    const [cpu, began] = [used(redis), now()];
    const counts = { refused: 0 };
    const back = await crowd(() => comeBack(url, lastId, counts));
    const whole = () => back.every((reader) => told(reader).length >= MISSED);
    await until(whole, 'all have what they missed', 60_000).catch(() => {});
    const took = now() - began;
    const share = (used(redis) - cpu) / took;
    const each = back.map((reader) => (told(reader)[MISSED - 1]?.at ?? Infinity) - began);
    await publish('after');
    await until(() => back.every((reader) => told(reader).at(-1)?.data === 'after'), 'the next event', 10_000).catch(() => {});
    const wanted = [...Array.from({ length: MISSED }, (_, i) => `missed ${i + 1}`), 'after'].join();
    const wrong = back.filter((reader) => told(reader).map(({ data }) => data).join() !== wanted).length;
    checks.expect(wrong === 0, `${wrong} got something else than what they missed`);
    checks.expect(times(each).worst < 10_000, `the last was served after ${ms(times(each).worst)}`);
    checks.expect(share < 0.8, `Redis used ${Math.round(share * 100)} % of a core`);
    checks.expect(calm.every(({ closed }) => closed === null), 'a connection of others was ended');
    const gaps = calm.flatMap(({ comments }) => comments.slice(1).map(({ at }, i) => at - comments[i].at));
    const silence = times(gaps).worst;
    checks.expect(silence < 4000, `others heard no heartbeat for ${ms(silence)}`);
    checks.expect(nodes.every(({ running }) => running) && back.every(({ closed }) => closed === null), 'a node or a connection fell');
    const { p50, worst } = times(each);
    back.forEach((reader) => reader.leave());
    return checks.outcome(`all with what they missed after p50 ${ms(p50)}, the last ${ms(worst)}; ${counts.refused} refused first; Redis ${Math.round(share * 100)} % of a core; others' heartbeats of 2 s at most ${ms(silence)} apart`, worst);
}
