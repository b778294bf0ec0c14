// Chance that can be had again: the same seed, the same numbers.

/** A source of numbers from 0 to 1 (mulberry32). */
export function random(seed) {
    let state = seed >>> 0;
    return () => {
        state = (state + 0x6d2b79f5) >>> 0;
        let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
        mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
    };
}

export const pick = (chance, list) => list[Math.floor(chance() * list.length)];

export const between = (chance, low, high) => low + chance() * (high - low);

export function shuffled(chance, list) {
    const deck = [...list];
    for (let i = deck.length - 1; i > 0; i--) {
        const j = Math.floor(chance() * (i + 1));
        [deck[i], deck[j]] = [deck[j], deck[i]];
    }
    return deck;
}
