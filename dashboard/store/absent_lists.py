"""The last lists of providers that later sent none, with whose patients were on them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from ingest.store.schema import ENGLISH, MONTHLY, commissioned_list, organisation, pathway_counts
from rtt.terms.parts import INCOMPLETE

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
    """("provider" | "part" | "total", extract, provider or level, specialty, place, its parents, counts): the
    lists of these providers in some extracts, their parts by commissioner, and the lists of the scope in the
    months `lasts`. One statement.
    """
    return connection.execute(
        union_all(
            _whole_lists(ids, providers, functions),
            _parts_of_lists(ids, providers, functions),
            _lists_of_scopes(ids, lasts, scope),
        )
    ).all()


def _whole_lists(ids: Collection[int], providers: Collection[str], functions: Collection[str]) -> Select[Any]:
    """A provider's list, with its name, its home ICB and the region of that."""
    theirs, icbs = aliased(organisation), aliased(organisation)
    return (
        select(
            literal("provider"),
            _c.extract_id,
            _c.organisation_code,
            _c.treatment_function,
            theirs.c.name,
            theirs.c.parent_code,
            icbs.c.parent_code,
            _c.total,
            _c.within_18,
            _c.over_52,
        )
        .join(theirs, _is(theirs, _c.extract_id, "provider", _c.organisation_code))
        .outerjoin(icbs, _is(icbs, _c.extract_id, "icb", theirs.c.parent_code))
        .where(
            *_is_list(ids),
            _c.level == "provider",
            _c.organisation_code.in_(providers),
            *([_c.treatment_function.in_(functions)] if functions else []),
        )
    )


def _parts_of_lists(
    ids: Collection[int], providers: Collection[str], functions: Collection[str]
) -> Select[Any]:
    """What a provider had of each commissioner's patients, with the ICB and region of that."""
    parts, commissioners, icbs = commissioned_list.c, aliased(organisation), aliased(organisation)
    return (
        select(
            literal("part"),
            parts.extract_id,
            parts.provider_code,
            parts.treatment_function,
            parts.commissioner_code,
            commissioners.c.parent_code,
            icbs.c.parent_code,
            parts.total,
            parts.within_18,
            parts.over_52,
        )
        .join(commissioners, _is(commissioners, parts.extract_id, "commissioner", parts.commissioner_code))
        .join(icbs, _is(icbs, parts.extract_id, "icb", commissioners.c.parent_code))
        .where(
            parts.extract_id.in_(ids),
            parts.provider_code.in_(providers),
            *([parts.treatment_function.in_(functions)] if functions else []),
        )
    )


def _lists_of_scopes(ids: Collection[int], lasts: Collection[date], scope: Asked) -> Select[Any]:
    level, codes, functions = scope
    own = (_c.level == level) & _c.organisation_code.in_(codes)
    nothing = literal("")
    return select(
        literal("total"),
        _c.extract_id,
        _c.level,
        _c.treatment_function,
        _c.organisation_code,
        nothing,
        nothing,
        _c.total,
        _c.within_18,
        _c.over_52,
    ).where(
        *_is_list(ids),
        _c.census_date.in_(lasts),
        or_(own, (_c.level != "provider") & _c.treatment_function.in_(functions)),
    )


def _is_list(ids: Collection[int]) -> list[Any]:
    return [
        _c.source == MONTHLY,
        _c.part == INCOMPLETE,
        _c.basis == ENGLISH,
        _c.extract_id.in_(ids),
    ]


def _is(table: Any, extract_id: Any, level: str, code: Any) -> Any:
    return (table.c.extract_id == extract_id) & (table.c.level == level) & (table.c.code == code)
