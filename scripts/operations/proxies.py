"""Starts a Redis, two nodes as the compose file has them, and each proxy by its file in docs/operations/proxies; then
streams through the proxy: events and heartbeats come when they are sent, and a reader whose node is killed is back on
the other one at its first try, with what it missed.

    proxies.py JAR PORT [haproxy] [nginx]
"""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import yaml

DOCS = Path("docs/operations")
PROMPT = 0.1  # seconds an event may come later than without the proxy; one that waits for company takes 0.2, or for ever


class Stream:
    """A reader on a plain socket: its lines, each with the time at which it came."""

    def __init__(self, port, path, last_id=None):
        self.socket = socket.create_connection(("127.0.0.1", port), 5)
        self.socket.settimeout(10)
        again = f"Last-Event-ID: {last_id}\r\n" if last_id else ""
        self.socket.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{again}\r\n".encode())
        self.file = self.socket.makefile("rb")
        self.status = int(self.file.readline().split()[1])
        self.headers = {}
        for line in iter(self.file.readline, b"\r\n"):
            name, value = line.decode().split(":", 1)
            self.headers[name.lower()] = value.strip()
        self.last_id = last_id

    def until(self, prefix):
        """The next line that begins so; an end is an error."""
        for raw in self.file:
            line = raw.decode().strip()
            if line.startswith("id:"):
                self.last_id = line[3:].strip()
            if line.startswith(prefix):
                return line, time.monotonic()
        raise EOFError("the stream has ended")

    def is_cut(self):
        try:
            self.until("never")
        except (EOFError, OSError):
            return True
        return False


class Stand:
    """What is started here, and stopped again."""

    def __init__(self, jar, base):
        self.jar, self.base = jar, base
        self.work = tempfile.TemporaryDirectory()
        self.running = {}

    def launch(self, name, command, environment=None):
        log = open(os.path.join(self.work.name, name + ".log"), "ab")
        env = {**os.environ, **(environment or {})}
        self.running[name] = subprocess.Popen(command, stdout=log, stderr=log, env=env, start_new_session=True)

    def port(self, name):
        return self.base + {"n1": 1, "n2": 2, "redis": 3, "haproxy": 4, "nginx": 5}[name]

    def redis(self):
        self.launch("redis", ["redis-server", "--port", str(self.port("redis")), "--save", "", "--bind", "127.0.0.1"])

    def node(self, name):
        """By the image's command line, with the compose file's environment and the addresses of this machine."""
        service = yaml.safe_load((DOCS / "deploy/compose.yaml").read_text())["services"][name]
        dockerfile = (DOCS / "deploy/Dockerfile").read_text().replace("\\\n", " ")
        entry = re.search(r"^ENTRYPOINT (.*)$", dockerfile, re.M).group(1)
        # The archive is made with the image; without one, a JVM that may not speak of it starts as ever.
        command = [word.replace("/opt/lifeline/jvm.options", "scripts/jvm.options")
                   .replace("/opt/lifeline/lifeline.jar", self.jar) for word in json.loads(entry)]
        here = {
            "LIFELINE_HOST": "0.0.0.0",
            "LIFELINE_LOG_FORMAT": "json",
            "LIFELINE_PORT": str(self.port(name)),
            "LIFELINE_ADMIN_PORT": str(self.port(name) + 20),
            "LIFELINE_REDIS": f"redis://127.0.0.1:{self.port('redis')}",
            "LIFELINE_CLUSTER_HOST": "127.0.0.1",
            "LIFELINE_HEARTBEAT_INTERVAL": "1s",
        }
        self.launch(name, command + ["serve"], {**service["environment"], **here})

    def proxy(self, name):
        ports = {node: f"127.0.0.1:{self.port(node)}" for node in ("n1", "n2")}
        if name == "haproxy":
            text = (DOCS / "proxies/haproxy.cfg").read_text().replace("bind :8080", f"bind 127.0.0.1:{self.port(name)}")
        else:
            text = (DOCS / "proxies/nginx.conf").read_text().replace(
                "listen 8080", f"listen 127.0.0.1:{self.port(name)}")
        for node, address in ports.items():
            text = text.replace(f"{node}:8080", address)
        file = os.path.join(self.work.name, name + ".cfg")
        Path(file).write_text(text)
        if name == "haproxy":
            subprocess.run(["haproxy", "-c", "-q", "-f", file], check=True)
            return self.launch(name, ["haproxy", "-db", "-f", file])
        whole = os.path.join(self.work.name, "nginx.whole")
        Path(whole).write_text(
            f"daemon off; pid {self.work.name}/nginx.pid; error_log stderr; worker_processes 1;\n"
            f"events {{ worker_connections 1024; }}\nhttp {{ access_log off; include {file}; }}\n")
        command = ["nginx", "-p", self.work.name, "-c", whole]
        subprocess.run([*command, "-t", "-q"], check=True)
        return self.launch(name, command)

    def await_ready(self, port, path="/health/ready"):
        for _ in range(300):
            try:
                return urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=2).read()
            except OSError:
                time.sleep(0.1)
        raise SystemExit(f"proxies.py: nobody answers on port {port}; " + self.logs())

    def logs(self):
        return "\n".join(file.read_text()[-600:] for file in sorted(Path(self.work.name).glob("*.log")))

    def publish(self, name, data):
        request = urllib.request.Request(f"http://127.0.0.1:{self.port(name)}/events/tried", data.encode())
        return urllib.request.urlopen(request, timeout=5).read()

    def stop(self):
        for name, process in sorted(self.running.items(), key=lambda item: item[0] == "redis"):
            process.send_signal(signal.SIGKILL if name in ("n1", "n2") else signal.SIGTERM)
            process.wait(20)
        self.work.cleanup()


