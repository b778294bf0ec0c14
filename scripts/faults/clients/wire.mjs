// One HTTP request as bytes: its events as they come, how long it was silent, how it ended.

import http from "node:http";
import { Lines } from "../../lab/lines.mjs";
import { now } from "../history.mjs";

/** Asks, and tells `heard` of what comes; `done` has the status, the text if it was no stream, and how it ended. */
export class Exchange {
    #paused = 0;
    #byte = now();
    #watch;

    constructor({ url, method = "GET", headers = {}, body, idle = 4500, heard = {} }) {
        this.heard = heard;
        this.idle = idle;
        this.done = new Promise((resolve) => (this.over = resolve)).finally(() => clearInterval(this.#watch));
        this.request = http.request(url, { method, headers, agent: false });
        this.request.on("response", (response) => this.#take(response));
        this.request.on("error", (error) => this.over({ status: this.response?.statusCode, error: error.code ?? error.message }));
        this.#watch = setInterval(() => this.#look(), 250);
        this.request.end(body);
    }

    #look() {
        if (this.#paused < now() && now() - this.#byte > this.idle) {
            this.over({ status: this.response?.statusCode, headers: this.response?.headers, error: "silent" });
            this.destroy();
        }
    }

    #take(response) {
        this.response = response;
        this.#byte = now();
        const { statusCode: status, headers } = response;
        const isStream = /event-stream/.test(headers["content-type"] ?? "") && status === 200;
        this.heard.opened?.({ status, headers, isStream });
        const lines = new Lines(this.heard);
        let text = "";
        response.on("data", (chunk) => {
            this.#count();
            isStream ? lines.take(chunk) : (text += chunk);
        });
        response.on("end", () => this.over({ status, headers, text, isStream, clean: response.complete }));
        response.on("error", (error) => this.over({ status, headers, text, isStream, error: error.code ?? error.message }));
    }

    #count() {
        const silence = now() - this.#byte;
        this.#byte = now();
        if (this.#paused < now()) {
            this.heard.silence?.(silence);
        }
    }

    /** Reads nothing for so long. */
    stall(millis) {
        this.#paused = now() + millis + 1000;
        this.response?.pause();
        setTimeout(() => {
            this.#byte = now();
            this.response?.resume();
        }, millis).unref();
    }

    destroy() {
        this.request.destroy();
    }
}

/** The same for an answer that is waited for as a whole. */
export const ask = (request) => new Exchange(request).done;

/** What a proxy says when it lost the server: whether the request arrived, nobody knows. */
export const isOfProxy = (status) => status === 502 || status === 504;
