// Readers come back from just inside and just outside of what is kept, by number and by age, each on another node.

import { setTimeout as pause } from 'node:timers/promises';
import { until } from '../../lab/lab.mjs';
import { publish, publishLines } from '../channel.mjs';
import { Checks, ms, times } from '../checks.mjs';
import { Follower } from '../follower.mjs';

export const scenario = {
    number: 10,
    stars: 4,
    title: 'Resume at 1, 999, 1000, 1001, 5000 messages behind; at 4:59 and 5:01 min',
    expected: "exact replay to the window's edge; beyond it an explicit gap, then live",
    also: 'the edges of both logs: `LogContract`',
};

const KEPT = 1000;
const BEHIND = [1, 999, 1000, 1001, 5000];

/** Comes back, waits for the live event after it, and says what lay between. */
async function comeBack(node, nodes, channel, lastId, live) {
    const begin = performance.now();
    const reader = Follower.ofChannel(node.url, channel, { lastId }).start();
    // Not before it has begun to read: what is published now takes the place of the oldest.
    await until(() => reader.heard.some(({ data }) => data), `a first word on ${channel}`);
    await publish(nodes[0].url, channel, live);
    await until(() => reader.events.some(({ data }) => data === live), `${live} on ${channel}`);
    await reader.stop();
    const first = reader.heard.find(({ data }) => data);
    const replayed = reader.events.filter(({ data }) => data !== live);
    return { gaps: reader.gaps, first, replayed: replayed.map(({ data }) => data), took: first.at - begin };
}

async function byNumber(checks, nodes) {
    const took = [];
    for (const [i, behind] of BEHIND.entries()) {
        const channel = `behind-${behind}`;
        const lines = Array.from({ length: 6000 }, (_, n) => String(n));
        const ids = await publishLines(nodes[0].url, channel, lines);
        const back = await comeBack(nodes[1 + (i % 2)], nodes, channel, ids.at(-1 - behind), 'live');
        const wanted = lines.slice(-Math.min(behind, KEPT));
        checks.expect(String(back.replayed) === String(wanted), `${behind} behind: ${back.replayed.length} came, from ${back.replayed[0]} to ${back.replayed.at(-1)}`);
        judgeGap(checks, `${behind} behind`, back, behind > KEPT, { from: ids.at(-1 - behind), to: ids.at(-1 - KEPT) });
        took.push(back.took);
    }
    return times(took);
}

/** Inside there is none; outside it comes first, and says what is missing. */
function judgeGap(checks, what, { gaps, first }, isOutside, missing) {
    checks.expect(gaps.length === (isOutside ? 1 : 0), `${what}: ${gaps.length} verdicts`);
    if (isOutside && gaps.length > 0) {
        const { from, to, reason } = JSON.parse(gaps[0].data);
        checks.expect(first.event === 'gap', `${what}: the verdict was not first`);
        checks.expect(reason === 'evicted', `${what}: because of ${reason}`);
        checks.expect(from === missing.from && to === missing.to, `${what}: missing from ${from} to ${to}, not ${JSON.stringify(missing)}`);
    }
}

/** Just before and just after the age at which events go; the age counts from the oldest one that is missed. */
async function byAge(checks, nodes, window, margin, say) {
    for (const [name, node, isOutside] of [['before', nodes[1], false], ['after', nodes[2], true]]) {
        const channel = `age-${name}`;
        const begin = performance.now();
        const ids = await publishLines(nodes[0].url, channel, ['0', '1', '2', '3']);
        await pause(window + (isOutside ? margin : -margin) - (performance.now() - begin));
        const back = await comeBack(node, nodes, channel, ids[0], 'live');
        say(`${name} the edge: ${back.replayed} and ${back.gaps.length} verdicts`);
        checks.expect(String(back.replayed) === (isOutside ? '' : '1,2,3'), `${name} the age: ${back.replayed}`);
        judgeGap(checks, `${name} the age`, back, isOutside, { from: ids[0], to: ids[3] });
    }
}

export async function run({ lab, long, say }) {
    const checks = new Checks();
    const [window, margin] = long ? [300_000, 1000] : [10_000, 1000];
    const { nodes } = await lab.cluster(3, ['--buffer-retention', `${window / 1000}s`]);
    const took = await byNumber(checks, nodes);
    say(`by number done: ${ms(took.worst)}`);
    await byAge(checks, nodes, window, margin, say);
    const edge = `${(window - margin) / 1000} s and ${(window + margin) / 1000} s of ${window / 1000} s`;
    return checks.outcome(
        `${BEHIND.join(', ')} behind: exact up to ${KEPT}, beyond it one verdict and the newest ${KEPT}; first byte of it p50 ${ms(took.p50)}, longest ${ms(took.worst)}; at ${edge}: exact, and a verdict`,
        took.worst,
    );
}
