// A round robin over TCP, without stickiness: each connection goes to the next node that takes it. A node that stands
// still takes connections all the same, as it does behind any proxy until a health check fails.

import net from 'node:net';

export class Balance {
    #next = 0;
    #server = net.createServer({ allowHalfOpen: false }, (client) => this.#serve(client));

    constructor(ports) {
        this.ports = ports;
    }

    async listen() {
        await new Promise((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
        this.port = this.#server.address().port;
        return this;
    }

    #serve(client) {
        client.on('error', () => client.destroy());
        // One further after each round: of clients that always call in the same order none gets the same node each time.
        const turn = this.#next++;
        this.#try(client, turn + Math.floor(turn / this.ports.length), this.ports.length);
    }

    #try(client, which, left) {
        if (left === 0 || client.destroyed) {
            client.destroy();
            return;
        }
        const node = net.connect(this.ports[which % this.ports.length], '127.0.0.1');
        const further = () => this.#try(client, which + 1, left - 1);
        node.once('error', further);
        node.once('connect', () => {
            node.off('error', further);
            join(client, node);
        });
    }

    close() {
        this.#server.close();
    }
}

/** Neither outlives the other: a node that died is a connection that broke. */
function join(client, node) {
    for (const [from, to] of [[client, node], [node, client]]) {
        from.on('error', () => to.destroy());
        from.on('close', () => to.destroy());
        from.pipe(to);
    }
}
