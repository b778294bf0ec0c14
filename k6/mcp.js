// One MCP session over Streamable HTTP, as a client has it: every request may go to another node.
import http from "k6/http";
import { Counter, Rate, Trend } from "k6/metrics";
import { NODES } from "./lifeline.js";

export const answered = new Rate("mcp_answered");
export const answerTime = new Trend("mcp_answer_time", true);
export const resumed = new Counter("mcp_answers_resumed");
export const kept = new Rate("mcp_sessions_kept");

export const MCP_PROMISES = {
    mcp_answered: ["rate==1"],
    mcp_sessions_kept: ["rate==1"],
    mcp_answer_time: [`p(95)<${__ENV.MAX_WAIT || 1000}`],
};

const REVISION = "2025-11-25";
const RESUMES = 5;

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
        const began = Date.now();
        const answer = this.post({ id, method, params }, method);
        const result = answer.status === 200 ? this.resultOf(answer, id) : undefined;
        answered.add(result !== undefined);
        if (result === undefined) {
            const request = answer.headers["X-Request-Id"];
            console.warn(`${method} ${answer.status} ${request}: ${String(answer.body).slice(0, 300)}`);
        }
        answerTime.add(Date.now() - began);
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

    /** An answer is JSON, or in a stream, which may end before it and is then gone on with after its last id. */
    resultOf(answer, id) {
        const type = answer.headers["Content-Type"] || "";
        if (!type.startsWith("text/event-stream")) {
            return JSON.parse(answer.body).result;
        }
        let body = answer.body || "";
        for (let resume = 0; resume <= RESUMES; resume++) {
            const found = values(body, "data:")
                .filter((data) => data.startsWith("{"))
                .map((data) => JSON.parse(data))
                .find((message) => message.id === id);
            const lastId = values(body, "id:").pop();
            if (found || lastId === undefined) {
                return found && found.result;
            }
            body = this.goOnAfter(lastId).body || "";
        }
        return undefined;
    }

    goOnAfter(lastId) {
        resumed.add(1);
        const headers = { ...this.headers(), Accept: "text/event-stream", "Last-Event-ID": lastId };
        return http.get(this.url(), { headers, timeout: "30s", tags: { name: "mcp resume" } });
    }
}

function values(body, field) {
    return body
        .split("\n")
        .filter((line) => line.startsWith(field))
        .map((line) => line.slice(field.length).trim());
}
