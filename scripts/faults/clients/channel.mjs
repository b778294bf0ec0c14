// Readers of a channel, bare and by the client of ours, and its publisher.

import { setTimeout as pause } from "node:timers/promises";
import { LifelineSource } from "../../../gateway/src/main/resources/client/lifeline.js";
import { now } from "../history.mjs";
import { read, written } from "../payload.mjs";
import { Listener } from "./listener.mjs";
import { ask } from "./wire.mjs";

export const reader = ({ name, base, channel, pen }) =>
    new Listener({ name, kind: "channel", stream: channel, pen, url: () => `${base}/events/${channel}` });

/** Publishes numbered events, the next one when the last is known to be kept. */
export class Publisher {
    n = 0;
    ended = false;

    constructor({ base, channel, pen, every }) {
        Object.assign(this, { name: `p-${channel}`, base, channel, pen, every });
    }

    async run() {
        while (!this.ended) {
            const due = now() + this.every;
            const n = ++this.n;
            this.pen.write(this.name, "emit", { tag: this.channel, n });
            await this.#publish(n);
            await pause(Math.max(0, due - now()));
        }
    }

    async #publish(n) {
        for (let attempt = 1; !this.ended; attempt++) {
            const { status, text, error } = await ask({
                url: `${this.base}/events/${this.channel}`, method: "POST", body: written(this.channel, n),
                headers: { "content-type": "text/plain", "idempotency-key": `${this.channel}-${n}` },
            });
            const how = status === 202 ? "ok" : "info";
            const id = how === "ok" && text ? JSON.parse(text).id : undefined;
            this.pen.write(this.name, "post", { stream: this.channel, n, attempt, how, id, ...(how === "info" && { status, error }) });
            if (how === "ok") {
                return;
            }
            await pause(200);
        }
    }

    close() {
        this.ended = true;
    }
}

/** What LifelineSource gives to the page it is on. */
export class Wrapper {
    kind = "wrapper";
    #conns = 0;
    #conn;

    constructor({ name, base, channel, pen }) {
        Object.assign(this, { name, stream: channel, pen, base, after: null });
    }

    write(what, fields) {
        this.pen.write(this.name, what, { stream: this.stream, conn: this.#conn, ...fields });
    }

    async run() {
        const options = { initialDelay: 200, maxDelay: 1000, jitter: 200, idleTimeout: 4500, connectTimeout: 4500 };
        this.source = new LifelineSource(`${this.base}/events/${this.stream}`, { ...options, fetch: (...all) => this.#fetch(...all) });
        this.source.onmessage = ({ data, lastEventId }) => this.#take(read(data), lastEventId);
        this.source.ongap = ({ detail }) => this.write("gap", detail);
        this.source.onstate = ({ detail: { state, delay } }) => state === "reconnecting" && this.write("wait", { delay });
        await new Promise((resolve) => (this.over = resolve));
    }

    async #fetch(input, init) {
        const last = new Headers(init.headers).get("last-event-id");
        this.#conn = `${this.name}#${++this.#conns}`;
        this.write("open", { kind: this.kind, last, after: this.after });
        const response = await fetch(input, init);
        this.write("opened", { status: response.status, node: response.headers.get("lifeline-node") });
        return response;
    }

    #take(said, id) {
        this.write("event", { id, ...(said ?? { damaged: true }) });
        this.after = said?.n ?? this.after;
    }

    close() {
        this.source.close();
        this.over();
    }
}
