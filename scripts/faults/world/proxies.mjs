// Where there are no namespaces: everything on the loopback, and a small TCP proxy of ours on each way that can be cut. The
// ways between the nodes themselves cannot.

import net from "node:net";

/** One way from somebody to a port of somebody else. */
class Road {
    #pairs = new Set();
    #blocked = new Set();
    #server;

    constructor(port) {
        this.#server = net.createServer((client) => this.#accept(client, port));
    }

    listen() {
        return new Promise((resolve) => this.#server.listen(0, "127.0.0.1", () => resolve(this.#server.address().port)));
    }

    /** Bytes in this direction are swallowed, "there" or "back"; TCP being what it is, their connections stay dead. */
    block(direction) {
        this.#blocked.add(direction);
        this.#pairs.forEach((pair) => pair.dead.add(direction));
    }

    reset() {
        this.#pairs.forEach(({ client, server }) => [client, server].forEach((socket) => socket.resetAndDestroy()));
    }

    /** A kernel would send again what was lost; here the connections that lost something are reset. */
    heal() {
        this.#blocked.clear();
        [...this.#pairs].filter(({ dead }) => dead.size > 0).forEach(({ client, server }) => {
            client.resetAndDestroy();
            server.resetAndDestroy();
        });
    }

    close() {
        this.reset();
        this.#server.close();
    }

    #accept(client, port) {
        const server = net.connect(port, "127.0.0.1");
        const pair = { client, server, dead: new Set(this.#blocked) };
        this.#pairs.add(pair);
        this.#pass(pair, client, server, "there");
        this.#pass(pair, server, client, "back");
    }

    #pass(pair, from, to, direction) {
        from.on("data", (chunk) => {
            if (!pair.dead.has(direction) && !to.write(chunk)) {
                from.pause();
                to.once("drain", () => from.resume());
            }
        });
        from.on("end", () => pair.dead.has(direction) || to.end());
        from.on("error", () => to.resetAndDestroy());
        from.on("close", () => {
            this.#pairs.delete(pair);
            to.destroy();
        });
    }
}

export class Proxies {
    kind = "TCP proxies of ours (no namespaces to be had)";
    canCutNodes = false;
    #roads = new Map();

    place() {
        return { address: "127.0.0.1", before: [] };
    }

    async seen(from, to, port) {
        const road = new Road(port);
        this.#roads.set(`${from} ${to}`, road);
        return { host: "127.0.0.1", port: await road.listen() };
    }

    cut(from, to) {
        this.#roads.get(`${from} ${to}`)?.block("there");
        this.#roads.get(`${to} ${from}`)?.block("back");
    }

    async reset(one, other) {
        this.#between(one, other).forEach((road) => road.reset());
    }

    heal(one, other) {
        this.#between(one, other).forEach((road) => road.heal());
    }

    #between(one, other) {
        return [`${one} ${other}`, `${other} ${one}`].map((key) => this.#roads.get(key)).filter(Boolean);
    }

    close() {
        this.#roads.forEach((road) => road.close());
    }
}
