"""The last lists of providers that later sent none, with whose patients were on them; and what NHS England's
own series says of the months.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, String, cast, literal, select, union_all
from sqlalchemy.orm import aliased

from ingest.extracts.published.published_measures import WITH_ESTIMATES
from ingest.store.schema import (
    ENGLISH,
    LEVELS,
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
_PLACES = tuple(level for level in LEVELS if level != "provider")


@dataclass(frozen=True, slots=True)
class Last:
    """The extracts and months of the last lists, and whose they were; `functions`: of which specialties they
    are read, () for all.
    """

    ids: tuple[int, ...]
    months: tuple[date, ...]
    providers: tuple[str, ...]
    functions: tuple[str, ...]


def lists_of_absent(
    connection: Connection,
    last: Last,
    *,
    lists: bool = False,
    places: tuple[str, ...] = (),
    scope: Asked | None = None,
) -> Sequence[Any]:
    """(kind, extract, provider or level, specialty, place, its parents, kind, counts): with `lists` the last
    lists, "provider", their "part" by commissioner, and of England ("published", extract, measure, '', month,
    vintage, '', '', value); those of every "place" in these months, for the specialties `places`; those of a
    "scope". One statement, of whatever is asked for.
    """
    branches = [_whole_lists(last), _parts_of_lists(last), _in_the_series()] if lists else []
    if places:
        branches.append(_lists_of_places(last, places))
    if scope is not None:
        branches.append(_lists_of_scope(last, *scope[:2]))
    return connection.execute(union_all(*branches)).all()


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
    places = (theirs.c.name, theirs.c.parent_code, icbs.c.parent_code, theirs.c.kind)
    return (
        _rows("provider", _c, _c.organisation_code, *places)
        .join(theirs, _is(theirs, _c.extract_id, "provider", _c.organisation_code))
        .outerjoin(icbs, _is(icbs, _c.extract_id, "icb", theirs.c.parent_code))
        .where(*_is_list(last), _c.level == "provider", _c.organisation_code.in_(last.providers))
        .where(*_of(_c, last.functions))
    )


def _parts_of_lists(last: Last) -> Select[Any]:
    """What a provider had of each commissioner's patients, with the ICB and region of that."""
    parts, commissioners, icbs = commissioned_list.c, aliased(organisation), aliased(organisation)
    places = (parts.commissioner_code, commissioners.c.parent_code, icbs.c.parent_code, literal(""))
    return (
        _rows("part", parts, parts.provider_code, *places)
        .join(commissioners, _is(commissioners, parts.extract_id, "commissioner", parts.commissioner_code))
        .join(icbs, _is(icbs, parts.extract_id, "icb", commissioners.c.parent_code))
        .where(parts.extract_id.in_(last.ids), parts.provider_code.in_(last.providers))
        .where(*_of(parts, last.functions))
    )


def _lists_of_scope(last: Last, level: str, codes: tuple[str, ...]) -> Select[Any]:
    own = _totals("scope").where(_c.level == level, _c.organisation_code.in_(codes))
    return own.where(*_in_months(last), *_of(_c, last.functions))


def _lists_of_places(last: Last, functions: tuple[str, ...]) -> Select[Any]:
    places = _totals("place").where(_c.level.in_(_PLACES), _c.treatment_function.in_(functions))
    return places.where(*_in_months(last))


def _totals(kind: str) -> Select[Any]:
    nothing = literal("")
    return _rows(kind, _c, _c.level, _c.organisation_code, nothing, nothing, nothing)


def _rows(kind: str, c: Any, who: Any, *places: Any) -> Select[Any]:
    """The columns of each branch; a place has two parents and a kind."""
    counts = (c.total, c.within_18, c.over_52)
    return select(literal(kind), c.extract_id, who, c.treatment_function, *places, *counts)


def _of(c: Any, functions: tuple[str, ...]) -> list[Any]:
    return [c.treatment_function.in_(functions)] if functions else []


def _is_list(last: Last) -> list[Any]:
    return [_c.source == MONTHLY, _c.part == INCOMPLETE, _c.basis == ENGLISH, _c.extract_id.in_(last.ids)]


def _in_months(last: Last) -> list[Any]:
    """Every dimension is fixed and the months are named, so that an index finds each row."""
    whole = (_c.site_code == "", _c.stage == "", _c.priority == "")
    return [*_is_list(last), *whole, _c.census_date.in_(last.months)]


def _is(table: Any, extract_id: Any, level: str, code: Any) -> Any:
    return (table.c.extract_id == extract_id) & (table.c.level == level) & (table.c.code == code)
