// What is in the store and in the nodes, counted.

import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

const SCRIPT = `
local found, cursor = {}, '0'
repeat
  local page = redis.call('SCAN', cursor, 'COUNT', 500)
  cursor = page[1]
  for _, key in ipairs(page[2]) do
    local kind = redis.call('TYPE', key).ok
    found[#found + 1] = {key, kind, kind == 'stream' and redis.call('XLEN', key) or 0, redis.call('PTTL', key)}
  end
until cursor == '0'
return cjson.encode(found)`;

function connections(pid) {
    return readdirSync(`/proc/${pid}/fd`).length;
}

/** Writes down each stream that is long, each key that would stay for ever, and what the nodes hold open. */
export async function census(world, pen, when) {
    const { hostname, port } = new URL(world.urlOf("redis"));
    const keys = JSON.parse(execFileSync("redis-cli", ["-h", hostname, "-p", port, "--raw", "EVAL", SCRIPT, "0"], { maxBuffer: 1e8 }));
    const streams = keys.filter(([, kind]) => kind === "stream").map(([, , length]) => length);
    // A key names a session, and is told by its kind alone.
    const eternal = keys.filter(([, , , ttl]) => ttl === -1).map(([key]) => key.replace(/[{:].*/, ""));
    pen.write("census", "redis", { when, keys: keys.length, longest: Math.max(0, ...streams), eternal });
    for (const name of ["n1", "n2", "n3"]) {
        const { pid } = world.parts[name];
        const resident = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1];
        pen.write("census", "node", { when, node: name, descriptors: connections(pid), resident: Number(resident) });
    }
}
