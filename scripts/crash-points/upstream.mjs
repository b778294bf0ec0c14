// What is behind the gateways: an MCP server that keeps a book of what it ran and said, and an event source for a feed.
// Both repeat nothing and forget nothing unless they are told to, so that whatever is missing was lost by a gateway.

import { setTimeout as pause } from 'node:timers/promises';
import { REVISION } from '../lab/mcp.mjs';
import { frame, Mock, notification, said, STREAM, Tail } from '../lab/upstream.mjs';

/** Says where a reader is by an id alone: to a feed an empty event would be one. */
class Numbers extends Tail {
    position(after) {
        return `id: ${after}\n\n`;
    }
}

export class Upstream extends Mock {
    info = { name: 'book', version: '1' };
    revision = REVISION;
    #newest = new Map();
    #feed = new Numbers();
    executed = new Map();
    announced = new Map();
    fed = 0;

    /** One numbered notification to each of those that were ever listened to. */
    announce(tags) {
        for (const tag of tags) {
            const session = this.#newest.get(tag);
            if (session && (session.stream !== null || session.kept.length > 0)) {
                const n = (this.announced.get(tag) ?? 0) + 1;
                this.announced.set(tag, n);
                session.say(notification({ tag, n }));
            }
        }
    }

    feed() {
        this.#feed.say(++this.fed);
    }

    /** As a restart does that keeps no sessions. */
    forget() {
        this.sessions.forEach((session) => session.stream?.end());
        this.sessions.clear();
        this.#newest.clear();
    }

    async serve(request, response) {
        return request.url === '/feed'
            ? this.#feed.attach(response, request.headers['last-event-id'] || undefined)
            : super.serve(request, response);
    }

    welcome({ clientInfo: { name: tag } }) {
        const session = Object.assign(new Numbers(), { tag });
        this.#newest.set(tag, session);
        return session;
    }

    /** Says at once that it has the request, and the rest later: there is a time between the two. */
    async call({ tag }, { id, params }, response) {
        const { secret, delay } = params.arguments;
        this.executed.set(secret, (this.executed.get(secret) ?? 0) + 1);
        response.writeHead(200, STREAM).flushHeaders();
        await pause(delay);
        response.end(frame(said(id, JSON.stringify({ secret, tag }))));
    }
}
