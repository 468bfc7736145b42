"""The peers of a benchmark: for one census, how many wait and how many of them count, unit by specialty.

Counts alone, not bands: one statement reads every provider and specialty of a month. Which peers are alike,
and what their spread means, is decided elsewhere (`layouts.specialties`, `rtt.benchmark.funnel`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from sqlalchemy import Connection, select

from dashboard.scope.scope import Scope
from dashboard.store.cache import cached
from ingest.store.schema import ENGLISH, pathway_counts
from rtt.terms.arrays import Floats
from rtt.terms.treatment_functions import TOTAL, in_order


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


def peers_of(connection: Connection, scope: Scope, level: str, measure: str) -> Peers:
    """Every unit of a level at the census chosen; `measure` is share_within_18 or share_over_52."""
    assert scope.census is not None
    return _peers(connection, scope.source, level, scope.census, scope.part, measure)


@cached
def _peers(connection: Connection, source: str, level: str, census: date, part: str, measure: str) -> Peers:
    c = pathway_counts.c
    within = measure == "share_within_18"
    statement = select(
        c.organisation_code,
        c.treatment_function,
        c.within_18 if within else c.over_52,
        # A share within 18 weeks is of those whose clock start is known, a share over 52 of the whole list.
        c.total - c.unknown_clock_start if within else c.total,
    ).where(
        c.source == source,
        c.level == level,
        c.census_date == census,
        c.part == part,
        c.site_code == "",
        c.stage == "",
        c.priority == "",
        c.basis == ENGLISH,
    )
    rows = connection.execute(statement).all()
    units = tuple(sorted({row[0] for row in rows}))
    functions = tuple(sorted({row[1] for row in rows}, key=in_order))
    numerators, denominators = np.zeros((2, len(units), len(functions)))
    row_of = {unit: row for row, unit in enumerate(units)}
    column_of = {code: column for column, code in enumerate(functions)}
    for unit, code, counted, all_of_them in rows:
        at = row_of[unit], column_of[code]
        numerators[at], denominators[at] = counted, all_of_them
    return Peers(units, functions, numerators, denominators)
