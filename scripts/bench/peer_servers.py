"""Fetches and starts the SSE peers that are not packages of this machine: Mercure and Pushpin. Versions are pinned here."""
import base64
import hashlib
import hmac
import json
import os
import shutil
import subprocess

import servers

CACHE = os.environ.get("BENCH_PEERS", os.path.join(servers.ROOT, ".cache", "bench"))
MERCURE = "0.24.2"
PUSHPIN = "1.36.0"
PUSHPIN_PACKAGES = ("pushpin=1.36.0-2", "condure=1.9.1-1", "zurl=1.11.1-1+b1", "libnorm1", "libpgm-5.3-0", "libzmq5",
                    "libpcre2-8-0", "libpcre2-16-0", "libqt5core5a", "libqt5dbus5", "libqt5network5")
SECRET = "a-secret-of-the-benchmark-which-is-long-enough"


def once(name, make):
    """The folder of a peer; make(folder) fills it the first time."""
    place = os.path.join(CACHE, name)
    if not os.path.exists(os.path.join(place, "whole")):
        shutil.rmtree(place, ignore_errors=True)
        os.makedirs(place)
        print(f"bench: fetching {name} (once) ...", flush=True)
        make(place)
        open(os.path.join(place, "whole"), "w").close()
    return place


def step(what, command, cwd, limit_s=1800, **environment):
    """One step of an installation; its output, or Missing with the end of it."""
    try:
        done = subprocess.run(command, cwd=cwd, timeout=limit_s, text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, env={**os.environ, **environment})
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise servers.Missing(f"{what} cannot be had: {problem}")
    if done.returncode != 0:
        raise servers.Missing(f"{what} cannot be had: {' '.join((done.stderr or done.stdout).split()[-40:])}")
    return done.stdout


# ---- Mercure ----

def make_mercure(place):
    """
    From the module proxy's sources: the main module replaces the hub by the folder above it, which is no folder there, so
    the hub's own module of the same version takes its place. Caddy's bundled root certificates are left out: nothing here
    asks for one.
    """
    def fetched(module):
        return json.loads(step("Mercure", ["go", "mod", "download", "-json", f"{module}@v{MERCURE}"], place))["Dir"]
    step("Mercure", ["go", "mod", "init", "bench"], place)
    hub, main = fetched("github.com/dunglas/mercure"), fetched("github.com/dunglas/mercure/caddy")
    source, roots = os.path.join(place, "source"), os.path.join(place, "no-roots")
    shutil.copytree(main, source)
    subprocess.run(["chmod", "-R", "u+w", source], check=True)
    os.makedirs(roots)
    with open(os.path.join(roots, "go.mod"), "w") as text:
        text.write("module golang.org/x/crypto/x509roots/fallback\n\ngo 1.24\n")
    with open(os.path.join(roots, "fallback.go"), "w") as text:
        text.write("// Package fallback is empty: a hub on loopback asks for no certificate.\npackage fallback\n")
    step("Mercure", ["go", "mod", "edit", "-replace", f"github.com/dunglas/mercure={hub}",
                     "-replace", "golang.org/x/crypto/x509roots/fallback=../no-roots"], source)
    step("Mercure", ["go", "build", "-mod=mod", "-buildvcs=false", "-trimpath", "-ldflags", "-s -w", "-o", "../mercure",
                     "./mercure"], source, 3600)


def token(claims):
    def part(raw):
        return base64.urlsafe_b64encode(raw).rstrip(b"=")
    text = part(b'{"alg":"HS256","typ":"JWT"}') + b"." + part(json.dumps(claims).encode())
    return (text + b"." + part(hmac.new(SECRET.encode(), text, hashlib.sha256).digest())).decode()


CADDYFILE = """{
    admin off
    log {
        level ERROR
    }
    auto_https off
}
http://:%(port)d {
    bind 127.0.0.1
    respond /health 200
    route {
        mercure {
            publisher_jwt %(secret)s HS256
            subscriber_jwt %(secret)s HS256
            anonymous
            heartbeat %(heartbeat)ds
            write_timeout 0s
            %(transport)s
        }
    }
}
"""


def start_mercure(redis_port=None, history=None, more=()):
    """One hub with its history on disk, as resuming needs it; BENCH_MERCURE_TRANSPORT=local measures it without any."""
    binary = os.path.join(once(f"mercure-{MERCURE}", make_mercure), "mercure")
    port, path = servers.free_port(), servers.scratch("mercure")
    bolt = f"transport bolt {{\n path {path}/hub.db\n size {history or servers.HISTORY}\n }}"
    local = os.environ.get("BENCH_MERCURE_TRANSPORT") == "local"
    with open(os.path.join(path, "Caddyfile"), "w") as text:
        text.write(CADDYFILE % {"port": port, "secret": SECRET, "heartbeat": servers.HEARTBEAT_S,
                                "transport": "transport local" if local else bolt})
    hub = servers.Process("mercure", ["env", "GOMAXPROCS=1", f"XDG_DATA_HOME={path}", f"XDG_CONFIG_HOME={path}", binary,
                                      "run", "--config", "Caddyfile", "--adapter", "caddyfile"], path)
    hub.port, hub.sub, hub.pub = port, "/.well-known/mercure?topic=CHANNEL", "/.well-known/mercure"
    hub.how_published = {"pub_type": "application/x-www-form-urlencoded", "pub_body": "topic=CHANNEL&data={}",
                         "pub_head": "Authorization: Bearer " + token({"mercure": {"publish": ["*"]}})}
    hub.wait_until(lambda: servers.answers(port, "/health"), 30, "ready")
    return hub


