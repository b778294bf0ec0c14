// When a lost stream is asked for again: counts the tries and keeps the waits between them.

import { RetryBudget } from "./retry.js";

// A stream that lasted so long was worth having: the count begins anew.
const WORTH = 10000;

export class Comeback {
    #policy;
    #budget;
    #openedAt = null;
    #hinted = null;
    /** How many tries there were in a row. */
    tries = 0;

    constructor(policy, budget) {
        this.#policy = policy;
        this.#budget = budget ? new RetryBudget(budget.tokens, budget.perToken, Date.now()) : null;
    }

    opened() {
        this.#openedAt = Date.now();
    }

    /** Something came: the count begins anew. */
    progressed() {
        this.tries = 0;
    }

    /** The server says how long to wait before it is asked again. */
    hint(millis) {
        this.#hinted = millis;
    }

    /** The wait before the next try; null when there is none left. */
    next(named) {
        if (this.#openedAt !== null && Date.now() - this.#openedAt >= WORTH) {
            this.tries = 0;
        }
        this.#openedAt = null;
        const delay = this.#policy.delay(this.tries, named ?? this.#hinted) ?? this.#spared();
        if (delay !== null) {
            this.tries++;
        }
        return delay;
    }

    // One more than the policy has, when the budget has it too.
    #spared() {
        if (!this.#budget) {
            return null;
        }
        const full = this.#budget.untilNext(Date.now());
        this.#budget.take(Date.now() + full);
        return Math.max(full, this.#policy.max);
    }
}
