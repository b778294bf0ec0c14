// B has seen A's session id and A's event ids, in a log or over a shoulder, and tries them at every door of every node.

import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Checks, ms, times } from '../checks.mjs';
import { ask } from '../mcp.mjs';
import { Talk } from '../talk.mjs';
import { Upstream } from '../upstream.mjs';
import { until } from '../../lab/lab.mjs';
import { accepting, inSession } from '../../lab/mcp.mjs';
import { frame, notification } from '../../lab/upstream.mjs';

export const scenario = {
    number: 20,
    stars: 3,
    title: "Principal B uses A's session id / event id on POST, GET, resume, DELETE",
    expected: 'as unknown id; 0 bytes of A; audit line; A undisturbed',
    also: 'LegacyTest, StreamableRefusalTest',
};

const ping = { jsonrpc: '2.0', id: 7, method: 'ping' };
const keys = { a: 'a'.repeat(40), b: 'b'.repeat(40) };
const bearer = (who) => ({ authorization: `Bearer ${keys[who]}` });

/** Every way to name a session. */
function ways(id, event) {
    const named = { ...accepting, ...bearer('b'), ...inSession(id) };
    const plain = { ...accepting, ...bearer('b') };
    const stream = { ...named, accept: 'text/event-stream' };
    return [
        { method: 'POST', headers: named, body: ping },
        { method: 'POST', headers: named, body: { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } } },
        { method: 'GET', headers: stream },
        { method: 'GET', headers: { ...stream, 'last-event-id': event } },
        { method: 'DELETE', headers: named },
        { method: 'POST', path: `/messages?sessionId=${id}`, headers: plain, body: ping },
        { method: 'POST', path: `/message?session_id=${id}`, headers: plain, body: ping },
        { method: 'GET', path: `/sse?sessionId=${id}`, headers: { ...plain, accept: 'text/event-stream' } },
        { method: 'POST', path: `/messages/ack?sessionId=${id}`, headers: plain, body: { lastEventId: event } },
    ];
}

/** What can be told of an answer by somebody who looks closely: everything but what is new in each. */
function shape({ status, headers, body }) {
    const { date, 'x-request-id': request, ...rest } = headers;
    return JSON.stringify({ status, rest, body: body.replaceAll(request ?? '\0', '') });
}

const strange = (id) => randomBytes(64).toString('base64url').replace(/[-_]/g, 'x').slice(0, id.length);

/** The same requests with A's ids and with ids of nobody, in turn: the answers, and how long each kind took. */
async function compare(checks, url, a, event, took) {
    const nobody = strange(a.id);
    const [stream, place] = event.split('.');
    const [theirs, none] = [ways(a.id, event), ways(nobody, `${strange(stream)}.${place}`)];
    for (let i = 0; i < theirs.length; i++) {
        const known = await ask(url, theirs[i]).catch((error) => ({ status: 0, headers: {}, body: error.message }));
        const unknown = await ask(url, none[i]).catch((error) => ({ status: 0, headers: {}, body: error.message }));
        const what = `${theirs[i].method} ${theirs[i].path?.split('?')[0] ?? '/mcp'}`;
        checks.expect(shape(known) === shape(unknown), `${what} tells them apart: ${shape(known)} and ${shape(unknown)}`);
        checks.expect(known.status === 404, `${what} was answered ${known.status}`);
        checks.expect(!known.body.includes('secret-of-a'), `${what} got what is A's`);
        took.known.push(known.took);
        took.unknown.push(unknown.took);
    }
}

/** B in a session of its own, with A's event id: as with an id of nobody. */
async function stolenEvent(checks, url, b, event) {
    const [stream, place] = event.split('.');
    const answers = [];
    for (const lastId of [event, `${strange(stream)}.${place}`]) {
        const reader = await b.listen({ base: url, lastId }).opened;
        await new Promise((resolve) => setTimeout(resolve, 150));
        const said = reader.events.map(({ data }) => data).join();
        checks.expect(!said.includes('secret-of-a'), `B's session was given A's events: ${said}`);
        answers.push(`${reader.status} ${said}`);
        reader.leave();
    }
    checks.expect(answers[0] === answers[1], `A's event id was answered ${answers[0]}, that of nobody ${answers[1]}`);
    return answers[0];
}

export async function run({ lab, say }) {
    const checks = new Checks();
    const upstream = await new Upstream().listen();
    const file = path.join(lab.folder, 'keys.yaml');
    writeFileSync(file, Object.entries(keys).map(([name, key]) => `- name: ${name}\n  key: "${key}"\n`).join(''));
    const options = ['--upstream', `${upstream.url}/mcp`, '--auth', 'keys', '--keys-file', file];
    const { nodes, url } = await lab.cluster(3, options);
    try {
        const a = await new Talk(url, { name: 'a', headers: bearer('a') }).open();
        const b = await new Talk(url, { name: 'b', headers: bearer('b') }).open();
        const standing = await a.listen().opened;
        await until(() => upstream.sessionOf('a').stream, "A's standing stream at the upstream");
        const tell = (n) => upstream.sessionOf('a').stream.write(frame(notification(`secret-of-a ${n}`)));
        tell(1);
        await until(() => standing.messages.length === 1, 'the first of A');
        const event = standing.lastId;
        const call = a.begin('work', { secret: 'secret-of-a call', delay: 6000 }, { id: 1 });
        await call.opened;
        const took = { known: [], unknown: [] };
        for (const node of nodes) {
            await compare(checks, node.url, a, event, took);
            await stolenEvent(checks, node.url, b, event);
        }
        say('B has tried everything');
        tell(2);
        await until(() => standing.messages.length === 2, 'the second of A', 10_000).catch(() => {});
        checks.expect(standing.closed === null && standing.messages.length === 2, "A's standing stream was disturbed");
        await until(() => call.closed, "A's call", 15_000).catch(() => {});
        const answered = call.messages.some(({ id, result }) => id === 1 && result?.content[0].text === 'secret-of-a call');
        checks.expect(answered, "A's call was disturbed");
        checks.expect(upstream.runsOf('secret-of-a call').length === 1, "A's call was not run once");
        checks.expect(upstream.cancels.length === 0, "B's cancel reached the upstream");
        checks.expect((await a.run('look', { secret: 'still' }, { id: 2 })).answer?.result, "A's session is gone");
        const audited = nodes.map((node) => audit(readFileSync(node.log, 'utf8'), a.id, event));
        checks.expect(audited.every(({ lines }) => lines > 0), `no audit line on ${audited.filter(({ lines }) => lines === 0).length} of 3 nodes`);
        checks.expect(audited.every(({ raw }) => raw === 0), 'a session id stands raw in a log');
        const lines = audited.reduce((sum, one) => sum + one.lines, 0);
        const [known, unknown] = [times(took.known), times(took.unknown)];
        const time = `p50 ${ms(known.p50)} for A's id, ${ms(unknown.p50)} for nobody's`;
        return checks.outcome(`${known.count} requests with A's ids, all like an unknown id (${time}); 0 bytes of A; ${lines} audit lines; A undisturbed`);
    } finally {
        await upstream.close();
    }
}


function audit(log, id, event) {
    const lines = log.split('\n').filter((line) => /another principal/.test(line));
    return { lines: lines.length, raw: log.includes(id) || log.includes(event) ? 1 : 0 };
}
