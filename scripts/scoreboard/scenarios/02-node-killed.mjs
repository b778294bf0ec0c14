// The node that holds a third of the streams is killed with -9 while all are spoken to.

import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Audience } from '../audience.mjs';
import { Checks, ms, times } from '../checks.mjs';
import { haproxy } from '../front.mjs';

export const scenario = {
    number: 2,
    stars: 5,
    title: 'kill -9 the node holding the stream, 100 sessions, 20 msg/s',
    expected: 'I1–I9 hold; stock TS and Python clients resume at their first try; recovery p99 < 3 s',
    also: 'with every other fault: [chaos](../scripts/chaos)',
};

const INTERVAL = 200;
const LIMIT = 3000;

/** From the kill until the stream is back: of those who had theirs on that node. */
function recoveries(checks, victims, killed) {
    return victims.map((member) => {
        const tries = member.openings.filter(({ at }) => at > killed);
        const back = tries.findIndex(({ status }) => status === 200);
        checks.expect(back >= 0, `${member.ear.tag} never came back: ${tries.map(({ status }) => status)}`);
        if (member.kind !== 'by hand') {
            checks.expect(back === 0, `${member.ear.tag} needed ${back + 1} tries: ${tries.map(({ status }) => status)}`);
        }
        return back >= 0 ? tries[back].at - killed : Infinity;
    });
}

export async function run({ lab, say }) {
    const checks = new Checks();
    const book = ['--book', path.join(lab.folder, 'book'), '--interval', INTERVAL];
    const upstream = await lab.script('upstream', '../scoreboard/bookkeeper.mjs', ...book.map(String));
    const { nodes } = await lab.cluster(3, ['--upstream', `${upstream.url}/mcp`]);
    const { url } = await haproxy(lab, nodes, 95_000);
    const audience = new Audience(url, { byHand: 60, typeScript: 30, python: 10 });
    await audience.open();
    say('100 sessions listen');
    await pause(3000);
    const victim = nodes[1];
    const victims = audience.members.filter(({ node }) => node === victim.name);
    const killed = performance.now();
    await victim.kill();
    say(`${victim.name} is gone, and with it ${victims.length} streams`);
    await pause(12_000);
    const announced = (await (await fetch(`${upstream.url}/hush`, { method: 'POST' })).json()).announced;
    const events = await audience.judge(checks, announced);
    const took = times(recoveries(checks, victims, killed));
    checks.expect(took.p99 < LIMIT, `recovery p99 ${ms(took.p99)}`);
    const official = victims.filter(({ kind }) => kind !== 'by hand').length;
    checks.expect(official > 0, 'no official client had its stream there: the run says nothing');
    await audience.close();
    const streams = `${victims.length} streams, ${official} of them of official clients, back at the first try`;
    return checks.outcome(`${events} events, none lost or doubled; ${streams}; recovery p50 ${ms(took.p50)}, p99 ${ms(took.p99)}`, took.worst);
}
