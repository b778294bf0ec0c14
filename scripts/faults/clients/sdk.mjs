// Clients of the official TypeScript SDK, over both transports. What they hide is not written down: ids, and comments.

import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { cache } from "../../lab/lab.mjs";
import { read } from "../payload.mjs";
import { SessionClient } from "./session.mjs";

const SDK = path.join(cache, "node_modules", "@modelcontextprotocol", "sdk", "dist", "esm", "client");
const OPTIONS = { maxReconnectionDelay: 1000, initialReconnectionDelay: 200, reconnectionDelayGrowFactor: 1.5, maxRetries: 1000 };
const brief = (error) => `${error?.cause?.code ?? error?.code ?? ""} ${error?.message ?? error}`.trim().slice(0, 120);

/** The SDK, if it is installed. */
export async function sdk() {
    try {
        const [{ Client }, { SSEClientTransport }, { StreamableHTTPClientTransport }] = await Promise.all(
            ["index", "sse", "streamableHttp"].map((part) => import(pathToFileURL(path.join(SDK, `${part}.js`)))),
        );
        return { Client, SSEClientTransport, StreamableHTTPClientTransport };
    } catch {
        return null;
    }
}

export class SdkClient extends SessionClient {
    #conns = 0;

    constructor({ parts, ...options }) {
        super(options);
        this.parts = parts;
    }

    async live() {
        this.after = null;
        const { Client, SSEClientTransport, StreamableHTTPClientTransport } = this.parts;
        const watched = (input, init) => this.#fetch(input, init);
        this.transport = this.kind === "sdk-sse"
            ? new SSEClientTransport(new URL(`${this.base}/sse?client=${this.tag}`), { fetch: watched })
            : new StreamableHTTPClientTransport(new URL(`${this.base}/mcp`), { fetch: watched, reconnectionOptions: OPTIONS });
        this.client = new Client({ name: this.tag, version: "1" });
        this.client.fallbackNotificationHandler = async ({ params }) => this.#take(read(params.data));
        const over = new Promise((resolve) => (this.finish = resolve));
        this.client.onclose = () => this.finish("the SDK closed");
        this.client.onerror = (error) => this.#erred(brief(error));
        await this.client.connect(this.transport);
        await this.client.listTools();
        this.isOpen = true;
        const reason = await over;
        this.over(reason);
        this.isOpen = false;
        await Promise.race([this.client.close().catch(() => {}), pause(2000)]);
    }

    async #fetch(input, init) {
        if ((init?.method ?? "GET") !== "GET") {
            return fetch(input, init);
        }
        const last = new Headers(init?.headers).get("last-event-id");
        const conn = `${this.name}#${++this.#conns}`;
        // A stream of one call that is taken up again is none of those that are counted here.
        const response = await fetch(input, init);
        this.conn = conn;
        this.write("open", { conn, last, after: this.after });
        this.write("opened", { conn, status: response.status, node: response.headers.get("lifeline-node") });
        return response;
    }

    #erred(message) {
        this.write("erred", { text: message });
        if (/\b404\b|Session not found/.test(message)) {
            this.finish(message);
        } else if (/Failed to open SSE stream: Bad Request/.test(message)) {
            this.write("lost", {});
            this.finish(`cannot go on: ${message}`);
        }
    }

    #take(said) {
        if (SessionClient.isStandIn(said?.tag)) {
            this.finish("introduced in its place");
            return;
        }
        this.write("event", { conn: this.conn, ...(said ?? { damaged: true }) });
        this.after = said?.n ?? this.after;
    }

    async ask(tool, args, outcome) {
        try {
            const result = await this.client.callTool({ name: tool, arguments: args }, undefined, { timeout: 40_000 });
            const said = SessionClient.said(result);
            outcome("answer", said);
            if (SessionClient.isStandIn(said.saidTag)) {
                this.finish("introduced in its place");
            }
        } catch (error) {
            this.#failed(error, outcome);
        }
    }

    #failed(error, outcome) {
        const text = brief(error);
        if (/timed out/.test(text)) {
            return;
        }
        if (/\b404\b|Session not found/.test(text)) {
            this.finish(text);
        }
        // One that broke on its way is what nobody but the client can know of.
        outcome(/fetch failed|terminated|Connection closed|socket|ECONN|Timeout/i.test(text) ? "cut" : "error", { text, code: error?.code });
    }

    slow() {}

    async close() {
        this.ended = true;
        this.finish?.("closed");
        await pause(100);
    }
}
