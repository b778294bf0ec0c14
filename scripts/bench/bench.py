#!/usr/bin/env python3
"""Lifeline against its peers on one machine, in the same run, interleaved. Door: scripts/bench/run (see its --help).

What is measured
  p1  1,000 subscribers of one channel x 100 events/s, memory       server CPU per delivery, p99
  p2  100 subscribers x 2,000 events/s, memory                      server CPU per delivery, p50
  p3  15,000 idle connections, heartbeat every 15 s                 resident memory per connection, CPU per heartbeat
  p4  publish on node B, 1,000 subscribers on node A, Redis, 30/s   CPU of A + B + Redis per delivery
  p5  1,000 clients resume on node B at once, 1,000 events each     time until all have all, no gap, no duplicate
  p6  10,000 links, as fast as they come up                         links a second, p99 until the response head
  p12 100 clients x 1,000 events/s, each cut at random and resuming, every other time on the other node; Redis
                                                                    nothing lost, doubled, turned; memory flat
     MCP, beside the bare upstream, npm bridges or a single node:
  p7  tools/call over Streamable HTTP, memory                       p50, p95 added to the upstream's own, also at 10 ms a call
  p8  32 sessions call as fast as they can, stdio upstream          calls a second, beside supergateway and mcp-proxy
  p9  1,000 sessions with an open GET stream                        resident memory above the idle process
  p10 three nodes, Redis, a session's requests in turn to each      p50 added to that of one node in memory
  p11 kill -9 of the one of three nodes with 1,000 streams          p99 until the next event, nothing lost or doubled
     Lasting (not in "all"; --minutes, 30 if left out; 1440 is a day), Lifeline alone, two nodes with Redis:
  p13 10,000 sessions with open streams, calls, cuts, comings and goings, then all leave
  p13-links  10,000 links of one channel, one event a second, cuts
                                                                    heap, descriptors, sessions, keys back to baseline

How
  Payload 100 bytes. Per case both products are started (memory: one node; p4, p5: two nodes and a Redis of their own),
  each gets one uncounted warm-up run of the same case (the JVM compiles in it), then the rounds alternate between
  them, with the order turned round every time; the other product idles meanwhile. Only p3 starts a fresh process for
  every round and has no warm-up, so that "above the idle process" means a process that has never had a connection.
  CPU is that of the server processes, read by the generator at both ends of the counted window, with nothing under
  way: nchan = the worker, Lifeline = the java process, p4 and p5 = both nodes and Redis. It is user and system time,
  so it holds the kernel's share of sending over loopback. Shown are medians of the rounds; faults (lost, duplicated,
  reordered, gap events, closed streams, failed publishes) are summed over all runs, warm-up too, and have to be 0.
  Latency runs from the moment a publish is written to the moment the generator has read the event. A publisher waits
  for its answer before the next event, so a server that is overloaded gets fewer events than offered: see "of offered".
  A product with faults has reached nothing in that case ("void"). The CPU of p3 includes what the process costs anyway;
  the notes below the table give that share.
  Every run waits until the box is quiet, and the notes say how many cores something else kept busy meanwhile. On a
  busy box nchan is slower, then sends several events in one write, and p2 shows less CPU per delivery than it has cost
  on a quiet one. A round during which others used more than 0.15 cores is therefore repeated, at most BENCH_RETRIES
  times; if the last one was disturbed too it counts, and its product is marked "not a quiet box".

  MCP: the upstream (mcp/upstream.h) is a C program that answers 100,000 calls a second and more over HTTP. A call carries a
  text of its own that must come back to the session that sent it, and what the upstream has executed must be what was
  sent. p7 and p10 call at a rate, after a warm-up as fast as answers come, and count from when a call was due; p8 keeps
  one call under way in each session. In p8 everybody starts the same program, once a session or once for all as they
  see fit; the npm bridges run as they come, but for supergateway's --stateful and no log. p9 and p11 start fresh processes for every round. In p11 the sessions are
  begun on three nodes in turn, all their streams are on the first, and the generator kills that one; a stream asks the
  other nodes in turn, 100 ms after it was cut, with Last-Event-ID. The time runs from the kill to the next event, so up to
  BENCH_P11_EVERY_MS of it is waiting for one to be due, and it includes that somebody else listens to the upstream now. The processor time is the gateways' (and Redis'), not the upstream's.

  p12: a client is cut in the middle of whatever comes, by a reset or an orderly end, once in BENCH_P12_CUT_EVERY_S seconds on
  average, stays away for up to BENCH_P12_AWAY_MS and asks with the id of the last whole event it has read. Every event of
  every client is remembered: what was published with a 2xx has to be there once, in the order of its publisher. A gap event
  is a fault, since the history is longer than anybody stays away. The live heap is read after a forced collection, before and after.

  p13: baseline is what is held after a small run of the same kind has come and gone. Each stream carries numbered events, as
  in p11; beside them some sessions call, some streams are cut and resumed on the other node, some sessions leave, half of them
  without a DELETE, and new ones come. A sample (live heap after a forced collection, descriptors, threads, what Redis and
  the upstream hold) is a row of the table that is printed as it goes. In the end all leave, and rows follow until all is back, or
  ten minutes are over. What is kept for a while is kept shorter for that (session 2 min, log 1 min, positions 3 min). The number
  of sessions is cut down to what the file limit allows, and the output says so: a gateway needs two descriptors a session, one
  for a link, the generator one for each.

  Peers: with --peers also Mercure (Go), Pushpin (Debian), ContextForge (Python 3.12), fetched once into .cache/bench, versions
  pinned. The same checks hold for all: they find the payload, not the id. Who cannot be had or cannot do a case is named below
  the table with the reason. Mercure keeps its history on disk (BENCH_MERCURE_TRANSPORT=local: none) and is one node; Pushpin
  has none, and its origin, an nginx that holds each stream, is not counted.

Variables (environment), with defaults
  BENCH_SECONDS=12         counted window of p1, p2, p4
  BENCH_WARMUP_S=12        uncounted warm-up run of p1, p2, p4 before the first round
  BENCH_ROUND_WARMUP_S=3   uncounted start of every counted run of p1, p2, p4
  BENCH_P1_SUBS=1000, BENCH_P1_RATE=100, BENCH_P1_PUBLISHERS=1
  BENCH_P2_SUBS=100, BENCH_P2_RATE=2000, BENCH_P2_PUBLISHERS=8   (keep-alive connections that publish)
  BENCH_P3_CONNECTIONS=15000, BENCH_P3_CHANNELS=1, BENCH_P3_HOLD_S=46 (three heartbeats), BENCH_P3_SETTLE_S=5
  BENCH_P4_SUBS=1000, BENCH_P4_RATE=30, BENCH_P4_PUBLISHERS=1
  BENCH_P5_CLIENTS=1000, BENCH_P5_EVENTS=1000
  BENCH_P6_LINKS=10000, BENCH_P6_IN_FLIGHT=512, BENCH_P6_HOLD_S=2
  BENCH_MCP_SECONDS=10, BENCH_MCP_WARMUP_S=30   counted window and uncounted warm-up run of p7, p8, p10
  BENCH_P7_SESSIONS=8, BENCH_P7_RATE=400, BENCH_P7_SLEEP_RATE=200
  BENCH_P8_SESSIONS=32
  BENCH_P9_SESSIONS=1000, BENCH_P9_SETTLE_S=5, BENCH_P9_HOLD_S=20
  BENCH_P10_SESSIONS=8, BENCH_P10_RATE=100
  BENCH_P11_STREAMS=1000, BENCH_P11_EVERY_MS=500, BENCH_P11_KILL_AT_S=10, BENCH_P11_AFTER_S=20
  BENCH_P12_CLIENTS=100, BENCH_P12_RATE=1000, BENCH_P12_PUBLISHERS=8, BENCH_P12_SECONDS=60, BENCH_P12_HISTORY=10000
  BENCH_P12_CUT_EVERY_S=5, BENCH_P12_AWAY_MS=500
  BENCH_P13_SESSIONS=10000, BENCH_P13_NODES=2, BENCH_P13_EVERY_MS=60000, BENCH_P13_CALLS=20, BENCH_P13_CUTS=5,
  BENCH_P13_LEAVES=2 (a second each), BENCH_P13_SAMPLE_S=60, BENCH_P13_SETTLE_S=45
  BENCH_P13_LINKS=10000, BENCH_P13_EVENTS=1 (a second), BENCH_P13_CUT_EVERY_S=1000 (each link, on average)
  BENCH_PEERS=.cache/bench   where peers are installed, versions pinned in peer_servers.py, contextforge.py, mcp_servers.py
  BENCH_QUIET_WAIT_S=60    wait at most so long before a run until less than 0.15 cores are busy
  BENCH_RETRIES=2          repetitions of a disturbed round
  BENCH_HEARTBEAT_S=15     heartbeat of both products
  BENCH_HISTORY=2000       events nchan keeps per channel
  NCHAN_MODULE             path of ngx_nchan_module.so, if it is not in the usual places
  LIFELINE_JAR=gateway/target/lifeline.jar
  LIFELINE_ARGS="--event-loops 1"   one worker, as nchan has one; added to "serve --host --port --heartbeat-interval [--redis]"
  JAVA_OPTS                JVM flags; without it those of scripts/jvm.options (one a line, # comments), if it exists

Output: Markdown tables on standard output, every single run as a JSON line in target/bench/<time>.jsonl.
"""
import argparse
import json
import os
import subprocess
import sys
import time

