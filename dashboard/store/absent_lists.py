"""The last lists of providers that later sent none, with whose patients were on them; and what NHS England's
own series says of the months.
"""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, String, cast, literal, or_, select, union_all
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


def lists_of_absent(
    connection: Connection,
    ids: Collection[int],
    providers: Collection[str],
    functions: Collection[str],
    lasts: Collection[date],
    scope: Asked,
) -> Sequence[Any]:
    """("provider" | "part" | "total", extract, provider or level, specialty, place, its parents, kind,
    counts): the lists of these providers in some extracts, their parts by commissioner, and the lists of the
    scope in the months `lasts`; and ("published", extract, measure, '', month, vintage, '', '', value) of
    England. One statement.
    """
    return connection.execute(
        union_all(
            _whole_lists(ids, providers, functions),
            _parts_of_lists(ids, providers, functions),
            _lists_of_scopes(ids, lasts, scope),
            _in_the_series(),
        )
    ).all()


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


def _whole_lists(ids: Collection[int], providers: Collection[str], functions: Collection[str]) -> Select[Any]:
    """A provider's list, with its name, its home ICB and the region of that."""
    theirs, icbs = aliased(organisation), aliased(organisation)
    places = (theirs.c.name, theirs.c.parent_code, icbs.c.parent_code, theirs.c.kind)
    return (
        _rows("provider", _c, _c.organisation_code, *places)
        .join(theirs, _is(theirs, _c.extract_id, "provider", _c.organisation_code))
        .outerjoin(icbs, _is(icbs, _c.extract_id, "icb", theirs.c.parent_code))
        .where(
            *_is_list(ids), _c.level == "provider", _c.organisation_code.in_(providers), *_of(_c, functions)
        )
    )


def _parts_of_lists(
    ids: Collection[int], providers: Collection[str], functions: Collection[str]
) -> Select[Any]:
    """What a provider had of each commissioner's patients, with the ICB and region of that."""
    parts, commissioners, icbs = commissioned_list.c, aliased(organisation), aliased(organisation)
    places = (parts.commissioner_code, commissioners.c.parent_code, icbs.c.parent_code, literal(""))
    return (
        _rows("part", parts, parts.provider_code, *places)
        .join(commissioners, _is(commissioners, parts.extract_id, "commissioner", parts.commissioner_code))
        .join(icbs, _is(icbs, parts.extract_id, "icb", commissioners.c.parent_code))
        .where(parts.extract_id.in_(ids), parts.provider_code.in_(providers), *_of(parts, functions))
    )


def _lists_of_scopes(ids: Collection[int], lasts: Collection[date], scope: Asked) -> Select[Any]:
    level, codes, functions = scope
    own = (_c.level == level) & _c.organisation_code.in_(codes)
    others = (_c.level != "provider") & _c.treatment_function.in_(functions)
    nothing = literal("")
    return _rows("total", _c, _c.level, _c.organisation_code, nothing, nothing, nothing).where(
        *_is_list(ids), _c.census_date.in_(lasts), or_(own, others)
    )


def _rows(kind: str, c: Any, who: Any, *places: Any) -> Select[Any]:
    """The columns of each branch; a place has two parents and a kind."""
    counts = (c.total, c.within_18, c.over_52)
    return select(literal(kind), c.extract_id, who, c.treatment_function, *places, *counts)


def _of(c: Any, functions: Collection[str]) -> list[Any]:
    return [c.treatment_function.in_(functions)] if functions else []


def _is_list(ids: Collection[int]) -> list[Any]:
    return [_c.source == MONTHLY, _c.part == INCOMPLETE, _c.basis == ENGLISH, _c.extract_id.in_(ids)]


def _is(table: Any, extract_id: Any, level: str, code: Any) -> Any:
    return (table.c.extract_id == extract_id) & (table.c.level == level) & (table.c.code == code)
