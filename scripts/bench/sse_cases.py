"""The cases with plain event streams, p1 to p6. bench.py says what they measure and how; cases.py what they have to reach."""
import socket
import time
import uuid

import peers
import servers
from servers import new_channel, setting, turned


def rounds(run, case, redis, measure):
    run.interleaved(case, lambda name: servers.Site(name, redis and peers.shares(name)), measure, run.able(case))


def fanout(run, case, redis, subs, rate, publishers):
    def measure(site, is_warmup):
        channel = new_channel()
        seconds = setting("WARMUP_S", 12) if is_warmup else setting("SECONDS", 12)
        return run.load("fanout", site, sub=site.a.subscribe(channel), **site.b.publish(channel),
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
            idle = run.load("idle", site, sub=f"127.0.0.1:{site.a.port}/", subs=0, seconds=3, settle=0)
            result = run.load("idle", site, sub=site.a.subscribe(new_channel() + "{n}"),
                              subs=setting("P3_CONNECTIONS", 15000), channels=setting("P3_CHANNELS", 1),
                              seconds=setting("P3_HOLD_S", 46), settle=setting("P3_SETTLE_S", 5))
            result["quiet_cores"] = idle["server_cpu_s"] / idle["hold_s"]  # what it costs without connections
            return result
        finally:
            site.stop()
    for number in range(1, run.rounds + 1):
        for name in turned(run.able("p3"), number):
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
        path = node.sub.replace("CHANNEL", channel)
        stream.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n".encode())
        text = stream.recv(65536)
        time.sleep(0.5)
        http_post(publisher, node.pub.replace("CHANNEL", channel), payload("seedseed", 0))
        while b"seedseed" not in text or not text.split(b"seedseed")[1].count(b"\n\n"):
            text += stream.recv(65536) or servers.closed()
    ids = [line[3:].strip() for line in text.splitlines() if line.startswith(b"id:")]
    return ids[-1].decode()


def p5(run):
    def measure(site, is_warmup):
        channel, mark, events = new_channel(), uuid.uuid4().hex[:8], setting("P5_EVENTS", 1000)
        with socket.create_connection(("127.0.0.1", site.a.port), 10) as publisher:
            last_id = learn_id(site.a, channel, publisher)
            path = site.a.pub.replace("CHANNEL", channel)
            for number in range(1, events + 1):
                http_post(publisher, path, payload(mark, number))
        time.sleep(1)
        clients = setting("P5_CLIENTS", 1000)
        return run.load("replay", site, sub=site.b.subscribe(channel), subs=clients, in_flight=clients,
                        events=events, first=1, last_event_id=last_id, run=mark)
    rounds(run, "p5", True, measure)


def p6(run):
    def measure(site, is_warmup):
        return run.load("connect", site, sub=site.a.subscribe(new_channel()), subs=setting("P6_LINKS", 10000),
                        in_flight=setting("P6_IN_FLIGHT", 512), seconds=setting("P6_HOLD_S", 2))
    rounds(run, "p6", False, measure)


CASES = {"p1": p1, "p2": p2, "p3": p3, "p4": p4, "p5": p5, "p6": p6}
