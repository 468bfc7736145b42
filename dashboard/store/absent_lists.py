"""The last lists of providers that later sent none, with whose patients were on them; and what NHS England's
own series says of the months.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, String, and_, cast, false, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from ingest.extracts.published.published_measures import WITH_ESTIMATES
from ingest.store.schema import (
    ENGLISH,
    MONTHLY,
    PUBLISHED,
    commissioned_list,
    extract,
    organisation,
    pathway_counts,
    published,
)
from rtt.terms.parts import INCOMPLETE

LIST = ("incomplete.total", "incomplete.within_18", "incomplete.over_52")
"""The measures of the series that a list has here; each has a column with estimates too."""

Asked = tuple[str, tuple[str, ...], tuple[str, ...]]  # level, organisations, treatment functions
_c = pathway_counts.c
# Every dimension is fixed, so that an index finds each row.
_IS_LIST = (
    _c.source == MONTHLY,
    _c.part == INCOMPLETE,
    _c.basis == ENGLISH,
    *(_c[name] == "" for name in ("site_code", "stage", "priority")),
)


@dataclass(frozen=True, slots=True)
class Last:
    """The last lists: the providers of each extract, and the months of each provider; `functions`: of which
    specialties they are read, () for all.
    """

    by_extract: Mapping[int, Sequence[str]]
    by_month: Mapping[str, Sequence[date]]
    months: Sequence[date]
    functions: tuple[str, ...]


def lists_of_absent(
    connection: Connection,
    last: Last,
    *,
    lists: bool = False,
    series: bool = False,
    scope: Asked | None = None,
) -> Sequence[Any]:
    """(kind, extract, provider or level, specialty, place, its parents, kind, counts): with `lists` the last
    lists, "provider", and their "part" by commissioner; with `series` of England ("published", extract,
    measure, '', month, vintage, '', '', value); those of a "scope" in the same months. One statement.
    """
    branches = [_whole_lists(last), _parts_of_lists(last)] if lists else []
    if series:
        branches.append(_in_the_series())
    if scope is not None:
        branches.append(_lists_of_scope(last, *scope[:2]))
    return connection.execute(union_all(*branches)).all()


def lists_of_places(
    connection: Connection, months: Mapping[tuple[str, str], Sequence[date]], functions: tuple[str, ...]
) -> Sequence[Any]:
    """(level, organisation, month, specialty, total) of the lists of places, each in its months, for some
    specialties. One statement.
    """
    c, which = _c, (*_IS_LIST, _c.treatment_function.in_(functions))
    levels: dict[str, dict[str, Sequence[date]]] = defaultdict(dict)
    for (level, code), days in months.items():
        levels[level][code] = days
    each = (
        _each(c.organisation_code, c.census_date, named, *which, c.level == level)
        for level, named in levels.items()
    )
    columns = (c.level, c.organisation_code, c.census_date, c.treatment_function, c.total)
    return connection.execute(select(*columns).where(or_(*each))).all()


def _in_the_series() -> Select[Any]:
    """What each workbook of the series prints of England's list, with estimates and without."""
    measures = (*LIST, *(each + WITH_ESTIMATES for each in LIST))
    nothing = literal("")
    return (
        select(
            literal("published"),
            published.c.extract_id,
            published.c.measure,
            nothing,
            cast(published.c.month, String),
            extract.c.section,
            nothing,
            nothing,
            published.c.value,
            literal(0),
            literal(0),
        )
        .join(extract, extract.c.id == published.c.extract_id)
        .where(
            extract.c.source == PUBLISHED,
            published.c.measure.in_(measures),
            published.c.value.is_not(None),
        )
    )


def _whole_lists(last: Last) -> Select[Any]:
    """A provider's list, with its name, its home ICB and the region of that."""
    theirs, icbs = aliased(organisation), aliased(organisation)
    is_list = (_c.level == "provider", *_IS_LIST, *_of(_c, last.functions))
    places = (theirs.c.name, theirs.c.parent_code, icbs.c.parent_code, theirs.c.kind)
    return (
        _rows("provider", _c, _c.organisation_code, *places)
        .join(theirs, _is(theirs, _c.extract_id, "provider", _c.organisation_code))
        .outerjoin(icbs, _is(icbs, _c.extract_id, "icb", theirs.c.parent_code))
        .where(_each(_c.organisation_code, _c.census_date, last.by_month, *is_list))
    )


def _parts_of_lists(last: Last) -> Select[Any]:
    """What a provider had of each commissioner's patients, with the ICB and region of that."""
    parts, commissioners, icbs = commissioned_list.c, aliased(organisation), aliased(organisation)
    places = (parts.commissioner_code, commissioners.c.parent_code, icbs.c.parent_code, literal(""))
    return (
        _rows("part", parts, parts.provider_code, *places)
        .join(commissioners, _is(commissioners, parts.extract_id, "commissioner", parts.commissioner_code))
        .join(icbs, _is(icbs, parts.extract_id, "icb", commissioners.c.parent_code))
        .where(_each(parts.extract_id, parts.provider_code, last.by_extract))
        .where(*_of(parts, last.functions))
    )


def _lists_of_scope(last: Last, level: str, codes: tuple[str, ...]) -> Select[Any]:
    nothing = literal("")
    own = _rows("scope", _c, _c.level, _c.organisation_code, nothing, nothing, nothing)
    own = own.where(_c.level == level, _c.organisation_code.in_(codes))
    return own.where(*_IS_LIST, _c.census_date.in_(last.months), *_of(_c, last.functions))


def _rows(kind: str, c: Any, who: Any, *places: Any) -> Select[Any]:
    """The columns of each branch; a place has two parents and a kind."""
    counts = (c.total, c.within_18, c.over_52)
    return select(literal(kind), c.extract_id, who, c.treatment_function, *places, *counts)


def _each(one: Any, other: Any, named: Mapping[Any, Sequence[Any]], *shared: Any) -> Any:
    """Both columns, as an index finds them: SQLite reads a whole table for pairs of values, and through much
    of an index where what is `shared` stands beside them.
    """
    return or_(false(), *(and_(*shared, one == value, other.in_(values)) for value, values in named.items()))


def _of(c: Any, functions: tuple[str, ...]) -> list[Any]:
    return [c.treatment_function.in_(functions)] if functions else []


def _is(table: Any, extract_id: Any, level: str, code: Any) -> Any:
    return (table.c.extract_id == extract_id) & (table.c.level == level) & (table.c.code == code)
