// Judges one case: what clients saw, against what was sent. It is told everything and asks nobody.
//
//   a call       one outcome; run once at most; not run at all, if it is said so; the answer is its own
//   a stream     each once, in order, none missing; nobody else's; one id means one event

const NOT_RUN = -32010;
/** The store did not say whether it took the request, nor whether it let it go again: an outcome may still come. */
const NOTHING_PROMISED = -32002;

export class Oracle {
    #calls = new Map();
    #streams = new Map();
    #meanings = new Map();
    #unexplained = [];
    violations = [];
    /** Since when, by the clock, something was done to the cluster that explains an error. */
    faultySince = Infinity;
    /** What clients that do not say where they were cannot be spared. */
    unknowable = 0;

    violate(law, detail) {
        this.violations.push(`${law}: ${detail}`);
    }

    faulty(since) {
        this.faultySince = Math.min(this.faultySince, since);
    }

    /** An error is a violation where nothing had failed before it. That is known in the end: causes stand in logs. */
    #needsCause(law, detail) {
        this.#unexplained.push({ law, detail, at: Date.now() });
    }

    introductionFailed(tag, why) {
        this.#needsCause('an introduction failed without a cause', `${tag} ${why}`);
    }

    // --- calls

    called(secret, tag) {
        this.#calls.set(secret, { tag, outcomes: [], code: null });
    }

    #outcome(secret, outcome, code = null) {
        const call = this.#calls.get(secret);
        call.outcomes.push(outcome);
        call.code = code;
        if (outcome !== 'answered') {
            this.#needsCause('an error without a cause', `${call.tag} ${outcome}`);
        }
    }

    answered(secret, said) {
        this.#outcome(secret, 'answered');
        if (said.secret !== secret || said.tag !== this.#calls.get(secret).tag) {
            this.violate('the answer of another call', JSON.stringify(said));
        }
    }

    refused(secret, code, why) {
        this.#outcome(secret, `refused: ${code} ${why}`, code);
    }

    /** The client's own connection broke: it cannot know. An outcome that comes all the same is the better for it. */
    cut(secret, why) {
        this.#outcome(secret, `cut: ${why}`);
    }

    /** A legacy client that does not say what it has gets its last answers once more. */
    repeated(secret, mayRepeat) {
        const { outcomes, tag, code } = this.#calls.get(secret);
        if (mayRepeat || code === NOTHING_PROMISED || outcomes.at(-1).startsWith('cut')) {
            this.unknowable++;
        } else {
            this.violate('a second outcome', `${tag} after ${outcomes}`);
        }
    }

    isOpen(secret) {
        return this.#calls.get(secret)?.outcomes.length === 0;
    }

    // --- streams

    /**
     * A number of a stream came to a reader; says whether it was news.
     *
     * @param blind nothing was news yet since it came back without a word about where it was
     */
    heard(reader, n, { id, meaning, blind = false }) {
        const last = this.#streams.get(reader) ?? 0;
        if (n <= last) {
            blind ? this.unknowable++ : this.violate('doubled or out of order', `${reader} got ${n} after ${last}`);
            return false;
        }
        if (n > last + 1) {
            blind ? this.unknowable++ : this.violate('lost', `${reader} got ${n} after ${last}`);
        }
        this.#streams.set(reader, n);
        this.#means(id, meaning);
        return true;
    }

    #means(id, meaning) {
        const known = this.#meanings.get(id);
        if (id && known !== undefined && known !== meaning) {
            this.violate('one id, two events', `${known} and ${meaning}`);
        }
        this.#meanings.set(id, meaning);
    }

    reached(reader) {
        return this.#streams.get(reader) ?? 0;
    }

    /** The reader begins at what comes next. */
    begin(reader, n) {
        this.#streams.set(reader, n);
    }

    // --- the end

    get open() {
        return [...this.#calls.values()].filter((call) => call.outcomes.length === 0).length;
    }

    judge(executed) {
        for (const { law, detail, at } of this.#unexplained) {
            at < this.faultySince && this.violate(law, `${detail}, ${Math.round(this.faultySince - at)} ms before`);
        }
        for (const [secret, { tag, outcomes, code }] of this.#calls) {
            const runs = executed.get(secret) ?? 0;
            if (outcomes.length === 0) {
                this.violate('no outcome', `${tag}, run ${runs} times`);
            }
            if (outcomes.length > 1) {
                this.violate('a second outcome', `${tag} ${outcomes}`);
            }
            if (runs > 1) {
                this.violate('run more than once', `${tag} ${runs} times`);
            }
            if (runs > 0 && code === NOT_RUN) {
                this.violate('run, and said not to have been', `${tag} ${outcomes}`);
            }
            if (runs === 0 && outcomes.includes('answered')) {
                this.violate('answered, and never run', tag);
            }
        }
        return this.violations;
    }

    /** How calls ended, for people. */
    get outcomes() {
        const kinds = {};
        for (const { outcomes } of this.#calls.values()) {
            const kind = (outcomes[0] ?? 'none').slice(0, 70);
            kinds[kind] = (kinds[kind] ?? 0) + 1;
        }
        return kinds;
    }
}
