"""Is the machine ours alone? A build running beside a benchmark changes every figure, so say so in the results."""
import os
import resource
import time

QUIET_CORES = 0.15  # with more than this used by others, a figure is not to be trusted
TICKS = os.sysconf("SC_CLK_TCK")


def _busy_s():
    """CPU time of the whole machine, also that stolen by its host: all of the first line but idle and iowait."""
    with open("/proc/stat") as stat:
        values = [int(v) for v in stat.readline().split()[1:9]]
    return (sum(values) - values[3] - values[4]) / TICKS


def _fields(pid):
    with open(f"/proc/{pid}/stat") as stat:
        return stat.read().rsplit(")", 1)[1].split()


def _tree(pids):
    """The processes and all they started."""
    children = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                children.setdefault(int(_fields(entry)[1]), []).append(int(entry))
            except OSError:
                pass  # ended meanwhile
    tree = list(pids)
    for pid in tree:
        tree += [child for child in children.get(pid, ()) if child not in tree]
    return tree


def _processes_s(pids):
    """CPU time of the processes and of all they started, also of children that have ended."""
    total = 0
    for pid in _tree(pids):
        try:
            total += sum(int(value) for value in _fields(pid)[11:15])
        except OSError:
            pass
    return total / TICKS


class Watch:
    """Cores kept busy by anything but the given servers and the generator, from its making until others()."""

    def __init__(self, pids):
        self.pids, self.start = pids, time.monotonic()
        self.before = self._others_s()

    def _others_s(self):
        ended = resource.getrusage(resource.RUSAGE_CHILDREN)
        own = resource.getrusage(resource.RUSAGE_SELF)
        ours = ended.ru_utime + ended.ru_stime + own.ru_utime + own.ru_stime
        return _busy_s() - _processes_s(self.pids) - ours

    def others(self):
        return max(0.0, (self._others_s() - self.before) / (time.monotonic() - self.start))


def wait_for_quiet(limit_s, cores):
    """Returns once the machine used less than `cores` for a second, or after limit_s."""
    end = time.monotonic() + limit_s
    while time.monotonic() < end:
        busy, start = _busy_s(), time.monotonic()
        time.sleep(1)
        if (_busy_s() - busy) / (time.monotonic() - start) < cores:
            return True
    return False
