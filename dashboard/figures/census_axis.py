"""The axis of a chart over time: its ticks stand at census dates, each labelled with its own date.

Plotly's own ticks stand at the first of a month. A return is of a month's last day, so a point of 30 April
stood over the label "May", and every reading by eye was a month late.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from dashboard.figures import theme
from rtt.terms.calendar import month_end
from rtt.terms.wording import date_text

MOST_TICKS = 6  # on a phone the labels of more would touch
MONTHS = (1, 2, 3, 6, 12, 24, 36, 60)
WEEKS = (1, 2, 4, 8, 13, 26, 52, 104)


def census_axis(days: Iterable[date], **changes: Any) -> dict[str, Any]:
    """A date axis for points at these days, in any order: month ends, or the Sundays of weekly lists."""
    ticks = census_ticks(days)
    return theme.axis(
        type="date",
        tickmode="array",
        tickvals=[day.isoformat() for day, _ in ticks],
        ticktext=[words for _, words in ticks],
        **changes,
    )


def census_ticks(days: Iterable[date]) -> list[tuple[date, str]]:
    """The days of an axis that are labelled, in order, and the label of each."""
    held = sorted(set(days))
    monthly = all(day == month_end(day) for day in held)
    return [(day, _label(day, monthly)) for day in _ticks(held, monthly)]


def span_of(days: Sequence[date]) -> tuple[date, date]:
    """The ends of an axis for these days, the oldest first, with room beside the outermost points."""
    room = max((days[-1] - days[0]).days, 30) // 25
    return date.fromordinal(days[0].toordinal() - room), date.fromordinal(days[-1].toordinal() + room)


def _ticks(days: Sequence[date], monthly: bool) -> list[date]:
    """At most six of the days, the newest among them, equally far apart where none is missing."""
    if not days:
        return []
    ages = [_months(day, days[-1]) if monthly else (days[-1] - day).days // 7 for day in days]
    steps = MONTHS if monthly else WEEKS
    step = next((each for each in steps if ages[0] // each < MOST_TICKS), ages[0])
    return [day for day, age in zip(days, ages, strict=True) if age % step == 0]


def _label(day: date, monthly: bool) -> str:
    """ "Apr<br>2025" for a month, "26 Apr<br>2025" for a week: two lines, to stay apart on a phone."""
    words = date_text(day)
    return "<br>".join((words.partition(" ")[2] if monthly else words).rsplit(" ", 1))


def _months(day: date, newest: date) -> int:
    return 12 * (newest.year - day.year) + newest.month - day.month
