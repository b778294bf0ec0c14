// What the gateways left in Redis.

import { once } from 'node:events';
import net from 'node:net';

/** How many of these sessions have exchanges without an outcome. */
export async function withOpenExchanges(port, sessions) {
    const keys = sessions.map((id) => `lifeline:session:{${id}}:exchanges`);
    const parts = ['EXISTS', ...keys].map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`);
    const socket = net.connect(port, '127.0.0.1');
    socket.write(`*${parts.length}\r\n${parts.join('')}`);
    const [answer] = await once(socket, 'data');
    socket.destroy();
    return Number(answer.toString().slice(1));
}
