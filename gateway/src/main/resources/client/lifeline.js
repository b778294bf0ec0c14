// An event stream that comes back: EventSource in shape, over fetch. For browsers and Node 18 or newer, as it is.

import { attend } from "./attention.js";
import { Comeback } from "./comeback.js";
import { Credentials } from "./credentials.js";
import { FailureEvent, GapEvent, StateEvent, verdict } from "./events.js";
import { Link } from "./link.js";
import { FailureClass, ReconnectPolicy, RecentIds } from "./retry.js";
import { BOUNDS, SseParser } from "./wire.js";

export { BOUNDS, FailureClass, ReconnectPolicy, RecentIds, SseParser };
export { RetryBudget } from "./retry.js";
export { SseLimitError } from "./wire.js";

const DEFAULTS = {
    headers: {},
    token: null,
    withCredentials: false,
    fetch: null,
    lastEventId: "",
    initialDelay: 1000,
    maxDelay: 60000,
    jitter: 500,
    maxAttempts: Infinity,
    retryBudget: null,
    serverRetry: true,
    idleTimeout: 90000,
    connectTimeout: 30000,
    recentIds: 1000,
    bounds: BOUNDS,
    acknowledgeUrl: null,
};

const READY_STATES = { connecting: 0, reconnecting: 0, connected: 1, failed: 2, closed: 2 };
const HASHED = 1 << 15;

function settings(options) {
    const unknown = Object.keys(options).filter((name) => !(name in DEFAULTS));
    if (unknown.length > 0) {
        throw new TypeError(`no such option: ${unknown.join(", ")}`);
    }
    const given = Object.entries(options).filter(([, value]) => value !== undefined);
    return { ...DEFAULTS, ...Object.fromEntries(given) };
}

// An id alone does not make a repetition: servers are in use that count each connection's events from one.
function fingerprint(id, type, data) {
    const sample = data.length > 2 * HASHED ? data.slice(0, HASHED) + data.slice(-HASHED) : data;
    let hash = data.length;
    for (let i = 0; i < sample.length; i++) {
        hash = (Math.imul(31, hash) + sample.charCodeAt(i)) | 0;
    }
    return `${id}\n${type}\n${hash}`;
}

/** A stream of events that is kept alive: lost, it is made again, and goes on behind the last event it had. */
export class LifelineSource extends EventTarget {
    static CONNECTING = 0;
    static OPEN = 1;
    static CLOSED = 2;

    #options;
    #fetch;
    #comeback;
    #parser;
    #recent;
    #link = null;
    #timer = null;
    #dueAt = null;
    #ignoreThePage;
    #state = "connecting";
    #origin;
    #endpoint = null;
    #credentials;
    #handlers = {};
    #duplicates = 0;

