"""What `rtt load` of a PTL costs the processor, beside an earlier build, and how it grows.

    python -m benchmarks.ptl [CHECKOUT of today's build]

Both builds in turns. The first list has no week before it; the second also counts the movement between
the two. Of a few pathways the start of Python and its libraries is nearly all.
"""

from __future__ import annotations

import csv
import statistics
import tempfile
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from benchmarks.today import PAIRS, RTT, YOURS, checkout, processor_seconds, tell, tell_growth
from ingest.extracts.ptl.fields import FIELDS

SIZES = (5_000, 20_000, 50_000, 100_000)
WEEKS = (date(2026, 11, 8), date(2026, 11, 15))
WORK = ("first PTL", "next PTL, with movement")
TARGET = 0.6


def main() -> None:
    builds = [each for each in (checkout(), YOURS) if each]
    grown: dict[str, dict[int, float]] = {work: {} for work in WORK}
    with tempfile.TemporaryDirectory() as folder:
        for size in SIZES:
            files = [_list(Path(folder) / f"open-{week}.csv", week, size) for week in WEEKS]
            turns = [[_loaded(build, files) for build in builds] for _ in range(PAIRS)]
            for at, work in enumerate(WORK):
                *today, yours = (
                    statistics.median(turn[build][at] for turn in turns) for build in range(len(builds))
                )
                told = f"{work} of {size:,}, CPU s"
                tell(told, today=today[0] if today else None, yours=yours, target=TARGET)
                grown[work][size] = yours
    for work, costs in grown.items():
        tell_growth(f"{work}, CPU s by pathways", costs)


def _loaded(build: Path, files: list[Path]) -> list[float]:
    """Processor seconds of that build for each list, into a new database."""
    with tempfile.TemporaryDirectory() as home:
        url = f"sqlite:///{home}/rtt.db"
        return [
            processor_seconds(build, RTT, "load", str(file), RTT_DATABASE_URL=url, RTT_HOME=home)
            for file in files
        ]


def _list(path: Path, census: date, size: int) -> Path:
    """A list by chance, the same pathways each week: one in thirty of them leaves and another comes."""
    chance = np.random.default_rng(1)
    number = np.arange(size) + (census - WEEKS[0]).days * size // 210
    waited = chance.exponential(130, size).astype(int)
    functions = chance.choice(["100", "101", "110", "120", "130", "160", "301", "330", "410", "502"], size)
    decided, booked = chance.random(size) < 0.17, chance.random(size) < 0.3
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
