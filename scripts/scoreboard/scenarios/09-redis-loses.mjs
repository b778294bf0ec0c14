// Redis comes back with an older copy of its file, then with nothing.

import { cpSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { until } from '../../lab/lab.mjs';
import { notification } from '../../lab/upstream.mjs';
import { insist } from '../channel.mjs';
import { Checks, ms, times } from '../checks.mjs';
import { Follower } from '../follower.mjs';
import { Session } from '../mcp.mjs';

export const scenario = {
    number: 9,
    stars: 4,
    title: 'Redis loses everything / its tail (older AOF)',
    expected: 'epoch changes; explicit gap to each client; no id reused for another payload (I9)',
};

const BATCH = 50;

/** Each id with what it carried, over all who ever heard it. */
class Ids {
    #carried = new Map();
    reused = [];

    note({ id, data, event }) {
        if (event === 'gap' || !data) {
            return;
        }
        const known = this.#carried.get(id);
        if (known !== undefined && known !== data) {
            this.reused.push(`${known} and ${data}`);
        }
        this.#carried.set(id, data);
    }
}

class Play {
    count = 0;
    ids = new Ids();
    published = [];

    constructor(nodes) {
        this.nodes = nodes;
    }

    reader(node, lastId) {
        return Follower.ofChannel(node.url, 'c', { lastId, onFrame: (frame) => this.ids.note(frame) }).start();
    }

    async publish() {
        for (let i = 0; i < BATCH; i++) {
            const data = String(++this.count);
            const { id } = await insist(this.nodes[i % this.nodes.length].url, 'c', data);
            this.ids.note({ id, data });
            this.published.push({ id, data });
        }
        return this.count;
    }
}

const heard = (reader, n) => until(() => reader.events.some(({ data }) => data === String(n)), `${n} heard`, 20_000);

/** Between what a reader had and what it got next there has to be a verdict. */
function expectGap(checks, what, reader, from) {
    const later = reader.heard.slice(from).filter(({ data }) => data);
    const first = later.findIndex(({ event }) => event !== 'gap');
    const verdicts = later.slice(0, first).filter(({ event }) => event === 'gap');
    checks.expect(verdicts.length === 1, `${what}: ${verdicts.length} verdicts before ${later[first]?.data}`);
    checks.expect(verdicts.every(({ data }) => JSON.parse(data).reason === 'epoch'), `${what}: ${verdicts[0]?.data}`);
}

/** What the store lost, and what everybody is told: those who are there, and those who come back with ids of all ages. */
async function lose(checks, play, what, readers, returning, act) {
    const before = readers.map(({ heard: all }) => all.length);
    await act();
    const up = performance.now();
    const end = await play.publish();
    await Promise.all(readers.map((reader) => heard(reader, end)));
    const told = readers.map((reader, i) => reader.heard.slice(before[i]).find(({ event }) => event === 'gap')?.at - up);
    readers.forEach((reader, i) => expectGap(checks, `${what}, reader ${i}`, reader, before[i]));
    for (const [age, id] of Object.entries(returning)) {
        const reader = play.reader(play.nodes[0], id);
        await heard(reader, end);
        const gaps = reader.gaps.map(({ data }) => JSON.parse(data).reason);
        checks.expect(gaps.length === 1, `${what}, back with ${age}: verdicts ${gaps}`);
        const events = reader.events.map(({ data }) => Number(data));
        checks.expect(events.every((n, i) => i === 0 || n > events[i - 1]), `${what}, back with ${age}: ${events}`);
        checks.expect(events.filter((n) => n > end - BATCH).length === BATCH, `${what}, back with ${age}: the new ones`);
        await reader.stop();
    }
    checks.expect(play.ids.reused.length === 0, `${what}: one id for ${play.ids.reused[0]}`);
    return times(told.map((time) => Math.max(0, time))).worst;
}

async function told(nodes, session, n) {
    const message = notification(n);
    const options = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(message) };
    return (await fetch(`${nodes[0].url}/sessions/${session.id}/messages`, options)).status;
}

export async function run({ lab, say }) {
    const checks = new Checks();
    const upstream = await lab.upstream();
    const { redis: store, nodes } = await lab.cluster(3, ['--upstream', `${upstream.url}/mcp`]);
    const file = path.join(lab.folder, 'appendonlydir');
    const copy = path.join(lab.folder, 'older');
    const play = new Play(nodes);
    const readers = nodes.map((node) => play.reader(node));
    await until(() => readers.every(({ heard: all }) => all.length > 0), 'readers');
    const session = await new Session(nodes[1].url).open();
    const ids = new Ids();
    const standing = Follower.ofSession(session, { onFrame: (frame) => ids.note(frame) }).start();
    await until(() => standing.node, 'the standing stream');
    await told(nodes, session, 1);
    const kept = await play.publish();
    const early = play.published[24].id;
    cpSync(file, copy, { recursive: true });
    await play.publish();
    await told(nodes, session, 2);
    await until(() => standing.events.length === 2, 'what the session was told');
    const lastId = standing.lastId;
    await Promise.all(readers.map((reader) => heard(reader, kept + BATCH)));
    const lostTail = { 'an id that is left': early, 'an id that is lost': play.published.at(-10).id, 'the last id': play.published.at(-1).id };
    const older = async () => {
        await store.kill();
        rmSync(file, { recursive: true });
        cpSync(copy, file, { recursive: true });
        await store.start();
    };
    const tail = await lose(checks, play, 'tail lost', readers, lostTail, older);
    say('the tail was lost; now for the session');
    await until(async () => (await told(nodes, session, 3)) === 202, 'the session told again', 20_000);
    const openings = standing.openings.length;
    await until(() => standing.events.some(({ data }) => data.includes('"data":3')) || standing.openings.length > openings + 2, 'the session hears', 20_000).catch(() => {});
    const refused = await fetch(`${nodes[2].url}/mcp`, { headers: { ...session.headers, accept: 'text/event-stream', 'last-event-id': lastId }, signal: AbortSignal.timeout(5000) });
    checks.expect(refused.status === 400, `coming back with an id of the session that is lost: ${refused.status}`);
    await refused.body.cancel();
    await standing.stop();
    checks.expect(ids.reused.length === 0, `the session: one id for ${ids.reused[0]}`);
    const after = { 'the last id': play.published.at(-1).id, 'an id of the epoch before': early };
    const nothing = async () => {
        await store.kill();
        rmSync(file, { recursive: true });
        await store.start();
    };
    const all = await lose(checks, play, 'all lost', readers, after, nothing);
    const gone = await session.request('ping');
    checks.expect(gone.status === 404, `the session that was lost: ${gone.status}`);
    await Promise.all(readers.map((reader) => reader.stop()));
    await pause(100);
    return checks.outcome(
        `${play.count} events in 3 epochs, no id twice; each of ${readers.length} readers and 5 who came back got one gap verdict; told ${ms(tail)} and ${ms(all)} after Redis was back; MCP: 400 for a lost position, 404 for a lost session`,
        Math.max(tail, all),
    );
}
