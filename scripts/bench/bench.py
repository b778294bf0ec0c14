#!/usr/bin/env python3
"""Lifeline against its peers on one machine, in the same run, interleaved. Door: scripts/bench/run (see its --help).

What is measured
  p1  1,000 subscribers of one channel x 100 events/s, memory       server CPU per delivery, p99
  p2  100 subscribers x 2,000 events/s, memory                      server CPU per delivery, p50
  p3  15,000 idle connections, heartbeat every 15 s                 resident memory per connection, CPU per heartbeat
  p4  publish on node B, 1,000 subscribers on node A, Redis, 30/s   CPU of A + B + Redis per delivery
  p5  1,000 clients resume on node B at once, 1,000 events each     time until all have all, no gap, no duplicate
  p6  10,000 links, as fast as they come up                         links a second, p99 until the response head
     MCP, beside the bare upstream, npm bridges or a single node:
  p7  tools/call over Streamable HTTP, memory                       p50, p95 added to the upstream's own, also at 10 ms a call
  p8  32 sessions call as fast as they can, stdio upstream          calls a second, beside supergateway and mcp-proxy
  p9  1,000 sessions with an open GET stream                        resident memory above the idle process
  p10 three nodes, Redis, a session's requests in turn to each      p50 added to that of one node in memory
  p11 kill -9 of the one of three nodes with 1,000 streams          p99 until the next event, nothing lost or doubled

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
  BENCH_PEERS=target/bench/peers   where npm installs supergateway and mcp-proxy, versions pinned in mcp_servers.py
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
import socket
import subprocess
import sys
import time
import uuid

import mcp_cases
import mcp_table
import servers
from box import QUIET_CORES, Watch, wait_for_quiet
from cases import ROWS, notes, table_row
from servers import setting


PRODUCTS = ("lifeline", "nchan")


class Run:
    """Everything the cases share: the generator, the raw file, the results so far."""

    def __init__(self, options):
        self.rounds, self.only = options.rounds, options.only
        self.generator = servers.build_generator()
        self.raw_path = os.path.join(servers.OUT, time.strftime("%Y%m%d-%H%M%S") + ".jsonl")
        self.results = {}    # (case, product) -> list of JSON objects
        self.uncounted = {}  # the same for warm-up and disturbed rounds: no figures from them, but their faults count

    def load(self, mode, site, program=None, **args):
        """One run of a generator, begun when the box is quiet; its JSON. An argument that is a list is repeated."""
        quiet = wait_for_quiet(setting("QUIET_WAIT_S", 60), QUIET_CORES)
        watch = Watch(site.pids + getattr(site, "others", []))
        command = [program or self.generator, mode, "--pids", ",".join(map(str, site.pids))]
        for key, given in args.items():
            for value in given if isinstance(given, list) else [given]:
                command += ["--" + key.replace("_", "-"), str(value)]
        pin = (lambda: os.sched_setaffinity(0, {1})) if servers.pinned else None
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, preexec_fn=pin)
        if done.returncode != 0:
            raise servers.Missing(f"{site.name}: the load generator ended with {done.returncode} ({mode})")
        return dict(json.loads(done.stdout), quiet_at_start=quiet, others_cores=round(watch.others(), 3))

    def keep(self, case, name, number, result):
        result.update(case=case, server=name, round=number, load_average=os.getloadavg()[0])
        with open(self.raw_path, "a") as raw:
            raw.write(json.dumps(result) + "\n")
        kept = self.results if number > 0 else self.uncounted
        kept.setdefault((case, name), []).append(result)
        brief = {k: result[k] for k in ("delivered", "lost", "server_cpu_s", "p50_ms", "p99_ms", "links_per_s", "all_s",
                                        "answered", "p95_ms", "calls_per_s", "resumed", "rss_before_kb", "rss_end_kb", "client_cpu_s", "others_cores") if k in result}
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

    def interleaved(self, case, start, measure, names):
        """Warm-up of each product, then the rounds; measure(site, is_warmup) gives the JSON of one run."""
        sites = {}
        try:
            for name in names:
                sites[name] = start(name)
                self.keep(case, name, 0, measure(sites[name], True))
            for number in range(1, self.rounds + 1):
                for name in turned(names, number):
                    self.counted(case, name, number, lambda: measure(sites[name], False))
        finally:
            for site in sites.values():
                site.stop()


def turned(names, number):
    """Their order in a round: every other one backwards."""
    return names if number % 2 else names[::-1]


def rounds(run, case, redis, measure):
    run.interleaved(case, lambda name: servers.Site(name, redis), measure, run.named(PRODUCTS))


def new_channel():
    return "b" + uuid.uuid4().hex[:12]


def url(node, prefix, channel):
    return f"127.0.0.1:{node.port}{prefix}{channel}"


def fanout(run, case, redis, subs, rate, publishers):
    def measure(site, is_warmup):
        channel = new_channel()
        seconds = setting("WARMUP_S", 12) if is_warmup else setting("SECONDS", 12)
        return run.load("fanout", site, sub=url(site.a, site.a.sub, channel), pub=url(site.b, site.b.pub, channel),
                        subs=setting(f"{case.upper()}_SUBS", subs), rate=setting(f"{case.upper()}_RATE", rate),
                        pub_conns=setting(f"{case.upper()}_PUBLISHERS", publishers), seconds=seconds,
                        warmup=setting("ROUND_WARMUP_S", 3), run=uuid.uuid4().hex[:8])
    rounds(run, case, redis, measure)


def p1(run):
    fanout(run, "p1", False, 1000, 100, 1)


def p2(run):
    fanout(run, "p2", False, 100, 2000, 8)


def p4(run):
    fanout(run, "p4", True, 1000, 30, 1)


def p3(run):
    def once(name):
        site = servers.Site(name, False)
        try:
            idle = run.load("idle", site, sub=url(site.a, "/", ""), subs=0, seconds=3, settle=0)
            result = run.load("idle", site, sub=url(site.a, site.a.sub, new_channel() + "{n}"),
                              subs=setting("P3_CONNECTIONS", 15000), channels=setting("P3_CHANNELS", 1),
                              seconds=setting("P3_HOLD_S", 46), settle=setting("P3_SETTLE_S", 5))
            result["quiet_cores"] = idle["server_cpu_s"] / idle["hold_s"]  # what it costs without connections
            return result
        finally:
            site.stop()
    for number in range(1, run.rounds + 1):
        for name in turned(run.named(PRODUCTS), number):
            run.counted("p3", name, number, lambda: once(name))


def http_post(connection, path, body):
    """A POST over a kept connection, without http.client: its answer is not looked at beyond the status."""
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: {len(body)}\r\n\r\n"
    connection.sendall(head.encode() + body)
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += connection.recv(65536) or servers.closed()
    header, body_start = answer.split(b"\r\n\r\n", 1)
    if header[9:10] != b"2":
        raise servers.Missing(f"publishing was answered with {header.splitlines()[0].decode()}")
    fields = dict(line.lower().split(b":", 1) for line in header.splitlines()[1:])
    missing = int(fields.get(b"content-length", 0)) - len(body_start)
    while missing > 0:
        missing -= len(connection.recv(65536) or servers.closed())


def payload(run_mark, number):
    return f"b1 {run_mark} {number:010d} {time.monotonic_ns():020d} ".ljust(100, "x").encode()


def learn_id(node, channel, publisher):
    """Subscribes, has one event published, and returns the id under which it arrives."""
    with socket.create_connection(("127.0.0.1", node.port), 10) as stream:
        stream.sendall(f"GET {node.sub}{channel} HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n".encode())
        text = stream.recv(65536)
        time.sleep(0.5)
        http_post(publisher, node.pub + channel, payload("seedseed", 0))
        while b"seedseed" not in text or not text.split(b"seedseed")[1].count(b"\n\n"):
            text += stream.recv(65536) or servers.closed()
    ids = [line[3:].strip() for line in text.splitlines() if line.startswith(b"id:")]
    return ids[-1].decode()


def p5(run):
    def measure(site, is_warmup):
        channel, mark, events = new_channel(), uuid.uuid4().hex[:8], setting("P5_EVENTS", 1000)
        with socket.create_connection(("127.0.0.1", site.a.port), 10) as publisher:
            last_id = learn_id(site.a, channel, publisher)
            for number in range(1, events + 1):
                http_post(publisher, site.a.pub + channel, payload(mark, number))
        time.sleep(1)
        clients = setting("P5_CLIENTS", 1000)
        return run.load("replay", site, sub=url(site.b, site.b.sub, channel), subs=clients, in_flight=clients,
                        events=events, first=1, last_event_id=last_id, run=mark)
    rounds(run, "p5", True, measure)


def p6(run):
    def measure(site, is_warmup):
        return run.load("connect", site, sub=url(site.a, site.a.sub, new_channel()), subs=setting("P6_LINKS", 10000),
                        in_flight=setting("P6_IN_FLIGHT", 512), seconds=setting("P6_HOLD_S", 2))
    rounds(run, "p6", False, measure)


SSE_CASES = {"p1": p1, "p2": p2, "p3": p3, "p4": p4, "p5": p5, "p6": p6}
CASES = {**SSE_CASES, **mcp_cases.CASES}


def print_tables(run, cases):
    if set(cases) & set(SSE_CASES):
        print("\n| case | lifeline | nchan | ratio | target | reached |")
        print("|---|---|---|---|---|---|")
    for row in ROWS:
        if row.case in cases:
            print(table_row(row, *({name: kept.get((row.case, name), []) for name in PRODUCTS}
                                   for kept in (run.results, run.uncounted))))
    mcp_table.print_rows(run.results, run.uncounted, cases)
    print()
    for (case, name), results in run.results.items():
        note = notes if case in SSE_CASES else mcp_table.note
        print(note(case, name, results, run.uncounted.get((case, name), [])))
    print(f"\n{run.rounds} rounds, medians. Every run: {os.path.relpath(run.raw_path, servers.ROOT)}")


def parse():
    parser = argparse.ArgumentParser(prog="scripts/bench/run", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", nargs="+", metavar="case", choices=list(CASES) + ["all", "sse", "mcp"],
                        help="p1 .. p11; sse: p1 to p6; mcp: p7 to p11; or all")
    parser.add_argument("--rounds", type=int, default=3, help="counted rounds (3)")
    parser.add_argument("--only", action="append", choices=PRODUCTS + mcp_cases.PRODUCTS[1:],
                        help="measure this product alone; may be given several times")
    parser.add_argument("--pin", action="store_true", help="servers on CPU 0, generator on CPU 1")
    options = parser.parse_args()
    groups = {"all": CASES, "sse": SSE_CASES, "mcp": mcp_cases.CASES}
    options.cases = list(dict.fromkeys(case for word in options.cases for case in groups.get(word, [word])))
    return options


def check_tools(options):
    """Ends before the first case if one of them could not run."""
    sse = [case for case in options.cases if case in SSE_CASES]
    if sse:
        servers.check_tools([name for name in PRODUCTS if not options.only or name in options.only], bool({"p4", "p5"} & set(sse)))
    mcp_cases.check_tools([case for case in options.cases if case not in SSE_CASES], options.only)


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
    return failed


if __name__ == "__main__":
    sys.exit(main())
