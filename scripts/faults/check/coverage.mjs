// I15: the interesting cases, each of which must have been met for a run to say anything.

const KILLS = ["kill-node", "redis-restart", "kill-proxy", "upstream-forgets"];

export function coverage(record) {
    const chains = [...record.chains.values()];
    const count = (test) => chains.reduce((sum, chain) => sum + test(chain), 0);
    const killed = (kind) => record.faults.filter((fault) => fault.kind === kind && fault.to !== Infinity).length;
    return {
        "resume on another node": count(({ conns }) => returns(conns).filter(([before, after]) => after.last && after.node !== before.node).length),
        "old owner still alive": count(({ kind, conns }) => (kind === "channel" ? 0 : returns(conns).filter(overlap).length)),
        "across the trim edge": count(({ conns }) => conns.flatMap(({ items }) => items).filter(({ reason }) => reason === "evicted").length),
        "after a Redis restart": count(({ conns }) => returns(conns).filter((pair) => acrossRestart(record, pair)).length),
        "upstream duplicate dropped": duplicates(record),
        ...Object.fromEntries(KILLS.map((kind) => [`kill: ${kind}`, killed(kind)])),
    };
}

/** Pairs of connections that were opened, one after the other. */
function returns(conns) {
    const opened = conns.filter(({ status }) => status === 200);
    return opened.slice(1).map((after, i) => [opened[i], after]);
}

const overlap = ([before, after]) => before.closedAt !== undefined && before.closedAt > after.openedAt;

function acrossRestart(record, [before, after]) {
    const restarts = record.faults.filter(({ kind }) => kind === "redis-restart");
    return after.last !== null && after.items.some(({ n }) => n !== undefined)
        && restarts.some(({ from, to }) => before.openedAt < from && after.openedAt > to && before.items.length > 0);
}

/** Those that the upstream sent a second time, to somebody who was listening. */
function duplicates(record) {
    const again = record.others.filter(({ what, again: list }) => what === "attached" && list?.length > 0);
    return again.reduce((sum, { again: list }) => sum + list.length, 0);
}
