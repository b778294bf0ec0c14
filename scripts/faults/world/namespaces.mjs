// A network of its own for each server process: namespaces on one bridge, on which the clients of this process stand too.
// Faults are rules of nft in the namespace that they meet.

import { execFileSync, spawnSync } from "node:child_process";

function run(...command) {
    const [program, ...args] = command.map(String);
    execFileSync(program, args, { stdio: ["ignore", "ignore", "pipe"] });
}

/** Whether this machine and user can have them. */
export function isPossible() {
    const name = `lfp${process.pid}`;
    const made = spawnSync("ip", ["netns", "add", name]).status === 0;
    const works = made && spawnSync("ip", ["netns", "exec", name, "nft", "list", "tables"]).status === 0;
    if (made) {
        spawnSync("ip", ["netns", "del", name]);
    }
    return works;
}

export class Namespaces {
    kind = "network namespaces (ip netns, veth, nft)";
    canCutNodes = true;
    #names = new Map();
    #closed = false;

    constructor() {
        this.id = process.pid % 60000;
        this.subnet = `10.${64 + Math.floor(this.id / 250) % 128}.${this.id % 250}`;
        this.bridge = `lfb${this.id}`;
        process.on("exit", () => this.close());
        run("ip", "link", "add", this.bridge, "type", "bridge");
        run("ip", "addr", "add", `${this.subnet}.1/24`, "dev", this.bridge);
        run("ip", "link", "set", this.bridge, "up");
    }

    /** A place for a process: its address, and what to put before its command. */
    place(name) {
        const address = `${this.subnet}.${this.#names.size + 2}`;
        const space = `lf${this.id}-${name}`;
        const veth = `lf${this.id}v${this.#names.size}`;
        this.#names.set(name, { address, space, veth });
        run("ip", "netns", "add", space);
        run("ip", "link", "add", veth, "type", "veth", "peer", "name", "eth0", "netns", space);
        run("ip", "link", "set", veth, "master", this.bridge, "up");
        run("ip", "-n", space, "addr", "add", `${address}/24`, "dev", "eth0");
        run("ip", "-n", space, "link", "set", "eth0", "up");
        run("ip", "-n", space, "link", "set", "lo", "up");
        run("ip", "netns", "exec", space, "nft", "add table ip faults; add chain ip faults in { type filter hook input priority 0 ; }");
        return { address, before: ["ip", "netns", "exec", space] };
    }

    /** At which address and port one sees another. */
    seen(_from, to, port) {
        return { host: this.#names.get(to).address, port };
    }

    /** Nothing of the one arrives at the other any more. */
    cut(from, to) {
        this.#rule(to, `ip saddr ${this.#names.get(from).address} drop`);
    }

    /** Their connections are reset. */
    async reset(one, other) {
        this.#rule(other, `ip saddr ${this.#names.get(one).address} meta l4proto tcp reject with tcp reset`);
        await new Promise((resolve) => setTimeout(resolve, 400));
        this.heal(one, other);
    }

    /** All is well between the two. */
    heal(one, other) {
        for (const name of [one, other]) {
            run("ip", "netns", "exec", this.#names.get(name).space, "nft", "flush chain ip faults in");
        }
    }

    #rule(name, rule) {
        run("ip", "netns", "exec", this.#names.get(name).space, "nft", `add rule ip faults in ${rule}`);
    }

    close() {
        if (this.#closed) {
            return;
        }
        this.#closed = true;
        for (const { space } of this.#names.values()) {
            spawnSync("ip", ["netns", "del", space]);
        }
        spawnSync("ip", ["link", "del", this.bridge]);
    }
}
