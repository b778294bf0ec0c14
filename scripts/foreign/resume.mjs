// A call of six seconds is in flight when the node that holds its stream is killed with -9, behind a round robin. The
// official clients have to get the answer without an error and without their noticing: no new session, nothing twice.
//
//   node resume.mjs [--keep] [ts1-sse ts2-sse ts1-streamable ts2-streamable]

import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { expect, Inbox, textOf, within } from './clients/checks.mjs';
import { newClient as newTs1 } from './clients/ts1.mjs';
import { newClient as newTs2 } from './clients/ts2.mjs';
import { Lab } from '../lab/lab.mjs';

const makers = { ts1: newTs1, ts2: newTs2 };
const STEPS = 12;

const trace = process.env.TRACE ? (...what) => console.log(Math.round(performance.now()), ...what) : () => {};

/** Where the stream is on which the answer will come: the GET of the old transport, the POST of the other. */
class Whereabouts {
  node = null;

  constructor(kind) {
    this.method = kind === 'sse' ? 'GET' : 'POST';
    this.streams = 0;
  }

  fetch = async (input, init) => {
    const response = await fetch(input, init);
    trace(init?.method ?? 'GET', response.status, response.headers.get('lifeline-node'), init?.body ?? '');
    const isStream = response.headers.get('content-type')?.startsWith('text/event-stream');
    if (response.ok && isStream && (init?.method ?? 'GET') === this.method) {
      this.node = response.headers.get('lifeline-node');
    }
    if (isStream) {
      this.streams++;
    }
    return response;
  };
}

async function prove(version, kind, cluster) {
  const whereabouts = new Whereabouts(kind);
  const inbox = new Inbox();
  const url = new URL(cluster.url + (kind === 'sse' ? '/sse' : '/mcp'));
  const client = makers[version](kind, url, (notification) => inbox.take(notification), { fetch: whereabouts.fetch });
  await within(client.connect(), 'connect');
  await client.callTool('echo', { message: 'before' });
  const steps = [];
  const call = client.callTool('trigger-long-running-operation', { duration: 6, steps: STEPS }, ({ progress }) =>
    steps.push(progress) && trace('progress', progress),
  );
  call.catch(() => {});
  await pause(2200);
  const victim = cluster.nodes.find(({ name }) => name === whereabouts.node);
  expect(victim, `no stream on any node, but on ${whereabouts.node}`);
  const killed = performance.now();
  trace('kill -9', victim.name);
  await victim.kill();
  try {
    expect(textOf(await within(call, 'the call', 30_000)).includes('completed'), 'another answer');
    const took = Math.round(performance.now() - killed);
    // The old transport cannot say what has arrived: the last message before the kill may come again.
    const least = kind === 'sse' ? 0 : 1;
    const rises = steps.slice(1).every((step, i) => step - steps[i] >= least);
    expect(rises, `progress was ${steps}`);
    const secret = randomUUID();
    expect(textOf(await within(client.callTool('echo', { message: secret }), 'echo')).includes(secret), 'not the echo');
    const heard = inbox.next('notifications/tools/list_changed');
    await within(client.callTool('announce', {}), 'announce');
    await within(heard, 'the notification after it');
    // What is read in one piece with the answer is dropped by the SDK, so that the end of it may be missing.
    const held = new Set(steps).size >= STEPS - 1 ? 'no progress missed' : `progress heard up to ${steps.at(-1)}`;
    console.log(`ok    ${version}-${kind}: ${victim.name} killed, answered ${took} ms later, ${held}`);
  } finally {
    await victim.start();
    await within(client.close(), 'close', 3000).catch(() => {});
  }
}

const { values: flags, positionals } = parseArgs({ allowPositionals: true, options: { keep: { type: 'boolean' } } });
const wanted = positionals.length > 0 ? positionals : ['ts1-sse', 'ts2-sse', 'ts1-streamable', 'ts2-streamable'];
const lab = new Lab();
let failures = 0;
try {
  const upstream = await lab.upstream();
  const cluster = await lab.cluster(3, ['--upstream', `${upstream.url}/mcp`]);
  for (const name of wanted) {
    const [version, kind] = name.split('-');
    await prove(version, kind, cluster).catch((error) => {
      failures++;
      console.log(`FAIL  ${name}: ${error.message}`);
    });
  }
} finally {
  await lab.close({ keep: flags.keep });
}
console.log(`resume: ${wanted.length - failures} of ${wanted.length} clients came back without noticing`);
process.exit(failures === 0 ? 0 : 1);
