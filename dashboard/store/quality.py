"""What the checks counted, and the lists that data quality is told of."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, func, select, union_all

from dashboard.store.cache import cached
from dashboard.store.counts import Selection, conditions
from dashboard.store.loaded_extracts import loaded_extracts
from ingest.store.schema import ENGLAND, MONTHLY, WEEKLY, organisation, pathway_counts, quality
from rtt.terms import parts

_c = pathway_counts.c


def checks(
    connection: Connection, ids: Collection[int], owners: Collection[str], functions: Collection[str]
) -> Sequence[Any]:
    """(extract, check, failed, checked, failed within 18 weeks, whether the failed are in the figures); one
    statement.
    """
    q = quality.c
    return connection.execute(
        select(
            q.extract_id,
            q.check_key,
            func.sum(q.failed),
            func.sum(q.checked),
            func.sum(q.failed_within_18),
            func.max(q.counted),
        )
        .where(
            q.extract_id.in_(ids),
            q.organisation_code.in_(owners),
            q.treatment_function.in_(functions),
        )
        .group_by(q.extract_id, q.check_key)
    ).all()


@cached
def flagged_providers(connection: Connection, census: date) -> dict[str, tuple[str, ...]]:
    """Provider -> the checks that found something in its return of this month. One statement."""
    ids = loaded_extracts(connection).ids(MONTHLY, [census])
    q = quality.c
    statement = (
        select(q.organisation_code, q.check_key)
        .where(q.extract_id.in_(ids), q.organisation_code != ENGLAND, q.failed > 0)
        .order_by(q.organisation_code, q.check_key)
    )
    found: dict[str, tuple[str, ...]] = {}
    for code, key in connection.execute(statement):
        found[code] = (*found.get(code, ()), key)
    return found


def list_rows(connection: Connection, days: Collection[date]) -> Sequence[Any]:
    """(census, provider, name, total, unknown clock starts, within 18 weeks) of every provider's list in some
    months; one statement.
    """
    names = organisation.alias()
    lists = Selection(source=MONTHLY, level="provider", codes=None, dates=tuple(days))
    own = (names.c.extract_id == _c.extract_id) & (names.c.code == _c.organisation_code)
    columns = (
        _c.census_date,
        _c.organisation_code,
        names.c.name,
        _c.total,
        _c.unknown_clock_start,
        _c.within_18,
    )
    return connection.execute(
        select(*columns)
        .join(names, own & (names.c.level == "provider"))
        .where(*conditions(connection, lists))
    ).all()


Totals = dict[tuple[str, date, str], tuple[int, int, int]]


def list_totals(connection: Connection, code: str, month_end: date, weeks: tuple[date, ...]) -> Totals:
    """Total, unknown starts and pathways within 18 weeks by source, census and part. One statement."""

    def one(source: str, days: tuple[date, ...]) -> Select[Any]:
        asked = Selection(source=source, level="provider", codes=(code,), parts=parts.PARTS, dates=days)
        columns = (_c.source, _c.census_date, _c.part, _c.total, _c.unknown_clock_start, _c.within_18)
        return select(*columns).where(*conditions(connection, asked))

    rows = connection.execute(union_all(one(MONTHLY, (month_end,)), one(WEEKLY, weeks)))
    return {
        (source, day, part): (total, unknown, within) for source, day, part, total, unknown, within in rows
    }
