// The verdict on a stored history.

import { examine, show } from "./check/examine.mjs";
import { readHistory } from "./history.mjs";

const [file] = process.argv.slice(2);
process.exit(show(examine(readHistory(file)), /seed-(\d+)/.exec(file)?.[1] ?? "unknown"));
