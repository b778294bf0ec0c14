// When and how often to try again. Pure: time and chance are handed in. Durations are milliseconds.

/** A server that names more is not obeyed: its slip would be the end of the connection. */
export const LONGEST_NAMED = 3600000;

// Twice nothing is nothing: from the second failure on, one that waits for nothing at first waits at least so long.
const LEAST_GROWN = 100;

/** What a failure says about trying again. */
export const FailureClass = Object.freeze({
    /** The network, or a server in trouble: again, with growing delays. */
    PASSING: "passing",
    /** The server has had too much: again, not before the time it names. */
    THROTTLED: "throttled",
    /** The server does not want this request, however often it comes. */
    REFUSED: "refused",
    /** What came is no event stream, or breaks its bounds: it would again. */
    UNREADABLE: "unreadable",

    isRetried(failure) {
        return failure === FailureClass.PASSING || failure === FailureClass.THROTTLED;
    },

    /** What the status of an answer without a stream means; a redirection that nobody follows is a refusal. */
    ofStatus(status) {
        if (status === 429) {
            return FailureClass.THROTTLED;
        }
        if (status >= 500) {
            return FailureClass.PASSING;
        }
        return status >= 300 ? FailureClass.REFUSED : FailureClass.UNREADABLE;
    },

    /** The time a `Retry-After` in seconds names, or null. One in the form of a date depends on a clock, and is not read. */
    retryAfter(header) {
        const seconds = (header ?? "").trim();
        return /^[0-9]+$/.test(seconds) ? Math.min(Number(seconds) * 1000, LONGEST_NAMED) : null;
    },
});

/** How long to wait before a lost connection is tried again: twice as long each time in a row that it failed. */
export class ReconnectPolicy {
    constructor({ initial = 1000, max = 60000, jitter = 500, jitterFactor = 0, mostTries = Infinity } = {}) {
        const sound = initial >= 0 && max >= initial && max <= LONGEST_NAMED && mostTries >= 0;
        if (!sound || !(jitter >= 0 && jitter <= LONGEST_NAMED && jitterFactor >= 0 && jitterFactor < 1)) {
            throw new RangeError(`no such policy: ${initial} to ${max}, jitter ${jitter} and ${jitterFactor}, ${mostTries}`);
        }
        Object.assign(this, { initial, max, jitter, jitterFactor, mostTries });
        Object.freeze(this);
    }

    /**
     * The delay before the next try, when so many in a row have failed; null when that was the last. Where the server
     * named a time, by `retry:` or `Retry-After`, it is met the first time, however short, and is the least from then on.
     */
    delay(failed, named = null, chance = Math.random) {
        if (failed >= this.mostTries) {
            return null;
        }
        const own = this.#plain(failed) * (1 + this.jitterFactor * (2 * chance() - 1)) + this.jitter * chance();
        if (named === null) {
            return own;
        }
        // Never shorter: somebody asked for it.
        const least = Math.min(named, LONGEST_NAMED) * (1 + this.jitterFactor * chance()) + this.jitter * chance();
        return failed === 0 ? least : Math.max(own, least);
    }

    #plain(failed) {
        const start = failed > 0 ? Math.max(this.initial, LEAST_GROWN / 2) : this.initial;
        return Math.min(this.max, start * 2 ** Math.min(failed, 40));
    }
}

/** How often something may be tried beyond what a policy allows: tokens that come back with time. */
export class RetryBudget {
    #most;
    #perToken;
    #tokens;
    #countedAt;

    constructor(most, perToken, now) {
        if (!(most >= 1 && perToken > 0)) {
            throw new RangeError(`no such budget: ${most} per ${perToken}`);
        }
        this.#most = most;
        this.#perToken = perToken;
        this.#tokens = most;
        this.#countedAt = now;
    }

    /** Takes a token; says whether there was one. */
    take(now) {
        this.#refill(now);
        if (this.#tokens === 0) {
            return false;
        }
        this.#tokens--;
        return true;
    }

    /** How long until there is a token. */
    untilNext(now) {
        this.#refill(now);
        return this.#tokens > 0 ? 0 : this.#perToken - Math.max(0, now - this.#countedAt);
    }

    // The time may stand still or step back.
    #refill(now) {
        const passed = Math.max(0, now - this.#countedAt);
        const fresh = Math.floor(passed / this.#perToken);
        if (this.#tokens === this.#most || fresh >= this.#most - this.#tokens) {
            this.#tokens = this.#most;
            this.#countedAt += passed;
        } else {
            this.#tokens += fresh;
            this.#countedAt += fresh * this.#perToken;
        }
    }
}

/** Remembers the last ids of a stream, so that what a server sends again after a reconnect is recognised. */
export class RecentIds {
    #most;
    #seen = new Set();

    constructor(most) {
        this.#most = most;
    }

    /** Takes note of an id; says whether it is new. What has no id is always new. */
    firstTime(id) {
        if (!id) {
            return true;
        }
        const known = this.#seen.delete(id);
        this.#seen.add(id);
        if (this.#seen.size > this.#most) {
            this.#seen.delete(this.#seen.values().next().value);
        }
        return !known;
    }

    /** Forgets all: the ids to come are of another count. */
    clear() {
        this.#seen.clear();
    }
}
