// What MCP clients have in common: a session that is begun anew when it is gone, calls that are given a name and an outcome.

import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { hello } from "../../lab/mcp.mjs";
import { read } from "../payload.mjs";

/** By this name the gateway introduces itself to an upstream in the place of a client whose own word was lost. */
export const STAND_IN = "lifeline";

export class SessionClient {
    #generation = 0;
    ended = false;

    constructor({ name, kind, base, pen }) {
        Object.assign(this, { name, kind, base, pen });
    }

    write(what, fields) {
        this.pen.write(this.name, what, { stream: this.tag, kind: this.kind, ...fields });
    }

    /** One session after the other; `live` lasts as long as one does. */
    async run() {
        while (!this.ended) {
            this.tag = `${this.name}.${++this.#generation}`;
            try {
                await this.live();
            } catch (error) {
                this.write("failed", { error: String(error?.cause ?? error).slice(0, 200) });
            }
            this.isOpen = false;
            await pause(300);
        }
    }

    hello(id) {
        return hello(this.tag, { id });
    }

    /** Calls a tool and writes down what comes of it. */
    async call(tool, delay) {
        if (!this.isOpen) {
            return;
        }
        const req = randomUUID();
        const { tag } = this;
        this.write("call", { req, tool });
        const outcome = (how, fields) => this.pen.write(this.name, "outcome", { stream: tag, kind: this.kind, req, how, ...fields });
        await this.ask(tool, { req, delay }, outcome);
    }

    /** The outcome that a JSON-RPC message is. */
    static judged(message) {
        return message.error
            ? ["error", { code: message.error.code, text: String(message.error.message).slice(0, 120) }]
            : ["answer", SessionClient.said(message.result)];
    }

    static said(result) {
        try {
            const { req, tag } = JSON.parse(result.content[0].text);
            return { saidReq: req, saidTag: tag };
        } catch {
            return { saidReq: null };
        }
    }

    static number(message) {
        return message.method === "notifications/message" ? read(message.params.data) : undefined;
    }

    /** Whether an upstream knows somebody else in the place of this client, who has to begin anew to be known again. */
    static isStandIn(tag) {
        return tag === STAND_IN;
    }

    over(reason) {
        this.write("ended", { reason });
    }
}
