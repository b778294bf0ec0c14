// Clocks of single processes, ahead or behind, that can be turned while the process runs.

import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, renameSync, statSync, writeSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('clock.c', import.meta.url));
const folder = fileURLToPath(new URL('../../.cache/lab/', import.meta.url));
const library = path.join(folder, 'clock.so');

const isNew = () => existsSync(library) && statSync(library).mtimeMs > statSync(source).mtimeMs;

/** Compiles what is preloaded, where that is not done; says why it cannot be had, or nothing. */
export function missing() {
    if (process.platform !== 'linux') {
        return 'clocks can be turned on Linux only';
    }
    if (!isNew()) {
        mkdirSync(folder, { recursive: true });
        const made = `${library}.${process.pid}`;
        const { status } = spawnSync('gcc', ['-O2', '-Wall', '-shared', '-fPIC', '-o', made, source], { stdio: 'inherit' });
        if (status !== 0) {
            return 'no gcc, with which a clock that can be turned is made';
        }
        renameSync(made, library);
    }
    return null;
}

export class Clock {
    constructor(file, seconds = 0) {
        this.file = file;
        this.turn(seconds);
    }

    /** So far ahead of the true time, or behind it, from now on. In place: those who have the file open see it. */
    turn(seconds) {
        const bytes = Buffer.alloc(8);
        bytes.writeBigInt64LE(BigInt(seconds));
        const descriptor = openSync(this.file, existsSync(this.file) ? 'r+' : 'w');
        writeSync(descriptor, bytes, 0, bytes.length, 0);
        closeSync(descriptor);
    }

    /** What stands before the command of a process that goes by this clock. */
    get command() {
        return ['env', `LD_PRELOAD=${library}`, `LAB_CLOCK=${this.file}`];
    }
}
