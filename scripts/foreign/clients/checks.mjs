// What every TypeScript client is put through, whatever its version and transport. One line a check; the exit code says
// whether all held. A client is an adapter: { connect, listTools, callTool, ping, onNotification, close }.

import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';

const PATIENCE = 15_000;

/** Fails instead of hanging. */
export function within(promise, what, limit = PATIENCE) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: nothing within ${limit} ms`)), limit);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

export const textOf = (result) => result.content.map((part) => part.text ?? '').join('');

export function expect(holds, what) {
  if (!holds) {
    throw new Error(what);
  }
}

/** What came in unasked, to be waited for. */
export class Inbox {
  #heard = [];
  #waiting = [];

  take(notification) {
    this.#heard.push(notification);
    this.#waiting = this.#waiting.filter((waiting) => !waiting(notification));
  }

  count(method) {
    return this.#heard.filter((notification) => notification.method === method).length;
  }

  next(method) {
    return new Promise((resolve) => {
      this.#waiting.push((notification) => notification.method === method && (resolve(notification), true));
    });
  }
}

const SAMPLED = { role: 'assistant', model: 'none', content: { type: 'text', text: 'forty-two' } };
const ELICITED = { action: 'accept', content: { name: 'nobody', check: true } };

export const answers = { 'sampling/createMessage': SAMPLED, 'elicitation/create': ELICITED };

async function hearsOfAChange(client, inbox, tools) {
  const [tool, method] = tools.has('announce')
    ? ['announce', 'notifications/tools/list_changed']
    : ['toggle-simulated-logging', 'notifications/message'];
  const heard = inbox.next(method);
  await client.callTool(tool, {});
  await heard;
}

async function makesProgress(client) {
  const steps = [];
  const result = await client.callTool('trigger-long-running-operation', { duration: 1, steps: 4 }, (progress) =>
    steps.push(progress.progress),
  );
  expect(textOf(result).includes('completed'), `the answer is ${textOf(result)}`);
  // The SDK forgets who listens when the answer is read in one piece with the last progress: its matter, with a bare server too.
  expect(['1,2,3,4', '1,2,3'].includes(String(steps)), `progress was ${steps}`);
}

async function keepsManyApart(client) {
  const secrets = Array.from({ length: 20 }, () => randomUUID());
  const results = await Promise.all(secrets.map((message) => client.callTool('echo', { message })));
  results.forEach((result, i) => expect(textOf(result).includes(secrets[i]), 'an answer of another call'));
}

/** Runs all checks; optional ones say why they were left out. */
export async function run(name, url, newClient) {
  const inbox = new Inbox();
  const client = newClient(new URL(url), (notification) => inbox.take(notification));
  let failures = 0;
  const check = async (what, body) => {
    const begin = performance.now();
    try {
      await within(body(), what);
      console.log(`ok    ${name} ${what} (${Math.round(performance.now() - begin)} ms)`);
      return true;
    } catch (error) {
      failures++;
      console.log(`FAIL  ${name} ${what}: ${error.message}`);
      return false;
    }
  };
  const tools = new Set();
  if (await check('connect', () => client.connect())) {
    await check('list tools', async () => {
      (await client.listTools()).tools.forEach((tool) => tools.add(tool.name));
      expect(tools.has('echo'), `tools are ${[...tools]}`);
    });
    await check('call echo', async () => {
      const message = randomUUID();
      expect(textOf(await client.callTool('echo', { message })).includes(message), 'not what was sent');
    });
    await check('20 calls at once', () => keepsManyApart(client));
    await check('an unknown tool is an error', async () => {
      const outcome = await client.callTool('no-such-tool', {}).catch((error) => ({ isError: true, error }));
      expect(outcome.isError, 'it was answered');
    });
    await check('slow call with progress', () => makesProgress(client));
    await check('notification', () => hearsOfAChange(client, inbox, tools));
    // Offered by name, since server-everything adds them after the first listing.
    await check('sampling round trip', async () => {
      const result = await client.callTool('trigger-sampling-request', { prompt: 'six by nine', maxTokens: 10 });
      expect(textOf(result).includes('forty-two'), textOf(result));
    });
    await check('elicitation round trip', async () => {
      const result = await client.callTool('trigger-elicitation-request', {});
      expect(textOf(result).includes('nobody'), textOf(result));
    });
    await check('ping', () => client.ping());
    await check('disconnect', () => client.close());
  }
  console.log(`${failures === 0 ? 'PASS ' : 'FAIL '} ${name} ${url}`);
  process.exit(failures === 0 ? 0 : 1);
}
