// Streams on which nothing is said, behind proxies that cut what is silent for 50 s and 60 s.

import { setTimeout as pause } from 'node:timers/promises';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { EventSource } from 'eventsource';
import { until } from '../../lab/lab.mjs';
import { publish } from '../channel.mjs';
import { Checks, times } from '../checks.mjs';
import { Follower } from '../follower.mjs';
import { haproxy, nginx } from '../front.mjs';
import { Session } from '../mcp.mjs';

export const scenario = {
    number: 4,
    stars: 5,
    title: '15 min idle behind HAProxy (50 s timeouts) and nginx (60 s)',
    expected: 'no disconnect; a heartbeat ≤ 30 s; comments invisible to the app',
};

/** All times are divided by this where they are not the real ones. */
const SCALE = 20;
const TOLERANCE = 1000;

/** A client of others, and all its app is told. */
class App {
    told = [];

    constructor(name) {
        this.name = name;
    }

    tell(what) {
        this.told.push(what);
    }
}

async function sdk(Transport, url, name) {
    const app = new App(name);
    app.streams = 0;
    const watched = async (input, init) => {
        app.streams += (init?.method ?? 'GET') === 'GET' ? 1 : 0;
        return fetch(input, init);
    };
    const client = new Client({ name, version: '1' });
    client.fallbackNotificationHandler = async ({ method }) => app.tell(method);
    client.onerror = (error) => app.tell(`error ${error.message}`);
    client.onclose = () => app.tell('closed');
    await client.connect(new Transport(new URL(url), { fetch: watched }));
    app.alive = async () => (await client.callTool({ name: 'echo', arguments: { message: name } })).content[0].text.includes(name);
    app.close = async () => {
        client.onclose = undefined;
        await client.close();
    };
    return app;
}

function eventSource(base, channel) {
    const app = new App('EventSource');
    const source = new EventSource(`${base}/events/${channel}`);
    app.streams = 0;
    source.onopen = () => app.streams++;
    source.onmessage = ({ data }) => app.tell(data);
    source.onerror = () => app.tell('error');
    app.alive = async () => {
        await publish(base, channel, 'the end');
        await until(() => app.told.includes('the end'), 'the end', 5000);
        app.told = app.told.filter((what) => what !== 'the end');
        return true;
    };
    app.close = async () => source.close();
    return app;
}

/** A call that says nothing all the while, by hand. */
async function longCall(session, duration) {
    const begin = performance.now();
    const args = { duration: duration / 1000, steps: 1 };
    const answer = await session.call('trigger-long-running-operation', args, undefined, { patience: duration * 2 });
    return { status: answer.status, answered: answer.body.includes('completed'), took: performance.now() - begin };
}

function gaps(comments, from, to) {
    const beats = [from, ...comments.map(({ at }) => at), to];
    return beats.slice(1).map((at, i) => at - beats[i]);
}

async function behind(checks, name, front, channel, { idle, heartbeat }) {
    const session = await new Session(front.url).open();
    const standing = Follower.ofSession(session).start();
    const reader = Follower.ofChannel(front.url, channel).start();
    const apps = [
        await sdk(StreamableHTTPClientTransport, `${front.url}/mcp`, 'streamable'),
        await sdk(SSEClientTransport, `${front.url}/sse`, 'sse'),
        eventSource(front.url, channel),
    ];
    await until(() => standing.node && reader.node && apps.every(({ streams }) => streams > 0), 'all streams');
    const from = performance.now();
    const call = longCall(await new Session(front.url).open(), idle);
    await pause(idle);
    const to = performance.now();
    const streams = [standing, reader];
    streams.forEach((one) => checks.expect(one.openings.length === 1, `${name}: a stream was opened ${one.openings.length} times`));
    const silences = streams.flatMap(({ comments }) => gaps(comments, from, to));
    checks.expect(times(silences).worst <= heartbeat + TOLERANCE, `${name}: silent for ${Math.round(times(silences).worst)} ms`);
    checks.expect(streams.every((one) => one.events.length === 0), `${name}: something was said`);
    for (const app of apps) {
        checks.expect(app.told.length === 0, `${name}: the app over ${app.name} was told ${app.told.slice(0, 3)}`);
        checks.expect(app.streams === 1, `${name}: ${app.name} opened ${app.streams} streams`);
        checks.expect(await app.alive().catch(() => false), `${name}: ${app.name} is dead`);
        await app.close();
    }
    const { status, answered } = await call;
    checks.expect(status === 200 && answered, `${name}: the long call ended with ${status}`);
    await Promise.all(streams.map((one) => one.stop()));
    return { silence: times(silences).worst, beats: streams.reduce((sum, { comments }) => sum + comments.length, 0) };
}

export async function run({ lab, long }) {
    const checks = new Checks();
    const scale = long ? 1 : SCALE;
    const [heartbeat, idle] = [30_000 / scale, 900_000 / scale];
    const upstream = await lab.upstream();
    const timers = ['--heartbeat-interval', `${heartbeat}ms`, '--connection-timeout', `${(3 * heartbeat)}ms`];
    const { nodes } = await lab.cluster(3, ['--upstream', `${upstream.url}/mcp`, ...timers]);
    const seconds = (time) => `${time / scale}s`;
    const location = `proxy_read_timeout ${60_000 / scale}ms; proxy_send_timeout ${60_000 / scale}ms;`;
    const fronts = { HAProxy: await haproxy(lab, nodes, 50_000 / scale), nginx: await nginx(lab, nodes, { location }) };
    const outcomes = await Promise.all(
        Object.entries(fronts).map(([name, front]) => behind(checks, name, front, `idle-${name}`, { idle, heartbeat })),
    );
    const silence = times(outcomes.map((outcome) => outcome.silence)).worst;
    const beats = outcomes.reduce((sum, outcome) => sum + outcome.beats, 0);
    return checks.outcome(
        `idle for ${idle / 1000} s, heartbeat ${heartbeat / 1000} s, cut after ${seconds(50)} and ${seconds(60)}: no stream opened twice, longest silence ${(silence / 1000).toFixed(2)} s, ${beats} heartbeats of which apps saw none; a call as long was answered`,
    );
}
