"""What the months held lack of whole ones, kept until the facts change.

What they consist of is read by `ingest.extracts.monthly.compositions` and judged by `rtt.terms.whole_month`.
Made-up data is as whole as it was made: it says of itself that it is a sample.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import Connection

from dashboard.store.cache import cached
from dashboard.store.loaded_extracts import loaded_extracts
from ingest.extracts.monthly.compositions import compositions_of, statement
from rtt.terms.whole_month import Composition, lacking, lacking_of_a_provider, shortfall, uneven


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


def lacking_of_a_provider_in(connection: Connection, month: date | None) -> tuple[str, ...]:
    """What a month lacks of a single provider's return, in words."""
    held = compositions(connection).get(month) if month else None
    return () if month is None or held is None else lacking_of_a_provider(month, held)


def beside_words(connection: Connection, month: date) -> str:
    """By how much a month falls short of the last whole one before it; '' where none is held."""
    held = compositions(connection)
    whole = [day for day in held if day < month and not lacking(day, held[day])]
    return shortfall(held[month], held[max(whole)], max(whole)) if whole else ""


@cached
def uneven_months(connection: Connection) -> Mapping[str, frozenset[date]]:
    """'places' and 'functions' -> the months that lack some which whole months held have."""
    held = compositions(connection)
    if loaded_extracts(connection).kind != "real":
        return {}
    kinds = {month: uneven(month, mine, held.items()) for month, mine in held.items()}
    return {
        kind: frozenset(month for month, found in kinds.items() if kind in found)
        for kind in ("places", "functions")
    }
