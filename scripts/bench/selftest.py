#!/usr/bin/env python3
"""Does the load generator notice faults? A small false SSE server commits exactly one, sse_load must report just that.

    scripts/bench/run selftest

The server cuts its output at odd places, mixes in comments, `event:` and `retry:` lines and CRLF, to test the parser.
"""
import asyncio
import json
import subprocess
import sys

from servers import build_generator

SUBS, RATE, SECONDS = 5, 200, 1
RUN = "selftest"


def payload(number):
    return f"b1 {RUN} {number:010d} {0:020d} ".ljust(100, "x").encode()


def frame(data, number, crlf=False):
    text = b"id: 7:%d\nevent: tick\ndata: %s\n\n" % (number, data)
    return text.replace(b"\n", b"\r\n") if crlf else text


SEAM = {  # churn: what is wrong with what comes after an id, once
    "hole": lambda log, last: log[last + 1:],
    "again": lambda log, last: log[last - 1:],
    "turned": lambda log, last: [log[last + 1], log[last]] + log[last + 2:],
    "verdict": lambda log, last: [(b"event: gap\ndata: {}\n\n", None)] + log[last:],
}


class FalseServer:
    """Sends every POST body to all subscribers, with the fault asked for at the middle of the counted window."""

    def __init__(self, fault):
        self.fault, self.writers, self.count, self.held = fault, [], 0, None
        self.log, self.left = [], 1  # churn: all that was published; how many faults are still to be committed

    def plan(self, data):
        """What goes out for the event that has just come in."""
        self.count += 1
        lost = self.fault == "drop" and self.count == 300
        self.log.append((b": lost\n\n", None) if lost else (data, self.count))
        out = frame(data, self.count, crlf=self.count % 3 == 0)
        if self.count != 300:  # events 1..200 are warm-up, 201..400 are counted
            if self.held:
                out, self.held = out + self.held, None
            return out
        if self.fault == "drop":
            return b""
        if self.fault == "dup":
            return out + out
        if self.fault == "swap":
            self.held = out
            return b""
        if self.fault == "gap":
            return b"event: gap\ndata: {\"reason\":\"evicted\"}\n\n" + out
        if self.fault == "foreign":
            return out + frame(b"something else", 0)
        return out

    async def send(self, writer, data, piece):
        """One HTTP chunk per piece, and the pieces are cut without regard to lines."""
        for at in range(0, len(data), piece):
            if writer.is_closing():
                return  # it was cut
            part = data[at:at + piece]
            writer.write(b"%x;ext=1\r\n" % len(part) + part + b"\r\n")
        try:
            await writer.drain()
        except ConnectionError:
            pass

    async def client(self, reader, writer):
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
                if head.startswith("get"):
                    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                                 b"Transfer-Encoding: chunked\r\n\r\n")
                    await self.send(writer, b": hi\n\nretry: 500\nid: 0\n\n", 3)
                    self.take_up(writer, head)
                    self.writers.append(writer)
                    await self.replay(writer, head)
                    await reader.read()
                    return
                body = await reader.readexactly(int(head.split("content-length:")[1].split()[0]))
                out = self.plan(body)
                for number, subscriber in enumerate(list(self.writers)):
                    await self.send(subscriber, out, (1, 7, 64, 100, 4096)[number % 5])
                status = b"500 No" if self.fault == "refuse" and self.count == 300 else b"202 Accepted"
                writer.write(b"HTTP/1.1 " + status + b"\r\nContent-Length: 2\r\n\r\nok")
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            if writer in self.writers:
                self.writers.remove(writer)
            writer.close()

    def take_up(self, writer, head):
        """What a client that was cut has not had, with a fault in it if one is still to be committed. Nothing is awaited."""
        if "last-event-id: 7:" not in head:
            return
        last = int(head.split("last-event-id: 7:")[1].split()[0])
        rest = self.log[last:]
        if self.fault in SEAM and self.left and last > 1 and len(rest) > 2:
            self.left = 0
            rest = SEAM[self.fault](self.log, last)
        for data, number in rest:
            text = data if number is None else frame(data, number)
            writer.write(b"%x\r\n" % len(text) + text + b"\r\n")

    async def replay(self, writer, head):
        if "last-event-id: from-here" not in head:
            return
        numbers = list(range(1, 101))
        if self.fault == "drop":
            numbers.remove(50)
        if self.fault == "dup":
            numbers.insert(50, 50)
        for number in numbers:
            await self.send(writer, frame(payload(number), number), 13)


