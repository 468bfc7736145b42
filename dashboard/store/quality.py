"""What the checks counted, and the lists that data quality is told of."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, func, literal, select, union_all

from dashboard.store.cache import cached, keeps
from dashboard.store.counts import Selection, conditions
from dashboard.store.loaded_extracts import loaded_extracts
from ingest.store.schema import ENGLAND, MONTHLY, WEEKLY, organisation, pathway_counts, quality
from rtt.terms import parts
from rtt.terms.treatment_functions import TOTAL

_c = pathway_counts.c


def checks(
    connection: Connection, ids: Collection[int], owners: Collection[str], functions: Collection[str]
) -> Sequence[Any]:
    """(extract, check, failed, checked, failed within 18 weeks, whether the failed are in the figures); one
    statement.
    """
    return [row[1:] for row in connection.execute(_checks(ids, owners, functions))]


def monthly_checks(
    connection: Connection, ids: Collection[int], owners: Collection[str], census: date
) -> Sequence[Any]:
    """As `checks`, of all specialties together; `flagged_providers` come in the same statement."""
    if not keeps(connection) or flagged_providers.has(connection, census):
        return checks(connection, ids, owners, (TOTAL,))
    both = union_all(_checks(ids, owners, (TOTAL,)), _flagged(connection, census))
    rows = connection.execute(both).all()
    flagged_providers.put(_by_provider((code, key) for code, _, key, *_ in rows if code), connection, census)
    return [row[1:] for row in rows if not row[0]]


def _checks(ids: Collection[int], owners: Collection[str], functions: Collection[str]) -> Select[Any]:
    q = quality.c
    return (
        select(
            literal("").label("code"),
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
    )


@cached
def flagged_providers(connection: Connection, census: date) -> dict[str, tuple[str, ...]]:
    """Provider -> the checks that found something in its return of this month. One statement."""
    rows = connection.execute(_flagged(connection, census))
    return _by_provider((code, key) for code, _, key, *_ in rows)


def _flagged(connection: Connection, census: date) -> Select[Any]:
    """In the columns of `_checks`, the provider in place of ''."""
    ids = loaded_extracts(connection).ids(MONTHLY, [census])
    q = quality.c
    return select(
        q.organisation_code,
        q.extract_id,
        q.check_key,
        q.failed,
        q.checked,
        q.failed_within_18,
        q.counted,
    ).where(q.extract_id.in_(ids), q.organisation_code != ENGLAND, q.failed > 0)


def _by_provider(rows: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for code, key in sorted(rows):
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
