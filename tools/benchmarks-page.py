#!/usr/bin/env python3
"""Writes the JMH section of docs/benchmarks.md from results.

    jmh-benchmarks/run -rf json -rff target/triad.json triad    # also writes target/triad.json.run
    tools/benchmarks-page.py target/triad.json ...               # all results at once: the section is replaced

Takes JMH's JSON, and rows of `./kiln bench --json` (one object a line, with workload, dtype, peer and median_s). The rest
of the page is left as it is; a page without the section gets it at its end.
"""
import argparse
import json
import os
import re
import statistics
import sys
from pathlib import Path

BEGIN = "<!-- jmh: begin; written by tools/benchmarks-page.py -->"
END = "<!-- jmh: end -->"
PAGE = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"
FORKS = 5  # What the suites ask for; fewer make a short run.
WARM_SECONDS = 8  # Likewise, in each fork.
FIRST_BACKENDS = ["cpu", "interpreter", "java"]
LIBRARIES = ["commons-math3", "ejml-core", "ojalgo", "blas", "nd4j-native", "openblas", "pytorch-engine",
             "pytorch-native-cpu", "jmh-core"]


def read_results(file):
    """A list of JMH's results, or of rows of kiln bench."""
    text = Path(file).read_text()
    if text.lstrip().startswith("["):
        return json.loads(text), []
    rows = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    if not rows or not all({"workload", "dtype", "peer", "median_s"} <= row.keys() for row in rows):
        sys.exit(f"{file} holds neither JMH's JSON (-rf json) nor rows of kiln bench --json")
    return [], rows


def read_facts(file):
    """What the run file beside JMH's results says, or nothing."""
    run = Path(f"{file}.run")
    if not run.exists():
        return {}
    return dict(line.split(": ", 1) for line in run.read_text().splitlines())


def human(microseconds):
    """A time with three digits and a unit."""
    if microseconds >= 1e6:
        return f"{microseconds / 1e6:.3g} s"
    if microseconds >= 1e3:
        return f"{microseconds / 1e3:#.3g} ms".replace(". ", " ")
    return f"{microseconds:#.3g} µs".replace(". ", " ")


def forks(result):
    """The mean of each fork, in microseconds."""
    metric = result["primaryMetric"]
    unit = {"us/op": 1, "ms/op": 1e3, "ns/op": 1e-3, "s/op": 1e6}[metric["scoreUnit"]]
    return [unit * statistics.fmean(fork) for fork in metric["rawData"]]


def cell(means, best):
    """The median over the forks, and from which to which they went."""
    median = statistics.median(means)
    text = human(median)
    if median <= best:
        text = f"**{text}**"
    if len(means) > 1:
        text += f" ({human(min(means))} – {human(max(means))})"
    return text


def table(rows, columns, first):
    """Markdown; rows: label tuple -> column -> list of times."""
    lines = ["| " + " | ".join(first + columns) + " |", "|" + "---|" * (len(first) + len(columns))]
    for label, cells in rows.items():
        best = min(statistics.median(means) for means in cells.values())
        shown = [cell(cells[column], best if len(cells) > 1 else -1) if column in cells else "" for column in columns]
        lines.append("| " + " | ".join([*label, *shown]) + " |")
    return lines


def column(params):
    """Who calculated, with how many threads."""
    if "backend" not in params:
        return "kiln"
    return f"{params['backend']}, {params['threads']}"


def column_order(name):
    backend, _, threads = name.partition(", ")
    first = FIRST_BACKENDS.index(backend) if backend in FIRST_BACKENDS else len(FIRST_BACKENDS)
    return first, backend, threads


def numeric(text):
    return (0, int(text), "") if text.isdigit() else (1, 0, text)


