// One case: a node that was told to fail, everyday traffic of fresh sessions and channels, and the judgement.

import { setTimeout as pause } from 'node:timers/promises';
import { Legacy, Publisher, Reader, Streamable } from './clients.mjs';
import { Oracle } from './oracle.mjs';
import { withOpenExchanges } from './store.mjs';

const ROUND = 250;
/** Rounds after the last failure: what fails on the way to it is asked for by something. */
const AFTER = 4;
const LONGEST = 60_000;
const SETTLED = 25_000;

export class Game {
    #publishers = new Map();
    #sessions = [];
    #readers = [];
    #pending = new Set();
    #fedBefore;
    oracle = new Oracle();
    round = 0;

    constructor({ tag, channel, cluster, victim, upstream, step }) {
        Object.assign(this, { tag, channel, cluster, victim, upstream, step });
        this.#fedBefore = upstream.fed;
    }

    get anywhere() {
        return { oracle: this.oracle, any: this.cluster.url };
    }

    get atVictim() {
        return { ...this.anywhere, prefers: this.victim.url };
    }

    get elsewhere() {
        return { ...this.anywhere, prefers: this.others[0].url };
    }

    get others() {
        return this.cluster.nodes.filter((node) => node !== this.victim);
    }

    async until(fact, limit = SETTLED) {
        const end = Date.now() + limit;
        while (!(await fact())) {
            if (Date.now() > end) {
                return false;
            }
            await pause(25);
        }
        return true;
    }

    // --- who plays

    async begin() {
        const kinds = [
            ['streamable', Streamable, this.anywhere],
            ['streamable at victim', Streamable, this.atVictim],
            ['streamable blind', Streamable, { ...this.atVictim, blind: true }],
            ['legacy', Legacy, this.anywhere],
            ['legacy at victim', Legacy, this.atVictim],
            ['legacy blind', Legacy, { ...this.atVictim, blind: true }],
        ];
        this.#publishers.set(this.channel, new Publisher(`${this.tag} publisher`, this.anywhere));
        for (const [tag, means] of [['elsewhere', this.elsewhere], ['victim', this.atVictim]]) {
            this.#read(`${this.tag} reader ${tag}`, this.channel, means, 0);
            this.#read(`${this.tag} feed ${tag}`, 'source', means, this.upstream.fed);
        }
        this.#read(`${this.tag} reader blind`, this.channel, { ...this.atVictim, blind: true }, 0);
        const opened = kinds.map(([tag, Kind, means]) => this.addSession(new Kind(`${this.tag} ${tag}`, means)));
        await Promise.race([Promise.all([...opened, ...this.#readers.map((reader) => reader.ready)]), pause(10_000)]);
    }

    #read(tag, channel, means, from) {
        const reader = new Reader(tag, channel, means);
        this.oracle.begin(tag, from);
        this.#readers.push(reader);
        reader.follow();
    }

    async addSession(session) {
        this.#sessions.push(session);
        await Promise.race([session.open(), pause(8000)]);
    }

    publisherOf(channel) {
        if (!this.#publishers.has(channel)) {
            this.#publishers.set(channel, new Publisher(`${channel} publisher`, this.anywhere));
        }
        return this.#publishers.get(channel);
    }

    // --- what they do

    /** Traffic of all kinds, and what leads to the step, until the node has failed in every way it was told to. */
    async play(fired, count) {
        const end = Date.now() + LONGEST;
        for (let after = 0; after < AFTER && Date.now() < end; after += fired() < count ? 0 : 1) {
            this.round++;
            this.#everyday();
            await Promise.all([fired() < count && this.step.provoke(this), pause(ROUND)]);
        }
        return fired() >= count;
    }

    #everyday() {
        this.upstream.feed();
        this.upstream.announce(this.#sessions.map(({ tag }) => tag));
        this.callAll(20 + (this.round % 4) * 60);
        this.#pending.size < 60 && this.#track(this.publisherOf(this.channel).publish(this.channel));
    }

    callAll(delay) {
        const ready = this.#sessions.filter((session) => session.session && !session.busy);
        ready.forEach((session) => this.#track(session.call(delay)));
        return pause(delay / 2);
    }

    #track(work) {
        this.#pending.add(work);
        work.finally(() => this.#pending.delete(work));
    }

    /** While its calls wait. Sooner it would cut some: those the kernel took, and no process could accept any more. */
    async stopVictim() {
        await pause(50);
        this.victim.stop('SIGTERM', 3000);
        await pause(1500);
    }

    // --- the judgement

    #behind() {
        const missing = [];
        const expect = (reader, blind, n) => {
            const has = this.oracle.reached(reader);
            has < n && !blind && missing.push(`${reader} has ${has} of ${n}`);
        };
        for (const reader of this.#readers) {
            const n = reader.channel === 'source' ? this.upstream.fed : this.publisherOf(this.channel).published;
            expect(reader.tag, reader.blind, n);
        }
        this.#sessions.forEach(({ tag, blind }) => expect(tag, blind, this.upstream.announced.get(tag) ?? 0));
        return missing;
    }

    isQuiet() {
        return this.oracle.open === 0 && this.#behind().length === 0;
    }

    /** What is settled late is settled all the same. */
    async #leftOpen() {
        const known = this.#sessions.map((each) => each.session).filter(Boolean);
        let left = 0;
        await this.until(async () => (left = await withOpenExchanges(this.cluster.redis.port, known)) === 0, 15_000);
        return left;
    }

    /** @param faultySince tells when the first failure was, once all are over */
    async judge(faultySince) {
        await this.until(() => this.#pending.size === 0 && this.isQuiet());
        this.#behind().forEach((missing) => this.oracle.violate('lost', missing));
        const left = await this.#leftOpen();
        left > 0 && this.oracle.violate('left open', `${left} sessions have exchanges that have had their outcome`);
        this.oracle.faulty(faultySince());
        const violations = this.oracle.judge(this.upstream.executed);
        [...this.#sessions, ...this.#readers].forEach((client) => client.close());
        return violations;
    }

    /** What it was all about, in figures. */
    get figures() {
        const published = this.publisherOf(this.channel).published;
        const fed = this.upstream.fed - this.#fedBefore;
        const calls = Object.entries(this.oracle.outcomes).map(([outcome, count]) => `${count} ${outcome}`);
        return `${published} published, ${fed} fed, calls: ${calls.join('; ')}`;
    }
}
