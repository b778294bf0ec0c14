// A gateway of cardboard: the page's own files, and answers in the shape of the operators' API, made up by arithmetic.
// For what is hard to have for real in a test: 10,000 links, names meant to do harm, a token, nodes that die on request.
//   node scripts/dashboard/mock.mjs [--port N] [--links N] [--token TEXT]

import { readFile } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { closings, links, migration, report, sessions, streams } from './invented.mjs';

const resources = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../gateway/src/main/resources');
const TYPES = { '.html': 'text/html', '.css': 'text/css', '.js': 'text/javascript', '.svg': 'image/svg+xml' };
const REPORT_EVERY = 2_000;

/** The policy of the real route; the test against real gateways compares the two. */
export const POLICY =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none';" +
    " form-action 'none'; frame-ancestors 'none'";

const SORTS = { age: 'age_seconds', lag: 'lag', events: 'events', bytes: 'bytes' };

export class Mock {
    constructor({ links: wanted = 10_000, nodes = ['n1', 'n2', 'n3'], token = null, empty = false, past = 0 } = {}) {
        this.token = token;
        this.nodes = new Map(nodes.map((name, i) => [name, { name, i, began: Date.now() - (i + 1) * 4_000_000 }]));
        this.links = empty ? [] : links(wanted, nodes);
        this.sessions = empty ? [] : sessions(60, nodes);
        this.streams = empty ? [] : streams(120, nodes);
        this.empty = empty;
        this.past = past;
        this.watchers = new Set();
        this.channels = new Map();
        this.sequence = 0;
        this.unanswered = 0;
    }

    async start(port = 0) {
        this.server = http.createServer((request, response) => this.handle(request, response));
        await new Promise((resolve) => this.server.listen(port, '127.0.0.1', resolve));
        this.timer = setInterval(() => this.reports(), REPORT_EVERY);
        return `http://127.0.0.1:${this.server.address().port}`;
    }

    stop() {
        clearInterval(this.timer);
        this.server.closeAllConnections();
        return new Promise((resolve) => this.server.close(resolve));
    }

    /** Its reports end, and with them its place on the roster; streams are cut, as they are when their node dies. */
    kill(name) {
        this.nodes.delete(name);
        this.watchers.forEach((response) => response.destroy());
    }

    drain(name) {
        this.nodes.get(name).status = 'draining';
    }

    report(node, at = Date.now()) {
        const held = this.links.filter((link) => link.node === node.name).length;
        return report(node, held, this.empty ? [] : closings(node.i), at);
    }

    /** Tells how the nodes are, or were: a page that comes may be told a past to draw. */
    reports(at = Date.now()) {
        for (const node of this.nodes.values()) {
            this.sequence += 1;
            const frame = `id: mock-${this.sequence}\nevent: report\ndata: ${JSON.stringify(this.report(node, at))}\n\n`;
            this.watchers.forEach((response) => response.write(frame));
        }
    }

    async handle(request, response) {
        // It is also there behind a path, as a proxy may put it.
        const url = new URL(request.url.replace(/^\/behind(?=\/)/, ''), 'http://mock');
        response.setHeader('Lifeline-Node', [...this.nodes.keys()][0] ?? 'none');
        try {
            if (url.pathname.startsWith('/api/')) {
                this.api(request, response, url);
            } else if (url.pathname.startsWith('/events/')) {
                await this.channel(request, response, url);
            } else {
                await this.file(response, url.pathname);
            }
        } catch (error) {
            this.json(response, 500, { detail: String(error) });
        }
    }

    async file(response, pathname) {
        const file = path.join(resources, pathname === '/dashboard' ? '/dashboard/index.html' : pathname);
        const body = file.startsWith(resources) ? await readFile(file).catch(() => null) : null;
        response.setHeader('Content-Security-Policy', POLICY);
        response.setHeader('Content-Type', `${TYPES[path.extname(file)] ?? 'text/plain'}; charset=utf-8`);
        response.writeHead(body ? 200 : 404).end(body ?? '');
    }

    json(response, status, body) {
        response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
    }

    api(request, response, url) {
        const brought = request.headers.authorization;
        if (this.token && brought !== `Bearer ${this.token}`) {
            this.unanswered += 1;
            this.json(response, 401, { title: 'Unauthorized', detail: 'Send a bearer token.' });
            return;
        }
        const ask = Object.fromEntries(url.searchParams);
        const answers = {
            '/api/nodes': () => ({ nodes: [...this.nodes.values()].map((node) => this.report(node)) }),
            '/api/connections': () => page('connections', this.links, ask),
            '/api/sessions': () => page('sessions', this.sessions, ask),
            '/api/streams': () => page('streams', this.streams, ask),
            '/api/migration': () => (this.empty ? { clients: [], sunset: null, legacy_share: 0 } : migration()),
        };
        if (url.pathname === '/api/live') {
            this.watch(response, this.watchers);
            for (let age = this.past; age >= 0; age -= REPORT_EVERY) {
                this.reports(Date.now() - age);
            }
        } else if (answers[url.pathname]) {
            this.json(response, 200, answers[url.pathname]());
        } else {
            this.json(response, 404, { detail: 'There is nothing here.' });
        }
    }

    watch(response, watchers) {
        response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' });
        response.write('retry: 500\n\n');
        watchers.add(response);
        response.on('close', () => watchers.delete(response));
    }

    async channel(request, response, url) {
        const watchers = this.channels.get(url.pathname) ?? new Set();
        this.channels.set(url.pathname, watchers);
        if (request.method !== 'POST') {
            this.watch(response, watchers);
            return;
        }
        const chunks = [];
        for await (const chunk of request) {
            chunks.push(chunk);
        }
        const body = Buffer.concat(chunks).toString();
        this.sequence += 1;
        const type = url.searchParams.get('event');
        const data = body.split('\n').map((line) => `data: ${line}\n`).join('');
        const frame = `id: mock-${this.sequence}\n${type ? `event: ${type}\n` : ''}${data}\n`;
        watchers.forEach((watcher) => watcher.write(frame));
        this.json(response, 202, { id: `mock-${this.sequence}` });
    }
}

/** Filters, sorts and cuts as the gateway does. */
function page(key, all, { q = '', node, kind, state, sort, offset = 0, limit = 50 }) {
    const wanted = Object.entries({ node, kind, state }).filter(([, value]) => value);
    const matched = all.filter(
        (item) =>
            wanted.every(([name, value]) => item[name] === value) &&
            (q === '' || JSON.stringify(item).toLowerCase().includes(q.toLowerCase())),
    );
    if (SORTS[sort]) {
        matched.sort((a, b) => b[SORTS[sort]] - a[SORTS[sort]]);
    }
    const from = Number(offset);
    return {
        total: all.length,
        matched: matched.length,
        offset: from,
        [key]: matched.slice(from, from + Math.min(500, Number(limit))),
        partial: [],
    };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
    const { values } = parseArgs({
        options: { port: { type: 'string', default: '0' }, links: { type: 'string', default: '10000' }, token: { type: 'string' } },
    });
    const mock = new Mock({ links: Number(values.links), token: values.token ?? null });
    console.log(`${await mock.start(Number(values.port))}/dashboard`);
}
