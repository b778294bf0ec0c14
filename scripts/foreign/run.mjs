// Which client meets which upstream through which door. scripts/foreign/run says how to call it.

import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { cache, Lab, project } from '../lab/lab.mjs';

const { values: flags } = parseArgs({
  options: { bare: { type: 'boolean' }, only: { type: 'string', default: '' }, keep: { type: 'boolean' } },
});
const AT_ONCE = 3;
const LONGEST = 120_000;

const node = (file, ...args) => [process.execPath, path.join('scripts', 'foreign', file), ...args];

function javaClient(version, kind) {
  const fetched = path.join(cache, `java-${version}`);
  const classes = existsSync(`${fetched}.classpath`) ? readFileSync(`${fetched}.classpath`, 'utf8') : '';
  const quiet = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Dorg.slf4j.simpleLogger.defaultLogLevel=off'];
  return ['java', ...quiet, '-cp', `${fetched}:${classes}`, 'ForeignClient', `java-${version}`, kind];
}

function pythonClient(version, kind) {
  const python = path.join(cache, `python-${version}`, 'bin', 'python');
  return [python, path.join('scripts', 'foreign', 'clients', 'python.py'), `python-${version}`, kind];
}

/** What each is called, the door it knows, what starts it, and what says that it was installed. */
const clients = [
  ...['streamable', 'sse'].flatMap((kind) => [
    { name: `ts1-${kind}`, kind, command: node('clients/ts1.mjs', kind), made: 'node_modules' },
    { name: `ts2-${kind}`, kind, command: node('clients/ts2.mjs', kind), made: 'node_modules' },
    { name: `inspector-${kind}`, kind, command: node('clients/inspector.mjs', kind), made: 'node_modules' },
    ...['1.29.1', '2.3.0'].map((version) => ({
      name: `python-${version}-${kind}`,
      kind,
      command: pythonClient(version, kind),
      made: `python-${version}`,
    })),
    ...['1.1.5', '2.1.0'].map((version) => ({
      name: `java-${version}-${kind}`,
      kind,
      command: javaClient(version, kind),
      made: `java-${version}`,
    })),
  ]),
  { name: 'ts2-auto', kind: 'streamable', command: node('clients/ts2.mjs', 'auto'), made: 'node_modules' },
];
const modern = [{ ...clients.at(-1), name: 'ts2-modern', command: node('clients/ts2.mjs', 'modern') }];
const few = clients.filter((client) => /^ts[12]/.test(client.name));
const door = (kind) => (kind === 'sse' ? '/sse' : '/mcp');
const REVISIONS = ['2025-11-25', '2026-07-28'];

const outcomes = [];

/** Runs one command to its end, in bounded time; says what it said only where it failed. */
function attempt(title, command) {
  return new Promise((resolve) => {
    const begin = performance.now();
    const [program, ...args] = command;
    const child = spawn(program, args, { cwd: project, stdio: ['ignore', 'pipe', 'pipe'] });
    const said = [];
    child.stdout.on('data', (chunk) => said.push(chunk));
    child.stderr.on('data', (chunk) => said.push(chunk));
    child.on('error', (error) => said.push(`${error}\n`));
    const limit = setTimeout(() => child.kill('SIGKILL'), LONGEST);
    child.on('close', (code) => {
      clearTimeout(limit);
      const passed = code === 0;
      const seconds = ((performance.now() - begin) / 1000).toFixed(1);
      console.log(`${passed ? 'PASS ' : 'FAIL '} ${title} (${seconds} s)`);
      if (!passed) {
        const lines = Buffer.concat(said.map(Buffer.from)).toString().trimEnd().split('\n');
        console.log(lines.filter((line) => !line.startsWith('ok ')).map((line) => `      ${line}`).join('\n'));
      }
      outcomes.push({ title, passed });
      resolve();
    });
  });
}

async function attemptAll(attempts) {
  const waiting = attempts.filter(([title]) => title.includes(flags.only));
  const worker = async () => {
    while (waiting.length > 0) {
      await attempt(...waiting.shift());
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

function meetings(where, upstream, some, base) {
  return some
    .filter(({ name, made }) => {
      const there = existsSync(path.join(cache, `${made}.made`));
      if (!there) {
        console.log(`SKIP  ${where}, ${upstream}: ${name}, which is not installed`);
      }
      return there;
    })
    .map(({ name, kind, command }) => [`${where}, ${upstream}: ${name}`, [...command, base + door(kind)]]);
}

/** Every client through the default upstream; the TypeScript ones through the others, where it is the link that differs. */
function throughGateway(where, base) {
  return [
    ...meetings(where, 'Streamable upstream', clients, base),
    ...meetings(where, 'stdio upstream', few, `${base}/piped`),
    ...meetings(where, 'server-everything', few, `${base}/reference`),
    ...meetings(where, 'HTTP+SSE upstream', few, `${base}/legacy`),
    ...meetings(where, 'modern upstream', modern, `${base}/modern`),
  ];
}

/** For each revision: whether all of the URLs score what the first one does. One scenario insists on localhost. */
function conformance(...urls) {
  return REVISIONS.map((revision, i) => {
    const named = urls[i].map((url) => url.replace('127.0.0.1', 'localhost'));
    const title = `conformance ${revision}${named.length > 1 ? ': bare, one node and three nodes score the same' : ''}`;
    return [title, ['scripts/foreign/conformance', '--revision', revision, ...named]];
  });
}

async function main() {
  const lab = new Lab();
  try {
    const [upstream, reference] = await Promise.all([lab.upstream(), lab.everything()]);
    if (flags.bare) {
      await attemptAll([
        ...meetings('bare', 'Streamable upstream', clients, upstream.url),
        ...meetings('bare', 'server-everything', clients.filter(({ kind }) => kind !== 'sse'), reference.url),
        ['bare, modern upstream: ts2-modern', [...modern[0].command, `${upstream.url}/modern`]],
        ...conformance([`${upstream.url}/mcp`], [`${upstream.url}/modern`]),
      ]);
      return;
    }
    const urls = [`${upstream.url}/mcp`, `legacy=${upstream.url}/sse`, `modern=${upstream.url}/modern`];
    const options = [
      ...['--upstream', [...urls, `reference=${reference.url}/mcp`].join(',')],
      ...['--stdio', `piped=${lab.everythingCommand()}`],
    ];
    const single = await lab.gateway('single', { options });
    await attemptAll(throughGateway('one node', single.url));
    const cluster = await lab.cluster(3, options);
    await attemptAll(throughGateway('three nodes', cluster.url));
    const gateways = [single.url, cluster.url];
    await attemptAll(
      conformance(
        [`${upstream.url}/mcp`, ...gateways.map((url) => `${url}/mcp`)],
        [`${upstream.url}/modern`, ...gateways.map((url) => `${url}/modern/mcp`)],
      ),
    );
    await attemptAll([['a node killed under a call of the official clients', node('resume.mjs')]]);
  } finally {
    await lab.close({ keep: flags.keep });
  }
}

const begin = performance.now();
await main();
const failed = outcomes.filter(({ passed }) => !passed);
failed.forEach(({ title }) => console.log(`FAILED ${title}`));
const seconds = Math.round((performance.now() - begin) / 1000);
console.log(`foreign clients: ${outcomes.length - failed.length} of ${outcomes.length} passed in ${seconds} s`);
process.exit(failed.length === 0 ? 0 : 1);
