// Commands to a Redis, as redis-cli says them.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

export async function redis({ port }, ...words) {
    const { stdout } = await run('redis-cli', ['-p', String(port), ...words.map(String)]);
    return stdout.trim();
}
