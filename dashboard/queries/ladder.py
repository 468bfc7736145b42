"""Who passes a threshold within a horizon: the question of the address, and the counts that answer it."""

from __future__ import annotations

from dashboard.queries.choices import Choice
from rtt.tip_ins import Passing, days_to_month_end

USUAL_WEEKS, USUAL_HORIZON, MONTH = "18", "4", "month"


def passing_of(choice: Choice) -> Passing:
    """The threshold and horizon of the address: 18 weeks and 4 weeks ahead if it says nothing."""
    assert choice.census is not None
    horizon = choice.filters.horizon or USUAL_HORIZON
    return Passing(
        weeks=int(choice.filters.threshold or USUAL_WEEKS),
        census=choice.census,
        days=days_to_month_end(choice.census) if horizon == MONTH else 7 * int(horizon),
    )
