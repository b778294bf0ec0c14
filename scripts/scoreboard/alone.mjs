// One scenario in a laboratory of its own: node alone.mjs FILE [--long] [--keep]. The outcome leaves on descriptor 3.

import { writeSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { Lab } from '../lab/lab.mjs';

const { values: flags, positionals } = parseArgs({
    allowPositionals: true,
    options: { long: { type: 'boolean', default: false }, keep: { type: 'boolean', default: false } },
});
const { scenario, run } = await import(positionals[0]);
const say = (what) =>
    console.error(`      ${scenario.number}: ${(performance.now() / 1000).toFixed(1).padStart(6)} s  ${what}`);

// A client that broke where nobody waited for it is a matter of the scenario's checks, not the end of the run.
process.on('unhandledRejection', (error) => say(`nobody waited for: ${error?.message ?? error}`));

const lab = new Lab();
let outcome;
try {
    outcome = await run({ lab, long: flags.long, say });
} catch (error) {
    outcome = { passed: false, measured: 'broken off', failures: [error.stack ?? String(error)] };
} finally {
    await lab.close({ keep: flags.keep });
}
writeSync(3, JSON.stringify(outcome));
process.exit(0);
