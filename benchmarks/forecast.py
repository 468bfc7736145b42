"""What `rtt forecast` of 36 months costs the processor, beside an earlier build.

    python -m benchmarks.forecast [CHECKOUT of today's build] [FOLDER of published files]

The months are the twelve published ones, each in the layout of its time (`benchmarks.ten_years_made`). Each
build loads them into its own database, and forecasts copies of it. Version 1.0.0 makes no plans with it.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from benchmarks import ten_years_made as made
from benchmarks.load import PUBLISHED
from benchmarks.today import RTT, YOURS, checkout, compare, processor_seconds

MONTHS, PAIRS = 36, 1


def main() -> None:
    given = [Path(each) for each in sys.argv[1:] if (Path(each) / "national").is_dir()]
    published = made.published_months((given or [PUBLISHED])[0] / "national")
    if not published:
        sys.exit("no published months: nothing to measure")
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        files = made.make(published, made.months()[-MONTHS:], here)
        loaded = {build: here / str(at) for at, build in enumerate((checkout(), YOURS)) if build}
        for build, home in loaded.items():
            home.mkdir()
            processor_seconds(build, RTT, "load", *map(str, files), RTT_HOME=str(home))

        def seconds(build: Path) -> float:
            copy = Path(shutil.copytree(loaded[build], here / "copy", dirs_exist_ok=True))
            return processor_seconds(build, RTT, "forecast", RTT_HOME=str(copy))

        compare(f"rtt forecast of {MONTHS} months, CPU s", seconds, target=0.5, pairs=PAIRS)


if __name__ == "__main__":
    main()
