// Bare HTTP: requests whose every status, header and time is seen.

import http from 'node:http';

/**
 * The response, once its head is here. Rejects where the connection breaks before; a response of which nothing is heard
 * for so many ms is broken off. `silence` is what is said then.
 */
export function open(url, { method = 'GET', headers = {}, body, agent, patience, silence = 'nothing was heard' } = {}) {
    return new Promise((resolve, reject) => {
        const request = http.request(url, { method, headers, agent, timeout: patience });
        let silent = request;
        request.on('response', (response) => resolve((silent = response)));
        request.on('timeout', () => silent.destroy(new Error(silence)));
        request.on('error', reject);
        request.end(body);
    });
}

/** All there is to read of a request or a response. Throws where the connection breaks. */
export async function bytes(message) {
    const parts = [];
    for await (const part of message) {
        parts.push(part);
    }
    return Buffer.concat(parts);
}

export const whole = async (message) => (await bytes(message)).toString();
