#!/usr/bin/env python3
"""Does mcp_load notice faults? A proxy before the upstream commits exactly one; a kill must cost no event.

    scripts/bench/run selftest
"""
import asyncio
import json
import os
import subprocess
import sys

import mcp_servers
import servers

RUN = "selftest"
TAMPER = {  # fault -> what is replaced once in what the upstream sends; same length, so that the framing stays whole
    "wrong": (b" 00002 0000000020", b" 00003 0000000020"),
    "refuse": (b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 500 No\r\n"),
    "skip": (b'"n":3,', b'"n":4,'),
    "foreign": (b"selftest-00001", b"selftest-00002"),
    "cut": (b"0000000020", None),  # the connection ends instead of the answer
}
SPARED = 40  # responses that pass before a refusal, so that it hits a call


class Proxy:
    def __init__(self, target, fault):
        self.target, self.fault, self.left, self.seen = target, TAMPER.get(fault), 1, 0

    def tamper(self, data):
        if self.fault is None or not self.left or self.fault[0] not in data:
            return data
        self.seen += 1
        if self.fault is TAMPER["refuse"] and self.seen < SPARED:
            return data
        self.left = 0
        return self.fault[1] and data.replace(self.fault[0], self.fault[1], 1)

    async def pump(self, reader, writer, change):
        try:
            while data := await reader.read(65536):
                if (data := change(data)) is None:
                    break
                writer.write(data)
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()

    async def client(self, reader, writer):
        up_reader, up_writer = await asyncio.open_connection("127.0.0.1", self.target)
        await asyncio.gather(self.pump(reader, up_writer, lambda data: data), self.pump(up_reader, writer, self.tamper))


async def proxy(port, target, fault):
    server = await asyncio.start_server(Proxy(target, fault).client, "127.0.0.1", port)
    await server.serve_forever()


def start_proxy(upstream, fault):
    port, path = servers.free_port(), servers.scratch("proxy")
    command = [sys.executable, os.path.abspath(__file__), "proxy", str(port), str(upstream.port), fault]
    process = servers.Process("proxy", command, path)
    process.wait_until(lambda: servers.listens(port), 10, "listening")
    process.url = f"http://127.0.0.1:{port}/mcp"
    return process


def one(mode, fault, killed):
    upstream = mcp_servers.Upstream()
    proxies = [start_proxy(upstream, fault if at == 1 else "none") for at in range(3 if killed else 2)]
    try:
        command = [mcp_servers.generator(), mode, "--run", RUN, "--seconds", "2", "--timeout", "5"]
        for each in proxies:
            command += ["--url", each.url]
        if mode == "calls":
            command += ["--sessions", "4", "--rate", "100", "--warmup", "0"]
        else:
            command += ["--sessions", "30", "--every-ms", "100", "--kill-at", "1"]
            command += ["--kill-pid", str(proxies[0].child.pid)] if killed else []
        return json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True, timeout=60).stdout)
    finally:
        for part in proxies + [upstream]:
            part.stop()


CASES = [  # mode, planted fault, whether a proxy is killed, what must be counted; all else must be 0
    ("calls", "none", False, {}),
    ("calls", "wrong", False, {"wrong": 1}),
    ("calls", "refuse", False, {"refused": 1}),
    ("calls", "cut", False, {"broken": 1}),
    ("follow", "none", False, {}),
    ("follow", "skip", False, {"lost": 1, "dup": 1}),
    ("follow", "foreign", False, {"foreign": 1, "lost": 1}),
    ("follow", "none", True, {}),
]
COUNTED = ("lost", "wrong", "refused", "broken", "dup", "foreign", "stalled", "closed", "failed")


def main():
    failures = 0
    for mode, fault, killed, expected in CASES:
        result = one(mode, fault, killed)
        seen = {name: result[name] for name in COUNTED if result.get(name)}
        arrived = result["answered"] > 150 if mode == "calls" else result["received"] > 400
        right = seen == expected and arrived and (not killed or result["cut"] == result["resumed"] == 10)
        failures += not right
        name = fault if not killed else "kill"
        print(f"{'ok  ' if right else 'FAIL'} {mode} {name}: reported {seen}, expected {expected}"
              + ("" if right else f"; {result}"))
    print("mcp selftest:", "all faults noticed" if failures == 0 else f"{failures} cases wrong")
    return 1 if failures else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["proxy"]:
        asyncio.run(proxy(int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]))
    else:
        sys.exit(main())
