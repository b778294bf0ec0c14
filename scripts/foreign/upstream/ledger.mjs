// An MCP server that keeps the books for the scenario: which call it ran how often, and how many notifications it gave to
// whom, numbered. Streamable HTTP without an SDK. Told to end, it stops announcing, ends its streams and writes the books
// down; begun again on the same file it goes on counting, but has forgotten its sessions.
//
//   node ledger.mjs --book FILE --port 9000        GET /book gives the books, POST /hush ends the announcements

import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

const REVISION = '2025-11-25';
const arguments_ = { type: 'object', properties: { secret: { type: 'string' }, delay: { type: 'number' } } };
const tools = [
  { name: 'work', description: 'Must not be run twice', inputSchema: arguments_ },
  { name: 'look', description: 'May be run again', inputSchema: arguments_, annotations: { readOnlyHint: true } },
];

const frame = (id, message) => `id: ${id}\nevent: message\ndata: ${message ? JSON.stringify(message) : ''}\n\n`;

/** One client's conversation; the number of the event is its id. */
class Conversation {
  events = [];
  stream = null;

  constructor(tag) {
    this.id = randomUUID();
    this.tag = tag;
  }

  attach(response, lastId) {
    this.stream?.end();
    this.stream = response;
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
    const from = lastId === undefined ? this.events.length : Number(lastId);
    response.write(frame(from, null));
    this.events.slice(from).forEach((message, i) => response.write(frame(from + i + 1, message)));
    response.on('close', () => {
      if (this.stream === response) {
        this.stream = null;
      }
    });
  }

  announce(message) {
    this.events.push(message);
    this.stream?.write(frame(this.events.length, message));
  }
}

/**
 * The server; faults are for the oracle's self test. A fault is a function of a counter and says whether it strikes now.
 */
export class Ledger {
  #conversations = new Map();
  #newest = new Map();
  #timer = null;
  #calls = 0;
  #announced = 0;
  book = { executed: {}, announced: {} };

  constructor({ interval = 1000, faults = {} } = {}) {
    this.faults = faults;
    this.server = http.createServer((request, response) => this.#serve(request, response));
    this.interval = interval;
  }

  async listen(port) {
    await new Promise((resolve) => this.server.listen(port, '127.0.0.1', resolve));
    this.#timer = setInterval(() => this.#announceAll(), this.interval);
    return this.server.address().port;
  }

  /** Stops announcing, lets what was announced leave, and ends. */
  async close() {
    clearInterval(this.#timer);
    this.#conversations.forEach((conversation) => conversation.stream?.end());
    await pause(300);
    this.server.closeAllConnections();
    this.server.close();
  }

  #strikes(fault, count) {
    return this.faults[fault]?.(count) ?? false;
  }

  #announceAll() {
    for (const conversation of this.#newest.values()) {
      // Nobody has listened yet: a server may not know that anybody ever will.
      if (conversation.stream || conversation.events.length > 0) {
        this.#announceTo(conversation);
      }
    }
  }

  #announceTo(conversation) {
    const { tag } = conversation;
    const n = (this.book.announced[tag] ?? 0) + 1;
    this.book.announced[tag] = n;
    const message = {
      jsonrpc: '2.0',
      method: 'notifications/message',
      params: { level: 'info', data: { tag, n } },
    };
    const count = ++this.#announced;
    if (this.#strikes('loseNotification', count)) {
      return;
    }
    conversation.announce(message);
    if (this.#strikes('doubleNotification', count)) {
      conversation.announce(message);
    }
  }

  async #serve(request, response) {
    const url = new URL(request.url, 'http://localhost');
    if (url.pathname === '/book') {
      return this.#json(response, 200, this.book);
    }
    if (url.pathname === '/hush') {
      clearInterval(this.#timer);
      return this.#json(response, 200, this.book);
    }
    const conversation = this.#conversations.get(request.headers['mcp-session-id']);
    if (request.method === 'GET') {
      return conversation
        ? conversation.attach(response, request.headers['last-event-id'])
        : this.#json(response, 404, this.#error(null, -32001, 'Session not found'));
    }
    if (request.method === 'DELETE') {
      this.#forget(conversation);
      return this.#json(response, 200, {});
    }
    let body = '';
    for await (const chunk of request) {
      body += chunk;
    }
    return this.#post(conversation, JSON.parse(body), response);
  }

  #forget(conversation) {
    this.#conversations.delete(conversation?.id);
    if (this.#newest.get(conversation?.tag) === conversation) {
      this.#newest.delete(conversation?.tag);
    }
  }

  #post(conversation, message, response) {
    if (message.method === 'initialize') {
      return this.#initialize(message, response);
    }
    if (!conversation || this.#strikes('forgetSession', this.#calls)) {
      return this.#json(response, 404, this.#error(null, -32001, 'Session not found'));
    }
    if (message.id === undefined || message.method === undefined) {
      response.writeHead(202).end();
      return undefined;
    }
    if (message.method === 'tools/call') {
      return this.#call(conversation, message, response);
    }
    const result = message.method === 'tools/list' ? { tools } : {};
    return this.#json(response, 200, { jsonrpc: '2.0', id: message.id, result });
  }

  #initialize(message, response) {
    const conversation = new Conversation(message.params.clientInfo.name);
    this.#conversations.set(conversation.id, conversation);
    this.#newest.set(conversation.tag, conversation);
    const result = {
      protocolVersion: REVISION,
      capabilities: { tools: {}, logging: {} },
      serverInfo: { name: 'ledger', version: '1.0.0' },
    };
    response.setHeader('mcp-session-id', conversation.id);
    return this.#json(response, 200, { jsonrpc: '2.0', id: message.id, result });
  }

  async #call(conversation, message, response) {
    const { secret, delay = 0 } = message.params.arguments;
    const count = ++this.#calls;
    const times = this.#strikes('runTwice', count) ? 2 : 1;
    this.book.executed[secret] = (this.book.executed[secret] ?? 0) + times;
    await pause(delay);
    if (this.#strikes('loseAnswer', count)) {
      return;
    }
    if (this.#strikes('cutConnection', count)) {
      response.destroy();
      return;
    }
    const tag = this.#strikes('wrongSession', count) ? 'somebody-else' : conversation.tag;
    const content = [{ type: 'text', text: JSON.stringify({ secret, tag }) }];
    const answer = { jsonrpc: '2.0', id: message.id, result: { content } };
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const bytes = `event: message\ndata: ${JSON.stringify(answer)}\n\n`;
    response.end(this.#strikes('doubleAnswer', count) ? bytes + bytes : bytes);
  }

  #error(id, code, message) {
    return { jsonrpc: '2.0', id, error: { code, message } };
  }

  #json(response, status, body) {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const file = process.argv[process.argv.indexOf('--book') + 1];
  const port = Number(process.argv[process.argv.indexOf('--port') + 1]);
  const ledger = new Ledger();
  if (existsSync(file)) {
    ledger.book = JSON.parse(readFileSync(file, 'utf8'));
  }
  process.on('SIGTERM', async () => {
    await ledger.close();
    writeFileSync(file, JSON.stringify(ledger.book));
    process.exit(0);
  });
  await ledger.listen(port);
}
