// Bare HTTP: a connection for each request, so that each may go to another node.

import http from 'node:http';

/** The response, once its head is here. Rejects where the connection breaks before. */
export function ask(url, { method = 'GET', headers = {}, body, patience = 15_000 } = {}) {
    return new Promise((resolve, reject) => {
        const request = http.request(url, { method, headers, agent: false, timeout: patience }, resolve);
        request.on('timeout', () => request.destroy(new Error('nothing was heard')));
        request.on('error', reject);
        request.end(body);
    });
}

export async function whole(response) {
    let text = '';
    for await (const chunk of response) {
        text += chunk;
    }
    return text;
}
