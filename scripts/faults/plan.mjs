// Which faults, when and for how long: from the seed alone.

import { between, pick, random, shuffled } from "./random.mjs";

const NODES = ["n1", "n2", "n3"];
const LINKS = [
    ...NODES.flatMap((node) => [[node, "redis"], [node, "upstream"], ["proxy", node]]),
    ["n1", "n2"], ["n2", "n3"], ["n3", "n1"],
];

const node = (chance) => ({ target: pick(chance, NODES) });
const link = (chance) => ({ link: pick(chance, [0, 1]) ? pick(chance, LINKS) : pick(chance, LINKS).toReversed() });
const nothing = () => ({});

/** The kinds of faults: how long they last at least and at most (s), and against what they go. */
const KINDS = {
    "kill-node": { lasts: [0.5, 3], aim: node },
    "stop-node": { lasts: [3, 20], aim: node },
    "cut-one-way": { lasts: [2, 6], aim: link },
    "cut-both-ways": { lasts: [2, 6], aim: link },
    "reset": { lasts: [0, 0], aim: link },
    "slow-reader": { lasts: [3, 6], aim: (chance) => ({ share: between(chance, 0.2, 0.6) }) },
    "away": { lasts: [9, 12], aim: (chance) => ({ share: between(chance, 0.2, 0.6) }) },
    "double-stream": { lasts: [0, 0], aim: (chance) => ({ share: between(chance, 0.3, 0.8) }) },
    "redis-restart": { lasts: [0.3, 3], aim: nothing },
    "redis-pause": { lasts: [1, 4], aim: nothing },
    "redis-older": { lasts: [0.3, 2], aim: (chance) => ({ age: between(chance, 0.5, 3) }) },
    "redis-wipe": { lasts: [0.3, 2], aim: nothing },
    "rolling-restart": { lasts: [0, 0], aim: (chance) => ({ order: shuffled(chance, NODES) }) },
    "kill-proxy": { lasts: [0.3, 1], aim: nothing },
    "upstream-forgets": { lasts: [0.3, 2], aim: nothing },
    "upstream-resends": { lasts: [0.3, 2], aim: (chance) => ({ again: Math.ceil(chance() * 5) }) },
    "clock-jump": { lasts: [2, 4], aim: (chance) => ({ seconds: pick(chance, [-300, 300]) }) },
};

export const kinds = Object.keys(KINDS);

// What a run must have met to be valid comes first, so that a short run has it.
const FIRST = [
    "kill-node", "redis-restart", "double-stream", "away", "upstream-resends", "kill-proxy", "redis-wipe", "stop-node",
    "upstream-forgets", "redis-older", "cut-one-way", "rolling-restart", "reset",
];

/** How long a fault needs to have its effect and to be over, beside what it lasts. */
const AFTER = { "kill-node": 5, "rolling-restart": 14, "redis-wipe": 3, "redis-older": 3 };

function fault(chance, kind, begin, longest) {
    const { lasts, aim } = KINDS[kind];
    const [low, high] = lasts;
    return { kind, begin, lasts: round(between(chance, low, Math.max(low, Math.min(high, longest)))), ...aim(chance) };
}

const round = (seconds) => Math.round(seconds * 100) / 100;

/** The faults of a run of so many seconds, in order. Every fifth has company from about its middle on. */
export function plan(seed, seconds, without = []) {
    const chance = random(seed);
    const longest = seconds < 150 ? 5 : 20;
    const known = (list) => list.filter((kind) => !without.includes(kind));
    const faults = [];
    let deck = [...shuffled(chance, known(FIRST))];
    let begin = 3;
    while (begin < seconds) {
        deck = deck.length > 0 ? deck : shuffled(chance, known(kinds));
        const one = fault(chance, deck.shift(), round(begin), longest);
        faults.push(one);
        if (chance() < 0.3 && deck.length > 0) {
            faults.push(fault(chance, deck.shift(), round(begin + one.lasts * chance()), longest));
        }
        begin += Math.max(...faults.slice(-2).map((each) => (each.begin >= begin ? end(each) - begin : 0))) + between(chance, 0.5, 2);
    }
    return faults.filter((each) => end(each) <= seconds + 1);
}

const end = ({ kind, begin, lasts }) => begin + lasts + (AFTER[kind] ?? 1);

/** A fault in one line. */
export function told({ kind, begin, lasts, ...aim }) {
    const words = Object.entries(aim).map(([name, value]) => `${name} ${typeof value === "number" ? round(value) : value}`);
    return `${begin.toFixed(1).padStart(6)} s  ${kind}${lasts > 0 ? ` for ${lasts} s` : ""}${words.map((word) => `, ${word}`).join("")}`;
}
