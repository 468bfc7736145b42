"""Every benchmark, one after the other, each a process of its own: `make bench`."""

import subprocess
import sys
from pathlib import Path

from dashboard.cli.demo import build_demo
from dashboard.settings.settings import from_environment
from dashboard.store.served import holding, served_url


def main() -> int:
    shown = holding(served_url(from_environment()))
    if shown is None or not shown.extracts:
        build_demo()  # what the pages and the packs are drawn from
    here = Path(__file__).parent
    others = (
        "__main__",
        "beside",
        "false_alarms",
        "house",
        "same_outputs",
        "ten_years_made",
    )  # not benchmarks: asked for by name
    names = sorted(path.stem for path in here.glob("*.py") if path.stem not in others)
    failed = []
    for name in names:
        print(f"== benchmarks.{name}", flush=True)
        if subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False).returncode:
            failed.append(name)
    if failed:
        print(f"Did not finish: {', '.join(failed)}", file=sys.stderr)
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
