"""Which codes and days the data knows: what a form says is held against it before it is kept."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection, select

from dashboard.store.loaded_extracts import loaded_extracts
from dashboard.store.series import Series
from dashboard.store.written import groups
from ingest.store.schema import ENGLAND, organisation


def unknown_codes(connection: Connection, level: str, codes: Sequence[str]) -> list[str]:
    """The codes that no organisation of this level has in any extract, in their order; one statement."""
    o = organisation.c
    statement = select(o.code).where(o.level == level, o.code.in_(codes)).distinct()
    known = {*connection.execute(statement).scalars(), *([ENGLAND] if level == "england" else [])}
    return [code for code in codes if code not in known]


def is_known(connection: Connection, series: Series) -> bool:
    """Whether the organisation of a series is in the data, or is a saved group of trusts."""
    code = series.organisation_code
    if not unknown_codes(connection, series.level, [code]):
        return True
    names = {each.name for each in groups(connection) if each.kind == "trusts"}
    return series.level == "provider" and code in names


def nearest_censuses(connection: Connection, source: str, day: date) -> tuple[bool, tuple[date, ...]]:
    """Whether a source has a census on a day, and those right before and after it."""
    held = loaded_extracts(connection).censuses(source)
    before, after = [each for each in held if each < day][-1:], [each for each in held if each > day][:1]
    return day in held, (*before, *after)
