// A bare client of the old transport: everything comes on one stream, and what it posts is answered 202.

import { setTimeout as pause } from "node:timers/promises";
import { Listener } from "./listener.mjs";
import { SessionClient } from "./session.mjs";
import { ask, isOfProxy } from "./wire.mjs";

class Pipe extends Listener {
    take(event, conn, isNewest) {
        if (event.event === "endpoint") {
            this.write("mark", { conn, id: event.id });
            this.client.arrived(event.data, this);
            return;
        }
        const message = JSON.parse(event.data);
        const said = SessionClient.number(message);
        if (said === undefined) {
            this.client.answered(message);
            this.write("mark", { conn, id: event.id });
        } else if (SessionClient.isStandIn(said?.tag)) {
            this.client.gone("introduced in its place", this);
        } else {
            this.numbered(said, event.id, conn, isNewest);
        }
    }

    async refused(status, text) {
        if (status === 404) {
            this.client.gone(`GET 404 ${text}`.slice(0, 100), this);
        }
    }
}

export class Legacy extends SessionClient {
    #next = 1;
    #open = new Map();

    constructor(options) {
        super({ ...options, kind: "legacy" });
    }

    async live() {
        this.endpoint = undefined;
        this.introduced = false;
        const settings = { name: this.name, kind: this.kind, stream: this.tag, pen: this.pen };
        this.listener = new Pipe({ ...settings, url: () => `${this.base}/sse` });
        this.listener.client = this;
        await this.listener.run();
    }

    /** The stream says where to post: another place than before is another session. */
    arrived(endpoint, listener) {
        if (this.endpoint !== undefined && this.endpoint !== endpoint) {
            this.gone("another session", listener);
        } else if (this.endpoint === undefined) {
            this.endpoint = endpoint;
            this.#introduce(listener);
        }
    }

    gone(reason, listener) {
        if (!listener.ended) {
            this.over(reason);
            listener.close();
        }
    }

    // Nothing else is sent before the answer to initialize: without it the gateway introduces itself in the client's place.
    async #introduce(listener) {
        for (let tries = 1; !listener.ended && !this.isOpen; tries++) {
            if (await this.#greeted(`hello-${tries}`)) {
                await this.#post({ jsonrpc: "2.0", method: "notifications/initialized" });
                await this.#post({ jsonrpc: "2.0", id: "list", method: "tools/list" });
                this.isOpen = true;
            }
        }
    }

    async #greeted(id) {
        const answer = new Promise((resolve) => this.#open.set(id, (how) => resolve(how === "answer")));
        const { status } = await this.#post(this.hello(id));
        return status === 202 && Promise.race([answer, pause(15_000)]);
    }

    #post(message) {
        const headers = { "content-type": "application/json" };
        return ask({ url: this.base + this.endpoint, method: "POST", headers, body: JSON.stringify(message), idle: 10_000 });
    }

    answered(message) {
        const judged = SessionClient.judged(message);
        this.#open.get(message.id)?.(...judged);
        if (SessionClient.isStandIn(judged[1].saidTag)) {
            this.gone("introduced in its place", this.listener);
        }
    }

    async ask(tool, args, outcome) {
        const id = this.#next++;
        const { listener } = this;
        this.#open.set(id, outcome);
        const body = { jsonrpc: "2.0", id, method: "tools/call", params: { name: tool, arguments: args } };
        const { status, text, error } = await this.#post(body);
        if (status === 404) {
            outcome("refused", { status, text: text?.slice(0, 120) });
            this.gone(`POST 404 ${text}`.slice(0, 100), listener);
        } else if (status !== 202) {
            outcome(error || isOfProxy(status) ? "cut" : "refused", { status, text: String(error ?? text).slice(0, 120) });
        }
    }

    async close() {
        this.ended = true;
        this.listener?.close();
    }
}
