// Those who call tools: the official SDK over both transports, and a client of our own over bare HTTP that sees every byte.
// A player opens its session once, calls, listens, and tells the oracle what it sees.

import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { McpError } from '@modelcontextprotocol/sdk/types.js';
import { events } from './sse.mjs';

const PATIENCE = 60_000;
const TIMEOUT = -32001;
const now = () => performance.now();
const brief = (error) => `${error?.cause?.code ?? error?.code ?? ''} ${error?.message ?? error}`.trim().slice(0, 120);
const said = (result) => {
  try {
    return JSON.parse(result.content[0].text);
  } catch {
    return result;
  }
};

/** What all players have in common: where their stream is, and how long it takes to be back after that node died. */
class Player {
  node = null;
  #died = null;
  closing = false;

  constructor(kind, tag, url, oracle) {
    Object.assign(this, { kind, tag, url, oracle });
  }

  /** A node was killed now. */
  killed(node) {
    if (this.node === node) {
      this.#died = now();
    }
  }

  streaming(node) {
    this.node = node;
    if (this.#died !== null) {
      this.oracle.recovered(this.kind, now() - this.#died);
      this.#died = null;
    }
  }

  async call(tool, delay) {
    const secret = randomUUID();
    this.oracle.called(this.tag, this.kind, tool, secret, now());
    await this.ask(tool, { secret, delay }, secret);
  }
}

class SdkPlayer extends Player {
  async open() {
    const watched = async (input, init) => {
      const response = await fetch(input, init);
      if ((init?.method ?? 'GET') === 'GET' && response.ok) {
        this.streaming(response.headers.get('lifeline-node'));
      }
      return response;
    };
    const Transport = this.kind === 'sdk-sse' ? SSEClientTransport : StreamableHTTPClientTransport;
    this.transport = new Transport(this.url, { fetch: watched });
    this.client = new Client({ name: this.tag, version: '1.0.0' });
    this.client.fallbackNotificationHandler = async ({ params }) => this.oracle.heard(this.tag, params.data, now(), this.kind === 'sdk-sse');
    this.client.onclose = () => this.closing || this.oracle.expelled(this.tag, 'the SDK closed', now());
    this.client.onerror = (error) => this.#erred(error);
    await this.client.connect(this.transport);
  }

  #erred(error) {
    const message = brief(error);
    if (/unknown message ID/.test(message)) {
      // The SDK says no more of it than this.
      const [, secret] = /"secret\\*":\\*"([0-9a-f-]+)/.exec(error.message) ?? [];
      if (secret) {
        this.oracle.strayed(secret, { what: 'answered again', mayRepeat: this.kind === 'sdk-sse' });
      }
    } else if (/\b404\b/.test(message)) {
      this.oracle.expelled(this.tag, message, now());
    } else if (/Failed to open SSE stream: Bad Request/.test(message)) {
      this.oracle.warned(this.tag);
    }
    this.errors = (this.errors ?? []).concat(message);
  }

  async ask(tool, args, secret) {
    try {
      const result = await this.client.callTool({ name: tool, arguments: args }, undefined, { timeout: PATIENCE });
      this.oracle.answered(secret, said(result), now());
    } catch (error) {
      this.#failed(error, secret);
    }
  }

  #failed(error, secret) {
    const reason = brief(error);
    if (error instanceof McpError && error.code === TIMEOUT && /timed out/.test(reason)) {
      // No outcome: the oracle finds that out by itself.
      return;
    }
    if (/\b404\b|[Ss]ession not found/.test(reason)) {
      this.oracle.expelled(this.tag, reason, now());
    }
    if (error instanceof McpError || /HTTP [45]\d\d|Error POSTing/.test(reason)) {
      this.oracle.refused(secret, reason, now());
    } else {
      this.oracle.cut(secret, reason, now());
    }
  }

  async close() {
    this.closing = true;
    await this.transport.terminateSession?.().catch(() => {});
    await this.client.close();
  }
}

class RawPlayer extends Player {
  #next = 1;
  #open = new Map();
  #ended = new AbortController();

