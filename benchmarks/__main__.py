"""Every benchmark, each a process of its own, then one table of what they compared: `make bench`.

    python -m benchmarks [CHECKOUT of today's build] [NAME...]

RTT_BENCH_TODAY may name the checkout instead. Without one the table has only this build's figures.
"""

import os
import subprocess
import sys
from pathlib import Path

from benchmarks.today import GROWTH, HOW_TO_HAVE_IT, checkout
from dashboard.cli.demo import build_demo
from dashboard.settings.settings import from_environment
from dashboard.store.served import holding, served_url

# Not benchmarks, or asked for by name.
OTHERS = {
    "__main__",
    "addresses",
    "beside",
    "false_alarms",
    "house",
    "lake",
    "lake_sql",
    "processes",
    "same_outputs",
    "served",
    "ten_years_made",
    "today",
}
HEADING = ("work", "today", "yours", "ratio", "target")


def main() -> int:
    shown = holding(served_url(from_environment()))
    if shown is None or not shown.extracts:
        build_demo()  # what the pages and the packs are drawn from
    today = checkout()
    if today:
        os.environ["RTT_BENCH_TODAY"] = str(today)
    known = sorted({path.stem for path in Path(__file__).parent.glob("*.py")} - OTHERS)
    asked = [name for name in sys.argv[1:] if name in known] or known
    rows: list[tuple[str, ...]] = [HEADING]
    growth: list[str] = []
    failed = []
    for name in asked:
        print(f"== benchmarks.{name}", flush=True)
        told, of_growth, ended = run(name)
        rows += told
        growth += of_growth
        if ended:
            failed.append(name)
    print(table(rows), *growth, sep="\n")
    if not today:
        print(f"\nOnly this build was measured. {HOW_TO_HAVE_IT}")
    if failed:
        print(f"Did not finish: {', '.join(failed)}", file=sys.stderr)
    return bool(failed)


def run(name: str) -> tuple[list[tuple[str, ...]], list[str], int]:
    """The rows that a benchmark tells and its lines of growth; how it ended. All it prints is passed on."""
    rows, growth = [], []
    command = [sys.executable, "-m", f"benchmarks.{name}"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        for line in running.stdout:
            print(line, end="", flush=True)
            if line.startswith("| "):
                rows.append(tuple(cell.strip() for cell in line.strip().strip("|").split("|")))
            if line.startswith(GROWTH):
                growth.append(line.rstrip())
    return rows, growth, running.returncode


def table(rows: list[tuple[str, ...]]) -> str:
    """As Markdown: the heading is the first row, figures stand to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [[row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])] for row in rows]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    return "\n".join(f"| {' | '.join(line)} |" for line in (lines[0], rule, *lines[1:]))


if __name__ == "__main__":
    sys.exit(main())
