// What a process holds, as the system and its own metrics tell.

import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';

const run = promisify(execFile);
export const MIB = 1024 * 1024;

/** Memory the process has in hand, in bytes. */
export const resident = ({ pid }) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) * 1024;

export const descriptors = ({ pid }) => readdirSync(`/proc/${pid}/fd`).length;

/** Heap that is left after everything that can go has gone, in bytes. */
export async function liveHeap({ pid }) {
    await run('jcmd', [String(pid), 'GC.run']);
    const { stdout } = await run('jcmd', [String(pid), 'GC.heap_info']);
    return [...stdout.matchAll(/used (\d+)K/g)].slice(0, 2).reduce((sum, [, kib]) => sum + Number(kib) * 1024, 0);
}

/** Connections to the port whose other side has closed and this one has not. */
export function closeWaits({ port }) {
    const local = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
    return ['/proc/net/tcp', '/proc/net/tcp6']
        .flatMap((file) => readFileSync(file, 'utf8').split('\n').slice(1))
        .map((line) => line.trim().split(/\s+/))
        .filter(([, from, , state]) => from?.endsWith(local) && state === '08').length;
}

/** The sum of a metric over its labels, or over those that match. */
export async function metric({ url }, name, labels = '') {
    const text = await (await fetch(`${url}/metrics`)).text();
    return text
        .split('\n')
        .filter((line) => line.startsWith(name) && /^[ {]/.test(line.slice(name.length)) && line.includes(labels))
        .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
}
