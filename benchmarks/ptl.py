"""How fast a trust's tracking list of 100,000 pathways goes from csv to facts, beside pandas reading it.

    python -m benchmarks.ptl

Whole processes in pairs, so that a busy machine slows both alike. The first list has no week before it; the
second also counts the movement between the two. The aim is 100,000 rows a second.
"""

from __future__ import annotations

import csv
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from ingest.extracts.ptl.fields import FIELDS
from ingest.store.database import make_engine, migrate

ROWS, PAIRS = 100_000, 3
WEEKS = (date(2026, 11, 8), date(2026, 11, 15))
_LOAD = """
import sys
from pathlib import Path
from ingest.store.database import make_engine
from ingest.loading.load import LoadOptions, load_path
engine = make_engine(sys.argv[1])
for result in load_path(engine, Path(sys.argv[2]), options=LoadOptions(token_key=b"only for the benchmark")):
    assert result.state == "loaded", result.problems
"""
_READ = """
import sys, pandas
pandas.read_csv(sys.argv[1], dtype=str)
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        files = [_list(here / f"open-{week}.csv", week) for week in WEEKS]
        pairs = [_pair(here / f"{number}.db", files) for number in range(PAIRS)]
    read, first, second = (statistics.median(column) for column in zip(*pairs, strict=True))
    print(f"ptl: pandas reads {ROWS:,} pathways in {read:.2f} s")
    print(f"ptl: the first list in {first:.2f} s, {ROWS / first:,.0f} rows a second")
    print(f"ptl: the next, movement included, in {second:.2f} s, {ROWS / second:,.0f} rows a second")


def _pair(database: Path, files: list[Path]) -> tuple[float, float, float]:
    url = f"sqlite:///{database}"
    engine = make_engine(url)
    migrate(engine)
    engine.dispose()
    read = _timed(_READ, str(files[0]))
    first, second = (_timed(_LOAD, url, str(file)) for file in files)
    return read, first, second


def _timed(program: str, *arguments: str) -> float:
    """Seconds of the whole process."""
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", program, *arguments], check=True, capture_output=True)
    return time.perf_counter() - begun


def _list(path: Path, census: date) -> Path:
    """A list by chance, the same pathways each week: one in thirty of them leaves and another comes."""
    chance = np.random.default_rng(1)
    number = np.arange(ROWS) + (census - WEEKS[0]).days * ROWS // 210
    waited = chance.exponential(130, ROWS).astype(int)
    functions = chance.choice(["100", "101", "110", "120", "130", "160", "301", "330", "410", "502"], ROWS)
    decided, booked = chance.random(ROWS) < 0.17, chance.random(ROWS) < 0.3
    rows = (
        {
            "week_ending": census,
            "nhs_number": f"999{one:07d}",
            "local_patient_id": f"H{one:08d}",
            "birth_date": date(1950, 1, 1) + timedelta(int(one) % 20_000),
            "referral_id": f"RF{one:09d}",
            "pathway_id": f"TH{one:012d}",
            "issuer": "R9A",
            "provider": "R9A",
            "site": f"R9A0{one % 4}",
            "commissioner": "7A3" if one % 200 == 0 else "00X",
            "treatment_function": functions[at],
            "list_type": "IRTT" if decided[at] else "ORTT",
            "clock_start": census - timedelta(int(waited[at])),
            "rtt_status": "20",
            "priority": str(1 + one % 3),
            "decision_to_admit": census - timedelta(int(waited[at]) // 2) if decided[at] else "",
            "tci_date": census + timedelta(int(one) % 40) if decided[at] and booked[at] else "",
            "next_appointment": census + timedelta(int(one) % 60) if booked[at] and not decided[at] else "",
            "last_attended": census - timedelta(int(waited[at]) // 3),
            "last_validated": census - timedelta(int(one) % 120),
        }
        for at, one in enumerate(number)
    )
    with path.open("w", newline="") as stream:
        first = next(rows)
        writer = csv.DictWriter(stream, list(first))
        writer.writerow({key: FIELDS[key].headings[0] for key in first})
        writer.writerow(first)
        writer.writerows(rows)
    return path


if __name__ == "__main__":
    main()
