"""Starts gateways over and over, in alternation, and takes the time to the first answer and the processor time until then.

Two ends are measured: the first 200 of a health check, and the first answer of an MCP server: `initialize`, through the
gateway, from the demo upstream inside it. Processor time is that of the whole process group, from the system's clock.
Wall time says something on a machine that does nothing else; processor time says something anywhere.
"""
import argparse
import glob
import http.client
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

import mcp_servers
import servers

LIMIT_S = 60
STEP_S = 0.005
TARGET_S = 1.5
JAR = servers.lifeline_jar()
OPTIONS = "@" + os.path.join(servers.ROOT, "scripts", "jvm.options")
INITIALIZE = json.dumps({
    "jsonrpc": "2.0", "id": 1, "method": "initialize",
    "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "bench", "version": "1"}},
})
HEADERS = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}


def ask(port, method, path, body=None, headers=None):
    """The status and the beginning of the answer, or None while nobody answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read1(65536)
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def is_healthy(port):
    answer = ask(port, "GET", "/health/ready")
    return answer is not None and answer[0] == 200


def is_introduced(port):
    answer = ask(port, "POST", "/mcp", INITIALIZE, HEADERS)
    return answer is not None and answer[0] == 200 and b"protocolVersion" in answer[1]


def wait(process, holds, port):
    end = time.monotonic() + LIMIT_S
    while not holds(port):
        if process.poll() is not None or time.monotonic() > end:
            raise servers.Missing(f"{process.args[0]} did not come up: {' '.join(process.args)}")
        time.sleep(STEP_S)


def processor_seconds(group):
    ticks = 0
    for path in glob.glob("/proc/[0-9]*/stat"):
        try:
            with open(path) as file:
                fields = file.read().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[2]) == group:
            ticks += sum(int(field) for field in fields[11:15])
    return ticks / os.sysconf("SC_CLK_TCK")


def start(command, has_health):
    """One start: seconds to the first 200, to the first MCP answer, and of processor time."""
    port = servers.free_port()
    words = [word.replace("PORT", str(port)) for word in command]
    begin = time.monotonic()
    process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                               start_new_session=True)
    try:
        if has_health:
            wait(process, is_healthy, port)
        healthy = time.monotonic() - begin
        wait(process, is_introduced, port)
        introduced = time.monotonic() - begin
        return healthy if has_health else introduced, introduced, processor_seconds(process.pid)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def rehearse(java, place):
    """An archive of this JVM's own; what it says on the way is of no interest unless it fails."""
    archive = os.path.join(place, f"{len(os.listdir(place))}.jsa")
    command = [java, OPTIONS, f"-XX:ArchiveClassesAtExit={archive}", "-Xlog:cds*=off", "-jar", JAR, "rehearse"]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=600)
    if done.returncode != 0 or not os.path.exists(archive):
        raise servers.Missing("the rehearsal failed:\n" + done.stderr.decode(errors="replace")[-2000:])
    return [f"-XX:SharedArchiveFile={archive}", "-Xlog:cds*=off"]


def version(java):
    said = subprocess.run([java, "-version"], capture_output=True, timeout=30).stderr.decode()
    return said.split('"')[1]


def gateways(java, place, redis):
    name = f"lifeline, Java {version(java)}"
    archive = rehearse(java, place)
    serve = ["-jar", JAR, "serve", "--port", "PORT"]
    ways = {
        f"{name}, java -jar": [java] + serve,
        f"{name}, our options": [java, OPTIONS] + serve,
        f"{name}, our options and archive": [java, OPTIONS] + archive + serve,
    }
    if redis:
        joined = serve + ["--redis", f"redis://127.0.0.1:{redis.port}"]
        ways[f"{name}, with Redis and a cluster, our options"] = [java, OPTIONS] + joined
        ways[f"{name}, with Redis and a cluster, our options and archive"] = [java, OPTIONS] + archive + joined
    return ways


def bridges():
    mcp_servers.check_peers()
    stdio = f"{mcp_servers.upstream_program()} stdio"
    return {
        "supergateway": ["node", mcp_servers._installed("supergateway"), "--stdio", stdio, "--outputTransport",
                         "streamableHttp", "--stateful", "--logLevel", "none", "--port", "PORT"],
        "mcp-proxy": ["node", mcp_servers._installed("mcp-proxy"), "--host", "127.0.0.1", "--port", "PORT", "--server",
                      "stream", "--"] + stdio.split(),
    }


def arguments():
    parser = argparse.ArgumentParser(description="From the command to the first answer.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--java", default="java", help="JVMs, separated by spaces")
    parser.add_argument("--peers", action="store_true", help="beside the npm bridges")
    return parser.parse_args()


def row(name, has_health, taken):
    healthy, introduced, cpu = (statistics.median(values) for values in zip(*taken))
    first = f"{healthy:.2f}" if has_health else "-"
    reached = "-" if not has_health else "yes" if introduced < TARGET_S else "no"
    least = min(values[1] for values in taken)
    return f"| {name} | {first} | {introduced:.2f} | {least:.2f} | {cpu:.2f} | {reached} |"


def main():
    asked = arguments()
    if not os.path.exists(JAR):
        raise servers.Missing(f"{JAR} is missing: build it first")
    with tempfile.TemporaryDirectory(prefix="lifeline-bench-start-") as place:
        redis = servers.start_redis() if shutil.which("redis-server") else None
        ours, theirs = {}, bridges() if asked.peers else {}
        for java in asked.java.split():
            ours.update(gateways(java, place, redis))
        taken = {name: [] for name in [*ours, *theirs]}
        for turn in range(asked.rounds):
            for name, command in [*ours.items(), *theirs.items()]:
                taken[name].append(start(command, name in ours))
                print(f"bench: {turn + 1} {name}:", *(f"{value:.2f}" for value in taken[name][-1]), file=sys.stderr, flush=True)
        print("| | first 200, s | first MCP answer, s | the quickest, s | processor time, s | < 1.5 s |")
        print("|---|---:|---:|---:|---:|---|")
        for name, values in taken.items():
            print(row(name, name in ours, values))


try:
    main()
except servers.Missing as missing:
    raise SystemExit(f"bench: {missing}")
