// A TCP proxy that does to connections what networks do.

import net from "node:net";

/** Cuts, stalls and slows what goes through it to a port. */
export class Proxy {
    #target;
    #pairs = new Set();
    #server;
    #stalled = false;
    #bytesPerTick = Infinity;
    #refusing = false;
    /** How many connections were made. */
    accepted = 0;

    constructor(target) {
        this.#target = target;
        this.#server = net.createServer((client) => this.#accept(client));
    }

    async listen(port = 0) {
        await new Promise((resolve) => this.#server.listen(port, "127.0.0.1", resolve));
        this.port = this.#server.address().port;
        this.url = `http://127.0.0.1:${this.port}`;
        return this;
    }

    /** Cuts all connections there are, by a reset. */
    cut() {
        this.#pairs.forEach(({ client, server }) => {
            client.resetAndDestroy();
            server.destroy();
        });
    }

    /** Swallows what comes, of connections there are and of new ones, and closes none. */
    stall() {
        this.#stalled = true;
    }

    /** Lets only so many bytes through in 10 ms. */
    slow(bytesPerTick) {
        this.#bytesPerTick = bytesPerTick;
    }

    /** Cuts new connections as they come. */
    refuse() {
        this.#refusing = true;
        this.cut();
    }

    /** All is well again, for connections to come; those that were stalled stay dead. */
    heal() {
        this.#pairs.forEach((pair) => (pair.dead ||= this.#stalled));
        this.#stalled = false;
        this.#refusing = false;
        this.#bytesPerTick = Infinity;
    }

    retarget(port) {
        this.#target = port;
    }

    close() {
        this.cut();
        return new Promise((resolve) => this.#server.close(resolve));
    }

    #accept(client) {
        this.accepted++;
        if (this.#refusing) {
            client.on("error", () => {});
            client.resetAndDestroy();
            return;
        }
        const server = net.connect(this.#target, "127.0.0.1");
        const pair = { client, server, dead: false };
        this.#pairs.add(pair);
        const over = () => {
            this.#pairs.delete(pair);
            client.destroy();
            server.destroy();
        };
        this.#pass(pair, client, server, over);
        this.#pass(pair, server, client, over);
    }

    #pass(pair, from, to, over) {
        let waiting = [];
        const drain = () => {
            let room = this.#bytesPerTick;
            while (waiting.length > 0 && room > 0) {
                const chunk = waiting.shift();
                const part = chunk.subarray(0, Math.min(room, chunk.length));
                room -= part.length;
                to.write(part);
                if (part.length < chunk.length) {
                    waiting.unshift(chunk.subarray(part.length));
                }
            }
            if (waiting.length > 0) {
                setTimeout(drain, 10);
            }
        };
        from.on("data", (chunk) => {
            if (this.#stalled || pair.dead) {
                return;
            }
            waiting.push(chunk);
            if (waiting.length === 1) {
                drain();
            }
        });
        from.on("error", over);
        from.on("close", over);
        from.on("end", () => (waiting.length === 0 ? to.end() : setTimeout(over, 50)));
    }
}
