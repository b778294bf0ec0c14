// What the page asks the gateway, and what it says where the gateway refuses.

const PATIENCE = 10_000;

/** An answer that is not one: its status (0: none came) and a sentence for people. */
export class Refusal extends Error {
    constructor(status, message) {
        super(message);
        this.status = status;
    }
}

export class Api {
    constructor(base, tokens) {
        this.base = base;
        this.tokens = tokens;
        this.declined = false;
        tokens.addEventListener("change", () => {
            this.declined = false;
        });
    }

    url(path, parameters = {}) {
        const url = new URL(path, this.base);
        for (const [key, value] of Object.entries(parameters)) {
            if (value !== "" && value !== null && value !== undefined) {
                url.searchParams.set(key, value);
            }
        }
        return url;
    }

    /** The JSON at a path; where it needs a token, the person is asked once and the request is made again. */
    async get(path, parameters) {
        const used = this.tokens.current;
        const response = await this.fetch(this.url(path, parameters), { headers: this.tokens.headers() });
        if (response.ok) {
            return response.json();
        }
        const wantsToken = response.status === 401 || response.status === 403;
        if (wantsToken && !this.declined) {
            const changed = used !== this.tokens.current;
            if (changed || (await this.tokens.ask(reason(response.status, used)))) {
                return this.get(path, parameters);
            }
            this.declined = true;
        }
        throw await refusal(response);
    }

    async fetch(url, options) {
        try {
            return await fetch(url, { ...options, signal: AbortSignal.timeout(PATIENCE), cache: "no-store" });
        } catch {
            throw new Refusal(0, "The gateway does not answer.");
        }
    }
}

function reason(status, used) {
    if (!used) {
        return "This gateway shows its operations to those who bring the admin token.";
    }
    return status === 403 ? "That token is known, but it is not an admin’s." : "That token was not accepted.";
}

export async function refusal(response) {
    const problem = await response.json().catch(() => ({}));
    const detail = problem.detail ?? problem.title ?? `The gateway answered ${response.status}.`;
    return new Refusal(response.status, String(detail));
}
