"""From raw results to the table: which figure of a case is compared, with what target."""
import statistics
from dataclasses import dataclass
from typing import Callable

from box import QUIET_CORES


@dataclass
class Row:
    case: str
    label: str
    value: Callable[[dict], float]  # figure of one run
    text: str                       # how it is shown
    targets: tuple = ()             # first target, then the stricter one
    ratio: bool = False             # the target is for lifeline / nchan, else for lifeline's own figure
    at_least: bool = False
    worst: bool = False             # sum of all runs, also the uncounted, instead of the median


FAULTS = ("lost", "dup", "reordered", "gaps", "closed", "publish_errors", "warm_faults", "missing", "extra", "failed",
          "foreign")


def faults(result):
    return sum(result.get(name, 0) for name in FAULTS)


def cpu_per_delivery(result):
    return result["server_cpu_s"] * 1e6 / max(1, result["delivered"])


def memory_per_connection(result):
    return (max(result["rss_settled_kb"], result["rss_end_kb"]) - result["rss_before_kb"]) / result["subs"]


def cpu_per_heartbeat(result):
    return result["server_cpu_s"] * 1e6 / max(1, result["heartbeats"])


def fault_row(case):
    return Row(case, "faults, all runs", faults, "%d", (0,), worst=True)


ROWS = [
    Row("p1", "server CPU per delivery, us", cpu_per_delivery, "%.2f", (1.15, 1.0), ratio=True),
    Row("p1", "p99, ms", lambda r: r["p99_ms"], "%.1f", (1.0,), ratio=True),
    fault_row("p1"),
    Row("p2", "server CPU per delivery, us", cpu_per_delivery, "%.2f", (0.4, 0.2), ratio=True),
    Row("p2", "p50, ms", lambda r: r["p50_ms"], "%.2f", (5.0,)),
    fault_row("p2"),
    Row("p3", "resident memory per connection, KB", memory_per_connection, "%.2f", (10.0, 5.0)),
    Row("p3", "CPU per heartbeat, us", cpu_per_heartbeat, "%.2f", (1.5,), ratio=True),
    fault_row("p3"),
    Row("p4", "CPU of A + B + Redis per delivery, us", cpu_per_delivery, "%.2f", (1.0,), ratio=True),
    Row("p4", "p99, ms", lambda r: r["p99_ms"], "%.1f"),
    fault_row("p4"),
    Row("p5", "time until all have all, s", lambda r: r["all_s"], "%.2f", (5.0,)),
    fault_row("p5"),
    Row("p6", "links a second", lambda r: r["links_per_s"], "%.0f", (5000,), at_least=True),
    Row("p6", "p99 until the head, ms", lambda r: r["p99_ms"], "%.1f", (1000.0,)),
    fault_row("p6"),
]


def figure(row, results, uncounted):
    if not results:
        return None
    if row.worst:
        return sum(row.value(result) for result in results + uncounted)
    return statistics.median(row.value(result) for result in results)


def target_text(row):
    sign, what = (">= " if row.at_least else "<= "), (" x nchan" if row.ratio else "")
    return ", then ".join(f"{sign}{target:g}{what}" for target in row.targets) or "-"


def reached_text(row, judged, faulty):
    if judged is None or not row.targets:
        return "-"
    if faulty and not row.worst:
        return "void"
    met = [judged >= target if row.at_least else judged <= target for target in row.targets]
    if all(met):
        return "yes"
    return "first" if met[0] else "no"


def table_row(row, results, uncounted):
    """One line of Markdown; results and uncounted: product -> list of runs."""
    lifeline, nchan = (figure(row, results[name], uncounted[name]) for name in ("lifeline", "nchan"))
    ratio = lifeline / nchan if lifeline is not None and nchan else None
    show = [f"{row.text % value}" if value is not None else "-" for value in (lifeline, nchan)]
    judged = ratio if row.ratio else lifeline
    faulty = any(faults(result) for result in results["lifeline"] + uncounted["lifeline"])
    return (f"| {row.case.upper()} {row.label} | {show[0]} | {show[1]} | {'%.2f' % ratio if ratio else '-'} "
            f"| {target_text(row)} | {reached_text(row, judged, faulty)} |")


def median_of(results, value):
    return statistics.median(value(result) for result in results)


def notes(case, name, results, uncounted):
    """What one needs to know to trust a row: did the server keep up, was the generator the limit, was the box busy."""
    parts = []
    if "offered" in results[0]:
        parts.append("%.0f %% of offered events published" % (
            100 * median_of(results, lambda r: r["published"] / r["offered"])))
        parts.append("publishing late by p99 %.1f ms" % median_of(results, lambda r: r["lag_p99_ms"]))
        parts.append("%.2f server cores busy" % median_of(results, lambda r: r["server_cpu_s"] / r["wall_s"]))
        parts.append("p50 %.2f, p99 %.1f ms" % (
            median_of(results, lambda r: r["p50_ms"]), median_of(results, lambda r: r["p99_ms"])))
    seconds = next((key for key in ("wall_s", "all_s", "hold_s") if key in results[0]), None)
    if seconds:
        share = median_of(results, lambda r: r["client_cpu_s"] / max(0.001, r[seconds]))
        limit = " (the generator is the limit here)" if share > 0.95 else ""
        parts.append("generator CPU %.0f %% of a core%s" % (100 * share, limit))
    if "quiet_cores" in results[0]:
        parts.append("%.4f cores busy with heartbeats, %.4f without connections" % (
            median_of(results, lambda r: r["server_cpu_s"] / r["hold_s"]),
            median_of(results, lambda r: r["quiet_cores"])))
    others = max(result["others_cores"] for result in results)
    parts.append("others used up to %.2f cores%s" % (others, " (not a quiet box)" if others > QUIET_CORES else ""))
    wrong = {key: total for key in FAULTS if (total := sum(r.get(key, 0) for r in results + uncounted))}
    parts.append("faults: " + (", ".join(f"{key} {total}" for key, total in wrong.items()) or "none"))
    return f"- {case} {name}: " + "; ".join(parts)
