// Three real nodes with Redis behind a round robin, as scripts/cluster starts them, and some clients to look at.

import { spawn } from 'node:child_process';
import { project } from '../lab/lab.mjs';

const LONGEST_START = 90_000;

export class Cluster {
    static async start(base) {
        const cluster = new Cluster();
        cluster.url = `http://127.0.0.1:${base}`;
        cluster.child = spawn('scripts/cluster', ['3', '--port-base', String(base)], {
            cwd: project,
            stdio: ['ignore', 'pipe', 'inherit'],
            env: { ...process.env, JAVA_OPTS: '-XX:TieredStopAtLevel=1 -Xmx192m' },
        });
        cluster.said = '';
        cluster.ended = new Promise((resolve) => cluster.child.on('exit', resolve));
        await cluster.up();
        return cluster;
    }

    up() {
        return new Promise((resolve, reject) => {
            const late = setTimeout(() => reject(new Error(`no cluster: ${this.said}`)), LONGEST_START);
            this.child.on('exit', (code) => reject(new Error(`no cluster, it ended with ${code}: ${this.said}`)));
            this.child.stdout.on('data', (chunk) => {
                this.said += chunk;
                if (this.said.includes('FLUSHALL')) {
                    clearTimeout(late);
                    resolve();
                }
            });
        });
    }

    /** kill -9 of a node: nothing is said, nothing is handed over. */
    kill(node) {
        const [, pid] = this.said.match(new RegExp(`^ *${node} .*kill -9 (\\d+)`, 'm'));
        process.kill(Number(pid), 'SIGKILL');
    }

    stop() {
        this.child.kill('SIGTERM');
        return this.ended;
    }

    /** A reader of a channel, which reads and does nothing else. */
    async read(channel) {
        const response = await fetch(`${this.url}/events/${channel}`);
        const reader = response.body.getReader();
        const drain = () => reader.read().then(({ done }) => !done && drain(), () => {});
        drain();
        return () => reader.cancel().catch(() => {});
    }

    async publish(channel, data) {
        const response = await fetch(`${this.url}/events/${channel}`, { method: 'POST', body: data });
        if (response.status !== 202) {
            throw new Error(`not published: ${response.status}`);
        }
    }

    /** An MCP session of a client with this name, with its stream open. */
    async converse(name) {
        const headers = { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream' };
        const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name, version: '1.0' } };
        const first = { jsonrpc: '2.0', id: 1, method: 'initialize', params };
        const response = await fetch(`${this.url}/mcp`, { method: 'POST', headers, body: JSON.stringify(first) });
        const session = response.headers.get('Mcp-Session-Id');
        await response.text();
        const rest = { 'Mcp-Session-Id': session, 'MCP-Protocol-Version': '2025-06-18' };
        const ready = { jsonrpc: '2.0', method: 'notifications/initialized' };
        await fetch(`${this.url}/mcp`, { method: 'POST', headers: { ...headers, ...rest }, body: JSON.stringify(ready) });
        const stream = await fetch(`${this.url}/mcp`, { headers: { Accept: 'text/event-stream', ...rest } });
        const reader = stream.body.getReader();
        return () => reader.cancel().catch(() => {});
    }
}
