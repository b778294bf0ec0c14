// One request and the stream it is answered with, from the first byte sent to how it ended.

import { FailureClass } from "./retry.js";
import { SseLimitError } from "./wire.js";

const EVENT_STREAM = /^text\/event-stream\s*(;|$)/i;

/** Header values are bytes, one a character: an id goes back as its UTF-8. */
function headerBytes(text) {
    return String.fromCharCode(...new TextEncoder().encode(text));
}

/** What an answer that is no stream means; null for one that is. */
function judge(response) {
    const { status, headers } = response;
    if (status === 204) {
        return { reason: "no-content", status };
    }
    if (status !== 200) {
        const named = FailureClass.retryAfter(headers.get("Retry-After"));
        return { reason: "status", failure: FailureClass.ofStatus(status), status, named };
    }
    if (!EVENT_STREAM.test(headers.get("Content-Type") ?? "") || !response.body) {
        return { reason: "type", failure: FailureClass.UNREADABLE, status };
    }
    return null;
}

function outcomeOf(error) {
    if (error.outcome) {
        return error.outcome;
    }
    return error instanceof SseLimitError
        ? { reason: "limit", failure: FailureClass.UNREADABLE, error }
        : { reason: "network", failure: FailureClass.PASSING, error };
}

/**
 * Asks for a stream and feeds what comes to a parser. `ended` tells how it ended, once, as an outcome: its reason, its
 * failure class, and where they are known the status, the time the server named, and the error.
 */
export class Link {
    #terms;
    #controller = new AbortController();
    #reader = null;
    #heardAt = 0;
    #limit = 0;
    #timer = null;
    #settle;
    #over = false;
    /** How it ended; never rejected. */
    ended = new Promise((resolve) => (this.#settle = resolve));

    /** The terms: url, fetch, headers, credentials, parser, connectTimeout, idleTimeout, and who is told of the answer. */
    constructor(terms) {
        this.#terms = terms;
    }

    async run(lastEventId) {
        try {
            this.#expect(this.#terms.connectTimeout);
            const response = await this.#ask(lastEventId);
            const refusal = judge(response);
            if (refusal) {
                // What else it says is not wanted, and must not hold the connection.
                this.cut(refusal);
                return;
            }
            this.#reader = response.body.getReader();
            if (!this.#over) {
                this.#terms.opened(response);
                await this.#read();
            }
            this.#end({ reason: "ended", failure: FailureClass.PASSING });
        } catch (error) {
            this.cut(outcomeOf(error));
        }
    }

    /** Ends it from this side. */
    cut(outcome) {
        if (this.#end(outcome)) {
            this.#controller.abort();
            this.#reader?.cancel().catch(() => {});
        }
    }

    /** Looks whether it is dead: for those who know that timers stood still. */
    check() {
        const silent = Date.now() - this.#heardAt;
        if (this.#over || this.#limit === 0) {
            return;
        }
        if (silent >= this.#limit) {
            const reason = this.#reader ? "idle" : "timeout";
            this.cut({ reason, failure: FailureClass.PASSING });
        } else {
            // A clock that stepped back makes the silence negative.
            this.#watch(Math.min(this.#limit, this.#limit - silent));
        }
    }

    async #ask(lastEventId) {
        const { url, fetch, credentials } = this.#terms;
        const headers = await this.#terms.headers();
        headers.set("Accept", "text/event-stream");
        if (lastEventId) {
            headers.set("Last-Event-ID", headerBytes(lastEventId));
        }
        // "no-store" makes fetch ask with Cache-Control: no-cache, without a preflight for it.
        return fetch(url, { headers, credentials, cache: "no-store", signal: this.#controller.signal });
    }

    async #read() {
        this.#expect(this.#terms.idleTimeout);
        while (!this.#over) {
            const { done, value } = await this.#reader.read();
            if (done || this.#over) {
                return;
            }
            this.#heardAt = Date.now();
            this.#terms.parser.feed(value);
        }
    }

    #expect(limit) {
        this.#limit = limit;
        this.#heardAt = Date.now();
        clearTimeout(this.#timer);
        if (limit > 0 && !this.#over) {
            this.#watch(limit);
        }
    }

    // One timer that looks at the time of the last byte, and not one a byte.
    #watch(wait) {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.check(), wait);
    }

    #end(outcome) {
        if (this.#over) {
            return false;
        }
        this.#over = true;
        clearTimeout(this.#timer);
        this.#terms.parser.end();
        this.#settle(outcome);
        return true;
    }
}
