// What the upstream offers: the named fixtures the conformance suite asks for, and the tools the drivers call. The latter
// have the names of server-everything's, so that one driver serves both.

import { setTimeout as pause } from 'node:timers/promises';
import { ResultSchema } from '@modelcontextprotocol/sdk/types.js';

const text = (value) => ({ content: [{ type: 'text', text: value }] });
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==';
const image = { type: 'image', data: PIXEL, mimeType: 'image/png' };
// A WAV head and no sample.
const SILENCE = 'UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA=';
const none = { type: 'object', properties: {} };
const strings = (...names) => ({
  type: 'object',
  properties: Object.fromEntries(names.map((name) => [name, { type: 'string' }])),
  required: names,
});
const reads = { readOnlyHint: true, idempotentHint: true };

async function elicit(extra, message, properties, required = []) {
  return extra.sendRequest(
    { method: 'elicitation/create', params: { message, requestedSchema: { type: 'object', properties, required } } },
    ResultSchema,
  );
}

async function sample(extra, prompt, maxTokens) {
  const messages = [{ role: 'user', content: { type: 'text', text: prompt } }];
  const answer = await extra.sendRequest({ method: 'sampling/createMessage', params: { messages, maxTokens } }, ResultSchema);
  return text(`LLM response: ${answer.content.text}`);
}

const completed = (answer) =>
  text(`Elicitation completed: action=${answer.action}, content=${JSON.stringify(answer.content ?? {})}`);

async function progress(extra, at, total) {
  const progressToken = extra._meta?.progressToken;
  if (progressToken !== undefined) {
    await extra.sendNotification({ method: 'notifications/progress', params: { progressToken, progress: at, total } });
  }
}

// 2020-12 keywords must come through the listing untouched.
const schema2020 = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  $defs: {
    address: {
      $anchor: 'addressDef',
      type: 'object',
      properties: { street: { type: 'string' }, city: { type: 'string' } },
    },
  },
  properties: {
    name: { type: 'string' },
    address: { $ref: '#/$defs/address' },
    contactMethod: { type: 'string', enum: ['phone', 'email'] },
    phone: { type: 'string' },
    email: { type: 'string' },
  },
  allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
  if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] },
  then: { required: ['phone'] },
  else: { required: ['email'] },
  additionalProperties: false,
};

const driverTools = {
  echo: {
    inputSchema: strings('message'),
    annotations: reads,
    call: async ({ message }) => text(`Echo: ${message}`),
  },
  'trigger-long-running-operation': {
    inputSchema: { type: 'object', properties: { duration: { type: 'number' }, steps: { type: 'number' } } },
    annotations: reads,
    async call({ duration = 1, steps = 5 }, extra) {
      for (let step = 1; step <= steps; step++) {
        await pause((duration * 1000) / steps);
        await progress(extra, step, steps);
      }
      return text(`Long running operation completed. Duration: ${duration} seconds, Steps: ${steps}.`);
    },
  },
  'trigger-sampling-request': {
    inputSchema: strings('prompt'),
    call: ({ prompt }, extra) => sample(extra, prompt, 100),
  },
  'trigger-elicitation-request': {
    inputSchema: none,
    call: async (_, extra) => completed(await elicit(extra, 'Who are you?', { name: { type: 'string' } })),
  },
  // Nothing changes; the standing stream hears that it might have.
  announce: {
    inputSchema: none,
    async call(_, extra, server) {
      await server.notification({ method: 'notifications/tools/list_changed' });
      return text('announced');
    },
  },
};

