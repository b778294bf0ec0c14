// The proof of the checker: one cluster, a proxy that lies about one thing at a time, and the invariant by which each lie
// has to be noticed. The proxy that lies about nothing must be found to.

import { rmSync } from "node:fs";
import path from "node:path";
import { project } from "../lab/lab.mjs";
import { examine } from "./check/examine.mjs";
import { Pen, readHistory } from "./history.mjs";
import { Liar } from "./liar.mjs";
import { match } from "./match.mjs";
import { World } from "./world/world.mjs";

/** Connections break and are doubled, so that there are resumes to lie about. */
const BREAKS = [
    { kind: "away", begin: 2, lasts: 0.5, share: 1 },
    { kind: "reset", begin: 4, lasts: 0, link: ["proxy", "n1"] },
    { kind: "reset", begin: 4.5, lasts: 0, link: ["proxy", "n2"] },
    { kind: "away", begin: 6, lasts: 0.5, share: 1 },
];
const WIPE = [{ kind: "redis-wipe", begin: 4, lasts: 0.5 }, { kind: "away", begin: 8, lasts: 0.5, share: 1 }];

/** What is lied about, with what faults, and which invariant has to say so. */
const PROOFS = [
    ["none", BREAKS, null],
    ["none", WIPE, null],
    ["drop", BREAKS, "I5"],
    ["swap", BREAKS, "I3"],
    ["resend-last", BREAKS, "I4"],
    ["live-before-replay", BREAKS, "I6"],
    ["hole-at-the-seam", BREAKS, "I6"],
    ["ignore-epoch", WIPE, "I9"],
    ["blind-retry", BREAKS, "I11"],
];
const SIZES = { readers: 2, wrappers: 1, streamable: 2, legacy: 2, sdk: 0, calls: 4 };

async function violated(world, lie, faults, number) {
    const file = path.join(project, ".cache", "chaos", `proof-${number}.jsonl`);
    rmSync(file, { force: true });
    const prefix = `${number}-`;
    const liar = await new Liar(world.url, lie).listen();
    const options = { world, pen: new Pen(file), faults, base: liar.url, prefix, sizes: SIZES, seconds: 9, quiet: 4000, least: 25 };
    await match({ ...options, tell: () => {}, books: false });
    liar.close();
    const history = readHistory(file, world.history).filter(({ actor, tag }) => actor !== "upstream" || tag?.startsWith(prefix));
    return examine(history).violations;
}

async function main(world) {
    await world.start();
    console.log(`proof: network by ${world.net.kind}`);
    let failures = 0;
    const [only] = process.argv.slice(2);
    const chosen = PROOFS.filter(([lie]) => only === undefined || only.split(",").includes(lie));
    for (const [number, [lie, faults, rule]] of chosen.entries()) {
        const violations = await violated(world, lie, faults, number);
        const rules = [...new Set(violations.map((each) => each.rule))].sort();
        const isRight = rule === null ? rules.length === 0 : rules.includes(rule);
        failures += isRight ? 0 : 1;
        const seen = rules.map((each) => `${each} (${violations.filter((one) => one.rule === each).length})`).join(", ");
        console.log(`${isRight ? "ok   " : "FAIL "} ${lie.padEnd(20)} wanted ${(rule ?? "none").padEnd(5)} noticed by ${seen || "none"}`);
        if (!isRight) {
            violations.slice(0, 12).forEach((each) => console.log(`       ${each.rule} ${each.detail}`));
        }
    }
    console.log(`proof: ${chosen.length - failures} of ${chosen.length} as they should be`);
    return failures === 0 ? 0 : 1;
}

const world = new World();
let code = 1;
try {
    code = await main(world);
} finally {
    await world.close();
}
process.exit(code);
