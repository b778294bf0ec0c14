"""What a running server holds: memory, live heap after a collection that was asked for, descriptors, threads, sessions."""
import collections
import json
import os
import re
import socket
import subprocess
import urllib.request

HEAP = re.compile(r"(?:generation|garbage-first heap|PSYoungGen|ParOldGen|ZHeap)\s+(?:total [\d]+[KM], )?used (\d+)([KM])")
FIELDS = ("rss_mb", "heap_mb", "descriptors", "threads", "sessions", "links", "redis_keys", "redis_mb", "upstream_sessions")


def _status(pid, field):
    with open(f"/proc/{pid}/status") as status:
        return next((int(line.split()[1]) for line in status if line.startswith(field + ":")), 0)


def rss_kb(pids):
    return sum(_status(pid, "VmRSS") for pid in pids)


def descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def is_java(pid):
    return os.path.basename(os.readlink(f"/proc/{pid}/exe")) == "java"


def live_heap_kb(pids):
    """The heap of those that are Java after a full collection, None if none is (or the JDK's jcmd is not there)."""
    total = None
    for pid in filter(is_java, pids):
        try:
            subprocess.run(["jcmd", str(pid), "GC.run"], stdout=subprocess.DEVNULL, check=True, timeout=120)
            text = subprocess.run(["jcmd", str(pid), "GC.heap_info"], stdout=subprocess.PIPE, text=True, check=True,
                                  timeout=60).stdout
        except (OSError, subprocess.SubprocessError):
            return None
        used = sum(int(n) * (1024 if unit == "M" else 1) for n, unit in HEAP.findall(text))
        total = (total or 0) + used
    return total


def thread_kinds(pids):
    """How many threads of each name there are, numbers left out: which of them have grown more?"""
    kinds = collections.Counter()
    for pid in filter(is_java, pids):
        text = subprocess.run(["jcmd", str(pid), "Thread.print"], stdout=subprocess.PIPE, text=True, timeout=60).stdout
        kinds.update(re.sub(r"\d+", "N", name) for name in re.findall(r'^"([^"]*)"', text, re.M))
    return dict(kinds)


def _get(port, path):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=60) as answer:
        return json.load(answer)


def _redis(port, *words):
    request = b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(word), word.encode()) for word in words)
    with socket.create_connection(("127.0.0.1", port), 60) as link:
        link.sendall(request)
        answer = link.recv(65536)
        while answer.startswith(b"$") and len(answer) < int(answer[1:answer.index(b"\r\n")]):
            answer += link.recv(65536)
    return answer.decode(errors="replace")


def redis_keys(port):
    return int(_redis(port, "DBSIZE")[1:])


def redis_mb(port):
    return int(re.search(r"used_memory:(\d+)", _redis(port, "INFO", "memory")).group(1)) / 1e6


def _or_none(ask):
    """A soak of hours does not end because one question was not answered in time."""
    try:
        return ask()
    except (OSError, ValueError):
        return None


def reading(gateways, redis, upstream, heap=True):
    """One reading of everything. What could not be asked is None; the numbers of several nodes are added up."""
    pids = [pid for node in gateways for pid in node.pids]
    live = live_heap_kb(pids) if heap else None
    nodes = _or_none(lambda: [node for node in _get(gateways[0].port, "/api/nodes")["nodes"] if "sessions" in node])
    return {"rss_mb": rss_kb(pids) / 1000, "heap_mb": None if live is None else live / 1000,
            "descriptors": sum(map(descriptors, pids)), "threads": sum(_status(pid, "Threads") for pid in pids),
            "sessions": None if nodes is None else sum(node["sessions"]["held"] for node in nodes),
            "links": None if nodes is None else sum(node["links"]["open"] for node in nodes),
            "redis_keys": _or_none(lambda: redis_keys(redis.port)), "redis_mb": _or_none(lambda: redis_mb(redis.port)),
            "upstream_sessions": _or_none(lambda: upstream.stats()["sessions"]) if upstream else None}


def shown(values):
    return " | ".join("-" if values.get(name) is None else f"{values[name]:.1f}" if name.endswith("_mb")
                      else str(values[name]) for name in FIELDS)
