"""Who passes a waiting-time threshold within a horizon if nothing happens: a count, not a forecast.

The question alone, for now: a threshold in weeks and a number of days after a census.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from rtt.calendar import add_months, month_end

THRESHOLDS = (18, 26, 52, 65, 78)
MOST_WEEKS = 26


@dataclass(frozen=True, slots=True, kw_only=True)
class Passing:
    """Who waits within `weeks` weeks at `census` and would be over them `days` days later, if still open."""

    weeks: int
    census: date
    days: int

    @property
    def ends(self) -> date:
        """The horizon: the last day looked at."""
        return self.census + timedelta(days=self.days)

    @property
    def first_day(self) -> int:
        """The fewest days waited at the census of those who pass; 0 where everybody within the weeks does."""
        return max(0, 7 * self.weeks - self.days + 1)

    @property
    def last_day(self) -> int:
        """The most days waited of those who pass: the last day within the weeks."""
        return 7 * self.weeks


def days_to_month_end(census: date) -> int:
    """Days from a census to the first month's end after it: 30 from 31 March, 15 from 15 November."""
    end = month_end(census)
    return ((add_months(census, 1) if end == census else end) - census).days
