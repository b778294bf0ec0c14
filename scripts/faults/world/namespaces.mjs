// A network of its own for each server process, on a bridge on which the clients of this process stand too. Faults are
// rules of nft in the namespace that they meet.

import { Bridge } from "../../lab/namespaces.mjs";

const RULES = "add table ip faults; add chain ip faults in { type filter hook input priority 0 ; }";

export class Namespaces {
    kind = "network namespaces (ip netns, veth, nft)";
    canCutNodes = true;
    #places = new Map();
    #bridge;

    constructor() {
        const id = process.pid % 60000;
        this.#bridge = new Bridge("lfb", `10.${64 + Math.floor(id / 250) % 128}.${id % 250}`);
    }

    /** A place for a process: its address, and what to put before its command. */
    place(name) {
        const place = this.#bridge.add(name, RULES);
        this.#places.set(name, place);
        return { address: place.address, before: place.inside() };
    }

    /** At which address and port one sees another. */
    seen(_from, to, port) {
        return { host: this.#places.get(to).address, port };
    }

    /** Nothing of the one arrives at the other any more. */
    cut(from, to) {
        this.#rule(to, `ip saddr ${this.#places.get(from).address} drop`);
    }

    /** Their connections are reset. */
    async reset(one, other) {
        this.#rule(other, `ip saddr ${this.#places.get(one).address} meta l4proto tcp reject with tcp reset`);
        await new Promise((resolve) => setTimeout(resolve, 400));
        this.heal(one, other);
    }

    /** All is well between the two. */
    heal(one, other) {
        [one, other].forEach((name) => this.#places.get(name).sh("nft", "flush chain ip faults in"));
    }

    #rule(name, rule) {
        this.#places.get(name).sh("nft", `add rule ip faults in ${rule}`);
    }

    close() {
        this.#bridge.close();
    }
}
