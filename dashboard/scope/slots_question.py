"""What a plan asks of a tracking list, from the address: more slots a week, in which order, until when."""

from dataclasses import dataclass
from datetime import date

from dashboard.filters import Filters
from rtt.measures.will_breach import MOST_WEEKS, WEEK, WillBreach
from rtt.planning.more_slots import LONGEST

USUAL_SLOTS, USUAL_WEEKS_AHEAD, USUAL_THRESHOLD = 12, 12, 18


@dataclass(frozen=True, slots=True)
class SlotsQuestion:
    """`slots` more a week in each specialty; `most` are those that may still breach, for the way back."""

    slots: int
    passing: WillBreach
    order: str
    most: int = 0

    @property
    def weeks_ahead(self) -> int:
        """Weeks in which somebody on the list can breach, up to the date."""
        return self.passing.weeks_ahead


def slots_question(filters: Filters, census: date) -> SlotsQuestion:
    """The question of what is chosen. Weeks are whole: a date within one asks for all of it."""
    return SlotsQuestion(
        slots=int(filters.slots or USUAL_SLOTS),
        passing=WillBreach(
            weeks=int(filters.threshold or USUAL_THRESHOLD),
            census=census,
            days=WEEK * _weeks(filters, census),
        ),
        order=filters.order or LONGEST,
        most=int(filters.left or 0),
    )


def _weeks(filters: Filters, census: date) -> int:
    if filters.due is None:
        return USUAL_WEEKS_AHEAD
    return min(max(-(-(filters.due - census).days // WEEK), 1), MOST_WEEKS)
