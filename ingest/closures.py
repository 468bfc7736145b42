"""Which providers are known to have closed or merged, and into whom: a dated table in the package.

A provider whose list disappears has closed, merged or not reported, and a return cannot say which. One that
is not in this table is missing for as long as it sends no list.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class Closure:
    """The first day on which a provider no longer was, and who took its patients on."""

    closed_on: date
    successors: tuple[str, ...]


@cache
def closures() -> dict[str, Closure]:
    """Provider -> its closure, of every provider known to have closed."""
    table = resources.files("ingest").joinpath("reference", "provider_closures.csv")
    rows = csv.DictReader(table.read_text(encoding="utf-8").splitlines())
    return {
        row["provider_code"]: Closure(date.fromisoformat(row["closed_on"]), tuple(row["successors"].split()))
        for row in rows
    }


def has_closed(provider: str, on: date) -> bool:
    """Whether a provider is known to have closed by a day."""
    known = closures().get(provider)
    return known is not None and known.closed_on <= on
