"""p12 and p13: what stays right, and stays flat, while clients are cut, come back and leave. bench.py says how."""
import resource
import sys
import time
import uuid

import mcp_servers
import peers
import probe
import servers
from servers import setting

COLUMNS = "moment | minute | streams up | RSS MB | live heap MB | descriptors | threads | sessions | links | Redis keys | " \
          "Redis MB | upstream sessions | heartbeats | calls or events | cuts | left | faults"


# ---- p12 ----

def slope_per_minute(samples):
    """Least squares over (second, value); what it has grown by a minute, of the second half: the first is warming up."""
    points = samples[len(samples) // 2:]
    if len(points) < 3:
        return None
    mean_t, mean_v = (sum(column) / len(points) for column in zip(*points))
    spread = sum((t - mean_t) ** 2 for t, _ in points)
    return 60 * sum((t - mean_t) * (v - mean_v) for t, v in points) / spread


def churn(run, site, seconds, channel):
    samples = []
    nodes = [site.a] if site.a is site.b else [site.a, site.b]
    heap = probe.live_heap_kb(site.pids)
    begin = probe.rss_kb(site.pids)
    result = run.load("churn", site, on_line=lambda line: samples.append((line["at_s"], probe.rss_kb(site.pids))),
                      sub=[node.subscribe(channel) for node in nodes], **site.b.publish(channel),
                      subs=setting("P12_CLIENTS", 100), rate=setting("P12_RATE", 1000),
                      pub_conns=setting("P12_PUBLISHERS", 8), cut_every=setting("P12_CUT_EVERY_S", 5),
                      away_ms=setting("P12_AWAY_MS", 500), seconds=seconds, warmup=setting("ROUND_WARMUP_S", 3),
                      sample=2, run=uuid.uuid4().hex[:8])
    time.sleep(2)
    after = probe.live_heap_kb(site.pids)
    result.update(rss_begin_kb=begin, rss_end_kb=probe.rss_kb(site.pids), rss_slope_kb_min=slope_per_minute(samples),
                  heap_begin_kb=heap, heap_end_kb=after, nodes=len(nodes),
                  uncut=int(setting("P12_CUT_EVERY_S", 5) > 0 and (result["cuts"] < 10 or result["resumed"] < 10)))
    return result


def p12(run):
    history = str(setting("P12_HISTORY", 10000))

    def measure(site, is_warmup):
        return churn(run, site, setting("WARMUP_S", 12) if is_warmup else setting("P12_SECONDS", 60), servers.new_channel())
    run.interleaved("p12", lambda name: servers.Site(name, peers.shares(name), history), measure,
                    run.able("p12"))


# ---- p13 ----

def say(text):
    print(text, flush=True)


def allowed(wanted, per_node, what):
    """No more than the file limit lets one process hold; says what the limit is, and what it made of it."""
    limit = min(65536, resource.getrlimit(resource.RLIMIT_NOFILE)[1])
    spare, nodes = 1000, setting("P13_NODES", 2)
    most = min(limit - spare, nodes * (limit - spare) // per_node)
    say(f"file limit {limit}: {nodes} gateways hold {per_node * wanted // nodes} descriptors each for {wanted} {what}, "
        f"the load generator {wanted}" + (f"; cut down to {most} {what}" if most < wanted else ""))
    return min(wanted, most)


def row(moment, line, values):
    minute = "%.1f" % (line["at_s"] / 60) if "at_s" in line else "-"
    events = line.get("calls", line.get("delivered", 0))
    say(f"| {moment} | {minute} | {line.get('up', 0)} | {probe.shown(values)} | {line.get('heartbeats', '-')} | {events} "
        f"| {line.get('cuts', '-')} | {line.get('left', '-')} | {line.get('faults', '-')} |")


# Everything that is kept for a while is kept for so short that it has to be gone by the end of the run.
RETENTIONS = ["--session-retention", "120s", "--buffer-retention", "60s", "--dedup-retention", "60s",
              "--position-retention", "180s"]
PATIENCE_S = 600  # the longest of them, the sweep after it, and what a busy machine is late


def back(base, now):
    """What has not come back to where it was. A heap is never the same to the byte, and a pool of threads may have filled."""
    slack = {"heap_mb": max(2, (base["heap_mb"] or 0) * 0.1), "descriptors": 8, "redis_keys": 8}
    allowed_now = {name: (base[name] or 0) + slack.get(name, 0) for name in ("heap_mb", "descriptors", "redis_keys")}
    allowed_now.update(sessions=0, links=0, upstream_sessions=0)
    return [name for name, most in allowed_now.items() if base.get(name) is not None
            and (now[name] is None or now[name] > most)]


def wait_for_baseline(read, base, patience_s=PATIENCE_S):
    """Reads every 20 s until all is back, or the patience is over."""
    start, line = time.monotonic(), {}
    while True:
        values = read()
        left = back(base, values)
        line["at_s"] = time.monotonic() - start
        row("after", line, values)
        if not left or line["at_s"] > patience_s:
            return values, left, line["at_s"]
        time.sleep(20)


def lasting(run, case, gateways, redis, upstream, warm, load):
    """Baseline after a small warm-up of the same kind, the load with a sample a minute, and what is left of it afterwards."""
    pids = [pid for gateway in gateways for pid in gateway.pids]

    def read():
        return probe.reading(gateways, redis, upstream)
    say(f"\n| {COLUMNS} |\n|" + "---|" * (COLUMNS.count("|") + 1))
    fresh = read()
    row("fresh", {}, fresh)
    warm()
    base, _, _ = wait_for_baseline(read, {name: None if value is None else 10 ** 9 for name, value in fresh.items()}, 60)
    base["redis_keys"] = fresh["redis_keys"]  # what the warm-up left is on its way out
    row("baseline", {}, base)
    threads = probe.thread_kinds(pids)
    peaks = []

    def sampled(line):
        values = read()
        peaks.append((line, values))
        row(line.get("phase", "soak"), line, values)
    result = load(sampled)
    after, left, back_s = wait_for_baseline(read, base)
    held = max((values for _, values in peaks), key=lambda values: values["descriptors"])
    more_threads = {kind: f"{threads.get(kind, 0)} -> {count}" for kind, count in probe.thread_kinds(pids).items()
                    if count > threads.get(kind, 0)}
    soak = [(line["at_s"], values["heap_mb"]) for line, values in peaks
            if line.get("phase", "soak") == "soak" and values["heap_mb"] is not None]
    result.update(base=base, held=held, after=after, not_back=left, back_s=back_s, more_threads=more_threads,
                  heap_slope_mb_min=slope_per_minute(soak), rss_slope_mb_min=slope_per_minute(
                      [(line["at_s"], values["rss_mb"]) for line, values in peaks if line.get("phase", "soak") == "soak"]))
    run.keep(case, "lifeline", 1, result)
    say("")


def p13(run):
    seconds = 60 * run.minutes
    sessions = allowed(setting("P13_SESSIONS", 10000), 2, "sessions")
    site = mcp_servers.lifeline(setting("P13_NODES", 2), True, RETENTIONS)
    redis = site.nodes[-1]

    def load(on_line, count, hold, cuts, leaves, silent):
        before = site.upstream.stats()["echo"]
        result = run.watch("soak", site, on_line, program=mcp_servers.generator(), url=site.url, sessions=count, seconds=hold,
                           every_ms=setting("P13_EVERY_MS", 60000), rate=setting("P13_CALLS", 20), cuts=cuts, leaves=leaves,
                           silent=silent, settle=setting("P13_SETTLE_S", 45), sample=setting("P13_SAMPLE_S", 60), timeout=900,
                           run=uuid.uuid4().hex[:8])
        return dict(result, miscounted=abs(site.upstream.stats()["echo"] - before - result["all_sent"]))
    try:
        lasting(run, "p13", site.nodes[:-1], redis, site.upstream,
                lambda: load(lambda line: None, min(200, sessions), 10, 5, 5, 0),
                lambda on_line: load(on_line, sessions, seconds, setting("P13_CUTS", 5), setting("P13_LEAVES", 2), 0.5))
    finally:
        site.stop()


def p13_links(run):
    seconds = 60 * run.minutes
    links = allowed(setting("P13_LINKS", 10000), 1, "links")
    site = servers.Site("lifeline", True, more=RETENTIONS)
    nodes = [site.a, site.b]

    def load(on_line, count, hold, cut_every):
        channel = servers.new_channel()
        return run.watch("churn", site, on_line, sub=[node.subscribe(channel) for node in nodes],
                         **site.b.publish(channel), subs=count, rate=setting("P13_EVENTS", 1), cut_every=cut_every,
                         away_ms=1000, seconds=hold, warmup=0, sample=setting("P13_SAMPLE_S", 60), timeout=300,
                         run=uuid.uuid4().hex[:8])
    try:
        lasting(run, "p13-links", nodes, site.redis, None, lambda: load(lambda line: None, min(500, links), 20, 20),
                lambda on_line: load(on_line, links, seconds, setting("P13_CUT_EVERY_S", 1000)))
    finally:
        site.stop()


def note(case, name, results, uncounted):
    """The soak in one paragraph: what was done, what was wrong, what was left."""
    result = results[0]
    wrong = {key: result[key] for key in FAULTS if result.get(key)}
    parts = [f"{result.get('sessions', result.get('subs'))} streams over {result['wall_s'] / 60:.1f} minutes",
             f"{result.get('received', result.get('delivered'))} events", f"{result['heartbeats']} heartbeats",
             f"{result.get('answered', 0)} calls", f"{result.get('cut', result.get('cuts'))} cuts",
             f"{result.get('left_with_delete', 0)} sessions left with a word, {result.get('left_silently', 0)} without"]
    for moment in ("base", "held", "after"):
        parts.append(f"{moment}: " + ", ".join(f"{field} {value:.4g}" for field, value in result[moment].items()
                                               if value is not None))
    for field in ("heap_slope_mb_min", "rss_slope_mb_min"):
        if result.get(field) is not None:
            parts.append(f"{field} {result[field]:+.3f}")
    parts.append(f"back to baseline after {result['back_s']:.0f} s" if not result["not_back"]
                 else "not back to baseline: " + ", ".join(result["not_back"]))
    parts.append("threads that have become more: " + (
        ", ".join(f"{kind} {counts}" for kind, counts in result["more_threads"].items()) or "none"))
    parts.append("faults: " + (", ".join(f"{key} {count}" for key, count in wrong.items()) or "none"))
    return f"- {case} {name}: " + "; ".join(parts)


FAULTS = ("lost", "dup", "reordered", "gaps", "foreign", "closed", "refused", "broken", "wrong", "failed", "unsettled",
          "miscounted", "publish_errors")
CASES = {"p12": p12, "p13": p13, "p13-links": p13_links}