# ---- Pushpin ----

def make_pushpin(place):
    step("Pushpin", ["apt-get", "download", *PUSHPIN_PACKAGES], place)
    for package in sorted(name for name in os.listdir(place) if name.endswith(".deb")):
        step("Pushpin", ["dpkg", "-x", package, "."], place)


ORIGIN = """daemon off;
worker_processes 1;
pid %(dir)s/nginx.pid;
error_log %(dir)s/error.log warn;
events { worker_connections 4096; }
http {
    access_log off;
    client_body_temp_path %(dir)s/body;
    proxy_temp_path %(dir)s/proxy;
    fastcgi_temp_path %(dir)s/fastcgi;
    uwsgi_temp_path %(dir)s/uwsgi;
    scgi_temp_path %(dir)s/scgi;
    server {
        listen 127.0.0.1:%(port)d;
        location ~ ^/(\\w+)$ {
            default_type text/event-stream;
            add_header Grip-Hold stream;
            add_header Grip-Channel $1;
            add_header Grip-Keep-Alive ":\\\\n\\\\n; format=cstring; timeout=%(heartbeat)d";
            return 200 ":\\n\\n";
        }
    }
}
"""


def _edited(text, values):
    """An ini file with other values for some keys; a key that is not there is a mistake of ours."""
    lines = []
    for line in text.splitlines():
        key = line.split("=", 1)[0].strip()
        lines.append(f"{key}={values[key]}" if "=" in line and key in values else line)
    return "\n".join(lines) + "\n"


def _pushpin_files(place, path, port, control, origin):
    library = os.path.join(place, "usr", "lib", "pushpin")
    config = os.path.join(path, "pushpin.conf")
    with open(os.path.join(place, "usr", "share", "pushpin", "pushpin.conf.condure")) as given, open(config, "w") as out:
        out.write(_edited(given.read().replace("[global]", "[global]\nlibdir="), {
            "libdir": path,
            "include": f"{path}/internal.conf", "rundir": path, "logdir": path, "http_port": port,
            "services": "condure,zurl,pushpin-proxy,pushpin-handler", "routesfile": f"{path}/routes",
            "push_in_spec": f"ipc://{path}/push", "push_in_sub_specs": f"ipc://{path}/push-sub",
            "command_spec": f"ipc://{path}/command", "push_in_http_port": control, "message_rate": 0,
            "message_hwm": 1000000, "client_maxconn": 65000, "updates_check": "off"}))
    with open(os.path.join(library, "internal.conf")) as given, open(os.path.join(path, "internal.conf"), "w") as out:
        out.write(given.read().replace("ipc:///var/run/zurl/zurl-", "ipc://{rundir}/{ipc_prefix}zurl-"))
    shutil.copytree(os.path.join(library, "runner"), os.path.join(path, "runner"))
    with open(os.path.join(path, "routes"), "w") as routes:
        routes.write(f"* 127.0.0.1:{origin}\n")
    return config


def start_pushpin(redis_port=None, history=None, more=()):
    place = once(f"pushpin-{PUSHPIN}", make_pushpin)
    port, control, origin_port = servers.free_port(), servers.free_port(), servers.free_port()
    path, origin_path = servers.scratch("pushpin"), servers.scratch("origin")
    with open(os.path.join(origin_path, "nginx.conf"), "w") as text:
        text.write(ORIGIN % {"dir": origin_path, "port": origin_port, "heartbeat": servers.HEARTBEAT_S})
    origin = servers.Process("origin", ["nginx", "-p", origin_path, "-c", f"{origin_path}/nginx.conf"], origin_path)
    config = _pushpin_files(place, path, port, control, origin_port)
    where = f"PATH={place}/usr/bin:{os.environ['PATH']}", f"LD_LIBRARY_PATH={place}/usr/lib/x86_64-linux-gnu"
    pushpin = servers.Process("pushpin", ["env", *where, "pushpin", f"--config={config}", "--loglevel=1"], path)
    pushpin.port, pushpin.sub, pushpin.pub, pushpin.pub_port = port, "/CHANNEL", "/publish/", control
    pushpin.behind.append(origin)
    frame = "data: {}\\n\\n"
    pushpin.how_published = {"pub_type": "application/json", "pub_body": json.dumps(
        {"items": [{"channel": "CHANNEL", "formats": {"http-stream": {"content": "@"}}}]}).replace("@", frame)}
    pushpin.wait_until(lambda: servers.listens(port) and servers.listens(control), 30, "listening")
    pushpin.pids = servers.tree_of(pushpin.child.pid)[1:] or pushpin.pids  # the runner only waits
    return pushpin


START = {"mercure": start_mercure, "pushpin": start_pushpin}
