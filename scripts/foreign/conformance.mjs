// Runs the suite against each URL and compares the scoreboards. scripts/foreign/conformance says how to call it.

import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const suite = fileURLToPath(
  new URL('node_modules/@modelcontextprotocol/conformance/dist/index.js', import.meta.url),
);

function runSuite(url, revision, folder) {
  return new Promise((resolve, reject) => {
    const args = [suite, 'server', '--url', url, '--requirements', revision, '-o', folder, '--timeout', '15000'];
    const child = spawn(process.execPath, args, { stdio: 'ignore' });
    const limit = setTimeout(() => child.kill(), 180_000);
    child.on('error', reject);
    // Its exit code says that some check failed, which may be as it should be.
    child.on('exit', () => {
      clearTimeout(limit);
      resolve();
    });
  });
}

// A scenario's folder is server-<scenario>-<time>.
const scenarioOf = (folder) => folder.replace(/^server-/, '').replace(/-\d{4}-\d\d-\d\dT.*$/, '');

function linesOf(scenario, checks) {
  // INFO tells what was seen on the way, with ids and counts that differ from run to run.
  const judged = checks.filter((check) => check.status !== 'INFO');
  const tally = new Map();
  for (const check of judged) {
    const line = `${scenario} ${check.id} ${check.status}`;
    tally.set(line, (tally.get(line) ?? 0) + 1);
  }
  return [...tally].map(([line, times]) => (times === 1 ? line : `${line} x${times}`));
}

// A scenario that came to nothing leaves no file.
const NOTHING = [{ id: 'nothing-checked', status: 'SKIPPED' }];

const checksOf = (file) =>
  readFile(file, 'utf8').then(JSON.parse, (error) => (error.code === 'ENOENT' ? NOTHING : Promise.reject(error)));

async function score(url, revision) {
  const folder = await mkdtemp(path.join(tmpdir(), 'conformance-'));
  try {
    await runSuite(url, revision, folder);
    const lines = [];
    const reasons = new Map();
    for (const scenario of await readdir(folder)) {
      const checks = await checksOf(path.join(folder, scenario, 'checks.json'));
      lines.push(...linesOf(scenarioOf(scenario), checks));
      for (const check of checks.filter(({ errorMessage }) => errorMessage)) {
        reasons.set(`${scenarioOf(scenario)} ${check.id}`, check.errorMessage.split('\n')[0]);
      }
    }
    return { lines: lines.sort(), reasons };
  } finally {
    await rm(folder, { recursive: true });
  }
}

const count = (lines, status) =>
  lines
    .filter((line) => line.split(' ')[2] === status)
    .reduce((sum, line) => sum + Number(/ x(\d+)$/.exec(line)?.[1] ?? 1), 0);

function summary({ lines }) {
  const scenarios = new Set(lines.map((line) => line.split(' ')[0])).size;
  const tally = ['SUCCESS', 'WARNING', 'FAILURE', 'SKIPPED'].map((status) => `${count(lines, status)} ${status}`);
  return `${scenarios} scenarios, ${tally.join(', ')}`;
}

function difference(measure, other) {
  const reason = (line) => other.reasons.get(line.split(' ').slice(0, 2).join(' '));
  const missing = measure.lines.filter((line) => !other.lines.includes(line)).map((line) => `  - ${line}`);
  const added = other.lines
    .filter((line) => !measure.lines.includes(line))
    .map((line) => `  + ${line}${reason(line) ? `: ${reason(line)}` : ''}`);
  return [...missing, ...added];
}

const { values, positionals: urls } = parseArgs({
  allowPositionals: true,
  options: { revision: { type: 'string', default: '2025-11-25' }, board: { type: 'string' } },
});

const measure = await score(urls[0], values.revision);
console.log(measure.lines.join('\n'));
console.log(`conformance ${values.revision} ${urls[0]}: ${summary(measure)}`);
if (values.board) {
  await writeFile(values.board, `${measure.lines.join('\n')}\n`);
}
let differing = measure.lines.length === 0;
for (const url of urls.slice(1)) {
  const other = await score(url, values.revision);
  const lines = difference(measure, other);
  differing ||= lines.length > 0;
  console.log(`conformance ${values.revision} ${url}: ${summary(other)}`);
  console.log(lines.length === 0 ? 'SAME  as the first' : `DIFFERS from the first\n${lines.join('\n')}`);
}
process.exit(differing ? 1 : 0);
