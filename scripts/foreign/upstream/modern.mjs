// The fixtures once more, for the revision without sessions: requests that carry their own introduction, answers that say
// what input they still want. Served with the second generation of the official server package.

import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, inputRequired, ProtocolError, Server } from '@modelcontextprotocol/server';
import { promptList, resourceList, toolList } from './lists.mjs';
import { prompts, readResource, template, tools } from './fixtures.mjs';

const INVALID_PARAMS = -32602;
const text = (value) => ({ content: [{ type: 'text', text: value }] });
const asks = (message, property) => ({
  method: 'elicitation/create',
  params: {
    mode: 'form',
    message,
    requestedSchema: {
      type: 'object',
      properties: { [property]: { type: 'string' } },
      required: [property],
    },
  },
});
const samples = (prompt) => ({
  method: 'sampling/createMessage',
  params: { messages: [{ role: 'user', content: { type: 'text', text: prompt } }], maxTokens: 100 },
});
const roots = { method: 'roots/list' };

/** A tool that is done once all its questions are answered. */
const wants = (inputRequests, done, requestState) => (ctx) => {
  const given = ctx.mcpReq.inputResponses ?? {};
  return Object.keys(inputRequests).every((key) => key in given)
    ? text(done(given))
    : inputRequired({ inputRequests, ...(requestState && { requestState }) });
};

const questions = {
  test_input_required_result_elicitation: wants(
    { user_name: asks('What is your name?', 'name') },
    ({ user_name: { content } }) => `Hello, ${content?.name}!`,
  ),
  'trigger-elicitation-request': wants({ who: asks('Who are you?', 'name') }, ({ who }) => `It is ${who.content?.name}`),
  'trigger-sampling-request': wants({ it: samples('six by nine') }, ({ it }) => `It said: ${it.content.text}`),
  test_input_required_result_sampling: wants(
    { capital_question: samples('What is the capital of France?') },
    ({ capital_question: { content } }) => `It said: ${content.text}`,
  ),
  test_input_required_result_list_roots: wants(
    { client_roots: roots },
    ({ client_roots: list }) => `Roots: ${list.roots.map(({ uri }) => uri)}`,
  ),
  test_input_required_result_request_state: wants(
    { confirm: asks('Please confirm', 'ok') },
    () => 'state-ok',
    'the state of round one',
  ),
  test_input_required_result_multiple_inputs: wants(
    { user_name: asks('What is your name?', 'name'), greeting: samples('Generate a greeting'), client_roots: roots },
    ({ user_name: { content } }) => `Three answers of ${content?.name}`,
    'three questions',
  ),
};

const asking = Object.keys(questions).map((name) => ({
  name,
  description: `Fixture ${name}`,
  inputSchema: { type: 'object', properties: {} },
}));

function extraOf(ctx) {
  return { _meta: ctx.mcpReq._meta, sendNotification: (notification) => ctx.mcpReq.notify(notification) };
}

function newServer() {
  const server = new Server(
    { name: 'lifeline-foreign-upstream', version: '2.0.0' },
    { capabilities: { tools: { listChanged: true }, resources: {}, prompts: {}, completions: {} } },
  );
  const on = (method, handler) => server.setRequestHandler(method, handler);
  on('tools/list', () => ({ tools: [...toolList.filter(({ name }) => !questions[name]), ...asking] }));
  on('tools/call', ({ params }, ctx) => {
    const question = questions[params.name];
    if (question) {
      return question(ctx);
    }
    const tool = tools[params.name];
    if (!tool) {
      throw new ProtocolError(INVALID_PARAMS, `Unknown tool: ${params.name}`);
    }
    if (params.name === 'announce') {
      handler.notify.toolsChanged();
      return text('announced');
    }
    return tool.call(params.arguments ?? {}, extraOf(ctx), server);
  });
  on('resources/list', () => ({ resources: resourceList }));
  on('resources/templates/list', () => ({ resourceTemplates: [template] }));
  on('resources/read', ({ params: { uri } }) => {
    const content = readResource(uri);
    if (!content) {
      throw new ProtocolError(INVALID_PARAMS, 'Resource not found', { uri });
    }
    return { contents: [content] };
  });
  on('prompts/list', () => ({ prompts: promptList }));
  on('prompts/get', ({ params }) => {
    const prompt = prompts[params.name];
    if (!prompt) {
      throw new ProtocolError(INVALID_PARAMS, `Unknown prompt: ${params.name}`);
    }
    return { messages: prompt.get(params.arguments ?? {}) };
  });
  on('completion/complete', () => ({ completion: { values: ['paris', 'park', 'party'], total: 3, hasMore: false } }));
  return server;
}

const handler = createMcpHandler(newServer, { legacy: 'reject' });
export const serveModern = toNodeHandler(handler);
