// One match: a crowd on a world, faults by a plan, quiet, and the history of it all.

import { setTimeout as pause } from "node:timers/promises";
import { until } from "../lab/lab.mjs";
import { census } from "./census.mjs";
import { Crowd } from "./crowd.mjs";
import { Nemesis } from "./faults.mjs";
import { now } from "./history.mjs";

// A machine that is busy holds up the clients too, and then their silence proves nothing.
function watchSelf(pen) {
    let last = now();
    return setInterval(() => {
        const late = now() - last - 100;
        last = now();
        if (late > 500) {
            pen.write("run", "starved", { ms: late });
        }
    }, 100);
}

/** Everything is healed: so long may it take until everybody has everything. Thirty seconds, scaled. */
const QUIET = 12_000;

export async function match({ world, pen, faults, base = world.url, prefix = "", sizes, seconds, tell, quiet = QUIET, books = true, least = 0 }) {
    if (books) {
        await census(world, pen, "start");
    }
    const crowd = new Crowd({ base, pen, prefix, sizes });
    if (!(await crowd.open())) {
        tell("SKIPPED: the SDK's clients, which are not installed (scripts/foreign/install)");
    }
    const nemesis = new Nemesis({ world, crowd, pen });
    const watch = watchSelf(pen);
    pen.write("run", "begin", {});
    const begin = now();
    for (const fault of faults) {
        await pause(Math.max(0, begin + fault.begin * 1000 - now()));
        tell(fault.kind);
        nemesis.begin(fault);
    }
    const { published } = crowd;
    await pause(Math.max(0, begin + seconds * 1000 - now()));
    await until(() => crowd.published - published >= least, `${least} more events`, 400_000);
    await nemesis.over();
    await world.healthy();
    pen.write("run", "healed", {});
    tell("all is healed");
    await pause(3000);
    await crowd.hush();
    await fetch(`${world.urlOf("upstream")}/hush/${prefix}`);
    pen.write("run", "hushed", {});
    await pause(quiet);
    pen.write("run", "quiet", {});
    if (books) {
        await census(world, pen, "end");
    }
    await crowd.close();
    if (books) {
        await pause(1500);
        await census(world, pen, "closed");
    }
    clearInterval(watch);
    pen.write("run", "end", {});
}
