// What is sent: a line that says whose and which it is, and under it something that is hard to carry, with a sum over it.

import { createHash } from "node:crypto";

const big = "0123456789abcdef".repeat(4096);
const pads = ["", "x", "two\nlines", "\n\n", "grün €𝄞 \u2028", "\ufeffmark", "a: b\ndata: c\nid: 9", big.slice(0, 3000), "nul \u0000 it"];

const sum = (text) => createHash("sha1").update(text).digest("base64").slice(0, 8);

/** The text of a numbered event of a stream. */
export function written(stream, n) {
    const pad = n % 97 === 0 ? big : n % 3 === 0 ? pads[(n / 3) % pads.length] : "";
    const rest = `${stream} ${n}\n${pad}`;
    return `${sum(rest)} ${rest}`;
}

/** What such a text says, and whether it is whole; null for any other text. */
export function read(text) {
    const [, hash, rest, tag, n] = /^(\S{8}) ((\S+) (\d+)\n[^]*)$/.exec(text) ?? [];
    return hash === undefined ? null : { tag, n: Number(n), hash, ...(sum(rest) !== hash && { damaged: true }) };
}
