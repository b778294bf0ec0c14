// What is done to whom. Each fault writes down its begin and its end.

import { setTimeout as pause } from "node:timers/promises";

const seconds = (count) => pause(count * 1000);

async function signalled(part, begin, lasts, end) {
    if (part.running) {
        process.kill(part.pid, begin);
        await seconds(lasts);
        process.kill(part.pid, end);
    }
}

async function backAgain(part) {
    for (let tries = 1; ; tries++) {
        try {
            return await part.start();
        } catch (error) {
            if (tries === 3) {
                throw error;
            }
        }
    }
}

async function killed(part, lasts, meanwhile = () => {}) {
    await part.kill();
    await meanwhile();
    await seconds(lasts);
    await backAgain(part);
}

async function cut({ net }, ways, [one, other], lasts) {
    ways.forEach(([from, to]) => net.cut(from, to));
    await seconds(lasts);
    net.heal(one, other);
}

async function rolling(world, order) {
    for (const name of order) {
        await world.parts[name].stop();
        await backAgain(world.parts[name]);
    }
}

const some = (list, share) => list.slice(0, Math.ceil(list.length * share));

async function jump(world, by, lasts) {
    world.turnClock(by);
    await seconds(lasts);
    world.turnClock(0);
}

const DEEDS = {
    "kill-node": (world, { target, lasts }) => killed(world.parts[target], lasts),
    "stop-node": (world, { target, lasts }) => signalled(world.parts[target], "SIGSTOP", lasts, "SIGCONT"),
    "cut-one-way": (world, { link, lasts }) => cut(world, [link], link, lasts),
    "cut-both-ways": (world, { link, lasts }) => cut(world, [link, link.toReversed()], link, lasts),
    "reset": (world, { link: [one, other] }) => world.net.reset(one, other),
    "slow-reader": async (_world, { share, lasts }, crowd) => {
        some(crowd.listeners, share).forEach((listener) => listener.slow(lasts * 1000));
        await seconds(lasts);
    },
    "away": async (_world, { share, lasts }, crowd) => {
        some(crowd.listeners, share).forEach((listener) => listener.leave(lasts * 1000));
        await seconds(lasts);
    },
    "double-stream": async (_world, { share }, crowd) => some(crowd.doublers, share).forEach((listener) => listener.double()),
    "redis-restart": (world, { lasts }) => killed(world.parts.redis, lasts),
    "redis-pause": (world, { lasts }) => signalled(world.parts.redis, "SIGSTOP", lasts, "SIGCONT"),
    "redis-older": async (world, { age, lasts }) => {
        world.keepCopy();
        await seconds(age);
        await killed(world.parts.redis, lasts, () => world.useCopy());
    },
    "redis-wipe": (world, { lasts }) => killed(world.parts.redis, lasts, () => world.dropData()),
    "rolling-restart": (world, { order }) => rolling(world, order),
    "kill-proxy": (world, { lasts }) => killed(world.parts.proxy, lasts),
    "upstream-forgets": (world, { lasts }) => world.restartUpstream({ forget: true, meanwhile: () => seconds(lasts) }),
    "upstream-resends": (world, { lasts, again }) => world.restartUpstream({ again, meanwhile: () => seconds(lasts) }),
    "clock-jump": (world, { seconds: by, lasts }) => jump(world, by, lasts),
};

/** What works on the same process or link must not overlap itself. */
const whom = ({ kind, target }) => target ?? (/^rolling/.test(kind) ? "n1 n2 n3" : kind.split("-")[0].replace(/^kill$/, "proxy"));

export class Nemesis {
    #busy = new Map();
    #under = [];

    constructor({ world, crowd, pen }) {
        Object.assign(this, { world, crowd, pen });
    }

    /** Begins a fault; one whose victim is still in the middle of another waits for that to be over. */
    begin(fault) {
        const victims = whom(fault).split(" ");
        const before = Promise.all(victims.map((victim) => this.#busy.get(victim)));
        const over = before.then(() => this.#commit(fault));
        victims.forEach((victim) => this.#busy.set(victim, over));
        this.#under.push(over);
    }

    async #commit(fault) {
        const { begin: _at, ...what } = fault;
        this.pen.write("nemesis", "begin", what);
        try {
            await DEEDS[fault.kind](this.world, fault, this.crowd);
        } catch (error) {
            this.pen.write("nemesis", "failed", { ...what, error: String(error).slice(0, 300) });
        }
        this.pen.write("nemesis", "end", what);
    }

    /** All faults are over and all is healed. */
    over() {
        return Promise.all(this.#under);
    }
}
