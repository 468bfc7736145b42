"""What the months held consist of, kept until the facts change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import Connection

from dashboard.store.cache import cached
from dashboard.store.loaded_extracts import loaded_extracts
from ingest.extracts.monthly.compositions import compositions_of, statement
from rtt.terms.whole_month import Composition, lacking


@cached
def compositions(connection: Connection) -> Mapping[date, Composition]:
    """Month -> what it consists of. One statement."""
    return compositions_of(connection.execute(statement()))


def lacking_in(connection: Connection, month: date | None) -> tuple[str, ...]:
    """What a month held lacks of a whole one, in words; () of made-up data."""
    held = compositions(connection).get(month) if month else None
    if month is None or held is None or loaded_extracts(connection).kind != "real":
        return ()
    return lacking(month, held)
