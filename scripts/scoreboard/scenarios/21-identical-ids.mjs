// Two hundred clients of which each counts its requests from one, calls its progress token one, and cancels request two.

import { Checks } from '../checks.mjs';
import { Talk } from '../talk.mjs';
import { Upstream } from '../upstream.mjs';
import { setTimeout as pause } from 'node:timers/promises';

export const scenario = {
    number: 21,
    stars: 3,
    title: '200 clients with identical JSON-RPC ids',
    expected: 'no crossed answer, progress or cancel',
};

const CLIENTS = 200;
const CALLS = 5;
const CANCELLED = 2;

/** One after another, so that each id is in the air in all sessions at about the same time. */
async function converse(checks, talk, wrong) {
    const heard = { answers: 0, progress: 0, cancelled: 0 };
    for (let id = 1; id <= CALLS; id++) {
        const secret = `${talk.name}/${id}`;
        const cancels = id === CANCELLED && talk.cancels;
        const delay = cancels ? 3000 : 300;
        const running = talk.run('work', { secret, delay, steps: 3 }, { id, meta: { progressToken: 1 } });
        if (cancels) {
            await pause(400);
            await talk.post({ method: 'notifications/cancelled', params: { requestId: id, reason: 'board' } });
        }
        const { answer, all } = await running;
        const said = all.filter(({ method }) => method === 'notifications/progress').map(({ params }) => params.message);
        const foreign = said.filter((message) => message !== secret).length;
        const text = answer?.result?.content[0].text;
        const right = cancels ? answer?.error?.code === -32012 : text === secret;
        wrong.answers += right ? 0 : 1;
        wrong.progress += foreign;
        if (!right || foreign > 0) {
            checks.expect(false, `${secret} got ${JSON.stringify(answer)?.slice(0, 120)} and ${foreign} foreign steps`);
        }
        heard.answers += right && !cancels ? 1 : 0;
        heard.cancelled += right && cancels ? 1 : 0;
        heard.progress += said.length;
    }
    return heard;
}

export async function run({ lab, say }) {
    const checks = new Checks();
    const upstream = await new Upstream().listen();
    const { url } = await lab.cluster(3, ['--upstream', `${upstream.url}/mcp`]);
    try {
        const talks = Array.from({ length: CLIENTS }, (_, i) => new Talk(url, { name: `client-${i}` }));
        talks.forEach((talk, i) => (talk.cancels = i % 10 === 0));
        for (let i = 0; i < CLIENTS; i += 20) {
            await Promise.all(talks.slice(i, i + 20).map((talk) => talk.open()));
        }
        say(`${CLIENTS} sessions are open`);
        const wrong = { answers: 0, progress: 0 };
        const heard = await Promise.all(talks.map((talk) => converse(checks, talk, wrong)));
        const sum = (what) => heard.reduce((total, one) => total + one[what], 0);
        const ids = Array.from({ length: CALLS }, (_, i) => i + 1);
        const counts = talks.flatMap(({ name, cancels }) =>
            ids.filter((id) => !(cancels && id === CANCELLED)).map((id) => upstream.runsOf(`${name}/${id}`).length),
        );
        checks.expect(counts.every((count) => count === 1), 'a call was not run exactly once');
        const foreign = upstream.cancels.filter(({ name, id }) => !talks.find((talk) => talk.name === name)?.cancels || id === undefined);
        checks.expect(foreign.length === 0, `${foreign.length} cancels went to the wrong session`);
        checks.expect(upstream.cancels.length === CLIENTS / 10, `${upstream.cancels.length} cancels reached the upstream`);
        checks.expect(sum('progress') > 0, 'no progress was heard at all: nothing was proven about it');
        const all = `${sum('answers')} answers, ${sum('progress')} steps of progress, ${sum('cancelled')} cancelled`;
        return checks.outcome(`${all}; crossed: ${wrong.answers} answers, ${wrong.progress} steps, ${foreign.length} cancels`);
    } finally {
        await upstream.close();
    }
}
