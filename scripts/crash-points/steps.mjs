// The steps at which a node fails, and what makes it reach them sooner than everyday traffic does. The list is checked
// against the gateway's own: it names them when it refuses a wrong one.

import { setTimeout as pause } from 'node:timers/promises';
import { Legacy, Reader, Streamable } from './clients.mjs';

/** Reached all the time: the first hits pass, until all sessions are open. */
const everyday = { provoke: async () => {}, from: 15, gap: 8 };
const BACKLOG = 40;
const PADDING = 'x'.repeat(8000);

/** A reader of the victim leaves, misses some, and comes back to the victim. */
async function comeBack(game, events, padding) {
    const channel = `${game.channel}-back`;
    const publisher = game.publisherOf(channel);
    const reader = new Reader(`${game.tag} returning`, channel, game.atVictim);
    game.oracle.begin(reader.tag, publisher.published);
    reader.follow();
    await reader.ready;
    await publisher.publish(channel);
    await game.until(() => game.oracle.reached(reader.tag) === publisher.published);
    reader.stream?.destroy();
    for (let i = 0; i < events; i++) {
        await publisher.publish(channel, padding);
    }
    const all = await game.until(() => game.oracle.reached(reader.tag) === publisher.published);
    all || game.oracle.violate('lost', `${reader.tag} has ${game.oracle.reached(reader.tag)} of ${publisher.published}`);
    reader.close();
}

/** Another node dies with requests open, and comes back. */
async function anotherDies(game) {
    const other = game.others[game.round % game.others.length];
    await game.callAll(1500);
    game.oracle.faulty(Date.now());
    await other.kill();
    await Promise.all([other.start(), pause(2000)]);
}

/** A victim that stood still has lost the feed. It gets it back where nobody else is there. */
async function takeFeed(game) {
    if (game.cluster.follower !== game.victim) {
        await Promise.all(game.others.map((other) => other.stop()));
        await game.until(() => game.cluster.follower === game.victim);
        await Promise.all(game.others.map((other) => other.start()));
    }
}

/** The upstream loses its sessions, once all they said has arrived. */
async function forgotten(game) {
    await game.until(() => game.isQuiet());
    game.upstream.forget();
    await game.addSession(new Legacy(`${game.tag} late ${game.round}`, game.atVictim));
}

export const steps = {
    'upstream-read': everyday,
    feed: { provoke: takeFeed, aloneFirst: true },
    append: everyday,
    'append-answer': everyday,
    relay: { ...everyday, from: 5, gap: 3 },
    'relay-received': everyday,
    write: everyday,
    flush: everyday,
    replay: { provoke: (game) => comeBack(game, BACKLOG, PADDING) },
    seam: { provoke: (game) => comeBack(game, 2, '') },
    'session-created': {
        provoke: (game) => game.addSession(new Streamable(`${game.tag} late ${game.round}`, game.atVictim)),
    },
    arrived: { provoke: (game) => game.addSession(new Legacy(`${game.tag} late ${game.round}`, game.atVictim)) },
    accepted: everyday,
    sent: everyday,
    introduce: { provoke: forgotten },
    outcome: everyday,
    takeover: { provoke: anotherDies },
    'taken-over': { provoke: anotherDies },
    drain: { provoke: (game) => game.stopVictim(), leaves: true },
};
