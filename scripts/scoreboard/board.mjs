// Runs scenarios one after the other, each in a process of its own that can be ended, and adds up. scripts/scoreboard/run
// says how to call it.
//
// A scenario is scenarios/NN-some-words.mjs with
//   export const scenario = { number, stars, title, expected, also }     also: the stronger rings that prove the same, optional
//   export async function run({ lab, long, say })
//       → { passed, measured, failures, recovery }                       recovery: the worst one in ms, where there is any;
//                                                                        instead of measured, unproven where it failed
//       → { skipped: 'why it cannot run on this machine' }

import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { markdown } from './markdown.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const folder = path.join(here, 'scenarios');
const LONGEST = { scaled: 20 * 60_000, long: 100 * 60_000 };

const { values: flags, positionals } = parseArgs({
    allowPositionals: true,
    options: {
        long: { type: 'boolean', default: false },
        json: { type: 'string' },
        table: { type: 'string' },
        keep: { type: 'boolean', default: false },
    },
});

function scenarioFiles() {
    const wanted = positionals.map(Number);
    return readdirSync(folder)
        .filter((name) => /^\d\d-.*\.mjs$/.test(name))
        .filter((name) => wanted.length === 0 || wanted.includes(parseInt(name, 10)))
        .sort();
}

const stored = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : []);

/** Beside what other runs left in the file. */
function store(file, result) {
    const others = stored(file).filter(({ number }) => number !== result.number);
    const all = [...others, result].sort((a, b) => a.number - b.number);
    writeFileSync(file, `${JSON.stringify(all, null, 4)}\n`);
}

/** The outcome as the scenario's process told it, or what kept it from telling one. */
function runAlone(name) {
    return new Promise((resolve) => {
        const args = [path.join(here, 'alone.mjs'), path.join(folder, name)];
        const options = [flags.long && '--long', flags.keep && '--keep'].filter(Boolean);
        const child = spawn(process.execPath, [...args, ...options], { stdio: ['ignore', 'inherit', 'inherit', 'pipe'] });
        const told = [];
        child.stdio[3].on('data', (chunk) => told.push(chunk));
        const limit = flags.long ? LONGEST.long : LONGEST.scaled;
        const late = setTimeout(() => child.kill('SIGTERM'), limit);
        child.on('close', (code, signal) => {
            clearTimeout(late);
            const text = Buffer.concat(told).toString();
            const broken = { passed: false, failures: [`it ended with ${signal ?? code}`] };
            resolve(text === '' ? broken : JSON.parse(text));
        });
    });
}

/** What stands at its head; one that cannot even be read is a failure like any other. */
async function readHead(name) {
    try {
        return (await import(path.join(folder, name))).scenario;
    } catch (error) {
        return { number: parseInt(name, 10), stars: 0, title: `${name}: ${error.message}` };
    }
}

async function play(name) {
    const scenario = await readHead(name);
    const begin = performance.now();
    const outcome = await runAlone(name);
    const seconds = Math.round((performance.now() - begin) / 100) / 10;
    return { ...scenario, file: name, long: flags.long, ...outcome, seconds, day: new Date().toISOString().slice(0, 10) };
}

const verdict = ({ passed, skipped }) => (skipped ? 'SKIPPED' : passed ? 'pass' : 'FAIL');

function show(result) {
    const { number, stars, title, measured, skipped, failures = [], seconds } = result;
    const head = `${String(number).padStart(2)}  ${'★'.repeat(stars).padEnd(5)}  ${verdict(result).padEnd(7)}`;
    console.log(`${head}  ${title}: ${skipped ?? measured ?? 'not as expected'}  (${seconds} s)`);
    failures.forEach((failure) => console.log(`           but ${failure}`));
}

function showScore(results) {
    const stars = (some) => some.reduce((sum, result) => sum + result.stars, 0);
    const passed = results.filter((result) => verdict(result) === 'pass');
    const count = (word) => results.filter((result) => verdict(result) === word).length;
    const numbers = `${passed.length} passed, ${count('FAIL')} failed, ${count('SKIPPED')} skipped`;
    const worst = results.filter(({ recovery }) => recovery !== undefined).sort((a, b) => b.recovery - a.recovery)[0];
    const recovery = worst ? `${Math.round(worst.recovery)} ms, in scenario ${worst.number}` : 'none measured';
    console.log(`score ${stars(passed)} of ${stars(results)} stars (${numbers}); worst recovery ${recovery}`);
}

if (flags.table) {
    console.log(markdown(stored(flags.table)));
    process.exit(0);
}
const results = [];
for (const name of scenarioFiles()) {
    const result = await play(name);
    results.push(result);
    show(result);
    if (flags.json) {
        store(flags.json, result);
    }
}
showScore(results);
process.exit(results.length > 0 && results.every((result) => verdict(result) !== 'FAIL') ? 0 : 1);
