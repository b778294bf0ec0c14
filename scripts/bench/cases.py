"""From raw results to the table: which figure of a case is compared, with what target."""
import statistics
from dataclasses import dataclass
from typing import Callable

import peers
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
          "foreign", "refused", "uncut")


def faults(result):
    return sum(result.get(name, 0) for name in FAULTS)


def cpu_per_delivery(result):
    return result["server_cpu_s"] * 1e6 / max(1, result["delivered"])


def memory_per_connection(result):
    return (max(result["rss_settled_kb"], result["rss_end_kb"]) - result["rss_before_kb"]) / result["subs"]


def cpu_per_heartbeat(result):
    return result["server_cpu_s"] * 1e6 / max(1, result["heartbeats"])


def grown(result, what):
    """None where there is no such figure: a heap is a thing of Java."""
    begin, end = (result.get(f"{what}_{when}_kb") for when in ("begin", "end"))
    return None if begin is None or end is None else (end - begin) / 1000


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
    Row("p12", "server CPU per delivery, us", cpu_per_delivery, "%.2f"),
    Row("p12", "p99 from asking again until the next event, ms", lambda r: r["resume_p99_ms"], "%.1f"),
    Row("p12", "live heap, begin to end, MB", lambda r: grown(r, "heap"), "%+.1f", (2.0,)),
    Row("p12", "resident memory, begin to end, MB", lambda r: grown(r, "rss"), "%+.1f"),
    fault_row("p12"),
]


def figure(row, results, uncounted):
    if not results:
        return None
    if row.worst:
        return sum(row.value(result) for result in results + uncounted)
    values = [value for value in map(row.value, results) if value is not None]
    return statistics.median(values) if values else None


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


def table_row(row, names, results, uncounted):
    """One line of Markdown; results and uncounted: product -> list of runs."""
    figures = {name: figure(row, results[name], uncounted[name]) for name in names}
    lifeline, nchan = figures.get("lifeline"), figures.get("nchan")
    ratio = lifeline / nchan if lifeline is not None and nchan else None
    judged = ratio if row.ratio else lifeline
    faulty = any(faults(result) for result in results.get("lifeline", []) + uncounted.get("lifeline", []))
    shown = " | ".join(shown_figure(row, figures[name], results[name] + uncounted[name]) for name in names)
    return (f"| {row.case.upper()} {row.label} | {shown} | {'%.2f' % ratio if ratio else '-'} "
            f"| {target_text(row)} | {reached_text(row, judged, faulty)} |")


def shown_figure(row, value, runs):
    """A figure of one that was at fault is shown, since there is no other, and marked: it did not do what was asked."""
    if value is None:
        return "-"
    return row.text % value + (" (faults)" if not row.worst and any(faults(result) for result in runs) else "")


def print_rows(run, chosen):
    rows = [row for row in ROWS if row.case in chosen]
    if not rows:
        return
    names = run.named(peers.SSE if run.peers else peers.ALWAYS)
    print("\n| case | " + " | ".join(names) + " | ratio | target | reached |")
    print("|---|" + "---|" * len(names) + "---|---|---|")
    for row in rows:
        kept = ({name: kept.get((row.case, name), []) for name in names} for kept in (run.results, run.uncounted))
        print(table_row(row, names, *kept))


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
    if "cuts" in results[0]:
        parts.append("%.0f cuts, %.0f of them resumed elsewhere, on %d node%s" % (
            median_of(results, lambda r: r["cuts"]), median_of(results, lambda r: r["elsewhere"]), results[0]["nodes"],
            "s" if results[0]["nodes"] > 1 else ""))
        slopes = [r["rss_slope_kb_min"] for r in results if r["rss_slope_kb_min"] is not None]
        parts.append("resident memory %.1f MB at the begin, %.1f at the end%s" % (
            median_of(results, lambda r: r["rss_begin_kb"]) / 1000, median_of(results, lambda r: r["rss_end_kb"]) / 1000,
            ", %+.2f MB a minute in the second half" % (statistics.median(slopes) / 1000) if slopes else ""))
        if results[0]["heap_begin_kb"] is not None:
            parts.append("live heap after a forced collection %.1f MB, then %.1f" % (
                median_of(results, lambda r: r["heap_begin_kb"]) / 1000, median_of(results, lambda r: r["heap_end_kb"]) / 1000))
    if "quiet_cores" in results[0]:
        parts.append("%.4f cores busy with heartbeats, %.4f without connections" % (
            median_of(results, lambda r: r["server_cpu_s"] / r["hold_s"]),
            median_of(results, lambda r: r["quiet_cores"])))
    others = max(result["others_cores"] for result in results)
    parts.append("others used up to %.2f cores%s" % (others, " (not a quiet box)" if others > QUIET_CORES else ""))
    wrong = {key: total for key in FAULTS if (total := sum(r.get(key, 0) for r in results + uncounted))}
    parts.append("faults: " + (", ".join(f"{key} {total}" for key, total in wrong.items()) or "none"))
    return f"- {case} {name}: " + "; ".join(parts)
