"""Compares the two transports on the same upstream through the same gateway; ../compare-transports says how."""
import argparse
import json
import os
import platform
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
JAR = os.path.join(ROOT, "gateway", "target", "lifeline.jar")
DOC = os.path.join(ROOT, "docs", "performance-comparison.md")
BEGIN, END = "<!-- compare-transports: begin -->", "<!-- compare-transports: end -->"
TRANSPORTS = ("legacy", "streamable")
HOLDS = ("legacy", "streamable", "silent")


def free_port(args):
    for port in range(args.port, args.port + 200):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue
    sys.exit("compare-transports: no free port")


class Server:
    """A Java process of ours that answers on a port."""

    def __init__(self, args, words, flags=()):
        self.port = free_port(args)
        command = ["java", *flags, "-jar", JAR, *words, "--port", str(self.port)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self._wait()

    def _wait(self):
        for _ in range(600):
            if self.process.poll() is not None:
                sys.exit("compare-transports: a server ended at once; try: java -jar gateway/target/lifeline.jar")
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                time.sleep(0.1)
        sys.exit("compare-transports: a server does not answer")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def jvm_flags():
    with open(os.path.join(ROOT, "scripts", "jvm.options")) as options:
        return [line.strip() for line in options if line.strip() and not line.startswith("#")]


def gateway(args, upstream):
    url = f"http://127.0.0.1:{upstream.port}/mcp"
    return Server(args, ["serve", "--upstream", url, "--drain-timeout", "0s"], jvm_flags())


def load(classes, *words):
    done = subprocess.run(["java", "-cp", classes, "Load", *map(str, words)], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit("compare-transports: the generator failed\n" + done.stderr)
    return json.loads(done.stdout)


def live_heap(pid):
    """Bytes of live objects, after a full collection."""
    text = subprocess.run(["jcmd", str(pid), "GC.class_histogram"], capture_output=True, text=True, check=True).stdout
    return int(re.search(r"^Total\s+\d+\s+(\d+)", text, re.M).group(1))


def resident(pid):
    with open(f"/proc/{pid}/status") as status:
        return int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1)) * 1024


def held(args, classes, upstream, transport):
    """Memory a held session costs a fresh gateway, in bytes: live objects, and resident."""
    node = gateway(args, upstream)
    try:
        load(classes, "calls", transport, node.port, 4, 3)
        pid = node.process.pid
        before = live_heap(pid), resident(pid)
        holder = subprocess.Popen(["java", "-cp", classes, "Load", "hold", transport, str(node.port), str(args.held)],
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if holder.stdout.readline().strip() != "held":
            sys.exit("compare-transports: the sessions could not be held")
        time.sleep(2)
        grown = resident(pid)
        after = live_heap(pid), grown
        holder.communicate("\n")
        return [(now - then) / args.held for now, then in zip(after, before)]
    finally:
        node.stop()


def rounds(args, classes, upstream):
    """Figures by transport and number of sessions, each round in turn and the other way round the next time."""
    results = {}
    node = gateway(args, upstream)
    try:
        for transport in TRANSPORTS:
            load(classes, "calls", transport, node.port, args.sessions, args.warmup)
        for number in range(args.rounds):
            for transport in TRANSPORTS if number % 2 else TRANSPORTS[::-1]:
                for sessions in (1, args.sessions):
                    result = load(classes, "calls", transport, node.port, sessions, args.seconds)
                    results.setdefault((transport, sessions), []).append(result)
                    print(f"round {number + 1}: {transport}, {sessions} sessions: {result}", file=sys.stderr)
    finally:
        node.stop()
    return results


def machine():
    java = subprocess.run(["java", "-version"], capture_output=True, text=True).stderr.split("\n")[0]
    return f"{os.cpu_count()} cores ({platform.machine()}), {platform.system()}, {java}"


def table(args, results, memory):
    def middle(transport, sessions, figure):
        return statistics.median(result[figure] for result in results[transport, sessions])

    def row(label, text, sessions, figure):
        old, new = (middle(transport, sessions, figure) for transport in TRANSPORTS)
        return f"| {label} | {text % old} | {text % new} | {new / old:.2f} |" if old else f"| {label} | - | - | - |"

    many = args.sessions
    lines = ["| figure | HTTP+SSE | Streamable HTTP | ratio |", "|---|---|---|---|",
             row(f"calls a second, {many} sessions", "%.0f", many, "calls_per_s"),
             row(f"p50 of a call, {many} sessions, ms", "%.2f", many, "p50_ms"),
             row(f"p95 of a call, {many} sessions, ms", "%.2f", many, "p95_ms"),
             row("p50 of a call, 1 session, ms", "%.2f", 1, "p50_ms"),
             row("p95 of a call, 1 session, ms", "%.2f", 1, "p95_ms"),
             row("bytes a call, both ways", "%.0f", 1, "bytes_a_call")]
    for index, label in enumerate(("live objects", "resident memory")):
        old, new, silent = (memory[transport][index] / 1024 for transport in HOLDS)
        lines += [f"| {label} a listening session, KiB | {old:.1f} | {new:.1f} | {new / old if old else 0:.2f} |",
                  f"| {label} a session that does not listen, KiB | - | {silent:.1f} | - |"]
    faults = sum(result["faults"] for kept in results.values() for result in kept)
    spread = max(max(r["calls_per_s"] for r in kept) / max(1e-9, min(r["calls_per_s"] for r in kept)) - 1
                 for kept in results.values())
    lines += ["", f"Medians of {args.rounds} rounds of {args.seconds:g} s, the transports in turn; between the rounds of one figure"
              f" calls a second differ by up to {100 * spread:.0f} %. {args.held} sessions held. Wrong or lost answers: {faults}.",
              "", f"Machine: {machine()}; upstream, gateway and generator share it. {time.strftime('%Y-%m-%d', time.gmtime())}."]
    return "\n".join(lines)


def write(text):
    with open(DOC) as doc:
        before, rest = doc.read().split(BEGIN, 1)
    with open(DOC, "w") as doc:
        doc.write(before + BEGIN + "\n" + text + "\n" + END + rest.split(END, 1)[1])


def options():
    parser = argparse.ArgumentParser(prog="compare-transports", description=__doc__)
    parser.add_argument("--seconds", type=float, default=10, help="length of a counted run")
    parser.add_argument("--warmup", type=float, default=15, help="seconds over each transport that are not counted")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sessions", type=int, default=16, help="that call in parallel")
    parser.add_argument("--held", type=int, default=500, help="sessions held for the memory figures")
    parser.add_argument("--port", type=int, default=25400, help="first port to try")
    parser.add_argument("--print", action="store_true", help="print the table and leave the page as it is")
    return parser.parse_args()


def main():
    args = options()
    with tempfile.TemporaryDirectory() as classes:
        here = os.path.dirname(os.path.abspath(__file__))
        subprocess.run(["javac", "-d", classes, *(os.path.join(here, name) for name in ("Load.java", "Wire.java"))], check=True)
        upstream = Server(args, ["demo-upstream"])
        try:
            results = rounds(args, classes, upstream)
            memory = {transport: held(args, classes, upstream, transport) for transport in HOLDS}
        finally:
            upstream.stop()
    text = table(args, results, memory)
    print(text)
    if not args.print:
        write(text)


main()
