// One MCP server of the TypeScript SDK v1 around the fixtures.

import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import * as schema from '@modelcontextprotocol/sdk/types.js';
import { prompts, readResource, template, tools } from './fixtures.mjs';
import { promptList, resourceList, toolList } from './lists.mjs';

const capabilities = {
  tools: { listChanged: true },
  resources: { subscribe: true },
  prompts: {},
  completions: {},
  logging: {},
};

const failure = (code, message) => new schema.McpError(code, message);

export function newServer() {
  const server = new Server({ name: 'lifeline-foreign-upstream', version: '1.0.0' }, { capabilities });
  const on = (requestSchema, handler) => server.setRequestHandler(requestSchema, handler);
  on(schema.ListToolsRequestSchema, () => ({ tools: toolList }));
  on(schema.CallToolRequestSchema, ({ params }, extra) => {
    const tool = tools[params.name];
    if (!tool) {
      throw failure(schema.ErrorCode.InvalidParams, `Unknown tool: ${params.name}`);
    }
    return tool.call(params.arguments ?? {}, { ...extra, _meta: params._meta }, server);
  });
  on(schema.ListResourcesRequestSchema, () => ({ resources: resourceList }));
  on(schema.ListResourceTemplatesRequestSchema, () => ({ resourceTemplates: [template] }));
  on(schema.ReadResourceRequestSchema, ({ params }) => {
    const content = readResource(params.uri);
    if (!content) {
      throw failure(-32002, `Resource not found: ${params.uri}`);
    }
    return { contents: [content] };
  });
  on(schema.SubscribeRequestSchema, () => ({}));
  on(schema.UnsubscribeRequestSchema, () => ({}));
  on(schema.ListPromptsRequestSchema, () => ({ prompts: promptList }));
  on(schema.GetPromptRequestSchema, ({ params }) => {
    const prompt = prompts[params.name];
    if (!prompt) {
      throw failure(schema.ErrorCode.InvalidParams, `Unknown prompt: ${params.name}`);
    }
    return { messages: prompt.get(params.arguments ?? {}) };
  });
  on(schema.CompleteRequestSchema, ({ params }) => {
    const values = ['paris', 'park', 'party'].filter((word) => word.startsWith(params.argument.value));
    return { completion: { values, total: values.length, hasMore: false } };
  });
  return server;
}
