// A bare client of Streamable HTTP: its standing stream, and calls whose streams it follows across as many connections as it takes.

import { setTimeout as pause } from "node:timers/promises";
import { accepting, inSession } from "../../lab/mcp.mjs";
import { now } from "../history.mjs";
import { Listener } from "./listener.mjs";
import { SessionClient } from "./session.mjs";
import { Exchange, ask, isOfProxy } from "./wire.mjs";

const PATIENCE = 40_000;

class Standing extends Listener {
    take(event, conn, isNewest) {
        const said = event.data ? SessionClient.number(JSON.parse(event.data)) : undefined;
        if (said === undefined) {
            this.write("mark", { conn, id: event.id });
        } else {
            this.numbered(said, event.id, conn, isNewest);
        }
    }

    async refused(status, text) {
        if (status === 404) {
            this.write("ended", { reason: `GET 404 ${text}`.slice(0, 100) });
            this.ended = true;
        } else if (status === 400) {
            this.write("lost", { last: this.lastId });
            this.lastId = undefined;
            this.after = null;
        }
    }
}

export class Streamable extends SessionClient {
    #next = 1;

    constructor(options) {
        super({ ...options, kind: "streamable" });
    }

    get #url() {
        return `${this.base}/mcp`;
    }

    #headers() {
        return this.session ? inSession(this.session) : {};
    }

    // A first answer that takes its time comes as a stream.
    async #greet() {
        let answer = "";
        const heard = { event: ({ data }) => (answer = data || answer) };
        const { status, headers, text, error } = await ask(this.#message(this.hello(0), { heard }));
        return status === 200 && !error && /"result"/.test(answer || text) ? headers["mcp-session-id"] : undefined;
    }

    #message(body, options = {}) {
        const headers = { ...accepting, ...this.#headers() };
        return { url: this.#url, method: "POST", headers, body: JSON.stringify(body), idle: 10_000, ...options };
    }

    async live() {
        this.session = undefined;
        this.session = await this.#greet();
        if (this.session === undefined) {
            return;
        }
        await ask(this.#message({ jsonrpc: "2.0", method: "notifications/initialized" }));
        await ask(this.#message({ jsonrpc: "2.0", id: "list", method: "tools/list" }));
        const settings = { name: this.name, kind: this.kind, stream: this.tag, pen: this.pen };
        this.listener = new Standing({ ...settings, url: () => this.#url, headers: () => this.#headers() });
        this.isOpen = true;
        await this.listener.run();
    }

    async ask(tool, args, outcome) {
        const id = this.#next++;
        let done = false;
        const settle = (message) => {
            if (message.id === id && message.method === undefined) {
                outcome(...SessionClient.judged(message));
                done = true;
            }
        };
        let lastId;
        const heard = { event: ({ id: at, data }) => ((lastId = at ?? lastId), data && settle(JSON.parse(data))) };
        const body = { jsonrpc: "2.0", id, method: "tools/call", params: { name: tool, arguments: args } };
        const first = await new Exchange(this.#message(body, { heard })).done;
        if (first.isStream || (lastId !== undefined && first.error)) {
            await this.#follow({ heard, isDone: () => done, lastId: () => lastId, outcome });
        } else if (first.status === 200 && first.text && !first.error) {
            settle(JSON.parse(first.text));
        } else if (first.status !== undefined && !first.error && !isOfProxy(first.status)) {
            outcome("refused", { status: first.status, text: first.text?.slice(0, 120) });
        } else {
            outcome("cut", { text: String(first.error ?? first.status) });
        }
    }

    async #follow({ heard, isDone, lastId, outcome }) {
        const end = now() + PATIENCE;
        while (!isDone() && now() < end && !this.ended) {
            if (lastId() === undefined) {
                return outcome("cut", { text: "no id" });
            }
            await pause(200);
            const headers = { accept: "text/event-stream", ...this.#headers(), "last-event-id": lastId() };
            const { status, text } = await ask({ url: this.#url, headers, heard });
            if (status === 400 || status === 404 || status === 405) {
                return isDone() || outcome("refused", { status, text: text?.slice(0, 120) });
            }
        }
        return undefined;
    }

    async close() {
        this.ended = true;
        this.listener?.close();
        await ask({ url: this.#url, method: "DELETE", headers: this.#headers() });
    }
}
