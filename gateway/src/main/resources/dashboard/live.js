// The reports, as they come over the gateway's own event stream: resumed on any node when this one dies.

import { LifelineSource } from "../client/lifeline.js";

// A report comes every 2 s while anybody watches and the log is there to carry it.
const QUIET = 10_000;
const FIRST_DELAY = 500;
const LONGEST_DELAY = 10_000;

export class Live extends EventTarget {
    constructor(url, tokens, indicator) {
        super();
        this.url = url;
        this.tokens = tokens;
        this.indicator = indicator;
        this.servedBy = null;
        this.connectedSince = null;
        this.lastEventId = "";
        this.heardAt = 0;
    }

    get state() {
        return this.source?.state ?? "closed";
    }

    /** Opens the stream, or opens it anew with what is known by now: a token, the last id. */
    open() {
        this.lastEventId = this.source?.lastEventId || this.lastEventId;
        this.source?.close();
        const source = new LifelineSource(String(this.url), {
            headers: this.tokens.headers(),
            lastEventId: this.lastEventId,
            initialDelay: FIRST_DELAY,
            maxDelay: LONGEST_DELAY,
            fetch: (input, options) => this.fetch(input, options),
        });
        this.source = source;
        source.addEventListener("report", (event) => this.take(event));
        source.addEventListener("state", (event) => this.turn(source, event.detail));
        this.indicator.source = source;
        this.turn(source, { state: source.state });
    }

    /** The same fetch, which sees which node answers. */
    async fetch(input, options) {
        const response = await fetch(input, options);
        this.servedBy = response.headers.get("Lifeline-Node") ?? this.servedBy;
        return response;
    }

    /** Who knows that reports could come says so: a stream without any is then no stream any more. */
    expect(now) {
        if (this.state === "failed" || this.state === "closed") {
            this.open();
        } else if (this.connectedSince !== null && now - Math.max(this.heardAt, this.connectedSince) > QUIET) {
            this.source.reconnect();
        }
    }

    take(event) {
        this.heardAt = Date.now();
        try {
            this.dispatchEvent(new CustomEvent("report", { detail: JSON.parse(event.data) }));
        } catch (broken) {
            console.warn("a report that is none", broken);
        }
    }

    turn(source, detail) {
        if (source !== this.source) {
            return;
        }
        this.connectedSince = detail.state === "connected" ? Date.now() : null;
        this.dispatchEvent(new CustomEvent("turn", { detail }));
    }
}