    /** The stream's address; relative to the page in a browser. The options are in lifeline.d.ts. */
    constructor(url, options = {}) {
        super();
        this.url = new URL(url, globalThis.document?.baseURI ?? globalThis.location?.href).href;
        this.#options = settings(options);
        const { initialDelay: initial, maxDelay: max, jitter, maxAttempts: mostTries } = this.#options;
        this.#comeback = new Comeback(
            new ReconnectPolicy({ initial, max, jitter, mostTries }),
            this.#options.retryBudget,
        );
        this.#credentials = new Credentials(this.#options.headers, this.#options.token);
        this.#fetch = this.#options.fetch ?? ((...request) => globalThis.fetch(...request));
        this.#recent = this.#options.recentIds > 0 ? new RecentIds(this.#options.recentIds) : null;
        this.#parser = new SseParser(this.#sink(), this.#options.bounds);
        this.#parser.reset(this.#options.lastEventId);
        this.#ignoreThePage = attend({
            online: (wasOffline) => this.#online(wasOffline),
            visible: () => this.#visible(),
        });
        // Listeners are added first.
        queueMicrotask(() => this.#state === "connecting" && this.#link === null && this.#connect(null));
    }

    get withCredentials() {
        return this.#options.withCredentials;
    }

    /** 0, 1 or 2, as with EventSource. */
    get readyState() {
        return READY_STATES[this.#state];
    }

    /** connecting, connected, reconnecting, failed or closed. */
    get state() {
        return this.#state;
    }

    /** Where it goes on from when it is lost now. */
    get lastEventId() {
        return this.#parser.lastEventId;
    }

    /** How many events came a second time, and were dropped. */
    get duplicates() {
        return this.#duplicates;
    }

    /** Ends it for good. */
    close() {
        if (this.#state !== "closed") {
            this.#stop("closed", { reason: "closed" });
        }
    }

    /** Asks again at once, whatever the state, unless it is closed; goes on behind the last event. */
    reconnect() {
        if (this.#state !== "closed") {
            this.#again("asked");
        }
    }

    /** Tells the gateway that this session's client has everything up to an event; for MCP streams. */
    async acknowledge(id = this.lastEventId) {
        const response = await this.#fetch(this.#acknowledgeUrl(), {
            method: "POST",
            headers: await this.#credentials.headers({ "Content-Type": "application/json" }),
            credentials: this.#cookies(),
            body: JSON.stringify({ lastEventId: id }),
        });
        await response.body?.cancel();
        if (!response.ok) {
            throw Object.assign(new Error(`not acknowledged: status ${response.status}`), { status: response.status });
        }
    }

    #acknowledgeUrl() {
        const own = new URL(this.url);
        const session = new Headers(this.#options.headers).get("Mcp-Session-Id");
        if (this.#options.acknowledgeUrl) {
            return new URL(this.#options.acknowledgeUrl, own).href;
        }
        if (this.#endpoint !== null) {
            const url = new URL(this.#endpoint, own);
            if (url.origin !== own.origin) {
                throw new Error("the endpoint is of another origin, and gets no token of ours");
            }
            url.pathname += "/ack";
            return url.href;
        }
        if (session !== null) {
            own.pathname = own.pathname.replace(/\/mcp\/?$/, "/messages/ack");
            own.search = new URLSearchParams({ sessionId: session }).toString();
            return own.href;
        }
        throw new Error("no session is known to acknowledge to");
    }

    #cookies() {
        return this.#options.withCredentials ? "include" : "same-origin";
    }

    #connect(reason) {
        this.#dueAt = null;
        clearTimeout(this.#timer);
        const { connectTimeout, idleTimeout } = this.#options;
        const link = new Link({
            url: this.url,
            fetch: this.#fetch,
            headers: () => this.#credentials.headers(),
            credentials: this.#cookies(),
            parser: this.#parser,
            connectTimeout,
            idleTimeout,
            opened: (response) => this.#opened(response),
        });
        this.#link = link;
        link.ended.then((outcome) => this.#link === link && this.#ended(outcome));
        this.#enter("connecting", { reason });
        if (this.#link === link) {
            link.run(this.lastEventId);
        }
    }

    #opened(response) {
        this.#credentials.accepted();
        this.#comeback.opened();
        this.#origin = new URL(response.url || this.url).origin;
        this.#enter("connected", { reason: null });
        if (this.#state === "connected") {
            this.dispatchEvent(new Event("open"));
        }
    }

    #ended(outcome) {
        this.#link = null;
        const { reason, failure, status, named } = outcome;
        if (reason === "no-content") {
            this.#stop("closed", outcome);
        } else if (status === 401 && failure === FailureClass.REFUSED && this.#credentials.refused()) {
            this.#fail(outcome, true);
            this.#resume(() => this.#connect(reason));
        } else {
            const delay = FailureClass.isRetried(failure) ? this.#comeback.next(named) : null;
            this.#fail(outcome, delay !== null);
            this.#resume(() => this.#wait(delay, outcome));
        }
    }

    // A listener may have closed it, or asked again.
    #resume(next) {
        if (this.#link === null && this.#state !== "closed") {
            next();
        }
    }

    #wait(delay, outcome) {
        if (delay === null) {
            const exhausted = FailureClass.isRetried(outcome.failure);
            this.#stop("failed", exhausted ? { ...outcome, reason: "exhausted" } : outcome);
            return;
        }
        this.#dueAt = Date.now() + delay;
        this.#timer = setTimeout(() => this.#connect(outcome.reason), delay);
        this.#enter("reconnecting", { delay, reason: outcome.reason, status: outcome.status });
    }

    #stop(state, outcome) {
        clearTimeout(this.#timer);
        this.#dueAt = null;
        const link = this.#link;
        this.#link = null;
        link?.cut(outcome);
        if (state === "closed") {
            this.#ignoreThePage();
        }
        this.#enter(state, { reason: outcome.reason, status: outcome.status });
    }

    #again(reason) {
        const link = this.#link;
        this.#link = null;
        link?.cut({ reason });
        this.#comeback.progressed();
        this.#connect(reason);
    }

    // A connection from before the network was away may be dead, and would take long to show it.
    #online(wasOffline) {
        if (this.#state === "reconnecting" || (wasOffline && this.#link !== null)) {
            this.#again("online");
        }
    }

    // Timers stand still in pages nobody looks at.
    #visible() {
        this.#link?.check();
        if (this.#dueAt !== null && Date.now() >= this.#dueAt) {
            this.#connect("visible");
        }
    }

    #sink() {
        return {
            event: (id, type, data, own) => this.#event(id, type, data, own),
            retry: (millis) => this.#options.serverRetry && this.#comeback.hint(millis),
            comment: () => this.#comeback.progressed(),
        };
    }

    #event(id, type, data, own) {
        this.#comeback.progressed();
        if (type === "endpoint") {
            this.#endpoint = data;
        }
        const init = { data, lastEventId: id, origin: this.#origin };
        const gap = type === "gap" ? verdict(data) : null;
        if (gap) {
            // The ids to come may be of another count.
            this.#recent?.clear();
            this.dispatchEvent(new GapEvent(init, gap));
        } else if (own && this.#recent?.firstTime(id && fingerprint(id, type, data)) === false) {
            this.#duplicates++;
        } else {
            this.dispatchEvent(new MessageEvent(type, init));
        }
    }

    #fail({ reason, status, error }, retrying) {
        this.dispatchEvent(new FailureEvent({ reason, status, error, retrying }));
    }

    #enter(state, { delay = 0, reason = null, status }) {
        this.#state = state;
        const attempt = state === "connected" ? 0 : this.#comeback.tries;
        this.dispatchEvent(new StateEvent({ state, attempt, delay, reason, status }));
    }

    #handler(type) {
        return this.#handlers[type]?.handler ?? null;
    }

    #handle(type, handler) {
        this.removeEventListener(type, this.#handlers[type]?.listener);
        const usable = typeof handler === "function";
        const listener = (event) => handler.call(this, event);
        this.#handlers[type] = usable ? { handler, listener } : undefined;
        if (usable) {
            this.addEventListener(type, listener);
        }
    }

    static {
        for (const type of ["open", "message", "error", "state", "gap"]) {
            Object.defineProperty(this.prototype, `on${type}`, {
                get() {
                    return this.#handler(type);
                },
                set(handler) {
                    this.#handle(type, handler);
                },
                enumerable: true,
                configurable: true,
            });
        }
    }
}