import cases
import lasting_cases
import mcp_cases
import mcp_table
import peer_servers
import peers
import servers
import sse_cases
from box import QUIET_CORES, Watch, wait_for_quiet
from servers import setting, turned


class Run:
    """Everything the cases share: the generator, the raw file, the results so far."""

    def __init__(self, options):
        self.rounds, self.only, self.minutes = options.rounds, options.only, options.minutes
        self.peers = options.peers
        self.left_out = {}   # (case, product) -> why it was not measured
        self.generator = servers.build_generator()
        self.raw_path = os.path.join(servers.OUT, time.strftime("%Y%m%d-%H%M%S") + ".jsonl")
        self.results = {}    # (case, product) -> list of JSON objects
        self.uncounted = {}  # the same for warm-up and disturbed rounds: no figures from them, but their faults count

    def load(self, mode, site, program=None, on_line=lambda line: None, **args):
        """One run of a generator, begun when the box is quiet; its JSON."""
        quiet = wait_for_quiet(setting("QUIET_WAIT_S", 60), QUIET_CORES)
        return dict(self.watch(mode, site, on_line, program, **args), quiet_at_start=quiet)

    def watch(self, mode, site, on_line, program=None, **args):
        """The same at once: on_line gets each line of JSON before the last. An argument that is a list is repeated."""
        command = [program or self.generator, mode, "--pids", ",".join(map(str, site.pids))]
        for key, given in args.items():
            for value in given if isinstance(given, list) else [given]:
                command += ["--" + key.replace("_", "-"), str(value)]
        pin = (lambda: os.sched_setaffinity(0, {1})) if servers.pinned else None
        watch, result = Watch(site.pids + site.others), {}
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, preexec_fn=pin) as generator:
            try:
                for line in generator.stdout:
                    result = json.loads(line)
                    if "mode" not in result:
                        on_line(result)
            finally:
                generator.terminate()
        if generator.returncode != 0 or "mode" not in result:
            raise servers.Missing(f"{site.name}: the load generator ended with {generator.returncode} ({mode})")
        return dict(result, others_cores=round(watch.others(), 3))

    def keep(self, case, name, number, result):
        result.update(case=case, server=name, round=number, load_average=os.getloadavg()[0])
        with open(self.raw_path, "a") as raw:
            raw.write(json.dumps(result) + "\n")
        kept = self.results if number > 0 else self.uncounted
        kept.setdefault((case, name), []).append(result)
        brief = {k: result[k] for k in ("delivered", "lost", "server_cpu_s", "p50_ms", "p99_ms", "links_per_s", "all_s",
                                        "answered", "p95_ms", "calls_per_s", "resumed", "cuts", "rss_before_kb", "rss_end_kb", "client_cpu_s", "others_cores") if k in result}
        which = f"round {number}" if number else "not counted"
        print(f"  {case} {name} {which}: {brief}", file=sys.stderr, flush=True)

    def counted(self, case, name, number, once):
        """One counted round: once() runs it. A round that something else disturbed is repeated, within limits."""
        for left in range(setting("RETRIES", 2), -1, -1):
            result = once()
            disturbed = result["others_cores"] > QUIET_CORES
            result.update(disturbed=disturbed)
            if not disturbed or left == 0:
                break
            self.keep(case, name, 0, result)  # in the raw file only
        self.keep(case, name, number, result)

    def named(self, names):
        """Those of the products that are to be measured."""
        return [name for name in names if not self.only or name in self.only]

    def able(self, case):
        """Those with event streams that are to be measured in this case, and can do it."""
        return peers.able(case, self.named(peers.SSE if self.peers else peers.ALWAYS))

    def interleaved(self, case, start, measure, names):
        """Warm-up of each product, then the rounds; measure(site, is_warmup) gives the JSON of one run."""
        sites = {}
        try:
            for name in names:
                try:
                    sites[name] = start(name)
                    self.keep(case, name, 0, measure(sites[name], True))
                except servers.Missing as problem:
                    self.without(case, name, sites, problem)
            for number in range(1, self.rounds + 1):
                for name in turned([name for name in names if name in sites], number):
                    self.counted(case, name, number, lambda: measure(sites[name], False))
        finally:
            for site in sites.values():
                site.stop()

    def without(self, case, name, sites, problem):
        """A peer that cannot be had, or breaks off, is left out with a word; Lifeline is not."""
        if name == "lifeline":
            raise problem
        self.left_out[case, name] = str(problem).splitlines()[0]
        print(f"bench: {case} without {name}: {problem}", file=sys.stderr)
        if name in sites:
            sites.pop(name).stop()


