// A node stops in the middle of everything, as in a long collection of garbage, and goes on when all has moved on.

import { setTimeout as pause } from 'node:timers/promises';
import { Checks, ms, times } from '../checks.mjs';
import { ask } from '../mcp.mjs';
import { Reader } from '../raw.mjs';
import { Talk } from '../talk.mjs';
import { Upstream } from '../upstream.mjs';
import { answers, until } from '../../lab/lab.mjs';

export const scenario = {
    number: 17,
    stars: 3,
    title: 'SIGSTOP a node 20 s (GC pause), then continue',
    expected: 'fenced: its late writes are refused; its clients already elsewhere',
    also: 'TakeoverTest, ExclusiveTest',
};

const SESSIONS = 20;
const IDLE = 3000;
const now = () => performance.now();
const told = (reader) => reader.messages.filter(({ method }) => method === 'notifications/message').map(({ params }) => params.data);

/** A client that listens at one node, finds it silent, and goes on at another. */
class Guest {
    readers = [];
    answered = [];

    constructor(talk) {
        this.talk = talk;
    }

    async listen(base, lastId) {
        const reader = await this.talk.listen({ base, lastId }).opened;
        this.readers.push(reader);
        return reader.status;
    }

    get last() {
        return this.readers.at(-1);
    }

    get silence() {
        return now() - Math.max(this.last.events.at(-1)?.at ?? 0, this.last.comments.at(-1)?.at ?? 0);
    }

    /** On another node, after the last event that came; until one takes it. */
    async move(nodes, which) {
        const { lastId } = this.last;
        for (let tries = 0; tries < 20; tries++) {
            if ((await this.listen(nodes[1 + ((which + tries) % 2)].url, lastId)) === 200) {
                break;
            }
            this.readers.pop();
            await pause(300);
        }
        this.movedAt = now();
    }
}

/** A call whose answer is awaited wherever the stream has to be taken up again. */
async function workThrough(guest, nodes, which) {
    const secret = `call of ${guest.talk.name}`;
    let reader = await guest.talk.begin('work', { secret, delay: 5000, steps: 5 }, { id: 50, meta: { progressToken: 9 } }).opened;
    return async () => {
        const all = [...reader.messages];
        for (let tries = 0; tries < 30 && !all.some(({ id }) => id === 50); tries++) {
            const { lastId } = reader;
            reader = await guest.talk.listen({ base: nodes[1 + ((which + tries) % 2)].url, lastId }).opened;
            await pause(1500);
            all.push(...reader.messages);
            reader.leave();
            reader.lastId || (reader = { lastId, messages: [], leave() {} });
        }
        return all.filter(({ id }) => id === 50);
    };
}

export async function run({ lab, long, say }) {
    const frozen = long ? 20_000 : 12_000;
    const checks = new Checks();
    const upstream = await new Upstream().listen();
    const ticking = {};
    try {
        const options = ['--upstream', `${upstream.url}/mcp`, '--heartbeat-interval', '1s', '--connection-timeout', '30s'];
        const { nodes } = await lab.cluster(3, options);
        const guests = [];
        for (let i = 0; i < SESSIONS; i++) {
            const guest = new Guest(await new Talk(nodes[0].url, { name: `guest-${i}` }).open());
            await guest.listen(nodes[0].url);
            guests.push(guest);
        }
        const sessions = () => guests.map(({ talk }) => upstream.sessionOf(talk.name));
        await until(() => sessions().every(({ stream }) => stream), 'all standing streams', 30_000);
        let n = 0;
        ticking.timer = setInterval(() => ++n && sessions().forEach((session) => upstream.announce(session, n)), 250);
        const channel = await new Reader(`${nodes[1].url}/events/frozen`).opened;
        await until(() => guests.every(({ last }) => last.events.length > 3), 'events for all', 30_000);
        const ends = await Promise.all(guests.slice(0, 5).map((guest, i) => workThrough(guest, nodes, i)));
        await until(() => upstream.runs.length === 5, 'the calls at the upstream', 20_000);
        // A publisher that gets no answer tries elsewhere with the same key.
        const key = { 'idempotency-key': 'once' };
        process.kill(nodes[0].pid, 'SIGSTOP');
        say('n1 is frozen');
        const frozenAt = now();
        const late = ask(nodes[0].url, { path: '/events/frozen', headers: key, body: 'once', patience: 60_000 }).catch(() => null);
        const early = await ask(nodes[1].url, { path: '/events/frozen', headers: key, body: 'once' });
        await pause(IDLE);
        await Promise.all(guests.map((guest, i) => guest.move(nodes, i)));
        say('its clients are elsewhere');
        const back = () => guests.filter((guest) => told(guest.last).some((value) => value > 0) && guest.last.events.some(({ at }) => at > guest.movedAt));
        await until(() => back().length === SESSIONS, 'events for all elsewhere', frozen).catch(() => {});
        const recovered = guests.map((guest) => (guest.last.events.find(({ at }) => at > guest.movedAt)?.at ?? Infinity) - frozenAt - IDLE);
        checks.expect(back().length === SESSIONS, `${SESSIONS - back().length} clients heard nothing elsewhere while n1 was frozen`);
        await pause(Math.max(0, frozenAt + frozen - now()));
        process.kill(nodes[0].pid, 'SIGCONT');
        const thawedAt = now();
        say('n1 goes on');
        await pause(4000);
        clearInterval(ticking.timer);
        const outcomes = await Promise.all(ends.map((end) => end()));
        await until(() => guests.every(({ last }) => told(last).at(-1) === n), 'the last event', 20_000).catch(() => {});
        let lateEvents = 0;
        guests.forEach(({ talk, readers }) => {
            const all = readers.flatMap(told);
            checks.expect(all.every((value, i) => i === 0 || value === all[i - 1] + 1), `${talk.name} heard ${all.join(' ')}`);
            checks.expect(all.at(-1) === n, `${talk.name} heard up to ${all.at(-1)} of ${n}`);
            lateEvents += readers.slice(0, -1).flatMap(({ events }) => events).filter(({ at }) => at > thawedAt).length;
        });
        checks.expect(lateEvents === 0, `${lateEvents} events were written to old connections after the thaw`);
        const stillOpen = () => guests.filter(({ readers }) => readers[0].closed === null).length;
        await until(() => stillOpen() === 0, 'old connections ended', 20_000).catch(() => {});
        checks.expect(stillOpen() === 0, `${stillOpen()} old connections are still open at n1`);
        outcomes.forEach((list, i) => {
            checks.expect(list.length === 1, `call ${i} had ${list.length} outcomes: ${JSON.stringify(list)}`);
            checks.expect(upstream.runsOf(`call of guest-${i}`).length === 1, `call ${i} was not run once`);
        });
        const second = await late;
        const landed = channel.events.filter(({ data }) => data === 'once').length;
        checks.expect(landed === 1 && early.status === 202, `an event published at both nodes landed ${landed} times`);
        checks.expect(second === null || second.body === early.body, 'the late publisher was told another id');
        await until(() => answers(`${nodes[0].url}/health/ready`), 'n1 ready again', 20_000);
        const answered = outcomes.flat().filter(({ result }) => result).length;
        const { worst } = times(recovered);
        const after = `heard again ≤ ${ms(Math.max(0, worst))} after they moved`;
        return checks.outcome(`${SESSIONS} clients moved, ${after}; ${n} events each in order; 0 events from the thawed node; 5 calls run once: ${answered} answered, ${5 - answered} told unknown`, worst);
    } finally {
        clearInterval(ticking.timer);
        await upstream.close();
    }
}
