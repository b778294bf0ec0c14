// An upstream that hangs up again and again, sends the last events once more when it is asked to go on, some of them under
// new ids, and then is away for a while.

import { setTimeout as pause } from 'node:timers/promises';
import { Checks, ms } from '../checks.mjs';
import { Talk } from '../talk.mjs';
import { Upstream } from '../upstream.mjs';
import { until } from '../../lab/lab.mjs';
import { frame, notification, STREAM } from '../../lab/upstream.mjs';

export const scenario = {
    number: 18,
    stars: 3,
    title: 'Upstream drops each 10 s, re-sends the last 5, some under new ids',
    expected: '0 dup, 0 loss downstream; backoff with jitter, capped, reset after health',
    also: 'ResendingTest, StandingStreamTest, ReconnectPolicyTest',
};

const SESSIONS = 5;
const AGAIN = 5;
const [INITIAL, MOST, JITTER] = [200, 1600, 0.3];
const now = () => performance.now();

/** What the upstream knows of one session's stream; says when it was asked for and when it hung up. */
class Source {
    sent = [];
    asked = [];
    cuts = [];
    names = 0;

    attach(response, lastId) {
        this.stream = response;
        this.asked.push(now());
        response.writeHead(200, STREAM).write('retry: ' + INITIAL + '\n\n');
        const last = this.sent.findIndex(({ ids }) => ids.includes(lastId));
        const from = lastId === undefined ? this.sent.length : Math.max(0, last + 1 - AGAIN);
        this.sent.slice(from).forEach((event, i) => this.#write(event, i + from <= last && Math.random() < 0.5));
    }

    say() {
        const n = this.sent.length + 1;
        const event = { message: notification(n), ids: [`e${n}`] };
        this.sent.push(event);
        this.#write(event, false);
    }

    #write(event, renamed) {
        if (renamed) {
            event.ids.push(`r${++this.names}-${event.ids[0]}`);
            this.renamed = (this.renamed ?? 0) + 1;
        }
        this.stream?.write(frame(event.message, event.ids.at(-1)));
    }

    hangUp() {
        this.cuts.push(now());
        this.stream?.destroy();
        this.stream = null;
    }
}

/** How long after each attempt the next came, while all were refused. */
const waits = (attempts) => attempts.slice(1).map((at, i) => at - attempts[i]);

export async function run({ lab, long, say }) {
    const [every, away, drops] = long ? [10_000, 30_000, 6] : [1500, 8000, 5];
    const checks = new Checks();
    const sources = new Map();
    let refusing = false;
    const refused = new Map();
    const upstream = await new Upstream({
        onGet(request, response, session) {
            if (!session || refusing) {
                refused.set(session?.id, [...(refused.get(session?.id) ?? []), now()]);
                response.writeHead(503).end();
                return true;
            }
            const source = sources.get(session.name) ?? sources.set(session.name, new Source()).get(session.name);
            source.attach(response, request.headers['last-event-id']);
            return true;
        },
    }).listen();
    let timer;
    try {
        const retry = ['--upstream-retry-initial', `${INITIAL}ms`, '--upstream-retry-max', `${MOST}ms`];
        const { url } = await lab.cluster(3, ['--upstream', `${upstream.url}/mcp`, ...retry, '--upstream-retry-tries', '1000']);
        const guests = [];
        for (let i = 0; i < SESSIONS; i++) {
            const talk = await new Talk(url, { name: `guest-${i}` }).open();
            guests.push({ name: talk.name, reader: await talk.listen().opened });
        }
        await until(() => sources.size === SESSIONS, 'all standing streams', 30_000);
        const all = () => [...sources.values()];
        timer = setInterval(() => all().forEach((source) => source.say()), 100);
        for (let i = 0; i < drops; i++) {
            await pause(every);
            all().forEach((source) => source.hangUp());
        }
        await pause(every);
        say('and now it is away');
        refusing = true;
        all().forEach((source) => source.hangUp());
        await pause(away);
        refusing = false;
        const backAt = now();
        await until(() => all().every(({ stream }) => stream), 'all streams back', MOST * 3 + 10_000);
        const recovery = Math.max(...all().map(({ asked }) => asked.at(-1))) - backAt;
        // Health counts as health only after a while; then one more loss.
        await pause(Math.max(3000, every));
        const calm = all().map((source) => source.hangUp() ?? now());
        await until(() => all().every(({ stream }) => stream), 'all streams back once more', 10_000);
        const reset = all().map(({ asked }, i) => asked.at(-1) - calm[i]);
        await pause(2000);
        clearInterval(timer);
        const heard = ({ name, reader }) => new Set(reader.messages.map(({ params }) => params.data)).size === sources.get(name).sent.length;
        await until(() => guests.every(heard), 'everything heard', 15_000).catch(() => {});
        await pause(500);
        const sums = { twice: 0, lost: 0 };
        for (const { name, reader } of guests) {
            const got = reader.messages.map(({ params }) => params.data);
            const wanted = sources.get(name).sent.length;
            const twice = got.length - new Set(got).size;
            sums.twice += twice;
            sums.lost += wanted - new Set(got).size;
            checks.expect(twice === 0, `${name} got ${twice} twice`);
            checks.expect(new Set(got).size === wanted, `${name} got ${new Set(got).size} of ${wanted}`);
            checks.expect(got.every((n, i) => i === 0 || n > got[i - 1]) || twice > 0, `${name} got them out of order`);
        }
        const slack = 1500;
        const series = [...refused.values()].map(waits);
        const longest = Math.max(...series.flat());
        checks.expect(longest <= MOST * (1 + JITTER) + slack, `a wait of ${ms(longest)} between two attempts`);
        checks.expect(series.every((one) => one.at(-1) > one[0] * 2), `the waits did not grow: ${series[0].map(Math.round)}`);
        const rounded = new Set(series.flat().map((wait) => Math.round(wait)));
        checks.expect(rounded.size > series.flat().length / 2, 'the waits have no jitter');
        checks.expect(Math.max(...reset) <= INITIAL * (1 + JITTER) + slack, `after health the first wait was ${ms(Math.max(...reset))}`);
        const renamed = all().reduce((sum, source) => sum + (source.renamed ?? 0), 0);
        checks.expect(renamed > 0, 'nothing was sent again under a new id');
        const events = all().reduce((sum, { sent }) => sum + sent.length, 0);
        const shown = series[0].map((wait) => Math.round(wait)).join(' ');
        return checks.outcome(`${events} events over ${drops + 2} losses each of ${SESSIONS} streams, ${renamed} sent again under new ids: ${sums.twice} twice, ${sums.lost} lost; waits of one ${shown} ms (cap ${MOST} + jitter), ${ms(Math.max(...reset))} again after health`, recovery);
    } finally {
        clearInterval(timer);
        await upstream.close();
    }
}