# Everything once and small: whether the cases still run, and run without a fault. What comes out says nothing about speed.
SMOKE = {
    "QUIET_WAIT_S": 0, "RETRIES": 0, "HEARTBEAT_S": 1, "SECONDS": 1, "WARMUP_S": 1, "ROUND_WARMUP_S": 1,
    "P1_SUBS": 20, "P2_SUBS": 10, "P2_RATE": 200, "P3_CONNECTIONS": 100, "P3_HOLD_S": 3, "P3_SETTLE_S": 1, "P4_SUBS": 20,
    "P5_CLIENTS": 20, "P5_EVENTS": 100, "P6_LINKS": 200, "P6_IN_FLIGHT": 32, "P6_HOLD_S": 1,
    "MCP_SECONDS": 1, "MCP_WARMUP_S": 1, "P7_SESSIONS": 2, "P8_SESSIONS": 4, "P10_SESSIONS": 3,
    "P9_SESSIONS": 20, "P9_SETTLE_S": 1, "P9_HOLD_S": 2, "P11_STREAMS": 20, "P11_KILL_AT_S": 3, "P11_AFTER_S": 10,
    "P12_CLIENTS": 20, "P12_RATE": 100, "P12_PUBLISHERS": 2, "P12_SECONDS": 10, "P12_CUT_EVERY_S": 2,
}


