// A proxy between clients and cluster that lies about one thing. The checker has to notice.

import http from "node:http";
import { bytes } from "../lab/http.mjs";
import { Cutter } from "../lab/lines.mjs";

/** How often the lies that strike by chance do so: one in so many events. */
const RATE = 40;

const fieldOf = (block, name) => new RegExp(`^${name}: ?(.*)$`, "m").exec(block)?.[1];
const isEvent = (block) => /^data: ?\S/m.test(block) && !/^event: ?(gap|endpoint|heartbeat)$/m.test(block);

/** Passes everything on. A lie is this with something changed; one is made for each response. */
class Honest {
    constructor({ last, send, memory }) {
        Object.assign(this, { last, send, memory });
    }

    block(block) {
        this.send(block);
    }
}

class Counting extends Honest {
    strikes() {
        this.memory.count = (this.memory.count ?? 0) + 1;
        return this.memory.count % RATE === 0;
    }
}

class Dropping extends Counting {
    block(block) {
        if (!isEvent(block) || !this.strikes()) {
            this.send(block);
        }
    }
}

class Swapping extends Counting {
    block(block) {
        if (this.held !== undefined && isEvent(block)) {
            this.send(block);
            this.send(this.held);
            this.held = undefined;
        } else if (isEvent(block) && this.strikes()) {
            this.held = block;
        } else {
            this.send(block);
        }
    }
}

class Resending extends Honest {
    block(block) {
        const id = fieldOf(block, "id");
        if (this.last && isEvent(block)) {
            const old = this.memory[this.last];
            this.last = null;
            if (old) {
                this.send(old);
            }
        }
        if (id && isEvent(block)) {
            this.memory[id] = block;
        }
        this.send(block);
    }
}

class LiveFirst extends Honest {
    held = [];

    block(block) {
        if (!this.last || !isEvent(block)) {
            this.send(block);
            return;
        }
        this.held.push(block);
        if (this.held.length === 3) {
            [this.held[2], ...this.held].forEach((each) => this.send(each));
            this.last = null;
        }
    }
}

class HoleAtTheSeam extends Honest {
    block(block) {
        if (this.last && isEvent(block)) {
            this.last = null;
        } else {
            this.send(block);
        }
    }
}

/** Says nothing of gaps, and gives the ids of a new epoch as if they were of the first one. */
class EpochBlind extends Honest {
    block(block) {
        const id = fieldOf(block, "id");
        if (/^event: ?gap$/m.test(block)) {
            return;
        }
        if (!id) {
            this.send(block);
            return;
        }
        const [, stream, epoch, number] = /^(.*?)([^.]*)-(\d+)$/.exec(id);
        const place = stream || this.memory.path;
        this.memory.first ??= {};
        this.memory.real ??= {};
        const shown = `${stream}${(this.memory.first[place] ??= epoch)}-${number}`;
        this.memory.real[shown] = id;
        this.send(block.replace(`id: ${id}`, `id: ${shown}`));
    }
}

const LIES = {
    none: Honest, drop: Dropping, swap: Swapping, "resend-last": Resending, "live-before-replay": LiveFirst,
    "hole-at-the-seam": HoleAtTheSeam, "ignore-epoch": EpochBlind, "blind-retry": Honest,
};

export const lies = Object.keys(LIES);

/** Cuts a stream into events and lone comment lines. */
class Blocks {
    #cutter = new Cutter();
    #lines = "";

    constructor(take, pass) {
        Object.assign(this, { take, pass });
    }

    add(chunk) {
        for (const line of this.#cutter.cut(chunk)) {
            if (line.startsWith(":") && this.#lines === "") {
                this.pass(`${line}\n`);
            } else if (line === "") {
                const block = `${this.#lines}\n`;
                this.#lines = "";
                block === "\n" ? this.pass(block) : this.take(block);
            } else {
                this.#lines += `${line}\n`;
            }
        }
    }
}

export class Liar {
    #memory = new Map();
    #asked = new Map();

    constructor(target, lie) {
        Object.assign(this, { target: new URL(target), lie });
        this.server = http.createServer((request, response) => this.#serve(request, response));
    }

    async listen() {
        await new Promise((resolve) => this.server.listen(0, "127.0.0.1", resolve));
        this.url = `http://127.0.0.1:${this.server.address().port}`;
        return this;
    }

    close() {
        this.server.closeAllConnections();
        this.server.close();
    }

    async #serve(request, response) {
        const body = await bytes(request);
        const memory = this.#memoryOf(request);
        const last = request.headers["last-event-id"];
        const headers = { ...request.headers, host: this.target.host, connection: "close" };
        if (last) {
            headers["last-event-id"] = memory.real?.[last] ?? last;
        }
        const way = { host: this.target.hostname, port: this.target.port, method: request.method, path: request.url, headers, agent: false };
        const upward = http.request(way, (answer) => this.#answer(answer, response, { last, memory, again: () => this.#again(way, body) }));
        upward.on("error", () => response.destroy());
        response.on("close", () => upward.destroy());
        upward.end(body);
    }

    #memoryOf({ url, headers }) {
        const key = url.startsWith("/events/") ? url.split("?")[0] : headers["mcp-session-id"] ?? "sse";
        if (!this.#memory.has(key)) {
            this.#memory.set(key, { path: key });
        }
        return this.#memory.get(key);
    }

    // Sends a call a second time, as one does who takes a late answer for a lost one.
    #again(way, body) {
        const req = /"req":"([^"]+)"/.exec(body)?.[1];
        if (this.lie === "blind-retry" && req && !this.#asked.has(req)) {
            this.#asked.set(req, true);
            http.request(way, (answer) => answer.resume()).on("error", () => {}).end(body);
        }
    }

    #answer(answer, response, { last, memory, again }) {
        again();
        const { connection: _c, "transfer-encoding": _t, ...headers } = answer.headers;
        response.writeHead(answer.statusCode, headers);
        response.flushHeaders();
        const isStream = /event-stream/.test(headers["content-type"] ?? "");
        const teller = new LIES[this.lie]({ last, memory, send: (block) => response.write(block) });
        const blocks = new Blocks((block) => teller.block(block), (line) => response.write(line));
        answer.setEncoding("utf8");
        answer.on("data", (chunk) => (isStream ? blocks.add(chunk) : response.write(chunk)));
        answer.on("end", () => (answer.complete ? response.end() : response.destroy()));
        answer.on("error", () => response.destroy());
    }
}
