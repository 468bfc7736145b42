"""A provider's list and flows split by the filters of a page, for every weekly census at once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, literal, select, tuple_, union, union_all

from ingest.store.schema import ENGLISH, WEEKLY, organisation, pathway_counts
from rtt.terms.parts import INCOMPLETE
from rtt.terms.waits import BAND_COLUMNS, BANDS

FILTERS = ("treatment_function", "site_code", "stage", "priority")

_c = pathway_counts.c


@dataclass(frozen=True, slots=True)
class SplitBy:
    """Every value of the filters `split`; of the others the specialties and sites named, or all together."""

    provider: str
    basis: str
    parts: tuple[str, ...]
    split: tuple[str, ...]
    functions: tuple[str, ...]
    sites: tuple[str, ...]
    edges: tuple[int, ...]  # the weeks that waits are counted between; () for the total alone
    width: int  # in columns, that of the tables that are read together


def split_counts(connection: Connection, asked: Sequence[SplitBy]) -> list[list[Any]]:
    """For each: FILTERS, part, date and unknown clock starts with the counts between edges, or the total; one
    statement.
    """
    selects = [_select(each).add_columns(literal(at)) for at, each in enumerate(asked)]
    cursor = connection.execute(union_all(*selects) if len(selects) > 1 else selects[0]).cursor
    assert cursor is not None
    rows: list[list[Any]] = [[] for _ in asked]
    for row in cursor.fetchall():  # as the driver gives them: row objects would take longer than to read them
        rows[row[-1]].append(row)
    return rows


def _select(asked: SplitBy) -> Select[Any]:
    # A total alone is held by an index.
    counts = list(_between(asked.edges)) or [_c.total, *(literal(0) for _ in range(asked.width))]
    sites = union(select(literal("")), select(organisation.c.code).where(organisation.c.level == "site"))
    every: dict[str, ColumnElement[bool]] = {
        "site_code": _c.site_code.in_(sites),
        "stage": _c.stage.in_(("", "admitted", "non-admitted")),
        "priority": _c.priority.in_(("", "1", "2", "3", "unknown")),
    }
    narrow = {
        **dict.fromkeys(FILTERS, ("",)),
        "treatment_function": asked.functions,
        "site_code": asked.sites,
    }
    where = [
        every[name] if name in asked.split else _c[name].in_(narrow[name])
        for name in FILTERS
        if name in every or name not in asked.split
    ]
    return select(*(_c[name] for name in FILTERS), _c.part, _c.census_date, *counts).where(
        _c.source == WEEKLY,
        _c.level == "provider",
        _c.organisation_code == asked.provider,
        _c.basis == asked.basis,
        _c.part.in_(asked.parts),
        *where,
    )


def _between(edges: tuple[int, ...]) -> Iterator[ColumnElement[Any]]:
    """Unknown clock starts, then what lies between each two edges."""
    if edges:
        yield _c.unknown_clock_start
    for first, after in zip(edges, (*edges[1:], BANDS), strict=False):
        yield reduce(lambda one, other: one + other, (_c[name] for name in BAND_COLUMNS[first:after]))


def single_bands(
    connection: Connection, provider: str, places: Sequence[tuple[str, str]], dates: tuple[date, ...]
) -> Sequence[Any]:
    """(census, specialty, site, unknown clock starts, bands...) of some specialties at some sites; one
    statement.
    """
    names = ("census_date", "treatment_function", "site_code", "unknown_clock_start", *BAND_COLUMNS)
    return connection.execute(
        select(*(_c[name] for name in names)).where(
            _c.source == WEEKLY,
            _c.level == "provider",
            _c.organisation_code == provider,
            _c.basis == ENGLISH,
            _c.part == INCOMPLETE,
            _c.stage == "",
            _c.priority == "",
            tuple_(_c.treatment_function, _c.site_code).in_(list(places)),
            _c.census_date.in_(dates),
        )
    ).all()
