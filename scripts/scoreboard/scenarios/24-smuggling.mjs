// Requests whose end two parsers may see in different places, through a proxy that shares its connections between users,
// and straight at the gateway. After each, other users ask for things and must get their own answers.

import http from 'node:http';
import path from 'node:path';
import { writeFileSync } from 'node:fs';
import { Checks, ms, times } from '../checks.mjs';
import { ask } from '../mcp.mjs';
import { Parts } from '../places.mjs';
import { sendBytes, statusOf } from '../raw.mjs';
import { answers } from '../../lab/lab.mjs';

export const scenario = {
    number: 24,
    stars: 3,
    title: 'Smuggling set through HAProxy with reuse, incl. Content-Xength',
    expected: "400 + close; a probe user's request is never swallowed",
    also: 'SmugglingTest, RequestGuardTest',
};

const SMUGGLED = 'POST /events/smuggled HTTP/1.1\r\nHost: localhost\r\nContent-Length: 8\r\n\r\nsmuggled';
const INSIDE = SMUGGLED.replace('/events/smuggled', '/events/inside');
const head = (method, ...headers) => `${method} /events/attack HTTP/1.1\r\nHost: localhost\r\n${headers.join('\r\n')}\r\n\r\n`;

/** Each is wrong for the gateway in itself; what follows it is what a confused parser would take for a request. */
const attacks = {
    'Content-Xength on GET': head('GET', `Content-Xength: ${SMUGGLED.length}`) + SMUGGLED,
    'Content-Xength on POST': head('POST', 'Content-Length: 0', `Content-Xength: ${SMUGGLED.length}`) + SMUGGLED,
    'a body that Content-Xength denies': head('POST', `Content-Length: ${INSIDE.length}`, 'Content-Xength: 0') + INSIDE,
    'Content-?ype for Content-Type': head('POST', 'Content-Xype: text/plain', 'Content-Length: 0'),
    'length and chunks': head('POST', `Content-Length: ${5 + SMUGGLED.length}`, 'Transfer-Encoding: chunked') + `0\r\n\r\n${SMUGGLED}`,
    'two lengths': head('POST', 'Content-Length: 0', `Content-Length: ${SMUGGLED.length}`) + SMUGGLED,
    'a list of lengths': head('POST', `Content-Length: 0, ${SMUGGLED.length}`) + SMUGGLED,
    'chunked twice': head('POST', 'Transfer-Encoding: chunked', 'Transfer-Encoding: chunked') + `0\r\n\r\n${SMUGGLED}`,
    'chunked, xchunked': head('POST', 'Transfer-Encoding: chunked, xchunked') + `0\r\n\r\n${SMUGGLED}`,
    'xchunked': head('POST', 'Transfer-Encoding: xchunked') + SMUGGLED,
    'a chunk of 100000004': head('POST', 'Transfer-Encoding: chunked') + `100000004\r\n${SMUGGLED}\r\n0\r\n\r\n`,
    'a chunk extension ended by LF': head('POST', 'Transfer-Encoding: chunked') + `0;x\n\r\n${SMUGGLED}`,
    'a negative chunk': head('POST', 'Transfer-Encoding: chunked') + `-1\r\n\r\n${SMUGGLED}`,
    'a blank before the colon': head('POST', `Content-Length : ${SMUGGLED.length}`) + SMUGGLED,
    'NUL in a header': head('POST', 'X-Bad: a\0b', 'Content-Length: 0') + SMUGGLED,
    'a folded header': head('POST', `X-Fold: a\r\n Content-Length: ${SMUGGLED.length}`, 'Content-Length: 0, 1') + SMUGGLED,
    'no Host': `GET /events/attack HTTP/1.1\r\n\r\n`,
    'two Hosts': head('GET', 'Host: evil.example'),
    'a body on GET': head('GET', `Content-Length: ${SMUGGLED.length}`) + SMUGGLED,
    'a body on DELETE': `DELETE /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${SMUGGLED.length}\r\n\r\n${SMUGGLED}`,
};

