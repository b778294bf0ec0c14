// Pages of other origins, and names that were made to point here: refused on every door; those that are listed work in a
// real browser.

import http from 'node:http';
import { accepting, hello } from '../../lab/mcp.mjs';
import { Checks } from '../checks.mjs';
import { ask } from '../mcp.mjs';
import { sendBytes, statusOf } from '../raw.mjs';
import { Browser, installed } from '../../client/browser.mjs';

export const scenario = {
    number: 26,
    stars: 2,
    title: 'DNS rebinding and CORS matrix; two Hosts',
    expected: '403 for foreign Origin/Host; listed origins work in a browser',
    also: 'RequestGuardTest, CorsTest, OriginsTest',
};

const LISTED = 'https://app.example';
const initialize = JSON.stringify(hello('page'));
const doors = [
    { method: 'POST', path: '/mcp', headers: accepting, body: initialize },
    { method: 'GET', path: '/mcp', headers: { accept: 'text/event-stream' } },
    { method: 'DELETE', path: '/mcp' },
    { method: 'GET', path: '/sse' },
    { method: 'POST', path: '/messages?sessionId=x', headers: accepting, body: initialize },
    { method: 'GET', path: '/events/page' },
    { method: 'POST', path: '/events/page', body: 'x' },
    { method: 'GET', path: '/api/nodes' },
    { method: 'GET', path: '/metrics' },
    { method: 'GET', path: '/dashboard' },
    { method: 'OPTIONS', path: '/mcp', headers: { 'access-control-request-method': 'POST' } },
];
const port = (url) => new URL(url).port;

const origins = (own) => [
    'https://evil.example',
    'null',
    'http://localhost.evil.example',
    'http://evil-localhost',
    'http://127.0.0.1.evil.example',
    `${LISTED}.evil.example`,
    LISTED.replace('https', 'http'),
    `${LISTED}:8443`,
    'file://',
    `http://127.0.0.1:${own}`,
];
const hosts = ['evil.example', 'localhost.evil.example', '127.0.0.1.nip.io', '169.254.169.254', '[::ffff:10.0.0.1]', '0x7f.1.evil'];

async function refused(checks, url, what, headers) {
    for (const door of doors) {
        const all = { ...door.headers, ...headers };
        const answer = await ask(url, { ...door, headers: all, patience: 5000 }).catch((error) => ({ status: error.message, headers: {} }));
        const name = `${door.method} ${door.path} with ${what}`;
        checks.expect(answer.status === 403, `${name} was answered ${answer.status}`);
        const allowed = answer.headers['access-control-allow-origin'];
        checks.expect(allowed === undefined, `${name} allows ${allowed}`);
    }
    return doors.length;
}

/** What a listed origin is told, on each kind of door, and in a preflight. */
async function listed(checks, url) {
    const headers = { ...accepting, origin: LISTED };
    const opened = await ask(url, { path: '/mcp', headers, body: initialize });
    checks.expect(opened.status === 200, `the listed origin was answered ${opened.status}`);
    checks.expect(opened.headers['access-control-allow-origin'] === LISTED, `it is allowed as ${opened.headers['access-control-allow-origin']}`);
    checks.expect(/origin/i.test(opened.headers.vary ?? ''), 'there is no Vary: Origin');
    checks.expect(/mcp-session-id/i.test(opened.headers['access-control-expose-headers'] ?? ''), 'Mcp-Session-Id is not exposed');
    checks.expect(opened.headers['access-control-allow-credentials'] !== 'true' || opened.headers['access-control-allow-origin'] !== '*', '* with credentials');
    const asks = { 'access-control-request-method': 'DELETE', 'access-control-request-headers': 'mcp-session-id, last-event-id, authorization' };
    const preflight = await ask(url, { method: 'OPTIONS', path: '/mcp', headers: { origin: LISTED, ...asks } });
    const may = preflight.headers['access-control-allow-headers'] ?? '';
    checks.expect([200, 204].includes(preflight.status) && /mcp-session-id/i.test(may) && /last-event-id/i.test(may), `the preflight said ${preflight.status} ${may}`);
}

