// Everybody who uses the cluster: readers and publishers of channels, sessions that listen and call.

import { setTimeout as pause } from "node:timers/promises";
import { Publisher, Wrapper, reader } from "./clients/channel.mjs";
import { Legacy } from "./clients/legacy.mjs";
import { SdkClient, sdk } from "./clients/sdk.mjs";
import { Streamable } from "./clients/streamable.mjs";

const many = (count, make) => Array.from({ length: count }, (_, i) => make(i + 1));

/** Quick channels pass the edge of their window within seconds, slow ones never. */
const CHANNELS = [["quick", 20], ["slow", 250]];

export class Crowd {
    #calling;
    #running = [];

    constructor({ base, pen, prefix = "", sizes = {} }) {
        Object.assign(this, { base, pen, prefix });
        this.sizes = { readers: 4, wrappers: 2, streamable: 4, legacy: 4, sdk: 2, calls: 8, ...sizes };
    }

    async open() {
        const { base, pen, prefix, sizes } = this;
        const channels = CHANNELS.map(([name, every]) => ({ channel: prefix + name, every }));
        const parts = sizes.sdk > 0 ? await sdk() : null;
        const client = (name) => ({ base, pen, name: prefix + name });
        this.publishers = channels.map((each) => new Publisher({ base, pen, ...each }));
        this.readers = channels.flatMap(({ channel }) => many(sizes.readers, (i) => reader({ ...client(`r-${channel}-${i}`), channel })));
        this.wrappers = channels.flatMap(({ channel }) => many(sizes.wrappers, (i) => new Wrapper({ ...client(`w-${channel}-${i}`), channel })));
        this.sessions = [
            ...many(sizes.streamable, (i) => new Streamable(client(`http-${i}`))),
            ...many(sizes.legacy, (i) => new Legacy(client(`sse-${i}`))),
            ...(parts ? ["sdk-streamable", "sdk-sse"] : []).flatMap((kind) =>
                many(sizes.sdk, (i) => new SdkClient({ ...client(`${kind}-${i}`), kind, parts }))),
        ];
        this.#start([...this.readers, ...this.wrappers, ...this.sessions]);
        this.#start(this.publishers);
        this.#calling = this.#call();
        return parts !== null || sizes.sdk === 0;
    }

    #start(all) {
        this.#running.push(...all.map((each) => each.run().catch((error) => this.pen.write(each.name, "crashed", { error: error.stack }))));
    }

    // Calls at an even pace, every tenth long enough to be in the middle of everything.
    async #call() {
        for (let i = 0; !this.isQuiet; i++) {
            const session = this.sessions[i % this.sessions.length];
            session?.call(i % 4 === 3 ? "look" : "work", i % 10 === 0 ? 1500 : (i * 7) % 30)
                .catch((error) => this.pen.write(session.name, "crashed", { error: error.stack }));
            await pause(1000 / this.sizes.calls);
        }
    }

    /** Those bare streams that can be slowed, doubled and sent away. */
    get listeners() {
        return [...this.readers, ...this.sessions.flatMap(({ listener }) => (listener ? [listener] : []))];
    }

    get doublers() {
        return this.sessions.flatMap(({ listener }) => (listener ? [listener] : []));
    }

    /** How many events were published. */
    get published() {
        return this.publishers.reduce((sum, { n }) => sum + n, 0);
    }

    /** Nobody publishes or calls any more; all go on listening. */
    hush() {
        this.isQuiet = true;
        this.publishers.forEach((publisher) => publisher.close());
        return this.#calling;
    }

    async close() {
        [...this.readers, ...this.wrappers].forEach((each) => each.close());
        await Promise.race([Promise.all(this.sessions.map((session) => session.close())), pause(5000)]);
        await Promise.race([Promise.all(this.#running), pause(5000)]);
    }
}
