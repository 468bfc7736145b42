"""Of those who will breach a threshold in four weeks: how many have no date, as a reader may be told.

It is the last row of the table on Breaches, found in the same way: what that table hides is hidden here.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from dashboard.analysis.will_breach import SPLIT_DAYS, bands_of, split_of
from dashboard.analysis.will_breach_shown import UNBOOKED, of_split, states_of
from dashboard.scope.scope import Scope
from rtt.measures.will_breach import WillBreach


@dataclass(frozen=True, slots=True)
class WithoutDate:
    """`shown`: the count as it is printed; `count` None where it is too small to be told."""

    weeks: int
    by: date
    shown: str
    count: int | None


def without_date(connection: Connection, scope: Scope, weeks: int = 18) -> WithoutDate | None:
    """None where no PTL says so of this scope to this reader: of the return, and of parts of a list to
    readers without access.
    """
    if scope.census is None:
        return None
    asked = WillBreach(weeks=weeks, census=scope.census, days=SPLIT_DAYS)
    split = split_of(connection, scope, asked)
    if split is None:
        return None
    if not scope.conceals:
        count = int(states_of(split.counts.sum(axis=(0, 1, 2)))[UNBOOKED])
        return WithoutDate(weeks, asked.ends, f"{count:,}", count)
    table = of_split(scope, split, bands_of(connection, scope), asked)
    hidden = bool(table.hidden[-1, UNBOOKED])
    shown = table.shown(len(table.codes) - 1, UNBOOKED)
    told = None if hidden else int(table.counts[-1, UNBOOKED])
    return WithoutDate(weeks, asked.ends, shown, told)
