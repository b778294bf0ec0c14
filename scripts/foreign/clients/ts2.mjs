// The TypeScript client package v2: node ts2.mjs streamable|sse|auto|modern URL
// auto tries the modern era first and falls back to initialize; modern must end up there.

import { Client, SSEClientTransport, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { pathToFileURL } from 'node:url';
import { answers, expect, run } from './checks.mjs';

const transports = {
  streamable: StreamableHTTPClientTransport,
  sse: SSEClientTransport,
  auto: StreamableHTTPClientTransport,
  modern: StreamableHTTPClientTransport,
};
const negotiating = ['auto', 'modern'];

export function newClient(kind, url, onNotification, options) {
  const transport = new transports[kind](url, options);
  const client = new Client(
    { name: 'lifeline-ts2', version: '1.0.0' },
    {
      capabilities: { sampling: {}, elicitation: {}, roots: {} },
      ...(negotiating.includes(kind) && { versionNegotiation: { mode: 'auto' } }),
    },
  );
  for (const [method, answer] of Object.entries(answers)) {
    client.setRequestHandler(method, () => answer);
  }
  client.fallbackNotificationHandler = async (notification) => onNotification(notification);
  return {
    sdk: client,
    transport,
    async connect() {
      await client.connect(transport);
      if (kind === 'modern') {
        expect(client.getProtocolEra() === 'modern', `the era is ${client.getProtocolEra()}`);
        await client.listen({ toolsListChanged: true });
      }
    },
    listTools: () => client.listTools(),
    callTool: (name, args, onprogress) => client.callTool({ name, arguments: args }, { onprogress }),
    // The modern era has no ping: asking who is there comes nearest.
    ping: () => (kind === 'modern' ? client.discover() : client.ping()),
    async close() {
      await transport.terminateSession?.();
      await client.close();
    },
  };
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [kind, url] = process.argv.slice(2);
  await run(`ts2-${kind}`, url, (address, onNotification) => newClient(kind, address, onNotification));
}
