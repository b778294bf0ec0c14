"""The cases with MCP, p7 to p11. bench.py says what they measure and how; mcp_table.py what they have to reach."""
import uuid

import contextforge
import mcp_servers
import peers
import servers
from servers import setting

SITES = {  # case -> product -> how to start it
    "p7": {"lifeline": mcp_servers.lifeline, "direct": mcp_servers.direct, "contextforge": contextforge.start},
    "p8": {"lifeline": mcp_servers.lifeline_stdio, "supergateway": mcp_servers.supergateway,
           "mcp-proxy": mcp_servers.mcp_proxy},
    "p9": {"lifeline": mcp_servers.lifeline},
    "p10": {"lifeline": lambda: mcp_servers.lifeline(3, True), "one-node": mcp_servers.lifeline},
    "p11": {"lifeline": lambda: mcp_servers.lifeline(3, True)},
}
PRODUCTS = ("lifeline", "direct", "contextforge", "supergateway", "mcp-proxy", "one-node")


def load(run, mode, site, **args):
    """One run of the generator. What the upstream executed and what was sent have to be the same number."""
    before = site.upstream.stats() if site.upstream else None
    result = run.load(mode, site, program=mcp_servers.generator(), url=site.url, run=uuid.uuid4().hex[:8], **args)
    if before and mode == "calls":
        after = site.upstream.stats()
        executed = sum(after[tool] - before[tool] for tool in ("echo", "sleep10"))
        result["miscounted"] = abs(executed - result["all_sent"])
    return result


def calls(run, case, kept_as, tool, sessions, rate):
    def measure(site, is_warmup):
        called = getattr(site, "tools", {}).get(tool, tool)
        if is_warmup:
            # A gateway is up for days: what its compiler does in the first minutes is not what a call costs.
            return load(run, "calls", site, tool=getattr(site, "tools", {}).get("echo", "echo"), sessions=sessions, rate=0,
                        seconds=setting("MCP_WARMUP_S", 30), warmup=0)
        return load(run, "calls", site, tool=called, sessions=sessions, rate=rate,
                    seconds=setting("MCP_SECONDS", 10), warmup=setting("ROUND_WARMUP_S", 3))
    names = [name for name in run.named(SITES[case]) if run.peers or name not in peers.ONLY_WITH_PEERS]
    run.interleaved(kept_as, lambda name: SITES[case][name](), measure, names)


def p7(run):
    sessions = setting("P7_SESSIONS", 8)
    calls(run, "p7", "p7", "echo", sessions, setting("P7_RATE", 400))
    calls(run, "p7", "p7-sleep10", "sleep10", sessions, setting("P7_SLEEP_RATE", 200))


def p8(run):
    calls(run, "p8", "p8", "echo", setting("P8_SESSIONS", 32), 0)


def p10(run):
    calls(run, "p10", "p10", "echo", setting("P10_SESSIONS", 8), setting("P10_RATE", 100))


def p9(run):
    def once():
        site = mcp_servers.lifeline()
        try:
            return load(run, "hold", site, sessions=setting("P9_SESSIONS", 1000), seconds=setting("P9_HOLD_S", 20),
                        settle=setting("P9_SETTLE_S", 5))
        finally:
            site.stop()
    _alone(run, "p9", once)


def p11(run):
    def once():
        site = mcp_servers.lifeline(3, True)
        try:
            victim = site.nodes[0]
            return load(run, "follow", site, sessions=setting("P11_STREAMS", 1000), every_ms=setting("P11_EVERY_MS", 500),
                        kill_at=setting("P11_KILL_AT_S", 10), seconds=setting("P11_AFTER_S", 20), kill_url=0, stream_url=0,
                        kill_pid=victim.child.pid)
        finally:
            site.stop()
    _alone(run, "p11", once)


def _alone(run, case, once):
    """Rounds of the one product there is, each with fresh processes and without a warm-up."""
    if "lifeline" in run.named(SITES[case]):
        for number in range(1, run.rounds + 1):
            run.counted(case, "lifeline", number, once)


CASES = {"p7": p7, "p8": p8, "p9": p9, "p10": p10, "p11": p11}


def check_tools(cases, only):
    """Fails early, and only for what the chosen cases need."""
    names = {name for case in cases for name in SITES[case] if not only or name in only}
    redis = "lifeline" in names and bool({"p10", "p11"} & set(cases))
    servers.check_tools(["lifeline"] if names & {"lifeline", "one-node"} else [], redis)
    if names & set(mcp_servers.PEERS):
        mcp_servers.check_peers()
