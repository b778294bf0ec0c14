"""ContextForge before the upstream: installed by pip, one worker, the upstream registered, its tools open to everybody."""
import json
import os
import shutil
import time
import urllib.error
import urllib.request

import mcp_servers
import peer_servers
import servers

VERSION = "1.0.8"
PYTHONS = ("python3.12", "python3.13")  # what this version runs on
SETTINGS = {
    "AUTH_REQUIRED": "true", "MCP_REQUIRE_AUTH": "false", "SSRF_ALLOW_LOCALHOST": "true",
    "SSRF_ALLOW_PRIVATE_NETWORKS": "true", "CACHE_TYPE": "memory", "LOG_LEVEL": "ERROR", "PLUGINS_ENABLED": "false",
    "TOOL_RATE_LIMIT": "100000000", "RATE_LIMIT_MEDIUM_RPM": "100000000", "MCPGATEWAY_UI_ENABLED": "false",
    "JWT_SECRET_KEY": peer_servers.SECRET, "AUTH_ENCRYPTION_SECRET": peer_servers.SECRET,
}


def make(place):
    python = next((path for path in map(_able, PYTHONS) if path), None)
    if python is None:
        raise servers.Missing("ContextForge cannot be had: it wants Python " + " or ".join(PYTHONS))
    peer_servers.step("ContextForge", [python, "-m", "venv", "environment"], place)
    peer_servers.step("ContextForge", ["environment/bin/pip", "-q", "--disable-pip-version-check", "install",
                                       f"mcp-contextforge-gateway=={VERSION}"], place)


def _able(name):
    """The path of a Python that does start: a name may be there without what is behind it."""
    path = shutil.which(name)
    try:
        peer_servers.step(name, [path, "-c", "import venv, ensurepip"], "/") if path else None
    except servers.Missing:
        return None
    return path


def _token():
    now = int(time.time())
    return peer_servers.token({
        "sub": "admin@example.com", "iss": "mcpgateway", "aud": "mcpgateway-api", "iat": now, "exp": now + 86400,
        "jti": "bench", "teams": None, "token_use": "session",
        "user": {"email": "admin@example.com", "full_name": "bench", "is_admin": True, "auth_provider": "local"}})


def _register(port, upstream):
    body = {"name": "bench", "url": upstream.url, "transport": "STREAMABLEHTTP", "visibility": "public"}
    request = urllib.request.Request(f"http://127.0.0.1:{port}/gateways", json.dumps(body).encode(), {
        "Content-Type": "application/json", "Authorization": "Bearer " + _token()})
    try:
        urllib.request.urlopen(request, timeout=60).close()
    except urllib.error.HTTPError as problem:
        raise servers.Missing(f"contextforge: registering the upstream was answered with {problem.code}")


def start():
    place = peer_servers.once(f"contextforge-{VERSION}", make)
    upstream = mcp_servers.Upstream()
    port, path = servers.free_port(), servers.scratch("contextforge")
    settings = [f"{key}={value}" for key, value in SETTINGS.items()] + [f"DATABASE_URL=sqlite:///{path}/gateway.db"]
    gateway = servers.Process("contextforge", ["env", *settings, f"{place}/environment/bin/mcpgateway", "--host", "127.0.0.1",
                                               "--port", str(port), "--workers", "1"], path)
    gateway.wait_until(lambda: servers.answers(port, "/health"), 180, "ready")
    _register(port, upstream)
    gateway.pids = servers.tree_of(gateway.child.pid)
    site = mcp_servers.McpSite("contextforge", [f"http://127.0.0.1:{port}/mcp"], [gateway], [upstream])
    # the name an upstream is registered under stands before its tools
    site.tools = {"echo": "bench-echo", "sleep10": "bench-sleep10"}
    return site
