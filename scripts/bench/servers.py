"""Builds the load generator; starts and stops nchan, Redis and Lifeline for bench.py. Ends only what it started."""
import atexit
import ctypes
import http.client
import os
import re
import resource
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
OUT = os.path.join(ROOT, "target", "bench")
HEARTBEAT_S = int(os.environ.get("BENCH_HEARTBEAT_S", "15"))
HISTORY = int(os.environ.get("BENCH_HISTORY", "2000"))  # events nchan keeps per channel
MODULE_PLACES = ("/usr/lib/nginx/modules", "/usr/lib64/nginx/modules", "/usr/share/nginx/modules")

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)

pinned = False  # set by --pin: servers on CPU 0, generator on CPU 1
_running = []


class Missing(Exception):
    """Something this machine lacks; the text says what to do."""


def _prepare_child(cpu):
    """Runs in the child before exec: enough open files, its own process group, its CPU, an end with its parent."""
    def prepare():
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (65536, max(65536, hard)))
        except (ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        os.setpgid(0, 0)
        if pinned:
            os.sched_setaffinity(0, {cpu})
    return prepare


def setting(name, default):
    return int(os.environ.get("BENCH_" + name, default))


def closed():
    raise Missing("the server closed a connection in the middle of an answer")


def turned(names, number):
    """Their order in a round: every other one backwards."""
    return names if number % 2 else names[::-1]


def new_channel():
    return "b" + uuid.uuid4().hex[:12]


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def build(name, sources, headers_in):
    """Compiles sources to target/bench/<name>, if one of them, or a header, is newer than what is there."""
    if not shutil.which("gcc"):
        raise Missing("gcc is missing: install the package gcc (and libc6-dev)")
    headers = [os.path.join(place, n) for place in {HERE, headers_in} for n in os.listdir(place) if n.endswith(".h")]
    binary = os.path.join(OUT, name)
    os.makedirs(OUT, exist_ok=True)
    if not os.path.exists(binary) or any(os.path.getmtime(s) > os.path.getmtime(binary) for s in sources + headers):
        subprocess.run(["gcc", "-O2", "-Wall", "-std=gnu11", "-o", binary] + sources + ["-lm"], check=True)
    return binary


def build_generator():
    return build("sse_load", [os.path.join(HERE, n) for n in sorted(os.listdir(HERE)) if n.endswith(".c")], HERE)


class Process:
    """A started server; .pids are the processes whose CPU counts. sub and pub are its paths, with CHANNEL in them."""

    port, pub_port, sub, pub, how_published = 0, None, "", "", {}

    def __init__(self, name, command, cwd):
        self.name, self.dir = name, cwd
        self.log = os.path.join(cwd, "output.log")
        settings = {name: value for name, value in os.environ.items() if not name.startswith("LIFELINE_")}  # ours
        with open(self.log, "ab") as log:
            self.child = subprocess.Popen(command, cwd=cwd, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                          env=settings, preexec_fn=_prepare_child(0))
        self.pids = [self.child.pid]
        self.behind = []  # what was started for this one alone, and ends with it
        _running.append(self)

    def subscribe(self, channel):
        return f"127.0.0.1:{self.port}{self.sub.replace('CHANNEL', channel)}"

    def publish(self, channel):
        """What the load generator is to be told to publish on this channel."""
        given = {"pub": f"127.0.0.1:{self.pub_port or self.port}{self.pub}", **self.how_published}
        return {key: text.replace("CHANNEL", channel) for key, text in given.items()}

    def wait_until(self, check, limit_s, what):
        end = time.monotonic() + limit_s
        while time.monotonic() < end:
            if self.child.poll() is not None:
                break
            try:
                if check():
                    return
            except OSError:
                pass
            time.sleep(0.05)
        with open(self.log, errors="replace") as log:
            tail = log.read()[-2000:]
        self.stop()
        raise Missing(f"{self.name}: not {what} within {limit_s} s. Its last output:\n{tail}")

    def stop(self):
        if self in _running:
            _running.remove(self)
        if self.child.poll() is None:
            self.child.terminate()
            try:
                self.child.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(self.child.pid, signal.SIGKILL)
                self.child.wait()
        shutil.rmtree(self.dir, ignore_errors=True)
        for part in self.behind:
            part.stop()


def stop_all():
    for process in reversed(list(_running)):
        process.stop()


atexit.register(stop_all)


def scratch(name):
    path = tempfile.mkdtemp(prefix=f"lifeline-bench-{name}-")
    os.chmod(path, 0o755)  # the nginx worker is another user
    return path


def listens(port):
    with socket.create_connection(("127.0.0.1", port), 1):
        return True


def answers(port, path):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except http.client.HTTPException:
        return False
    finally:
        connection.close()


def tree_of(pid):
    """A process and all that it and its children have started."""
    tree = [pid]
    for parent in tree:
        with open(f"/proc/{parent}/task/{parent}/children") as children:
            tree += [int(child) for child in children.read().split()]
    return tree


def nchan_module():
    named = os.environ.get("NCHAN_MODULE")
    places = [named] if named else [os.path.join(p, "ngx_nchan_module.so") for p in MODULE_PLACES]
    for path in places:
        if os.path.exists(path):
            return path
    raise Missing("the nginx module nchan is missing: install the packages nginx and libnginx-mod-nchan, "
                  "or set NCHAN_MODULE to the path of ngx_nchan_module.so")


def check_tools(names, redis):
    if "nchan" in names:
        if not shutil.which("nginx"):
            raise Missing("nginx is missing: install the packages nginx and libnginx-mod-nchan")
        nchan_module()
    if "lifeline" in names:
        if not shutil.which("java"):
            raise Missing("java is missing: install a JDK, or measure with --only nchan")
        if not os.path.exists(lifeline_jar()):
            raise Missing(f"{lifeline_jar()} is missing: build it first, or measure with --only nchan")
    if redis and not shutil.which("redis-server"):
        raise Missing("redis-server is missing: install the package redis-server")


def start_redis():
    port, path = free_port(), scratch("redis")
    redis = Process("redis", ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "",
                              "--appendonly", "no", "--dir", path], path)
    redis.port = port

    def answers():
        with socket.create_connection(("127.0.0.1", port), 1) as s:
            s.sendall(b"PING\r\n")
            return s.recv(16).startswith(b"+PONG")
    redis.wait_until(answers, 10, "ready")
    return redis


