#!/usr/bin/env python3
"""Puts the results of the accuracy sweeps into the table of docs/numerics.md.

    mvn -Pexhaustive -pl backends-cpu -am test | tee sweep.log
    python3 tools/accuracy-table.py sweep.log [more logs ...]

Reads the rows that the sweeps print: function, dtype, largest error, where, of how many arguments, seed. Of several rows for
a function and dtype the largest error counts, and the sum of the arguments, as long as their seeds differ. Cells without a
row in the logs stay as they are.
"""

import re
import sys
from pathlib import Path

DOCS = Path(__file__).parent.parent / "docs" / "numerics.md"
HEADER = "| function | bound | float32 | at | of | float64 | at | of |"
ROW = re.compile(r"^\| ([^|]+) \| (float32|float64) \| ([0-9.]+|Infinity) \| ([^|]+) \| (\d+) \| (\d+) \|$")


def results(logs):
    """(function, dtype) to the largest error, where it was found, and the number of arguments."""
    found = {}
    for log in logs:
        for line in Path(log).read_text().splitlines():
            match = ROW.match(line)
            if match:
                function, dtype, error, place, count, seed = match.groups()
                seeds = found.setdefault((function, dtype), {})
                seeds[seed] = max(seeds.get(seed, (0.0, "", 0)), (float(error), place, int(count)))
    return {key: (*max(seeds.values())[:2], sum(s[2] for s in seeds.values())) for key, seeds in found.items()}


def cells(error, place, count):
    of = "2³²" if count >= 1 << 32 else f"{count / 1e6:.0f} million"
    return [f"{error:.4f}", f"`{place}`", of]


def main(logs):
    lines = DOCS.read_text().split("\n")
    found = results(logs)
    at = lines.index(HEADER) + 2
    while lines[at].startswith("|"):
        row = [cell.strip() for cell in lines[at].strip("|").split("|")]
        for dtype, column in (("float32", 2), ("float64", 5)):
            result = found.pop((row[0], dtype), None)
            if result:
                row[column : column + 3] = cells(*result)
        lines[at] = "| " + " | ".join(row) + " |"
        at += 1
    if found:
        sys.exit(f"The table in {DOCS} has no row for {sorted(found)}: add one, with the bound that is promised.")
    DOCS.write_text("\n".join(lines))


if __name__ == "__main__":
    main(sys.argv[1:])
