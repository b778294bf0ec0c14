// The TypeScript client package v2: node ts2.mjs streamable|sse|auto URL
// auto tries the modern era first and falls back to initialize.

import { Client, SSEClientTransport, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { pathToFileURL } from 'node:url';
import { answers, run } from './checks.mjs';

const transports = {
  streamable: StreamableHTTPClientTransport,
  sse: SSEClientTransport,
  auto: StreamableHTTPClientTransport,
};

export function newClient(kind, url, onNotification, options) {
  const transport = new transports[kind](url, options);
  const client = new Client(
    { name: 'lifeline-ts2', version: '1.0.0' },
    {
      capabilities: { sampling: {}, elicitation: {}, roots: {} },
      ...(kind === 'auto' && { versionNegotiation: { mode: 'auto' } }),
    },
  );
  for (const [method, answer] of Object.entries(answers)) {
    client.setRequestHandler(method, () => answer);
  }
  client.fallbackNotificationHandler = async (notification) => onNotification(notification);
  return {
    sdk: client,
    transport,
    connect: () => client.connect(transport),
    listTools: () => client.listTools(),
    callTool: (name, args, onprogress) => client.callTool({ name, arguments: args }, { onprogress }),
    ping: () => client.ping(),
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
