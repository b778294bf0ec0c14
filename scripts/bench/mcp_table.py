"""The table of the MCP cases: which figure is compared with whose, and what it has to be."""
import statistics
from dataclasses import dataclass
from typing import Callable

from box import QUIET_CORES

FAULTS = ("lost", "wrong", "refused", "broken", "warm_faults", "failed", "miscounted", "closed", "dup", "foreign",
          "stalled", "unresumed")


def faults(result):
    left = max(0, result["cut"] - result["resumed"]) if "cut" in result else 0
    return dict({name: result[name] for name in FAULTS if result.get(name)}, **({"unresumed": left} if left else {}))


@dataclass
class Row:
    case: str                       # the case, and after a dash which part of it
    label: str
    value: Callable[[dict], float]  # figure of one run
    text: str                       # how it is shown
    beside: str = ""                # the product it is compared with
    how: str = ""                   # "+": what is added to it, "%": the same in per cent, "x": how many times it
    targets: tuple = ()             # first target, then the stricter one
    at_least: bool = False


def mb_above_idle(result):
    return (max(result["rss_settled_kb"], result["rss_end_kb"]) - result["rss_before_kb"]) / 1000


def cpu_per_call(result):
    return 1e6 * result["server_cpu_s"] / max(1, result["answered"])


ROWS = [
    Row("p7", "p50 of a call, ms", lambda r: r["p50_ms"], "%.3f", "direct", "+", (0.5,)),
    Row("p7", "p95 of a call, ms", lambda r: r["p95_ms"], "%.3f", "direct", "+", (1.0,)),
    Row("p7", "p50 of a call, ms", lambda r: r["p50_ms"], "%.3f", "contextforge", "x", (1.0,)),
    Row("p7", "server CPU per call, us", cpu_per_call, "%.0f", "contextforge", "x", (1.0,)),
    Row("p7-sleep10", "p95 of a 10 ms call, ms", lambda r: r["p95_ms"], "%.3f", "direct", "%", (5.0,)),
    Row("p8", "calls a second", lambda r: r["calls_per_s"], "%.0f", "supergateway", "x", (5.0,), True),
    Row("p8", "calls a second", lambda r: r["calls_per_s"], "%.0f", "mcp-proxy", "x", (5.0,), True),
    Row("p9", "memory above idle, MB", mb_above_idle, "%.1f", targets=(100.0, 30.0)),
    Row("p10", "p50 of a call, ms", lambda r: r["p50_ms"], "%.3f", "one-node", "+", (1.5,)),
    Row("p11", "p99 until resumed elsewhere, ms", lambda r: r["p99_ms"], "%.0f", targets=(3000.0,)),
]
COMPARED = {"+": lambda own, other: own - other, "%": lambda own, other: 100 * (own / other - 1),
            "x": lambda own, other: own / other, "": lambda own, other: own}
SHOWN = {"+": "%+.3f", "%": "%+.1f %%", "x": "x %.1f", "": "-"}


def _median(row, results):
    return statistics.median(row.value(result) for result in results) if results else None


def _show(text, value):
    return text % value if value is not None else "-"


def _targets(row):
    sign = ">= " if row.at_least else "< "
    return ", then ".join(sign + {"+": "+", "x": "x ", "%": "", "": ""}[row.how] + f"{target:g}"
                          + (" %" if row.how == "%" else "") for target in row.targets)


def _reached(row, judged, faulty):
    if judged is None:
        return "-"
    if faulty:
        return "void"
    met = [judged >= target if row.at_least else judged < target for target in row.targets]
    return "yes" if all(met) else "first" if met[0] else "no"


def _row(row, results, uncounted):
    own, other = (_median(row, results.get((row.case, name))) for name in ("lifeline", row.beside))
    known = own is not None and (other or not row.beside)
    judged = COMPARED[row.how](own, other) if known else None
    mine = (row.case, "lifeline")
    faulty = any(faults(result) for kept in (results, uncounted) for result in kept.get(mine, ()))
    compared = SHOWN[row.how] % judged if judged is not None and row.how else "-"
    return (f"| {row.case.upper()} {row.label} | {_show(row.text, own)} | {row.beside or '-'} | {_show(row.text, other)} "
            f"| {compared} | {_targets(row)} | {_reached(row, judged, faulty)} |")


def _faults_row(case, results, uncounted):
    mine = [(kept, key) for kept in (results, uncounted) for key in kept if key[0].split("-")[0] == case
            and key[1] == "lifeline"]
    if not mine:
        return f"| {case.upper()} faults, all runs | - | - | - | - | 0 | - |"
    total = sum(sum(faults(result).values()) for kept, key in mine for result in kept[key])
    return f"| {case.upper()} faults, all runs | {total} | - | - | - | 0 | {'no' if total else 'yes'} |"


def print_rows(results, uncounted, cases):
    chosen = [row for row in ROWS if row.case.split("-")[0] in cases]
    chosen = [row for row in chosen if row.beside != "contextforge" or (row.case, row.beside) in results]
    if chosen:
        print("\n| case | lifeline | beside | there | compared | target | reached |")
        print("|---|---|---|---|---|---|---|")
    for at, row in enumerate(chosen):
        print(_row(row, results, uncounted))
        case = row.case.split("-")[0]
        if at + 1 == len(chosen) or chosen[at + 1].case.split("-")[0] != case:
            print(_faults_row(case, results, uncounted))


# ---- notes: what one needs to know to trust a row ----

def _calls_note(middle):
    return ["%.0f calls a second" % middle("calls_per_s"),
            "p50 %.3f, p95 %.3f, p99 %.3f ms" % (middle("p50_ms"), middle("p95_ms"), middle("p99_ms")),
            "%.0f us of server CPU a call" % (1e6 * middle("server_cpu_s") / max(1, middle("answered"))),
            "generator CPU %.0f %% of a core" % (100 * middle("client_cpu_s") / middle("wall_s"))]


def _hold_note(middle):
    return ["%.0f streams up after %.1f s" % (middle("up"), middle("open_s")),
            "%.1f MB idle, %.1f MB held" % (middle("rss_before_kb") / 1000, middle("rss_end_kb") / 1000)]


def _follow_note(middle):
    return ["%.0f of %.0f streams cut, %.0f resumed" % (middle("cut"), middle("sessions"), middle("resumed")),
            "response head after p50 %.0f, p99 %.0f ms, next event after p50 %.0f, p99 %.0f, at most %.0f ms" % tuple(
                middle(key) for key in ("head_p50_ms", "head_p99_ms", "p50_ms", "p99_ms", "max_ms")),
            "latest event: %.0f ms late on a cut stream, %.0f ms on another" % (
                middle("late_cut_max_ms"), middle("late_kept_max_ms"))]


NOTES = {"calls": _calls_note, "hold": _hold_note, "follow": _follow_note}


def note(case, name, results, uncounted):
    parts = NOTES[results[0]["mode"]](lambda key: statistics.median(result[key] for result in results))
    others = max(result["others_cores"] for result in results)
    parts.append("others used up to %.2f cores%s" % (others, " (not a quiet box)" if others > QUIET_CORES else ""))
    wrong = {}
    for result in results + uncounted:
        for key, count in faults(result).items():
            wrong[key] = wrong.get(key, 0) + count
    parts.append("faults: " + (", ".join(f"{key} {count}" for key, count in wrong.items()) or "none"))
    return f"- {case} {name}: " + "; ".join(parts)