def start_nchan(redis_port=None, history=None, more=()):
    port, path = free_port(), scratch("nchan")
    with open(os.path.join(HERE, "nchan.conf")) as template:
        text = template.read()
    if redis_port:
        text = text.replace("#redis# ", "")
    values = {"MODULE": nchan_module(), "DIR": path, "PORT": port, "HEARTBEAT": HEARTBEAT_S, "HISTORY": history or HISTORY,
              "REDIS_PORT": redis_port or 0}
    body = re.sub(r"@(%s)@" % "|".join(values), lambda m: str(values[m.group(1)]), text)
    conf = os.path.join(path, "nginx.conf")
    with open(conf, "w") as out:
        out.write(body)
    nginx = Process("nchan", ["nginx", "-p", path, "-c", conf], path)
    nginx.port, nginx.sub, nginx.pub = port, "/sub/CHANNEL", "/pub/CHANNEL"
    nginx.wait_until(lambda: answers(port, "/health"), 10, "ready")
    master = nginx.child.pid
    with open(f"/proc/{master}/task/{master}/children") as children:
        nginx.pids = [int(pid) for pid in children.read().split()]  # the worker; the master only waits
    return nginx


def lifeline_jar():
    return os.environ.get("LIFELINE_JAR", os.path.join(ROOT, "gateway", "target", "lifeline.jar"))


def jvm_flags():
    if os.environ.get("JAVA_OPTS"):
        return shlex.split(os.environ["JAVA_OPTS"])
    path = os.path.join(ROOT, "scripts", "jvm.options")
    if not os.path.exists(path):
        return []
    with open(path) as lines:
        return [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]


def start_lifeline(redis_port=None, more=(), history=None):
    port, path = free_port(), scratch("lifeline")
    command = ["java"] + jvm_flags() + ["-jar", os.path.abspath(lifeline_jar()), "serve", "--host", "127.0.0.1",
                                       "--port", str(port), "--heartbeat-interval", f"{HEARTBEAT_S}s"]
    if redis_port:
        command += ["--redis", f"redis://127.0.0.1:{redis_port}"]
    if history:
        command += ["--buffer-size", str(history)]
    command += shlex.split(os.environ.get("LIFELINE_ARGS", "--event-loops 1")) + list(more)
    node = Process("lifeline", command, path)
    node.port, node.sub, node.pub = port, "/events/CHANNEL", "/events/CHANNEL"
    node.wait_until(lambda: answers(port, "/health/ready"), 240, "ready")
    return node


START = {"nchan": start_nchan, "lifeline": start_lifeline}  # bench.py adds those of peer_servers.py


class Site:
    """One product as a case needs it: node A (subscribers), node B (publishers; the same one without Redis)."""

    def __init__(self, name, redis, history=None, more=()):
        self.name = name
        self.redis = start_redis() if redis else None
        port = self.redis.port if redis else None
        self.a = START[name](port, history=history, more=more)
        self.b = START[name](port, history=history, more=more) if redis else self.a
        nodes = [self.a, self.b, self.redis] if redis else [self.a]
        self.others = [pid for node in nodes for part in node.behind for pid in part.pids]
        self.pids = [pid for node in nodes for pid in node.pids]

    def stop(self):
        for node in {self.a, self.b}:
            node.stop()
        if self.redis:
            self.redis.stop()


def die_cleanly(*_):
    sys.exit(130)  # atexit then stops the servers


for _signal in (signal.SIGTERM, signal.SIGHUP):
    signal.signal(_signal, die_cleanly)
