"""Starts what the MCP cases need: the upstream, gateways before it, and the npm bridges measured beside Lifeline."""
import json
import os
import shutil
import subprocess
import urllib.request

import peer_servers
import servers

MCP = os.path.join(servers.HERE, "mcp")
LOAD = ("load.c", "http.c", "sessions.c", "checks.c", "calls.c", "streams.c", "follow.c", "soak.c", "json.c")
UPSTREAM = ("upstream.c", "upstream_http.c", "upstream_streams.c", "tools.c", "json.c")
PEERS = {"supergateway": "4.0.0", "mcp-proxy": "6.7.19"}


def _build(name, sources):
    util = os.path.join(servers.HERE, "sse_util.c")
    return servers.build(name, [os.path.join(MCP, source) for source in sources] + [util], MCP)


def generator():
    return _build("mcp_load", LOAD)


def upstream_program():
    return _build("mcp_upstream", UPSTREAM)


class Upstream:
    """The server behind everybody, over Streamable HTTP."""

    def __init__(self):
        self.port, path = servers.free_port(), servers.scratch("upstream")
        self.process = servers.Process("upstream", [upstream_program(), "http", str(self.port)], path)
        self.process.wait_until(lambda: self.stats() is not None, 10, "ready")
        self.url = f"http://127.0.0.1:{self.port}/mcp"
        self.pids = self.process.pids

    def stats(self):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/stats", timeout=5) as answer:
            return json.load(answer)

    def stop(self):
        self.process.stop()


class McpSite:
    """One way to reach the upstream: url is where sessions go, pids is what it costs, behind is what stands behind it."""

    def __init__(self, name, urls, nodes, behind=()):
        self.name, self.url, self.nodes, self.behind = name, urls, list(nodes), [b for b in behind if b]
        self.pids = [pid for node in self.nodes for pid in node.pids]
        self.others = [pid for part in self.behind for pid in part.pids]
        self.upstream = next((part for part in self.behind if isinstance(part, Upstream)), None)

    def stop(self):
        for part in self.nodes + self.behind[::-1]:
            part.stop()


def direct():
    upstream = Upstream()
    return McpSite("direct", [upstream.url], [upstream], [upstream])


def lifeline(nodes=1, redis=False, more=()):
    """Gateways before one upstream; with Redis, its processor time counts as theirs."""
    upstream = Upstream()
    store = servers.start_redis() if redis else None
    gateways = [servers.start_lifeline(store.port if redis else None, ["--upstream", upstream.url, *more]) for _ in range(nodes)]
    return McpSite("lifeline", [_mcp(gateway) for gateway in gateways], gateways + ([store] if store else []), [upstream])


def lifeline_stdio():
    gateway = servers.start_lifeline(None, ["--stdio", _stdio()])
    return McpSite("lifeline", [_mcp(gateway)], [gateway])


def _stdio():
    return f"{upstream_program()} stdio"


def _mcp(node):
    return f"http://127.0.0.1:{node.port}/mcp"


# ---- the npm bridges ----

def check_peers():
    for tool in ("node", "npm"):
        if not shutil.which(tool):
            raise servers.Missing(f"{tool} is missing: install Node 20 or newer, or measure p8 with --only lifeline")


def _installed(name):
    """The start script of the pinned package, fetched by npm on the first run."""
    place = os.path.join(peer_servers.CACHE, f"{name}-{PEERS[name]}")
    package = os.path.join(place, "node_modules", name)
    if not os.path.exists(os.path.join(place, "whole")):
        os.makedirs(place, exist_ok=True)
        command = ["npm", "install", "--prefix", place, "--no-audit", "--no-fund", "--loglevel", "error",
                   f"{name}@{PEERS[name]}"]
        if subprocess.run(command, stdout=subprocess.DEVNULL, timeout=300).returncode != 0:
            raise servers.Missing(f"{name} {PEERS[name]} could not be installed by npm")
        open(os.path.join(place, "whole"), "w").close()
    with open(os.path.join(package, "package.json")) as text:
        script = json.load(text)["bin"]
    return os.path.join(package, script if isinstance(script, str) else script[name])


def _bridge(name, arguments):
    port, path = servers.free_port(), servers.scratch(name)
    command = ["node", _installed(name)] + [argument.replace("PORT", str(port)) for argument in arguments]
    node = servers.Process(name, command, path)
    node.port = port
    node.wait_until(lambda: servers.listens(port), 30, "listening")
    return McpSite(name, [_mcp(node)], [node])


def supergateway():
    return _bridge("supergateway", ["--stdio", _stdio(), "--outputTransport", "streamableHttp", "--stateful",
                                    "--logLevel", "none", "--port", "PORT"])


def mcp_proxy():
    return _bridge("mcp-proxy", ["--host", "127.0.0.1", "--port", "PORT", "--server", "stream", "--",
                                 upstream_program(), "stdio"])
