// The upstream is restarted under its sessions and has forgotten them.

import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Audience } from '../audience.mjs';
import { Checks, ms, times } from '../checks.mjs';

export const scenario = {
    number: 6,
    stars: 4,
    title: 'Upstream restarts mid-session and forgets its session',
    expected: 're-initialise upstream once; downstream keeps its session; in-flight calls get an explicit error',
};

const EXPLICIT = ['-32010', '-32011'];

/** A call that is being carried out while the upstream goes. */
const begin = (member, secret) =>
    member.call({ secret, delay: 60_000 }).then(
        () => 'an answer',
        (error) => error.message,
    );

export async function run({ lab, say }) {
    const checks = new Checks();
    const book = ['--book', path.join(lab.folder, 'book'), '--interval', '500'];
    const upstream = await lab.script('upstream', '../scoreboard/bookkeeper.mjs', ...book);
    const { url } = await lab.cluster(3, ['--upstream', `${upstream.url}/mcp`]);
    const audience = new Audience(url, { byHand: 8, typeScript: 3, python: 1 });
    await audience.open();
    const ids = audience.members.map(({ session }) => session?.id);
    const secrets = audience.members.map(() => randomUUID());
    const inFlight = audience.members.map((member, i) => begin(member, secrets[i]));
    await pause(1500);
    const stopped = performance.now();
    await upstream.stop();
    await upstream.start();
    say('the upstream is back and knows nobody');
    const refusals = await Promise.race([Promise.all(inFlight), pause(20_000, [])]);
    const told = performance.now() - stopped;
    checks.expect(refusals.length > 0, 'calls in flight hang');
    const unclear = refusals.filter((said) => !EXPLICIT.some((code) => said.includes(code)));
    checks.expect(unclear.length === 0, `in-flight calls ended with ${unclear.slice(0, 3)}`);
    const asked = performance.now();
    const answers = await Promise.allSettled(audience.members.map((member) => member.call({ secret: randomUUID() })));
    const failed = answers.filter(({ status }) => status === 'rejected').map(({ reason }) => reason.message);
    checks.expect(failed.length === 0, `calls after it: ${failed.slice(0, 3)}`);
    const answered = performance.now() - asked;
    // Announcements go on to the same listeners: their session downstream is what it was.
    const heard = audience.members.map(({ ear }) => ear.last);
    await pause(3000);
    const deaf = audience.members.filter(({ ear }, i) => ear.last <= heard[i]).map(({ ear }) => ear.tag);
    checks.expect(deaf.length === 0, `heard nothing more: ${deaf}`);
    const same = audience.members.every(({ session }, i) => session?.id === ids[i]);
    checks.expect(same, 'a session changed its id');
    const { introduced, executed } = await (await fetch(`${upstream.url}/hush`, { method: 'POST' })).json();
    const again = Object.entries(introduced).filter(([, n]) => n !== 2);
    checks.expect(again.length === 0, `introduced so often in all: ${JSON.stringify(Object.fromEntries(again))}`);
    const twice = secrets.filter((secret) => executed[secret] !== 1);
    checks.expect(twice.length === 0, `${twice.length} calls in flight were not carried out exactly once`);
    await audience.close();
    const codes = times(refusals.map((said) => Number(/-320\d\d/.exec(said)?.[0] ?? NaN)));
    return checks.outcome(
        `${audience.members.length} sessions, each introduced once more; calls in flight ended with ${codes.p50} within ${ms(told)} of the stop; next calls answered in ${ms(answered)}`,
        told,
    );
}
