// Publishing to channels by hand, with each answer seen.

import { setTimeout as pause } from 'node:timers/promises';

/** One event; the status and the id it got. */
export async function publish(base, channel, data, { key, patience = 10_000 } = {}) {
    const headers = key ? { 'idempotency-key': key } : {};
    const signal = AbortSignal.timeout(patience);
    const response = await fetch(`${base}/events/${channel}`, { method: 'POST', body: data, headers, signal });
    const text = await response.text();
    return { status: response.status, id: response.status === 202 ? JSON.parse(text).id : undefined };
}

/** One event, sent again under its key until it is kept: its id, and how long that took. */
export async function insist(base, channel, data, limit = 60_000) {
    const begin = performance.now();
    const key = `${channel}-${data}`;
    for (let tries = 1; performance.now() - begin < limit; tries++) {
        const { status, id } = await publish(base, channel, data, { key }).catch((error) => ({ status: error.message }));
        if (status === 202) {
            return { id, tries, took: performance.now() - begin };
        }
        await pause(100);
    }
    throw new Error(`${data} could not be published to ${channel} within ${limit} ms`);
}

/** Many at once, a line each; their ids. */
export async function publishLines(base, channel, lines, size = 1000) {
    const ids = [];
    for (let i = 0; i < lines.length; i += size) {
        const response = await fetch(`${base}/events/${channel}`, {
            method: 'POST',
            headers: { 'content-type': 'application/x-ndjson' },
            body: lines.slice(i, i + size).join('\n'),
        });
        if (response.status !== 202) {
            throw new Error(`lines: ${response.status} ${await response.text()}`);
        }
        ids.push(...(await response.json()).ids);
    }
    return ids;
}