/** Chunks that cannot be read are the end of the connection without a word: so the parser of the gateway has it. */
const WORDLESS = ['a chunk of 100000004', 'a chunk extension ended by LF', 'a negative chunk'];

function configuration(port, node, lenient) {
    return `defaults
  mode http
  timeout connect 2s
  timeout client 20s
  timeout server 20s
  http-reuse always
  option http-keep-alive
${lenient ? '  option accept-invalid-http-request\n  option accept-invalid-http-response' : ''}
frontend everybody
  bind 127.0.0.1:${port}
  default_backend nodes
backend nodes
  server ${node.name} 127.0.0.1:${node.port} pool-max-conn 2
`;
}

/** Another user: several requests in a row on connections of its own, each of which has to come back with its own name. */
async function probe(checks, url, what, agent) {
    const took = [];
    for (let i = 0; i < 3; i++) {
        const name = `probe-${Math.random().toString(36).slice(2)}`;
        const options = { path: '/events/probe', headers: { 'x-request-id': name, 'idempotency-key': name }, body: name, patience: 10_000, agent };
        const answer = await ask(url, options).catch((error) => ({ status: error.message, headers: {} }));
        const own = answer.status === 202 && answer.headers['x-request-id'] === name;
        checks.expect(own, `after ${what} a probe was answered ${answer.status} as ${answer.headers['x-request-id']}`);
        took.push(answer.took ?? Infinity);
    }
    return took;
}

/** Many answers to one attack mean that what followed it was taken for a request. */
function judge(checks, what, where, { text, closed }) {
    const status = statusOf(text);
    const answersGiven = text.split(/HTTP\/1\.1 \d{3}/).length - 1;
    const wordless = WORDLESS.includes(what) && text === '';
    checks.expect(status === 400 || wordless, `${what}, ${where}: answered ${status || 'nothing'}`);
    checks.expect(closed, `${what}, ${where}: the connection stayed open`);
    checks.expect(answersGiven <= 1, `${what}, ${where}: ${answersGiven} answers`);
}

export async function run({ lab }) {
    const checks = new Checks();
    const parts = new Parts(lab);
    const { nodes } = await lab.cluster(3, []);
    try {
        const took = [];
        let swallowed = 0;
        for (const [i, lenient] of [false, true].entries()) {
            const port = nodes[0].port + 400 + i;
            const file = path.join(lab.folder, `reuse-${i}.cfg`);
            writeFileSync(file, configuration(port, nodes[i], lenient));
            const proxy = { url: `http://127.0.0.1:${port}`, port };
            await parts.start(`reuse-${i}`, ['haproxy', '-db', '-f', file], () => answers(`${proxy.url}/health/live`));
            const agent = new http.Agent({ keepAlive: true, maxSockets: 2 });
            await probe(checks, proxy.url, 'nothing', agent);
            const before = checks.failures.length;
            for (const [what, bytes] of Object.entries(attacks)) {
                // What follows an attack may be a request of its own to the proxy: only what others get counts here.
                await sendBytes(port, Buffer.from(bytes.replaceAll('/events/smuggled', '/events/piped'), 'latin1'), { patience: 2500 });
                took.push(...(await probe(checks, proxy.url, what, agent)));
            }
            swallowed += checks.failures.length - before;
            agent.destroy();
        }
        for (const [what, bytes] of Object.entries(attacks)) {
            judge(checks, what, 'straight', await sendBytes(nodes[2].port, Buffer.from(bytes, 'latin1')));
        }
        for (const channel of ['smuggled', 'inside']) {
            const { body } = await ask(nodes[2].url, { path: `/events/${channel}`, body: 'first' });
            const { id } = JSON.parse(body);
            checks.expect(id.endsWith('-1'), `a hidden request was carried out: the first event of ${channel} is ${id}`);
        }
        const { count, worst } = times(took);
        return checks.outcome(`${Object.keys(attacks).length} attacks straight: all 400 and closed (${WORDLESS.length} closed without a word); twice through a proxy with reuse: ${count} probes of others, ${swallowed} swallowed or crossed, slowest ${ms(worst)}`);
    } finally {
        await parts.close();
    }
}
