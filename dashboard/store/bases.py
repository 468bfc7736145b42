"""The counts of a scope on every basis that the loaded files have: two statements.

Commissioners in England and others, the patients of a place and the lists of its providers: each stands
apart, and is added up in `dashboard.analysis.bases`.
"""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, String, and_, cast, func, literal, or_, select, union_all

from dashboard.store.cache import cached
from ingest.store.schema import (
    ENGLAND,
    ENGLISH,
    MONTHLY,
    NONC,
    PUBLISHED,
    extract,
    pathway_counts,
    published,
    published_figure,
)
from rtt.terms.parts import PARTS
from rtt.terms.waits import BAND_COLUMNS

COUNTS = ("total", "unknown", "within_18", "over_14_to_18", "over_48_to_52", "over_40")
LATE = ("over_52", "over_65", "over_78", "over_104")
"""Counts that an extract which ends with an earlier band does not have."""
_c = pathway_counts.c

Place = tuple[str, tuple[str, ...]]  # level, organisations


@cached
def basis_counts(
    connection: Connection, census: date, places: tuple[Place, ...], functions: tuple[str, ...]
) -> Sequence[Any]:
    """(level, basis, part, then COUNTS and LATE) of these places together, each level apart."""
    # Every dimension is named, and in each of the places: so each is found by an index, whatever the months.
    shared = (
        _c.source == MONTHLY,
        _c.census_date == census,
        _c.part.in_(PARTS),
        _c.basis.in_((ENGLISH, NONC)),
        _c.treatment_function.in_(functions),
        _c.site_code == "",
        _c.stage == "",
        _c.priority == "",
    )
    own = (and_(*shared, _c.level == level, _c.organisation_code.in_(codes)) for level, codes in places)
    rows = connection.execute(
        select(_c.level, _c.basis, _c.part, *map(func.sum, _columns()))
        .where(or_(*own))
        .group_by(_c.level, _c.basis, _c.part)
    )
    return [(*row[:3], *(None if each is None else int(each) for each in row[3:])) for row in rows]


def _columns() -> list[ColumnElement[Any]]:
    return [
        _c.total,
        _c.unknown_clock_start,
        _c.within_18,
        _between(14, 18),
        _between(48, 52),
        _c.over_18 - _between(18, 40),
        *(_c[name] for name in LATE),
    ]


def _between(first: int, end: int) -> ColumnElement[Any]:
    total: ColumnElement[Any] = _c[BAND_COLUMNS[first]]
    for name in BAND_COLUMNS[first + 1 : end]:
        total = total + _c[name]
    return total


@cached
def printed_counts(
    connection: Connection, census: date, level: str, code: str, function: str, measures: Collection[str]
) -> Sequence[Any]:
    """("series" | "table", its month of publication or revision, part, measure, value) of one organisation
    in published workbooks, oldest first: the series' `measures` are of England alone. One statement.
    """
    t = published_figure.c
    tables = (
        select(literal("table"), cast(extract.c.revision, String), t.part, t.measure, t.value, extract.c.id)
        .join(extract, extract.c.id == t.extract_id)
        .where(
            extract.c.source == PUBLISHED,
            t.month == census,
            t.level == level,
            t.organisation_code == code,
            t.treatment_function == function,
            t.value.is_not(None),
        )
    )
    s = published.c
    series = (
        select(literal("series"), extract.c.section, literal(""), s.measure, s.value, extract.c.id)
        .join(extract, extract.c.id == s.extract_id)
        .where(
            extract.c.source == PUBLISHED,
            s.month == census,
            s.measure.in_(list(measures)),
            s.value.is_not(None),
            literal(code) == ENGLAND,
        )
    )
    return sorted(
        connection.execute(union_all(tables, series)).all(), key=lambda row: (row[0], row[1], row[5])
    )
