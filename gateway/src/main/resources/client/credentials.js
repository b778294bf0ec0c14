// The headers of a request, the bearer token among them.

import { FailureClass } from "./retry.js";

function failed(outcome) {
    return Object.assign(new Error(outcome.reason), { outcome });
}

/** Asks for the token before each request, where a function gives it, so that one that ran out is replaced. */
export class Credentials {
    #headers;
    #token;
    #sent = null;
    #refused = null;

    constructor(headers, token) {
        this.#headers = headers;
        this.#token = token;
    }

    async headers(more = {}) {
        const headers = new Headers(this.#headers);
        Object.entries(more).forEach(([name, value]) => headers.set(name, value));
        this.#sent = await this.#current();
        if (this.#refused !== null && this.#sent === this.#refused) {
            throw failed({ reason: "status", failure: FailureClass.REFUSED, status: 401 });
        }
        if (this.#sent) {
            headers.set("Authorization", `Bearer ${this.#sent}`);
        }
        return headers;
    }

    /** The server took it. */
    accepted() {
        this.#refused = null;
    }

    /** The server did not; says whether another one may be had. */
    refused() {
        const another = typeof this.#token === "function" && this.#refused === null;
        this.#refused = another ? this.#sent : null;
        return another;
    }

    async #current() {
        if (typeof this.#token !== "function") {
            return this.#token;
        }
        try {
            return await this.#token();
        } catch (error) {
            throw failed({ reason: "token", failure: FailureClass.PASSING, error });
        }
    }
}