def at_fault(run, cases_run):
    """What of Lifeline's own did not come out, or came out with a fault."""
    wrong = []
    for case in cases_run:
        mine = [key for key in run.results if key[0].split("-")[0] == case and key[1] == "lifeline"]
        faults = mcp_table.faults if case in mcp_cases.CASES else cases.faults
        found = [faults(result) for kept in (run.results, run.uncounted) for key in mine for result in kept.get(key, ())]
        if not mine or any(sum(each.values()) if isinstance(each, dict) else each for each in found):
            wrong.append(case)
    return wrong


servers.START.update(peer_servers.START)
SSE_CASES = sse_cases.CASES
LASTING = lasting_cases.CASES
CASES = {**SSE_CASES, **mcp_cases.CASES, **LASTING}


def print_tables(run, chosen):
    cases.print_rows(run, chosen)
    mcp_table.print_rows(run.results, run.uncounted, chosen)
    print()
    for (case, name), results in run.results.items():
        note = mcp_table.note if case.split("-")[0] in mcp_cases.CASES else cases.notes
        if case in LASTING and case != "p12":
            note = lasting_cases.note
        print(note(case, name, results, run.uncounted.get((case, name), [])))
    if run.peers:
        reasons = {key: why for key, why in peers.WHY_NOT.items() if key[0] in chosen}
        for (case, name), why in {**reasons, **run.left_out}.items():
            print(f"- {case} {name}: not measured: {why}")
        for name, why in peers.EVERYWHERE.items():
            print(f"- {name}: not measured: {why}")
    print(f"\n{run.rounds} rounds, medians. Every run: {os.path.relpath(run.raw_path, servers.ROOT)}")


