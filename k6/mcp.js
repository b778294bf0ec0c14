// One MCP session over Streamable HTTP, as a client has it: every request may go to another node.
import http from "k6/http";
import { Rate, Trend } from "k6/metrics";
import { NODES } from "./lifeline.js";

export const answered = new Rate("mcp_answered");
export const answerTime = new Trend("mcp_answer_time", true);
export const kept = new Rate("mcp_sessions_kept");

export const MCP_PROMISES = {
    mcp_answered: ["rate==1"],
    mcp_sessions_kept: ["rate==1"],
    mcp_answer_time: [`p(95)<${__ENV.MAX_WAIT || 1000}`],
};

const REVISION = "2025-06-18";

export class Session {
    constructor() {
        this.id = null;
        this.asked = 0;
        this.node = __VU;
    }

    url() {
        return `${NODES[this.node++ % NODES.length]}/mcp`;
    }

    headers() {
        const headers = { "Content-Type": "application/json", Accept: "application/json, text/event-stream" };
        return this.id === null
            ? headers
            : { ...headers, "Mcp-Session-Id": this.id, "MCP-Protocol-Version": REVISION };
    }

    post(message, name) {
        return http.post(this.url(), JSON.stringify({ jsonrpc: "2.0", ...message }), {
            headers: this.headers(),
            timeout: "30s",
            tags: { name: `mcp ${name}` },
        });
    }

    open() {
        const clientInfo = { name: "k6", version: "1" };
        const params = { protocolVersion: REVISION, capabilities: {}, clientInfo };
        const answer = this.post({ id: 0, method: "initialize", params }, "initialize");
        this.id = answer.headers["Mcp-Session-Id"] || null;
        const opened = answer.status === 200 && this.id !== null;
        kept.add(opened);
        if (opened) {
            this.post({ method: "notifications/initialized" }, "initialized");
        }
        return opened;
    }

    /** Asks, and returns the result; counts whether there was one. */
    ask(method, params) {
        const id = ++this.asked;
        const answer = this.post({ id, method, params }, method);
        const result = answer.status === 200 ? resultOf(answer, id) : undefined;
        answered.add(result !== undefined);
        answerTime.add(answer.timings.duration);
        if (answer.status === 404) {
            kept.add(false);
        }
        return result;
    }

    call(name, args) {
        return this.ask("tools/call", { name, arguments: args });
    }

    close() {
        const answer = http.del(this.url(), null, { headers: this.headers(), tags: { name: "mcp delete" } });
        kept.add(answer.status === 200 || answer.status === 204);
    }
}

/** An answer is JSON, or the event of a stream that holds it. */
function resultOf(answer, id) {
    const type = answer.headers["Content-Type"] || "";
    const texts = type.startsWith("text/event-stream")
        ? answer.body.split("\n").filter((line) => line.startsWith("data: {")).map((line) => line.slice(6))
        : [answer.body];
    const message = texts.map((text) => JSON.parse(text)).find((it) => it.id === id);
    return message && message.result;
}
