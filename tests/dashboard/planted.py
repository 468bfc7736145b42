"""Invented tracking lists full of small cells, and what any question about one of them comes to.

The lists are loaded as files are; the counts here are made from the rows that were written, and of nothing
that the product made of them.
"""

import random
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from sqlalchemy import Engine

from ingest.extracts import LoadOptions
from ingest.loading.load import load_path
from tests.tracking_lists import CENSUS, KEY, as_csv, pathway, start, stop

FUNCTIONS = ("100", "101", "110", "120", "130", "140", "160", "300", "320", "330")
SITES = ("R9A01", "R9A02", "R9A03")
PRIORITIES = ("1", "2", "3", "")
WELSH = "7A3"
UNKNOWN, LAST = -1, 104  # the week band of no known clock start; the open band


@dataclass(frozen=True)
class Cell:
    """Where a pathway is counted. `part`: 2 for the list, 1A, 1B, 3; `decided`: has a decision to admit."""

    part: str
    basis: str
    function: str
    site: str
    stage: str
    priority: str
    decided: bool
    band: int


class Planted:
    """A list: its cells, how many pathways each holds, and the questions that are asked of it."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.rows, counted = _rows(random.Random(seed))
        self.cells = sorted(counted, key=repr)
        self.counts = np.array([counted[cell] for cell in self.cells])
        self._of = {
            name: np.array([getattr(cell, name) for cell in self.cells]) for name in Cell.__dataclass_fields__
        }

    def question(
        self, *, part="2", basis=("english",), first=UNKNOWN, after=LAST + 1, **filters
    ) -> np.ndarray:
        """The cells that a count takes in: 1 for each, 0 for every other. A filter () is of all."""
        found = (self._of["band"] >= first) & (self._of["band"] < after) & np.isin(self._of["basis"], basis)
        found &= np.isin(self._of["part"], part if isinstance(part, tuple) else (part,))
        for name, values in filters.items():
            if values not in ((), "", None):
                found &= np.isin(self._of[name], values if isinstance(values, tuple) else (values,))
        return found.astype(float)

    def count(self, question: np.ndarray) -> int:
        return int(question @ self.counts)

    def load(self, engine: Engine, folder: Path) -> None:
        """Load the list and the flows of its week, as files in the folder, into a migrated database."""
        for section, rows in self.rows.items():
            path = folder / f"{section}-{CENSUS:%Y%m%d}.csv"
            path.write_bytes(as_csv(rows))
            (result,) = load_path(engine, path, options=LoadOptions(token_key=KEY))
            assert result.state == "loaded", result.problems


def _rows(chance: random.Random) -> tuple[dict[str, list[dict[str, str]]], Counter[Cell]]:
    functions = chance.sample(FUNCTIONS, chance.randrange(6, len(FUNCTIONS) + 1))
    heavy = [chance.choice([0.1, 0.4, 1, 3, 8]) for _ in functions]
    rows: dict[str, list[dict[str, str]]] = {"open": [], "clock-stops": [], "clock-starts": []}
    counted: Counter[Cell] = Counter()

    def place() -> dict[str, str]:
        return {
            "treatment_function": chance.choices(functions, heavy)[0],
            "site": chance.choices(SITES, [6, 3, 0.4])[0],
            "priority": chance.choices(PRIORITIES, [6, 3, 1, 0.3])[0],
            "commissioner": WELSH if chance.random() < 0.06 else "00X",
        }

    def count(part: str, said: dict[str, str], stage: str, decided: bool, days: int | None) -> None:
        band = UNKNOWN if days is None else 0 if days <= 7 else min((days - 1) // 7, LAST)
        basis = "nonc" if said["commissioner"] == WELSH else "english"
        priority = said["priority"] or "unknown"
        function = f"C_{said['treatment_function']}"
        counted[Cell(part, basis, function, said["site"], stage, priority, decided, band)] += 1

    for _ in range(chance.randrange(400, 900)):
        said, admitted = place(), chance.random() < 0.35
        decided = chance.random() < (0.9 if admitted else 0.03)
        days = None if chance.random() < 0.01 else int(min(chance.expovariate(1 / 120), 900))
        began = "" if days is None else (CENSUS - timedelta(days)).isoformat()
        more = {"list_type": "IRTT" if admitted else "ORTT", "clock_start": began}
        rows["open"].append(pathway(**said, **more, decision_to_admit=CENSUS.isoformat() if decided else ""))
        count("2", said, "admitted" if admitted else "non-admitted", decided, days)
    for _ in range(chance.randrange(20, 90)):
        said, admitted = place(), chance.random() < 0.3
        days = int(chance.expovariate(1 / 100)) + 10
        stopped = CENSUS - timedelta(2)
        kind = {"completed_type": "ADMITTED" if admitted else "NON-ADMITTED"}
        began = (stopped - timedelta(days)).isoformat()
        rows["clock-stops"].append(stop(**said, **kind, clock_start=began, clock_stop=stopped.isoformat()))
        count("1A" if admitted else "1B", said, "admitted" if admitted else "non-admitted", False, days)
    for _ in range(chance.randrange(20, 90)):
        said = place()
        own = {name: said[name] for name in ("treatment_function", "priority", "commissioner")}
        rows["clock-starts"].append(start(**own))
        count("3", {**said, "site": ""}, "", False, 3)
    return rows, counted


def today() -> date:
    return CENSUS + timedelta(1)