def expect(holds, what):
    if not holds:
        raise SystemExit("proxies.py: " + what)


def try_out(stand, proxy):
    port = stand.port(proxy)
    stream = Stream(port, "/events/tried")
    expect(stream.status == 200 and stream.headers["content-type"] == "text/event-stream", f"{proxy}: no stream")
    victim = stream.headers["lifeline-node"]
    direct = Stream(stand.port(victim), "/events/tried")
    stream.until("id:")
    direct.until("id:")
    later = []
    for number in range(9):
        stand.publish("n1", f"event {number}")
        there = direct.until(f"data: event {number}")[1]
        later.append(stream.until(f"data: event {number}")[1] - there)
        time.sleep(0.05)
    middle = sorted(later)[len(later) // 2]
    expect(middle < PROMPT, f"{proxy}: an event comes {middle:.3f} s later than without it")
    began = time.monotonic()
    last = [stream.until(":")[1] for _ in range(3)][-1]
    expect(last - began < 9, f"{proxy}: three heartbeats take {last - began:.1f} s, and not three")

    survivor = "n2" if victim == "n1" else "n1"
    stand.running[victim].kill()
    expect(stream.is_cut(), f"{proxy}: the stream outlived its node")
    stand.publish(survivor, "missed")
    back = Stream(port, "/events/tried", stream.last_id)
    expect(back.status == 200, f"{proxy}: the reader that came back got {back.status}")
    expect(back.headers["lifeline-node"] == survivor, f"{proxy}: the reader came back to nobody")
    back.until("data: missed")
    print(f"{proxy}: adds {middle * 1000:.1f} ms to an event, passes heartbeats on; {victim} killed, "
          f"and the reader is back on {survivor} at its first try")
    stand.running[victim].wait()
    stand.node(victim)
    stand.await_ready(stand.port(victim))


def main(jar, base, proxies):
    stand = Stand(jar, int(base))
    try:
        stand.redis()
        for node in ("n1", "n2"):
            stand.node(node)
        for node in ("n1", "n2"):
            stand.await_ready(stand.port(node))
            stand.await_ready(stand.port(node) + 20, "/metrics")
        print("nodes: up by the image's command line, with the compose file's environment")
        for proxy in proxies:
            stand.proxy(proxy)
            stand.await_ready(stand.port(proxy))
            try_out(stand, proxy)
    finally:
        stand.stop()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