def suite_lines(suite, results):
    lines = ["", f"### {suite}", ""]
    cells = {}
    names = sorted({name for r in results for name in r.get("params", {})} - {"backend", "threads"})
    for result in results:
        params = result.get("params", {})
        label = (result["benchmark"].rsplit(".", 1)[1], *(params.get(name, "") for name in names))
        cells.setdefault(label, {})[column(params)] = forks(result)
    rows = {label: cells[label] for label in sorted(cells, key=lambda label: [numeric(part) for part in label])}
    columns = sorted({name for row in rows.values() for name in row}, key=column_order)
    counts = sorted({len(means) for row in rows.values() for means in row.values()})
    if counts[0] < FORKS:
        counted = " to ".join(str(count) for count in dict.fromkeys((counts[0], counts[-1])))
        lines += [f"*A short run, for orientation: {counted} of {FORKS} forks.*", ""]
    warm = min(warm_seconds(result) for result in results)
    if warm < WARM_SECONDS:
        lines += [f"*Warmed up for {warm:.2g} of {WARM_SECONDS} seconds: what compiles code while it runs, as Kiln does, "
                  "looks slower than it is.*", ""]
    return lines + table(rows, columns, ["benchmark", *names])


def bench_lines(rows):
    cells = {}
    for row in rows:
        label = (row["workload"], row["dtype"])
        cells.setdefault(label, {})[row["peer"]] = [1e6 * row["median_s"]]
    peers = sorted({row["peer"] for row in rows})
    return ["", "### kiln bench", "", *table(cells, peers, ["workload", "dtype"])]


def warm_seconds(result):
    number, unit = result["warmupTime"].split()
    return result["warmupIterations"] * float(number) * {"s": 1, "ms": 1e-3, "us": 1e-6, "ns": 1e-9}[unit]


def timing(result):
    return (f"{result['forks']} × ({result['warmupIterations']} × {result['warmupTime']} to warm up, "
            f"{result['measurementIterations']} × {result['measurementTime']} measured)")


def versions(facts):
    """The libraries that took part, from the names of their jars."""
    found = {}
    for jar in facts.get("libraries", "").split(", "):
        match = re.fullmatch(r"(.+?)-(\d[\w.]*?(?:-[\dM][\w.]*)?)(?:-linux-x86_64)?", jar)
        if match and match[1] in LIBRARIES:
            found[match[1]] = match[2]
    return found


def section(files):
    results, rows, all_facts = [], [], []
    for file in files:
        found, found_rows = read_results(file)
        results += found
        rows += found_rows
        all_facts.append(read_facts(file))
    if not results and not rows:
        sys.exit(f"no results in {', '.join(map(str, files))}")
    facts = [f for f in all_facts if f]
    libraries = {name: version for f in facts for name, version in versions(f).items()}
    machines = {f"{f['processor']}, {f['cores']} cores, {f['memory']}; {f['system']}; {f['java']}" for f in facts}
    lines = [BEGIN, "## On the JVM", "",
             "Time of one call: the median over forks (JVMs), and in parentheses the fastest and the slowest fork; "
             "the best of a row is bold. Every answer was checked before it was timed. Columns say who calculated and with how "
             "many threads: `cpu` is Kiln, `java` plain loops, `all` one thread for each core. A field is empty where "
             "that was not timed or is not offered.", ""]
    lines += [f"- Machine: {machine}" for machine in sorted(machines)]
    if libraries:
        lines.append("- Versions: " + ", ".join(f"{name} {version}" for name, version in sorted(libraries.items())))
    if facts:
        lines.append("- Commits: " + ", ".join(sorted({f"`{f['commit']}` ({f['date']})" for f in facts})))
    if results:
        lines.append("- Timed: " + "; ".join(sorted({timing(result) for result in results})))
    commands = list(dict.fromkeys(f["command"] for f in facts))
    if commands:
        lines += ["", "```sh", *commands, "```"]
    suites = {}
    for result in results:
        suites.setdefault(result["benchmark"].split(".")[-2], []).append(result)
    for suite in sorted(suites):
        lines += suite_lines(suite, suites[suite])
    if rows:
        lines += bench_lines(rows)
    return "\n".join([*lines, END]) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("results", nargs="+", help="JSON files")
    parser.add_argument("--page", type=Path, default=PAGE)
    options = parser.parse_args()
    page = options.page.read_text() if options.page.exists() else "# Benchmarks\n"
    written = section(options.results)
    if BEGIN in page and END in page:
        before, rest = page.split(BEGIN, 1)
        after = rest.split(END, 1)[1].lstrip("\n")
        page = before + written + ("\n" + after if after else "")
    else:
        page = page.rstrip("\n") + "\n\n" + written
    part = options.page.with_suffix(".part")
    part.write_text(page)
    os.replace(part, options.page)


if __name__ == "__main__":
    main()
