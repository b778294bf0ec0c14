// Three nodes, a crowd, and faults from a seed; then the verdict. scripts/chaos says how to call it.

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { project } from "../lab/lab.mjs";
import { examine, show } from "./check/examine.mjs";
import { Pen, now, readHistory } from "./history.mjs";
import { match } from "./match.mjs";
import { plan, told } from "./plan.mjs";
import { World } from "./world/world.mjs";

const { values: flags } = parseArgs({
    options: {
        seed: { type: "string", default: String(Date.now() % 100_000) },
        minutes: { type: "string", default: "1.5" },
        keep: { type: "boolean" },
        calm: { type: "boolean" },
        "no-namespaces": { type: "boolean" },
    },
});
const started = now();
const say = (what) => console.log(`${((now() - started) / 1000).toFixed(1).padStart(6)} s  ${what}`);

function results(seed) {
    const folder = path.join(project, ".cache", "chaos");
    mkdirSync(folder, { recursive: true });
    return path.join(folder, `seed-${seed}.jsonl`);
}

async function main() {
    const seed = Number(flags.seed);
    const seconds = Number(flags.minutes) * 60;
    const world = new World({ withoutNamespaces: flags["no-namespaces"] });
    const without = world.withoutClock ? ["clock-jump"] : [];
    const faults = flags.calm ? [] : plan(seed, seconds, without);
    console.log(`chaos: seed ${seed}, ${flags.minutes} minutes, network by ${world.net.kind}`);
    console.log(world.withoutClock ? `chaos: SKIPPED clock-jump: ${world.withoutClock}` : "chaos: n3 has a clock of its own");
    faults.forEach((fault) => console.log(told(fault)));
    const file = results(seed);
    rmSync(file, { force: true });
    const pen = new Pen(file);
    let code = 1;
    try {
        await world.start();
        say("all is up");
        await match({ world, pen, faults, seconds, tell: say }).catch((error) => pen.write("cluster", "crashed", { error: String(error) }));
        const history = readHistory(file, world.history);
        writeFileSync(file, history.map((line) => `${JSON.stringify(line)}\n`).join(""));
        const verdict = examine(history);
        console.log(`history: ${path.relative(project, file)}, ${history.length} lines`);
        code = show(verdict, seed, { mustCover: !flags.calm });
    } finally {
        await world.close({ keep: flags.keep });
    }
    return code;
}

process.exit(await main());
