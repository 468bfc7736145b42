"""What `rtt forecast` of 36 months costs the processor, beside an earlier build: with its plans, and without.

    python -m benchmarks.forecast [CHECKOUT of today's build] [FOLDER of published files] [PAIRS]

The months are the twelve published ones, each in the layout of its time (`benchmarks.ten_years_made`). Each
build loads them into its own database, and forecasts copies of it, in turns. Version 1.0.0 makes no plans, so
its cost stands beside both.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks import ten_years_made as made
from benchmarks.load import PUBLISHED
from benchmarks.today import RTT, YOURS, checkout, processor_seconds, tell

MONTHS, PAIRS = 36, 1
WITHOUT_PLANS = (
    f"from dashboard.cli import forecasting; forecasting.make_plans = lambda *_, **__: None; {RTT}"
)


def main() -> None:
    given = [Path(each) for each in sys.argv[1:] if (Path(each) / "national").is_dir()]
    published = made.published_months((given or [PUBLISHED])[0] / "national")
    if not published:
        sys.exit("no published months: nothing to measure")
    pairs = next((int(each) for each in sys.argv[1:] if each.isdigit()), PAIRS)
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        files = made.make(published, made.months()[-MONTHS:], here)
        loaded = {build: here / str(at) for at, build in enumerate((checkout(), YOURS)) if build}
        for build, home in loaded.items():
            home.mkdir()
            processor_seconds(build, RTT, "load", *map(str, files), RTT_HOME=str(home))

        def seconds(build: Path, program: str = RTT) -> float:
            copy = Path(shutil.copytree(loaded[build], here / "copy", dirs_exist_ok=True))
            return processor_seconds(build, program, "forecast", RTT_HOME=str(copy))

        today = checkout()
        turns = [
            (seconds(today) if today else None, seconds(YOURS), seconds(YOURS, WITHOUT_PLANS))
            for _ in range(pairs)
        ]
    earlier = statistics.median([each[0] for each in turns if each[0] is not None] or [0.0]) or None
    for at, work in ((1, f"rtt forecast of {MONTHS} months, CPU s"), (2, "the same without plans, CPU s")):
        tell(work, today=earlier, yours=statistics.median(each[at] for each in turns), target=0.5)


if __name__ == "__main__":
    main()
