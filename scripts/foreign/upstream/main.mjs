// An MCP server to put behind the gateway, or to drive bare for a baseline.
//
//   node main.mjs stdio
//   node main.mjs http --port 9000      Streamable HTTP on /mcp with resumable streams, legacy HTTP+SSE on /sse and /messages,
//                                       and the revision without sessions on /modern

import { randomUUID } from 'node:crypto';
import http from 'node:http';
import { SSEServerTransport } from '@modelcontextprotocol/sdk/server/sse.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { serveModern } from './modern.mjs';
import { newServer } from './server.mjs';

// The tail of one session's streams: an id is the stream's name and the place in the list.
class Tail {
  #events = [];

  async storeEvent(stream, message) {
    this.#events.push({ stream, message });
    return `${stream}_${this.#events.length}`;
  }

  async getStreamIdForEventId(id) {
    return id.slice(0, id.lastIndexOf('_'));
  }

  async replayEventsAfter(id, { send }) {
    const wanted = await this.getStreamIdForEventId(id);
    const from = Number(id.slice(id.lastIndexOf('_') + 1));
    for (let i = from; i < this.#events.length; i++) {
      const { stream, message } = this.#events[i];
      // A priming event is an empty message and is not for replay.
      if (stream === wanted && Object.keys(message).length > 0) {
        await send(`${stream}_${i + 1}`, message);
      }
    }
    return wanted;
  }
}

const streamable = new Map();
const legacy = new Map();

function refuse(response, status, message) {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ jsonrpc: '2.0', error: { code: -32000, message }, id: null }));
}

const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

function isForeign({ headers: { host = '', origin } }) {
  return !LOOPBACK.test(host) || (origin !== undefined && !LOOPBACK.test(origin.replace(/^https?:\/\//, '')));
}

async function serveStreamable(request, response) {
  const id = request.headers['mcp-session-id'];
  if (id !== undefined) {
    const transport = streamable.get(id);
    return transport ? transport.handleRequest(request, response) : refuse(response, 404, 'Session not found');
  }
  const transport = new StreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    eventStore: new Tail(),
    retryInterval: 500,
    onsessioninitialized: (session) => streamable.set(session, transport),
    onsessionclosed: (session) => streamable.delete(session),
  });
  await newServer().connect(transport);
  return transport.handleRequest(request, response);
}

async function serveLegacyStream(response) {
  const transport = new SSEServerTransport('/messages', response);
  legacy.set(transport.sessionId, transport);
  response.on('close', () => legacy.delete(transport.sessionId));
  await newServer().connect(transport);
}

async function serve(request, response) {
  const url = new URL(request.url, 'http://localhost');
  if (isForeign(request)) {
    return refuse(response, 403, 'Not from here');
  }
  if (url.pathname === '/mcp') {
    return serveStreamable(request, response);
  }
  if (url.pathname === '/modern') {
    return serveModern(request, response);
  }
  if (url.pathname === '/sse' && request.method === 'GET') {
    return serveLegacyStream(response);
  }
  if (url.pathname === '/messages' && request.method === 'POST') {
    const transport = legacy.get(url.searchParams.get('sessionId'));
    return transport ? transport.handlePostMessage(request, response) : refuse(response, 404, 'Session not found');
  }
  return refuse(response, 404, 'Not here');
}

const [mode, , port] = process.argv.slice(2);
if (mode === 'stdio') {
  await newServer().connect(new StdioServerTransport());
} else {
  const listener = http.createServer((request, response) =>
    serve(request, response).catch((error) => {
      console.error(error);
      if (!response.headersSent) {
        refuse(response, 500, 'Internal error');
      }
    }),
  );
  listener.listen(Number(port), '127.0.0.1', () => console.log(`listening on ${port}`));
}
process.on('SIGTERM', () => process.exit(0));
