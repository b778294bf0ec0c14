// An MCP server that keeps books: whom it introduced itself to and how often, which call it ran how often, how much it
// announced to whom. Restarted it has forgotten its sessions, and goes on with its books.
//
//   node bookkeeper.mjs --book FILE [--interval MS] [--resumable] --port 9000
//
// GET /book gives the books, POST /hush ends the announcements. Its tools: work and look, of which look may be run again;
// both take { secret, delay, cut }, and with cut the connection is cut when the work is done.

import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { frame, json, Mock, notification, said, STREAM, Tail, tell, twoTools, unknown } from '../lab/upstream.mjs';

const { values: flags } = parseArgs({
    options: {
        book: { type: 'string' },
        interval: { type: 'string', default: '0' },
        resumable: { type: 'boolean' },
        port: { type: 'string' },
    },
});
const book = existsSync(flags.book)
    ? JSON.parse(readFileSync(flags.book, 'utf8'))
    : { introduced: {}, executed: {}, announced: {} };
const count = (page, key) => (book[page][key] = (book[page][key] ?? 0) + 1);

/** A payload that can be told from every other: whose, the how manieth, and what follows from both. */
const hashOf = (tag, n) => createHash('sha256').update(`${tag} ${n}`).digest('hex').slice(0, 12);

class Conversation extends Tail {
    answers = new Map();

    constructor(tag) {
        super();
        this.tag = tag;
    }

    announce() {
        // Nobody has listened yet: a server may not know that anybody ever will.
        if (!this.stream && this.kept.length === 0) {
            return;
        }
        const n = count('announced', this.tag);
        this.say(notification({ tag: this.tag, n, hash: hashOf(this.tag, n) }));
    }

    /** The answer of one call on a stream of its own, which can be asked for again by its name. */
    async answer(name, response) {
        response.writeHead(200, STREAM);
        response.write(frame(null, `call-${name}`));
        response.end(frame(await this.answers.get(name), `call-${name}-end`));
    }
}

class Bookkeeper extends Mock {
    info = { name: 'bookkeeper', version: '1.0.0' };
    tools = twoTools({ secret: { type: 'string' }, delay: { type: 'number' }, cut: { type: 'boolean' } });

    async serve(request, response) {
        if (request.url === '/book' || request.url === '/hush') {
            clearInterval(request.url === '/hush' ? timer : undefined);
            return json(response, 200, book);
        }
        return super.serve(request, response);
    }

    welcome({ clientInfo: { name } }) {
        count('introduced', name);
        return new Conversation(name);
    }

    attach(session, request, response) {
        const name = /^call-(.{36})$/.exec(request.headers['last-event-id'] ?? '')?.[1];
        return session.answers.has(name) ? session.answer(name, response) : super.attach(session, request, response);
    }

    leave(session, response) {
        session?.stream?.end();
        return session ? super.leave(session, response) : unknown(response);
    }

    async call(session, { id, params }, response) {
        const outcome = execute(session, id, params.arguments);
        if (flags.resumable) {
            const name = randomUUID();
            session.answers.set(name, outcome);
            return session.answer(name, response);
        }
        const answer = await outcome;
        return params.arguments.cut ? response.destroy() : tell(response, answer);
    }
}

async function execute({ tag }, id, { secret, delay = 0 }) {
    count('executed', secret);
    await pause(delay);
    return said(id, JSON.stringify({ secret, tag }));
}

const upstream = new Bookkeeper();
const interval = Number(flags.interval);
const timer = interval > 0 ? setInterval(() => upstream.sessions.forEach((each) => each.announce()), interval) : undefined;
// Longer than anybody keeps an idle connection to it: no request meets one that is just being closed.
upstream.server.keepAliveTimeout = 120_000;
process.on('SIGTERM', () => {
    writeFileSync(flags.book, JSON.stringify(book));
    process.exit(0);
});
await upstream.listen('127.0.0.1', Number(flags.port));