const conformanceTools = {
  test_simple_text: { inputSchema: none, call: async () => text('This is a simple text response for testing.') },
  test_image_content: { inputSchema: none, call: async () => ({ content: [image] }) },
  test_audio_content: {
    inputSchema: none,
    call: async () => ({ content: [{ type: 'audio', data: SILENCE, mimeType: 'audio/wav' }] }),
  },
  test_embedded_resource: {
    inputSchema: none,
    call: async () => ({
      content: [
        {
          type: 'resource',
          resource: {
            uri: 'test://embedded-resource',
            mimeType: 'text/plain',
            text: 'This is an embedded resource content.',
          },
        },
      ],
    }),
  },
  test_multiple_content_types: {
    inputSchema: none,
    call: async () => ({
      content: [
        { type: 'text', text: 'Multiple content types test:' },
        image,
        {
          type: 'resource',
          resource: {
            uri: 'test://mixed-content-resource',
            mimeType: 'application/json',
            text: JSON.stringify({ test: 'data', value: 123 }),
          },
        },
      ],
    }),
  },
  test_tool_with_logging: {
    inputSchema: none,
    async call(_, extra) {
      for (const data of ['Tool execution started', 'Tool processing data', 'Tool execution completed']) {
        await extra.sendNotification({ method: 'notifications/message', params: { level: 'info', data } });
        await pause(50);
      }
      return text('logged three times');
    },
  },
  test_error_handling: {
    inputSchema: none,
    async call() {
      return { ...text('This tool intentionally returns an error for testing'), isError: true };
    },
  },
  test_tool_with_progress: {
    inputSchema: none,
    async call(_, extra) {
      for (const at of [0, 50, 100]) {
        await progress(extra, at, 100);
        await pause(50);
      }
      return text('progressed to the end');
    },
  },
  test_sampling: { inputSchema: strings('prompt'), call: ({ prompt }, extra) => sample(extra, prompt, 100) },
  test_elicitation: {
    inputSchema: strings('message'),
    async call({ message }, extra) {
      const asked = {
        username: { type: 'string', description: "User's response" },
        email: { type: 'string', description: "User's email address" },
      };
      const answer = await elicit(extra, message, asked, ['username', 'email']);
      return text(`User response: action: ${answer.action}, content: ${JSON.stringify(answer.content ?? {})}`);
    },
  },
  test_elicitation_sep1034_defaults: {
    inputSchema: none,
    async call(_, extra) {
      const asked = {
        name: { type: 'string', default: 'John Doe' },
        age: { type: 'integer', default: 30 },
        score: { type: 'number', default: 95.5 },
        status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
        verified: { type: 'boolean', default: true },
      };
      return completed(await elicit(extra, 'Please check these', asked));
    },
  },
  test_elicitation_sep1330_enums: {
    inputSchema: none,
    async call(_, extra) {
      const plain = ['option1', 'option2', 'option3'];
      const titled = ['First', 'Second', 'Third'];
      const choices = (word) => titled.map((title, i) => ({ const: `value${i + 1}`, title: `${title} ${word}` }));
      const asked = {
        untitledSingle: { type: 'string', enum: plain },
        titledSingle: { type: 'string', oneOf: choices('Option') },
        legacyEnum: {
          type: 'string',
          enum: ['opt1', 'opt2', 'opt3'],
          enumNames: ['Option One', 'Option Two', 'Option Three'],
        },
        untitledMulti: { type: 'array', items: { type: 'string', enum: plain } },
        titledMulti: { type: 'array', items: { anyOf: choices('Choice') } },
      };
      return completed(await elicit(extra, 'Please choose', asked));
    },
  },
  json_schema_2020_12_tool: { inputSchema: schema2020, call: async (args) => text(JSON.stringify(args)) },
  // Hangs up in the middle of the call: the answer is for whoever comes back with the last event id.
  test_reconnection: {
    inputSchema: none,
    async call(_, extra) {
      extra.closeSSEStream?.();
      await pause(300);
      return text('The stream was closed and here is the answer.');
    },
  },
};

export const tools = { ...driverTools, ...conformanceTools };

export const resources = {
  'test://static-text': { mimeType: 'text/plain', text: 'This is the content of the static text resource.' },
  'test://static-binary': { mimeType: 'image/png', blob: PIXEL },
  'test://watched-resource': { mimeType: 'text/plain', text: 'It never changes.' },
};

export const template = {
  uriTemplate: 'test://template/{id}/data',
  name: 'template',
  description: 'Data by id',
  mimeType: 'application/json',
};

export function readResource(uri) {
  const known = resources[uri];
  if (known) {
    return { uri, ...known };
  }
  const [, id] = /^test:\/\/template\/([^/]+)\/data$/.exec(uri) ?? [];
  return (
    id && {
      uri,
      mimeType: 'application/json',
      text: JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` }),
    }
  );
}

const says = (value) => ({ role: 'user', content: { type: 'text', text: value } });

export const prompts = {
  test_simple_prompt: { arguments: [], get: () => [says('This is a simple prompt for testing.')] },
  test_prompt_with_arguments: {
    arguments: ['arg1', 'arg2'],
    get: ({ arg1, arg2 }) => [says(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`)],
  },
  test_prompt_with_embedded_resource: {
    arguments: ['resourceUri'],
    get: ({ resourceUri: uri }) => [
      {
        role: 'user',
        content: {
          type: 'resource',
          resource: { uri, mimeType: 'text/plain', text: 'Embedded resource content for testing.' },
        },
      },
      says('Please process the embedded resource above.'),
    ],
  },
  test_prompt_with_image: {
    arguments: [],
    get: () => [{ role: 'user', content: image }, says('Please analyze the image above.')],
  },
};
