"""`python -m sample_data FOLDER [--until DATE]`: write the sample into a folder."""

import argparse
from datetime import date
from pathlib import Path

from sample_data import build


def main() -> None:
    """Parse the command line, build, and say what was written."""
    parser = argparse.ArgumentParser(prog="python -m sample_data", description="Write the sample data.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--until", type=date.fromisoformat, default=date.today(), help="default: today")
    parser.add_argument("--seed", type=int, default=20261)
    wanted = parser.parse_args()
    files = build(wanted.folder, until=wanted.until, seed=wanted.seed)
    print(f"{len(files.monthly)} monthly extracts and {len(files.open)} weekly snapshots in {wanted.folder}")


if __name__ == "__main__":
    main()
