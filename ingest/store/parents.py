"""The commissioners and ICBs that were not under one parent in every month held, and what each was under."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Select, String, cast, func, or_, select, tuple_

from ingest.store.schema import MONTHLY, extract, organisation
from rtt.terms.lineage import Parents


def statement() -> Select[Any]:
    """(level, code, month, parent) as texts: few rows, and none where nothing ever moved."""
    o, e = organisation.c, extract.c
    # Non-English commissioners are under nobody.
    held = (e.source == MONTHLY, o.level.in_(("commissioner", "icb")), o.parent_code != "")
    months = select(func.count()).select_from(extract).where(e.source == MONTHLY).scalar_subquery()
    moved = (
        select(o.level, o.code)
        .join(extract, e.id == o.extract_id)
        .where(*held)
        .group_by(o.level, o.code)
        .having(or_(func.min(o.parent_code) != func.max(o.parent_code), func.count() < months))
    )
    return (
        select(o.level, o.code, cast(e.census_date, String).label("month"), o.parent_code)
        .join(extract, e.id == o.extract_id)
        .where(*held, tuple_(o.level, o.code).in_(moved))
    )


def parents_of(rows: Iterable[Any]) -> Parents:
    """What `Lineage` needs to know, by the rows of `statement`."""
    found: dict[tuple[str, str], dict[date, str]] = defaultdict(dict)
    for level, code, month, parent in rows:
        found[level, code][date.fromisoformat(month)] = parent
    return dict(found)
