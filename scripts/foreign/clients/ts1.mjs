// The TypeScript SDK v1: node ts1.mjs streamable|sse URL

import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { CreateMessageRequestSchema, ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { pathToFileURL } from 'node:url';
import { answers, run } from './checks.mjs';

const transports = { streamable: StreamableHTTPClientTransport, sse: SSEClientTransport };

export function newClient(kind, url, onNotification, options) {
  const transport = new transports[kind](url, options);
  const client = new Client(
    { name: 'lifeline-ts1', version: '1.0.0' },
    { capabilities: { sampling: {}, elicitation: {}, roots: {} } },
  );
  client.setRequestHandler(CreateMessageRequestSchema, () => answers['sampling/createMessage']);
  client.setRequestHandler(ElicitRequestSchema, () => answers['elicitation/create']);
  client.fallbackNotificationHandler = async (notification) => onNotification(notification);
  return {
    sdk: client,
    transport,
    connect: () => client.connect(transport),
    listTools: () => client.listTools(),
    callTool: (name, args, onprogress) => client.callTool({ name, arguments: args }, undefined, { onprogress }),
    ping: () => client.ping(),
    async close() {
      await transport.terminateSession?.();
      await client.close();
    },
  };
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [kind, url] = process.argv.slice(2);
  await run(`ts1-${kind}`, url, (address, onNotification) => newClient(kind, address, onNotification));
}
