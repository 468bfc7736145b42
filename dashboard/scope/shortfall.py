"""What the months held lack of whole ones, as far as a scope of a month needs to know it.

What they consist of is judged by `rtt.terms.whole_month`.
Made-up data is as whole as it was made: it says of itself that it is a sample.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Connection

from dashboard.store.cache import cached
from dashboard.store.compositions import compositions
from dashboard.store.loaded_extracts import loaded_extracts
from rtt.terms import whole_month


@dataclass(frozen=True, slots=True)
class Shortfall:
    """In words what the month lacks of England, and of a single provider's return; by how much it falls short
    of the last whole month before it. uneven: 'places' and 'functions' -> the months that lack some which
    whole months held have.
    """

    words: tuple[str, ...] = ()
    of_a_provider: tuple[str, ...] = ()
    beside: str = ""
    uneven: Mapping[str, frozenset[date]] = field(default_factory=dict)


NO_SHORTFALL = Shortfall()


def lacking_in(connection: Connection, month: date) -> tuple[str, ...]:
    """What a month held lacks of a whole one, in words; () of made-up data."""
    held = compositions(connection).get(month)
    if held is None or loaded_extracts(connection).kind != "real":
        return ()
    return whole_month.lacking(month, held)


@cached
def shortfall_of(connection: Connection, month: date) -> Shortfall:
    """What this month lacks. No statement beside that of `compositions`."""
    if loaded_extracts(connection).kind != "real":
        return NO_SHORTFALL
    held, uneven = compositions(connection), _uneven(connection)
    words = lacking_in(connection, month)
    if not words:
        return Shortfall(uneven=uneven)
    whole = [day for day in held if day < month and not whole_month.lacking(day, held[day])]
    return Shortfall(
        words,
        whole_month.lacking_of_a_provider(month, held[month]),
        whole_month.shortfall(held[month], held[max(whole)], max(whole)) if whole else "",
        uneven,
    )


@cached
def _uneven(connection: Connection) -> Mapping[str, frozenset[date]]:
    """As `Shortfall` has it: the same whichever month is looked at."""
    held = compositions(connection)
    kinds = {day: whole_month.uneven(day, mine, held.items()) for day, mine in held.items()}
    return {
        kind: frozenset(day for day, found in kinds.items() if kind in found)
        for kind in ("places", "functions")
    }