const head = (...lines) => `GET /events/page HTTP/1.1\r\n${lines.join('\r\n')}\r\nConnection: close\r\n\r\n`;

async function strangeHeads(checks, gateway) {
    const cases = {
        'two Hosts': [head('Host: localhost', 'Host: evil.example'), 400],
        'two Hosts that agree': [head('Host: localhost', 'Host: localhost'), 400],
        'an empty Host': [head('Host:'), 400, 403],
        'no Host': [head('X: y'), 400, 403],
        'a foreign absolute target': [`GET http://evil.example/events/page HTTP/1.1\r\nHost: localhost\r\n\r\n`, 400, 403],
        'two Origins': [head('Host: localhost', `Origin: ${LISTED}`, 'Origin: https://evil.example'), 403],
    };
    for (const [what, [bytes, ...wanted]] of Object.entries(cases)) {
        const { text } = await sendBytes(gateway.port, bytes, { patience: 1500 });
        checks.expect(wanted.includes(statusOf(text)), `${what} was answered ${statusOf(text) || 'nothing'}`);
    }
    return Object.keys(cases).length;
}

/** A page of its own origin that uses the gateway as pages do: a session, and an event stream. */
async function page() {
    const server = http.createServer((request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<title>page</title>'));
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { server, url: `http://127.0.0.1:${server.address().port}/`, origin: `http://127.0.0.1:${server.address().port}` };
}

const inPage = async (base, body) => {
    const told = {};
    try {
        const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
        const answer = await fetch(`${base}/mcp`, { method: 'POST', headers, body });
        told.status = answer.status;
        told.session = answer.headers.get('mcp-session-id') !== null;
    } catch (error) {
        told.refused = error.name;
    }
    told.stream = await new Promise((resolve) => {
        const source = new EventSource(`${base}/events/page`);
        source.onopen = () => resolve('open') ?? source.close();
        source.onerror = () => resolve('failed') ?? source.close();
        setTimeout(() => resolve('silent'), 8000);
    });
    return told;
};

async function inBrowser(checks, lab) {
    const [good, bad] = [await page(), await page()];
    const browser = await Browser.launch();
    try {
        const gateway = await lab.gateway('browsed', { options: ['--allowed-origins', good.origin] });
        const tab = await browser.open(good.url);
        const welcome = await tab.run(inPage, gateway.url, initialize);
        checks.expect(welcome.status === 200 && welcome.session && welcome.stream === 'open', `the listed page got ${JSON.stringify(welcome)}`);
        await tab.go(bad.url);
        const unwelcome = await tab.run(inPage, gateway.url, initialize);
        checks.expect(unwelcome.refused && unwelcome.stream === 'failed', `the other page got ${JSON.stringify(unwelcome)}`);
        return 'in Chromium the listed page has session and stream, another none';
    } finally {
        await browser.close();
        [good, bad].forEach(({ server }) => server.closeAllConnections() ?? server.close());
    }
}

export async function run({ lab }) {
    const checks = new Checks();
    const gateway = await lab.gateway('strict', { options: ['--allowed-origins', LISTED] });
    let count = 0;
    for (const origin of origins(gateway.port)) {
        count += await refused(checks, gateway.url, `Origin ${origin}`, { origin });
    }
    for (const host of hosts) {
        count += await refused(checks, gateway.url, `Host ${host}`, { host });
    }
    await listed(checks, gateway.url);
    const strange = await strangeHeads(checks, gateway);
    const browsed = installed() ? await inBrowser(checks, lab) : 'no browser here';
    checks.expect(installed(), 'there is no Chromium: the last word of what is expected was not tried');
    return checks.outcome(`${count} requests with a foreign Origin or Host: all 403 without a word of CORS; ${strange} strange heads refused; ${browsed}`);
}
