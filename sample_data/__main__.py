"""`python -m sample_data FOLDER [--until DATE]`: write the sample into a folder."""

import argparse
import sys
from datetime import date, datetime
from pathlib import Path

from rtt.terms.calendar import LONDON
from rtt.terms.wording import plural
from sample_data import build
from sample_data.simulation import SEED


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m sample_data", description="Write the sample data.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--until", type=date.fromisoformat, help="default: today")
    parser.add_argument("--seed", type=int, default=SEED)
    wanted = parser.parse_args()
    until = wanted.until or datetime.now(LONDON).date()
    files = build(wanted.folder, until=until, seed=wanted.seed)
    written = (
        f"{plural(len(files.monthly), 'monthly extract')} and {plural(len(files.open), 'weekly snapshot')}"
    )
    sys.stdout.write(f"{written} in {wanted.folder}\n")


if __name__ == "__main__":
    main()
