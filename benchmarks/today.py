"""One line of the table that `make bench` ends with: what some work costs this build, beside an earlier one.

"Today's" build is the earlier one: a checkout with its own .venv, given as an argument or in RTT_BENCH_TODAY.
Without one only this build is measured. A line is printed as a row of a Markdown table, which
`benchmarks/__main__.py` collects. A benchmark tells the row itself (`tell`), or has both builds work in turns
(`compare`), so that a busy machine slows both alike.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
from collections.abc import Callable, Mapping
from math import log
from pathlib import Path

HOW_TO_HAVE_IT = """To compare it with version 1.0.0, check that out and set it up (minutes, once):
    git worktree add ../today 25bcba3 && make -C ../today setup
and then: make bench RTT_BENCH_TODAY=../today"""

YOURS = Path(__file__).resolve().parents[1]
PAIRS = 5
GROWTH = "- "
"""How a line of growth begins."""
RTT = "import sys; from dashboard.cli import main; sys.exit(main())"  # as `rtt` is installed


def checkout() -> Path | None:
    """Today's checkout: the first argument that is one, else RTT_BENCH_TODAY, else none."""
    given = [*sys.argv[1:], os.environ.get("RTT_BENCH_TODAY", "")]
    return next((Path(each).resolve() for each in given if each and (Path(each) / ".venv").is_dir()), None)


def tell(work: str, *, today: float | None, yours: float, target: float) -> None:
    """Prints the row. `work` names its unit ("rtt --help, CPU s"); the target is of the ratio."""
    ratio = "" if today is None else f"{yours / today:.2f}"
    wanted = f"at {'least' if target > 1 else 'most'} {target:g}"  # of rates, of costs
    print(f"| {work} | {_written(today)} | {_written(yours)} | {ratio} | {wanted} |", flush=True)


def compare(work: str, measure: Callable[[Path], float], *, target: float, pairs: int = PAIRS) -> None:
    """Measures both in turns, and tells the medians. `measure` gets the checkout that is to work."""
    builds = [each for each in (checkout(), YOURS) if each]
    turns = [[measure(each) for each in builds] for _ in range(pairs)]
    *earlier, yours = (statistics.median(each) for each in zip(*turns, strict=True))
    tell(work, today=earlier[0] if earlier else None, yours=yours, target=target)


def tell_growth(work: str, costs: Mapping[int, float]) -> None:
    """Prints how a cost grows with its data (months, pathways), by the smallest and the largest size."""
    (small, first), *_, (large, last) = sorted(costs.items())
    power = log(last / first) / log(large / small)
    told = ", ".join(f"{_written(cost)} at {size:,}" for size, cost in sorted(costs.items()))
    print(f"{GROWTH}{work}: {told}; grows as its data to the power of {power:.2f}", flush=True)


def processor_seconds(build: Path, program: str, *arguments: str, **environment: str) -> float:
    """User and system seconds of a program of that checkout, and of all that it starts and waits for."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    ran = subprocess.run(
        [build / ".venv/bin/python", "-c", program, *arguments],
        cwd=build,
        env=os.environ | environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    if ran.returncode:
        raise OSError(f"{build}: {arguments} ended with {ran.returncode}: {ran.stderr}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _written(figure: float | None) -> str:
    return "" if figure is None else f"{figure:,.0f}" if figure >= 100 else f"{figure:.3g}"
