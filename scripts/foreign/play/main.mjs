// Three nodes behind a round robin, sessions that call and listen, and everything killed in turn. scripts/foreign/scenario
// says how to call it.

import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { Lab, until } from '../lab.mjs';
import { Oracle } from './oracle.mjs';
import { kinds } from './players.mjs';

const { values: flags } = parseArgs({
  strict: false,
  options: {
    seconds: { type: 'string', default: '60' },
    sessions: { type: 'string', default: '50' },
    rate: { type: 'string', default: '20' },
    kinds: { type: 'string', default: Object.keys(kinds).join(',') },
    calm: { type: 'boolean' },
    bare: { type: 'boolean' },
    keep: { type: 'boolean' },
  },
});
const seconds = Number(flags.seconds);
const now = () => performance.now();
const say = (what) => console.log(`${(now() / 1000).toFixed(1).padStart(6)} s  ${what}`);

/** Calls at an even pace, each by the next player, a few of them long enough to be in the middle of everything. */
function play(players, rate) {
  const under = new Set();
  let count = 0;
  const timer = setInterval(() => {
    const player = players[count % players.length];
    const delay = count % 10 === 0 ? 2000 : count % 20;
    const tool = count % 4 === 3 ? 'look' : 'work';
    count++;
    const call = player.call(tool, delay).finally(() => under.delete(call));
    under.add(call);
  }, 1000 / rate);
  return { stop: () => clearInterval(timer), under };
}

async function killNode(node, players, oracle) {
  say(`kill -9 ${node.name}`);
  oracle.disturb(`kill -9 ${node.name}`, now());
  players.forEach((player) => player.killed(node.name));
  await node.kill();
  await pause(2000);
  await node.start();
  say(`${node.name} is back`);
}

async function restart(part, oracle) {
  say(`${part.name} restarts`);
  oracle.disturb(`restart of ${part.name}`, now());
  await part.stop();
  await pause(500);
  await part.start();
  say(`${part.name} is back`);
}

/** What is done to whom, and after which part of the time. */
function plan(cluster, upstream, players, oracle) {
  const [n1, n2, n3] = cluster.nodes;
  return [
    [0.08, () => killNode(n1, players, oracle)],
    [0.25, () => killNode(n2, players, oracle)],
    [0.42, () => killNode(n3, players, oracle)],
    [0.6, () => restart(upstream, oracle)],
    [0.72, () => restart(cluster.redis, oracle)],
    [0.85, () => restart(upstream, oracle)],
  ];
}

async function disturb(steps, begin) {
  for (const [part, step] of steps) {
    await pause(Math.max(0, begin + part * seconds * 1000 - now()));
    await step();
  }
}

/** Opens the sessions, lets them play while things happen, and gives the verdict. */
export async function match({ players, oracle, rate, disturbances, duration, upstreamUrl, patience = 65_000, tell = say }) {
  for (const player of players) {
    await player.open();
  }
  tell(`${players.length} sessions are open`);
  const chosen = [...new Set(players.map((player) => player.kind))];
  const games = chosen.map((kind) => play(players.filter((player) => player.kind === kind), rate));
  const begin = now();
  await disturb(disturbances, begin);
  await pause(Math.max(0, begin + duration * 1000 - now()));
  games.forEach((game) => game.stop());
  tell(`no more calls; ${oracle.open} have no outcome yet`);
  await until(() => oracle.open === 0, 'outcomes', patience).catch(() => {});
  const book = await (await fetch(`${upstreamUrl}/hush`, { method: 'POST' })).json();
  await until(() => oracle.behind(book) === 0, 'notifications', Math.min(patience, 20_000)).catch(() => {});
  const violations = oracle.verdict(
    book,
    players.map(({ tag }) => tag),
  );
  await Promise.race([Promise.all(players.map((player) => player.close())), pause(5000)]);
  return violations;
}

export function show(violations) {
  const laws = Map.groupBy(violations, ({ law }) => law);
  for (const [law, cases] of laws) {
    console.log(`VIOLATED  ${law}: ${cases.length} times`);
    cases.slice(0, 8).forEach(({ detail }) => console.log(`          ${detail}`));
  }
}

async function main(lab) {
  const oracle = new Oracle();
  const upstream = await lab.script('upstream', 'upstream/ledger.mjs', '--book', path.join(lab.folder, 'book'));
  const options = ['--upstream', `${upstream.url}/mcp`];
  const cluster = flags.bare ? { url: upstream.url } : await lab.cluster(3, options);
  say('all is up');
  const players = flags.kinds
    .split(',')
    .flatMap((kind) =>
      Array.from({ length: Number(flags.sessions) }, (_, i) => kinds[kind](`${kind}-${i}`, cluster.url, oracle)),
    );
  const violations = await match({
    players,
    oracle,
    rate: Number(flags.rate),
    disturbances: flags.calm || flags.bare ? [] : plan(cluster, upstream, players, oracle),
    duration: seconds,
    upstreamUrl: upstream.url,
  });
  oracle.report().forEach((line) => console.log(line));
  const errors = Map.groupBy(players.flatMap((player) => player.errors ?? []), (error) => error.replace(/\d+/g, '#'));
  [...errors].slice(0, 10).forEach(([error, all]) => console.log(`seen      ${all.length} times by an SDK: ${error}`));
  show(violations);
  console.log(`scenario: ${violations.length === 0 ? 'every law held' : `${violations.length} violations`}`);
  return violations.length === 0 ? 0 : 1;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const lab = new Lab();
  let code = 1;
  try {
    code = await main(lab);
  } finally {
    await lab.close({ keep: flags.keep });
  }
  process.exit(code);
}
