// Is every fault noticed? The players play against a stand-in that commits one fault at a time; the oracle has to name the
// law it broke, and must be content with one that commits none.

import { Ledger } from '../upstream/ledger.mjs';
import { match } from './main.mjs';
import { Oracle } from './oracle.mjs';
import { kinds } from './players.mjs';

const once = (at) => (count) => count === at;

/** The fault, what it does, and the law whose violation has to be seen. */
const faults = [
  ['none', {}, null],
  ['loseNotification', { loseNotification: once(7) }, 'notification lost'],
  ['doubleNotification', { doubleNotification: once(7) }, 'notification doubled'],
  ['wrongSession', { wrongSession: once(9) }, 'answer of another call'],
  ['loseAnswer', { loseAnswer: once(9) }, 'no outcome'],
  ['doubleAnswer', { doubleAnswer: once(9) }, 'second outcome'],
  ['runTwice', { runTwice: (count) => count >= 9 }, 'run more than once'],
  ['cutConnection', { cutConnection: once(9) }, 'request cut without a cause'],
  ['forgetSession', { forgetSession: once(9) }, 'had to initialise again'],
];

async function lawsBroken(fault) {
  const oracle = new Oracle();
  const ledger = new Ledger({ interval: 100, faults: fault });
  const url = `http://127.0.0.1:${await ledger.listen(0)}`;
  const players = ['raw', 'sdk-streamable'].flatMap((kind) =>
    [1, 2].map((i) => kinds[kind](`${kind}-${i}`, url, oracle)),
  );
  const rules = { rate: 20, disturbances: [], duration: 2, patience: 4000, tell: () => {} };
  const violations = await match({ players, oracle, upstreamUrl: url, ...rules });
  await ledger.close();
  return [...new Set(violations.map(({ law }) => law))];
}

let failures = 0;
const seen = await Promise.all(faults.map(([, fault]) => lawsBroken(fault)));
for (const [i, [name, , law]] of faults.entries()) {
  const laws = seen[i];
  const noticed = law === null ? laws.length === 0 : laws.includes(law);
  failures += noticed ? 0 : 1;
  console.log(`${noticed ? 'ok   ' : 'FAIL '} ${name}: ${laws.join(', ') || 'nothing broken'}`);
}
console.log(`selftest: ${faults.length - failures} of ${faults.length} as they should be`);
process.exit(failures === 0 ? 0 : 1);
