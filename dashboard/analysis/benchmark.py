"""The peers of a benchmark: for one census, how many wait and how many of them count, unit by specialty.

Counts alone, not bands: one statement reads every provider and specialty of a month. Which peers are alike,
and what their spread means, is decided elsewhere (`layouts.specialties`, `rtt.benchmark.funnel`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import Connection

from dashboard.scope.scope import Scope
from dashboard.store.cache import cached, keeps
from dashboard.store.counts import peer_rows
from rtt.terms.arrays import Floats
from rtt.terms.treatment_functions import TOTAL, in_order

FUNNEL_MEASURES = ("share_within_18", "share_over_52")
"""Shares, which have limits."""
PEER_MEASURES = (*FUNNEL_MEASURES, "median_weeks", "high_percentile_weeks")
"""What peers are compared by over time."""


@dataclass(frozen=True, slots=True, eq=False)
class Peers:
    """Arrays (unit, specialty): pathways that count and pathways in all. `functions` ends with the total."""

    units: tuple[str, ...]
    functions: tuple[str, ...]
    numerators: Floats
    denominators: Floats

    def only(self, keep: Callable[[str], bool]) -> Peers:
        """The units of which `keep` says so."""
        rows = [row for row, unit in enumerate(self.units) if keep(unit)]
        return Peers(
            tuple(self.units[row] for row in rows),
            self.functions,
            self.numerators[rows],
            self.denominators[rows],
        )

    def together(self, codes: Sequence[str], name: str) -> Peers:
        """Some units made one, so that a group stands among its peers and its members do not."""
        rows = [row for row, unit in enumerate(self.units) if unit in codes]
        rest = self.only(lambda unit: unit not in codes)
        return replace(
            rest,
            units=(*rest.units, name),
            numerators=np.vstack([rest.numerators, self.numerators[rows].sum(axis=0)]),
            denominators=np.vstack([rest.denominators, self.denominators[rows].sum(axis=0)]),
        )

    def of_functions(self, functions: Sequence[str]) -> tuple[Floats, Floats]:
        """Numerators and denominators (unit,) of some specialties added up; of all for none named."""
        columns = [self.functions.index(code) for code in functions or (TOTAL,) if code in self.functions]
        return self.numerators[:, columns].sum(axis=1), self.denominators[:, columns].sum(axis=1)


def read_peers(connection: Connection, scope: Scope, levels: Iterable[str]) -> None:
    """Read in one statement what `peers_of` is about to be asked for, whichever the measure.

    A connection that remembers nothing reads nothing here.
    """
    assert scope.census is not None
    at = scope.source, scope.census, scope.part
    new = [
        level for level in dict.fromkeys(levels) if not _peers.has(connection, level, FUNNEL_MEASURES[0], *at)
    ]
    if not keeps(connection) or not new:
        return
    rows = peer_rows(connection, scope.source, new, scope.census, scope.part)
    for level in new:
        own = [row[1:] for row in rows if row[0] == level]
        for measure in FUNNEL_MEASURES:
            _peers.put(_made(own, measure), connection, level, measure, *at)


def peers_of(connection: Connection, scope: Scope, level: str, measure: str) -> Peers:
    """Every unit of a level at the census chosen; `measure` is share_within_18 or share_over_52."""
    assert scope.census is not None
    return _peers(connection, level, measure, scope.source, scope.census, scope.part)


@cached
def _peers(connection: Connection, level: str, measure: str, source: str, census: date, part: str) -> Peers:
    return _made([row[1:] for row in peer_rows(connection, source, (level,), census, part)], measure)


def _made(rows: Sequence[Any], measure: str) -> Peers:
    """Of rows (unit, specialty, within 18, of known clock start, over 52, in all)."""
    units = tuple(sorted({row[0] for row in rows}))
    functions = tuple(sorted({row[1] for row in rows}, key=in_order))
    numerators, denominators = np.zeros((2, len(units), len(functions)))
    row_of = {unit: row for row, unit in enumerate(units)}
    column_of = {code: column for column, code in enumerate(functions)}
    # A share within 18 weeks is of those whose clock start is known, a share over 52 of the whole list.
    first = 2 if measure == "share_within_18" else 4
    for row in rows:
        at = row_of[row[0]], column_of[row[1]]
        numerators[at], denominators[at] = row[first : first + 2]
    return Peers(units, functions, numerators, denominators)
