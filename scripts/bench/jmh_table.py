"""Makes a table of JMH's results: one line a benchmark."""

import json
import sys


def amount(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"


def row(result):
    name = ".".join(result["benchmark"].split(".")[-2:])
    params = " ".join(f"{k}={v}" for k, v in result.get("params", {}).items())
    time = result["primaryMetric"]
    error = time["scoreError"]
    spread = f"{100 * error / time['score']:.0f} %" if isinstance(error, float) and error == error else "-"
    metrics = result["secondaryMetrics"]
    allocated = next(m["score"] for k, m in metrics.items() if k.endswith("gc.alloc.rate.norm"))
    return name, params, amount(time["score"]), spread, amount(allocated)


def main():
    with open(sys.argv[1]) as file:
        results = json.load(file)
    print("| benchmark | of | ns | +- | bytes allocated |")
    print("|---|---|---:|---:|---:|")
    for result in results:
        print("| " + " | ".join(row(result)) + " |")


main()