  #fetch(method, headers, body) {
    return fetch(this.url, {
      method,
      headers: {
        accept: method === 'GET' ? 'text/event-stream' : 'application/json, text/event-stream',
        ...(body && { 'content-type': 'application/json' }),
        ...(this.session && { 'mcp-session-id': this.session, 'mcp-protocol-version': '2025-11-25' }),
        ...headers,
      },
      body: body && JSON.stringify({ jsonrpc: '2.0', ...body }),
      signal: this.#ended.signal,
    });
  }

  async open() {
    const params = {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: { name: this.tag, version: '1.0.0' },
    };
    const opened = await this.#fetch('POST', {}, { id: 0, method: 'initialize', params });
    this.session = opened.headers.get('mcp-session-id');
    await opened.text();
    if (!opened.ok || !this.session) {
      throw new Error(`initialize: HTTP ${opened.status}`);
    }
    await (await this.#fetch('POST', {}, { method: 'notifications/initialized' })).text();
    this.listening = this.#listen();
  }

  // The standing stream, for as long as the session lasts.
  async #listen() {
    let lastId;
    while (!this.closing) {
      try {
        const response = await this.#fetch('GET', lastId === undefined ? {} : { 'last-event-id': lastId });
        if (response.status === 404) {
          this.oracle.expelled(this.tag, `GET 404 ${await response.text()}`, now());
          return;
        }
        if (response.status === 400) {
          this.oracle.warned(this.tag);
          lastId = undefined;
        } else if (response.ok) {
          this.streaming(response.headers.get('lifeline-node'));
          for await (const { id, data } of events(response.body)) {
            lastId = id ?? lastId;
            this.#take(data);
          }
        }
        await response.body?.cancel().catch(() => {});
      } catch {
        // Broken or refused: it is asked for again.
      }
      await pause(200);
    }
  }

  #take(data) {
    if (!data) {
      return false;
    }
    const message = JSON.parse(data);
    if (message.method !== undefined) {
      this.oracle.heard(this.tag, message.params.data, now());
      return false;
    }
    const secret = this.#open.get(message.id);
    if (this.#open.get(`done ${message.id}`)) {
      this.oracle.strayed(secret, { what: JSON.stringify(message).slice(0, 100) });
      return true;
    }
    this.#open.set(`done ${message.id}`, true);
    if (message.error) {
      this.oracle.refused(secret, `${message.error.code} ${message.error.message}`.slice(0, 120), now());
    } else {
      this.oracle.answered(secret, said(message.result), now());
    }
    return true;
  }

  async ask(tool, args, secret) {
    const id = this.#next++;
    this.#open.set(id, secret);
    let response;
    try {
      response = await this.#fetch('POST', {}, { id, method: 'tools/call', params: { name: tool, arguments: args } });
      if (!/event-stream/.test(response.headers.get('content-type') ?? '')) {
        return await this.#takeWhole(response, secret);
      }
    } catch (error) {
      this.oracle.cut(secret, brief(error), now());
      return undefined;
    }
    return this.#follow(response, id, secret);
  }

  async #takeWhole(response, secret) {
    const body = await response.text();
    if (response.status === 404) {
      this.oracle.expelled(this.tag, `POST 404 ${body}`, now());
    }
    if (response.ok) {
      this.#take(body);
    } else {
      this.oracle.refused(secret, `HTTP ${response.status} ${body}`.slice(0, 120), now());
    }
  }

  // The stream of one call, across as many connections as it takes.
  async #follow(first, id, secret) {
    const end = now() + PATIENCE;
    let lastId;
    for (let response = first; now() < end; ) {
      let done = false;
      try {
        for await (const event of events(response.body)) {
          lastId = event.id ?? lastId;
          done = this.#take(event.data) || done;
        }
      } catch {
        // Broken: the rest is asked for.
      }
      if (done) {
        return;
      }
      if (lastId === undefined) {
        this.oracle.cut(secret, 'the stream broke before it had an id', now());
        return;
      }
      response = await this.#resume(lastId, end);
      if (response && !response.ok) {
        const reason = `GET ${response.status} ${await response.text()}`.slice(0, 120);
        this.oracle.refused(secret, reason, now());
        return;
      }
    }
  }

  async #resume(lastId, end) {
    while (now() < end) {
      await pause(200);
      try {
        const response = await this.#fetch('GET', { 'last-event-id': lastId });
        if (response.status < 500) {
          return response;
        }
        await response.text();
      } catch {
        // Refused: the next one may be taken.
      }
    }
    return undefined;
  }

  async close() {
    this.closing = true;
    await this.#fetch('DELETE', {}).catch(() => {});
    this.#ended.abort();
    await this.listening;
  }
}

/** The kinds of players, each with the door it takes. SDK clients over SSE name themselves in the URL, as nothing else does. */
export const kinds = {
  'sdk-streamable': (tag, base, oracle) => new SdkPlayer('sdk-streamable', tag, new URL(`${base}/mcp`), oracle),
  'sdk-sse': (tag, base, oracle) => new SdkPlayer('sdk-sse', tag, new URL(`${base}/sse?client=${tag}`), oracle),
  raw: (tag, base, oracle) => new RawPlayer('raw', tag, new URL(`${base}/mcp`), oracle),
};
