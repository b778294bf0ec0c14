// Places on a network of their own: namespaces on one bridge, on which this process stands too. Needs Linux, the right to
// make them, ip and nft.

import { execFileSync, spawnSync } from 'node:child_process';

const fails = (...command) => spawnSync(command[0], command.slice(1)).status !== 0;

function sh(...command) {
    const [program, ...args] = command.map(String);
    return execFileSync(program, args, { stdio: ['ignore', 'pipe', 'pipe'] }).toString();
}

/** Whether this machine and user can have them. */
export function isPossible() {
    const probe = `probe-${process.pid}`;
    if (fails('ip', 'netns', 'add', probe)) {
        return false;
    }
    const isDeaf = fails('ip', 'netns', 'exec', probe, 'nft', 'list', 'tables');
    spawnSync('ip', ['netns', 'del', probe]);
    return !isDeaf;
}

/** One place: an address of its own, and rules for what may come and go. */
export class Place {
    constructor(space, address) {
        Object.assign(this, { space, address });
    }

    inside(...command) {
        return ['ip', 'netns', 'exec', this.space, ...command];
    }

    /** What a command says there. */
    sh(...command) {
        return sh(...this.inside(...command));
    }
}

/** A bridge of which this process has the first address. */
export class Bridge {
    #prefix;
    #subnet;
    #places = [];

    /** Names of interfaces may have no more than 15 characters: of the prefix, two or three. */
    constructor(prefix, subnet) {
        this.#prefix = `${prefix}${process.pid % 100_000}`;
        this.#subnet = subnet;
        process.on('exit', () => this.close());
        sh('ip', 'link', 'add', this.#prefix, 'type', 'bridge');
        sh('ip', 'addr', 'add', `${subnet}.1/24`, 'dev', this.#prefix);
        sh('ip', 'link', 'set', this.#prefix, 'up');
    }

    /** One place more; `rules` are what nft is told there first. */
    add(name, rules, Kind = Place) {
        const place = new Kind(`${this.#prefix}-${name}`, `${this.#subnet}.${this.#places.length + 2}`);
        const link = `${this.#prefix}v${this.#places.push(place)}`;
        const { space, address } = place;
        sh('ip', 'netns', 'add', space);
        sh('ip', 'link', 'add', link, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', space);
        sh('ip', 'link', 'set', link, 'master', this.#prefix, 'up');
        sh('ip', '-n', space, 'addr', 'add', `${address}/24`, 'dev', 'eth0');
        sh('ip', '-n', space, 'link', 'set', 'eth0', 'up');
        sh('ip', '-n', space, 'link', 'set', 'lo', 'up');
        place.sh('nft', rules);
        return place;
    }

    close() {
        this.#places.splice(0).forEach(({ space }) => spawnSync('ip', ['netns', 'del', space]));
        spawnSync('ip', ['link', 'del', this.#prefix]);
    }
}