def parse():
    parser = argparse.ArgumentParser(prog="scripts/bench/run", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", nargs="+", metavar="case", choices=list(CASES) + ["all", "sse", "mcp"],
                        help="p1 .. p13, p13-links; sse: p1 to p6; mcp: p7 to p11; or all: p1 to p12")
    parser.add_argument("--rounds", type=int, default=3, help="counted rounds (3); p13 has one")
    parser.add_argument("--minutes", type=float, default=30, help="how long p13 soaks (30)")
    parser.add_argument("--peers", action="store_true", help="beside all peers that can be had, not only nchan and the bridges")
    parser.add_argument("--only", action="append", choices=list(dict.fromkeys(peers.SSE + mcp_cases.PRODUCTS)),
                        help="measure this product alone; may be given several times")
    parser.add_argument("--smoke", action="store_true",
                        help="each case for a moment, Lifeline alone; ends with 1 if one shows a fault or nothing")
    parser.add_argument("--pin", action="store_true", help="servers on CPU 0, generator on CPU 1")
    options = parser.parse_args()
    groups = {"all": [case for case in CASES if not case.startswith("p13")], "sse": SSE_CASES, "mcp": mcp_cases.CASES}
    options.cases = list(dict.fromkeys(case for word in options.cases for case in groups.get(word, [word])))
    if options.smoke:
        options.rounds, options.only, options.peers = 1, ["lifeline"], False
        for name, value in SMOKE.items():
            os.environ.setdefault(f"BENCH_{name}", str(value))
    return options


def check_tools(options):
    """Ends before the first case if one of them could not run."""
    named = [name for name in peers.ALWAYS if not options.only or name in options.only]
    sse = [case for case in options.cases if case in SSE_CASES or case in LASTING]
    if sse:
        only_ours = all(case.startswith("p13") for case in sse)
        servers.check_tools(["lifeline"] if only_ours else named, bool({"p4", "p5", *LASTING} & set(sse)))
    mcp_cases.check_tools([case for case in options.cases if case in mcp_cases.CASES], options.only)


def main():
    options = parse()
    servers.pinned = options.pin
    try:
        check_tools(options)
        run = Run(options)
    except servers.Missing as problem:
        print(f"bench: {problem}", file=sys.stderr)
        return 2
    failed = 0
    try:
        for case in options.cases:
            print(f"{case} ...", file=sys.stderr, flush=True)
            try:
                CASES[case](run)
            except (servers.Missing, OSError) as problem:  # the other cases still say something
                print(f"bench: {case} broken off: {problem}", file=sys.stderr)
                failed = 2
        print_tables(run, options.cases)
    except KeyboardInterrupt:
        return 130
    if options.smoke:
        wrong = at_fault(run, options.cases)
        print(f"bench: {len(options.cases) - len(wrong)} of {len(options.cases)} cases ran without a fault"
              + (": not " + ", ".join(wrong) if wrong else ""))
        failed = failed or int(bool(wrong))
    return failed


if __name__ == "__main__":
    sys.exit(main())
