// An MCP server that writes down all it does: what it told whom, numbered, and which call it carried out. Streamable HTTP
// without an SDK. Told to end it keeps its conversations in a file; begun again it has them, or has forgotten them.
//
//   node upstream.mjs --history FILE --state FILE [--forget] [--again K] [--every MS] [--host H] --port P
//
// With --again it sends the last K once more to whoever comes back. GET /hush/PREFIX ends the telling of those whose name begins so.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { REVISION } from "../lab/mcp.mjs";
import { json, Mock, notification, said, Tail, tell, twoTools } from "../lab/upstream.mjs";
import { Pen, readHistory } from "./history.mjs";
import { written } from "./payload.mjs";

const KEPT = 400;
const text = { type: "string" };
const { values: flags } = parseArgs({
    options: {
        history: text, state: text, port: text, forget: { type: "boolean" },
        again: { type: "string", default: "0" }, every: { type: "string", default: "200" }, host: { type: "string", default: "127.0.0.1" },
    },
});
const pen = new Pen(flags.history);
const say = (what, fields) => pen.write("upstream", what, fields);

/** One client's conversation: what it was told, each under its number in this conversation. */
class Conversation extends Tail {
    /** A new one, or one that was kept. */
    constructor(known) {
        Object.assign(super(), known);
    }

    attach(response, lastId) {
        this.listened = true;
        const { after, from } = super.attach(response, lastId);
        const again = this.kept.slice(from - this.first, Math.max(0, after + 1 - this.first));
        say("attached", { tag: this.tag, lastId, ...(again.length > 0 && { again }) });
    }

    from(after) {
        return super.from(after - Number(flags.again));
    }

    say(n) {
        super.say(n);
        if (this.kept.length > KEPT) {
            this.kept.shift();
            this.first++;
        }
    }

    message(n) {
        return notification(written(this.tag, n));
    }
}

class Upstream extends Mock {
    revision = REVISION;
    tools = twoTools({ req: { type: "string" }, delay: { type: "number" } });
    #newest = new Map();
    #counts = new Map();
    #hushed = [];

    keep(conversation) {
        this.sessions.set(conversation.id, conversation);
        this.#newest.set(conversation.tag, conversation);
        return conversation;
    }

    recall() {
        for (const { what, tag, n } of existsSync(flags.history) ? readHistory(flags.history) : []) {
            if (what === "emit") {
                this.#counts.set(tag, n);
            }
        }
        if (flags.forget) {
            this.#counts.forEach((upto, tag) => say("forgot", { tag, upto }));
        } else if (existsSync(flags.state)) {
            JSON.parse(readFileSync(flags.state, "utf8")).forEach((each) => (this.keep(new Conversation(each)).listened = true));
        }
    }

    remember() {
        const state = [...this.sessions.values()].map(({ tag, id, first, kept }) => ({ tag, id, first, kept }));
        writeFileSync(flags.state, JSON.stringify(state));
        this.sessions.forEach(({ stream }) => stream?.end());
    }

    tellAll() {
        for (const conversation of this.#newest.values()) {
            // Nobody has listened yet: a server may not know that anybody ever will.
            if (conversation.listened && !this.#hushed.some((prefix) => conversation.tag.startsWith(prefix))) {
                const n = (this.#counts.get(conversation.tag) ?? 0) + 1;
                this.#counts.set(conversation.tag, n);
                say("emit", { tag: conversation.tag, n });
                conversation.say(n);
            }
        }
    }

    async serve(request, response) {
        if (request.url.startsWith("/hush/")) {
            this.#hushed.push(request.url.slice("/hush/".length));
            return json(response, 200, {});
        }
        return super.serve(request, response);
    }

    welcome({ clientInfo: { name: tag } }) {
        return this.keep(new Conversation({ tag }));
    }

    async call({ tag }, { id, params }, response) {
        const { req, delay = 0 } = params.arguments;
        say("exec", { req, tag, tool: params.name });
        await pause(delay);
        tell(response, said(id, JSON.stringify({ req, tag })));
    }

    leave(conversation, response) {
        if (this.#newest.get(conversation?.tag) === conversation) {
            this.#newest.delete(conversation?.tag);
        }
        super.leave(conversation, response);
    }
}

const upstream = new Upstream();
upstream.recall();
const telling = setInterval(() => upstream.tellAll(), Number(flags.every));
setInterval(() => upstream.sessions.forEach(({ stream }) => stream?.write(": still here\n\n")), 500).unref();
process.on("uncaughtException", (error) => say("error", { error: String(error) }));
process.on("SIGTERM", async () => {
    clearInterval(telling);
    upstream.remember();
    await pause(200);
    process.exit(0);
});
await upstream.listen(flags.host, Number(flags.port));