def parse(process, out):
    if process.returncode != 0:
        raise SystemExit(f"sse_load ended with {process.returncode}")
    return json.loads(out)


async def run_case(binary, mode, fault):
    server = FalseServer(fault)
    listener = await asyncio.start_server(server.client, "127.0.0.1", 0)
    base = f"127.0.0.1:{listener.sockets[0].getsockname()[1]}"
    args = ["--sub", base + "/sub", "--subs", str(SUBS), "--run", RUN, "--settle", "0.2", "--timeout", "3"]
    if mode == "churn":
        args += ["--pub", base + "/pub", "--rate", str(RATE / 2), "--seconds", "6", "--warmup", "0", "--cut-every", "0.4",
                 "--away-ms", "200"]
    elif mode == "fanout":
        args += ["--pub", base + "/pub", "--rate", str(RATE), "--seconds", str(SECONDS), "--warmup", "1"]
    else:
        args += ["--last-event-id", "from-here", "--events", "100", "--first", "1"]
    process = await asyncio.create_subprocess_exec(binary, mode, *args, stdout=subprocess.PIPE)
    out, _ = await process.communicate()
    listener.close()
    return parse(process, out)


FANOUT = ("lost", "dup", "reordered", "gaps", "foreign", "publish_errors", "warm_faults")
REPLAY = ("missing", "dup", "gaps", "foreign", "extra")
CASES = [  # mode, planted fault, what must be counted; all else must be 0
    ("fanout", "none", {}),
    ("fanout", "drop", {"lost": SUBS}),
    ("fanout", "dup", {"dup": SUBS}),
    ("fanout", "swap", {"reordered": SUBS}),
    ("fanout", "gap", {"gaps": SUBS}),
    ("fanout", "foreign", {"foreign": SUBS}),
    ("fanout", "refuse", {"publish_errors": 1}),
    ("churn", "none", {}),
    ("churn", "drop", {"lost": SUBS}),
    ("churn", "hole", {"lost": 1}),
    ("churn", "again", {"dup": 1}),
    ("churn", "turned", {"reordered": 1}),
    ("churn", "verdict", {"gaps": 1}),
    ("replay", "none", {}),
    ("replay", "drop", {"missing": SUBS}),
    ("replay", "dup", {"dup": SUBS}),
]


CHURN = ("lost", "dup", "reordered", "gaps", "foreign", "publish_errors", "closed", "refused")


def main():
    binary, failures = build_generator(), 0
    for mode, fault, expected in CASES:
        result = asyncio.run(run_case(binary, mode, fault))
        names = {"fanout": FANOUT, "churn": CHURN, "replay": REPLAY}[mode]
        seen = {name: result[name] for name in names if result[name]}
        arrived = result["received"] if mode == "replay" else result["delivered"]
        if mode == "churn":
            few = result["cuts"] < 15 or result["resumed"] < 15
            expected = dict(expected, **({"few cuts": result["cuts"]} if few else {}))
        published = result["published"] if mode == "fanout" else 100  # a busy machine does not get all out in time
        planned = SUBS * published - (SUBS if fault == "drop" else 0)
        if mode == "replay" and fault == "dup":
            planned += SUBS  # received counts every event, delivered only new ones
        if mode == "churn":
            planned = SUBS * result["published"] - result["lost"]
        right = seen == expected and arrived == planned
        failures += not right
        print(f"{'ok  ' if right else 'FAIL'} {mode} {fault}: reported {seen}, expected {expected}")
    print("selftest:", "all faults noticed" if failures == 0 else f"{failures} cases wrong")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
