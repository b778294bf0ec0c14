// What happened, a line of JSON each: when (CLOCK_MONOTONIC in ms, the same for every process and namespace of a machine),
// who, what. Everybody writes a file of its own; they are put together when all is over.

import { openSync, readFileSync, writeSync } from "node:fs";

export const now = () => Math.round(Number(process.hrtime.bigint()) / 1e4) / 100;

/** Writes lines, each at once: what was written before a kill -9 is there after it. */
export class Pen {
    #fd;

    constructor(file) {
        this.#fd = openSync(file, "a");
    }

    write(actor, what, fields = {}) {
        writeSync(this.#fd, `${JSON.stringify({ t: now(), actor, what, ...fields })}\n`);
    }
}

/** The lines of several files in the order of time. A line that a kill cut in two is left out. */
export function readHistory(...files) {
    const lines = files.flatMap((file) => readFileSync(file, "utf8").split("\n").filter(Boolean));
    return lines.flatMap(parsed).sort((a, b) => a.t - b.t);
}

function parsed(line) {
    try {
        return [JSON.parse(line)];
    } catch {
        return [];
    }
}
