// One MCP server of the TypeScript SDK v1 around the fixtures. Listings are written by hand, so that schemas go out as they are.

import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import * as schema from '@modelcontextprotocol/sdk/types.js';
import { prompts, readResource, resources, template, tools } from './fixtures.mjs';

const capabilities = {
  tools: { listChanged: true },
  resources: { subscribe: true },
  prompts: {},
  completions: {},
  logging: {},
};

const failure = (code, message) => new schema.McpError(code, message);

const toolList = Object.entries(tools).map(([name, { inputSchema, annotations }]) => ({
  name,
  description: `Fixture ${name}`,
  inputSchema,
  ...(annotations && { annotations }),
}));

const promptList = Object.entries(prompts).map(([name, prompt]) => ({
  name,
  description: `Fixture ${name}`,
  arguments: prompt.arguments.map((argument) => ({ name: argument, description: argument, required: true })),
}));

const resourceList = Object.entries(resources).map(([uri, { mimeType }]) => ({
  uri,
  name: uri.replace('test://', ''),
  description: `Fixture ${uri}`,
  mimeType,
}));

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
