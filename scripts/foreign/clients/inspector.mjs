// The Inspector's command line mode, each check a process of its own: node inspector.mjs streamable|sse URL

import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const launcher = fileURLToPath(
  new URL('../node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js', import.meta.url),
);
const [kind, url] = process.argv.slice(2);
const name = `inspector-${kind}`;

async function inspect(...args) {
  const transport = kind === 'sse' ? 'sse' : 'http';
  const command = [launcher, '--cli', url, '--transport', transport, ...args];
  const { stdout } = await promisify(execFile)(process.execPath, command, { timeout: 30_000 });
  return JSON.parse(stdout);
}

let failures = 0;
async function check(what, body) {
  try {
    await body();
    console.log(`ok    ${name} ${what}`);
  } catch (error) {
    failures++;
    console.log(`FAIL  ${name} ${what}: ${error.message.split('\n').slice(0, 3).join(' ')}`);
  }
}

await check('tools/list', async () => {
  const { tools } = await inspect('--method', 'tools/list');
  if (!tools.some((tool) => tool.name === 'echo')) {
    throw new Error('no echo among them');
  }
});
await check('tools/call', async () => {
  const secret = randomUUID();
  const { content } = await inspect('--method', 'tools/call', '--tool-name', 'echo', '--tool-arg', `message=${secret}`);
  if (!content[0].text.includes(secret)) {
    throw new Error('not what was sent');
  }
});
console.log(`${failures === 0 ? 'PASS ' : 'FAIL '} ${name} ${url}`);
process.exit(failures === 0 ? 0 : 1);
