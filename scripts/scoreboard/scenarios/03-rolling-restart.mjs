// Every node is stopped and started again, one after the other and twice, while sessions listen and call.

import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Audience } from '../audience.mjs';
import { Checks, ms, times } from '../checks.mjs';
import { haproxy } from '../front.mjs';

export const scenario = {
    number: 3,
    stars: 5,
    title: 'Rolling restart (SIGTERM) of all nodes under load, twice',
    expected: '0 lost, 0 dup, every stream ended cleanly with `retry:`; 0 in-flight requests cut; 0 stock clients give up',
};

const CALLS_A_SECOND = 20;
const LONGEST_CALL = 1000;

/** Calls at an even pace, each by the next member. */
function load(members) {
    const calls = [];
    let count = 0;
    const timer = setInterval(() => {
        const member = members[count++ % members.length];
        const args = { secret: randomUUID(), delay: Math.floor(Math.random() * LONGEST_CALL) };
        const call = member.call(args).then(
            (said) => (said.secret === args.secret ? 'answered' : `the answer of ${said.tag}`),
            (error) => `${member.ear.tag}: ${error.constructor.name} ${error.message}`.slice(0, 160),
        );
        calls.push(call.then((outcome) => ({ outcome, secret: args.secret })));
    }, 1000 / CALLS_A_SECOND);
    return async () => {
        clearInterval(timer);
        return Promise.race([Promise.all(calls), pause(40_000, [])]);
    };
}

function judgeEndings(checks, members) {
    const endings = members.flatMap(({ endings: some = [] }) => some);
    const broken = endings.filter(({ clean }) => !clean);
    const wordless = endings.filter(({ clean, last }) => clean && last?.retry === undefined);
    checks.expect(broken.length === 0, `${broken.length} streams broke: ${broken.slice(0, 3).map(({ error }) => error)}`);
    checks.expect(wordless.length === 0, `${wordless.length} ended without a word when to come back`);
    return endings.length;
}

/** From the end of a stream until the next one is there, for those whose every connection is seen. */
function away(members) {
    return members.flatMap(({ endings = [], openings }) =>
        endings.map(({ at }) => (openings.find((opening) => opening.at > at && opening.status === 200)?.at ?? Infinity) - at),
    );
}

function judgeCalls(checks, outcomes, executed) {
    const others = outcomes.filter(({ outcome }) => outcome !== 'answered');
    others.slice(0, 5).forEach(({ outcome }) => checks.expect(false, `a request was cut: ${outcome}`));
    const runs = outcomes.filter(({ secret }) => executed[secret] !== 1);
    checks.expect(runs.length === 0, `${runs.length} calls were not carried out exactly once`);
}

export async function run({ lab, say }) {
    const checks = new Checks();
    const book = ['--book', path.join(lab.folder, 'book'), '--interval', '500'];
    const upstream = await lab.script('upstream', '../scoreboard/bookkeeper.mjs', ...book);
    const { nodes } = await lab.cluster(3, ['--upstream', `${upstream.url}/mcp`]);
    const { url } = await haproxy(lab, nodes, 95_000);
    const audience = new Audience(url, { byHand: 30, typeScript: 15, python: 5 });
    await audience.open();
    const settle = load(audience.members);
    for (let round = 1; round <= 2; round++) {
        for (const node of nodes) {
            await pause(2000);
            say(`round ${round}: ${node.name} restarts`);
            await node.stop();
            await node.start();
        }
    }
    await pause(3000);
    const outcomes = await settle();
    checks.expect(outcomes.length > 0, 'calls without an outcome after 40 s');
    const { announced, executed } = await (await fetch(`${upstream.url}/hush`, { method: 'POST' })).json();
    const events = await audience.judge(checks, announced);
    judgeCalls(checks, outcomes, executed);
    const ended = judgeEndings(checks, audience.members);
    const took = times(away(audience.members));
    await audience.close();
    const calls = `${outcomes.length} calls, each answered and carried out once`;
    return checks.outcome(
        `${events} events, none lost or doubled; ${ended} streams ended with a word when to come back; ${calls}; away p50 ${ms(took.p50)}, longest ${ms(took.worst)}`,
        took.worst,
    );
}
