// The listings of the fixtures, by hand, so that schemas go out as they are.

import { prompts, resources, tools } from './fixtures.mjs';

export const toolList = Object.entries(tools).map(([name, { inputSchema, annotations }]) => ({
  name,
  description: `Fixture ${name}`,
  inputSchema,
  ...(annotations && { annotations }),
}));

export const promptList = Object.entries(prompts).map(([name, prompt]) => ({
  name,
  description: `Fixture ${name}`,
  arguments: prompt.arguments.map((argument) => ({ name: argument, description: argument, required: true })),
}));

export const resourceList = Object.entries(resources).map(([uri, { mimeType }]) => ({
  uri,
  name: uri.replace('test://', ''),
  description: `Fixture ${uri}`,
  mimeType,
}));
