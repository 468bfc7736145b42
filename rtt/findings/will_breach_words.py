"""The words of the count of who passes a threshold: what it counts, who has a date, how exact it is.

Counts and bounds only. What may be expected of those counted is said elsewhere, under its own label.
"""

from __future__ import annotations

from rtt.measures.will_breach import WillBreach
from rtt.terms import wording

STATES = (
    "Booked in time",
    "Booked too late",
    "Next appointment in time",
    "Next appointment too late",
    "Not booked",
)
"""Of BOOKINGS, those without a date and those whose date has passed being one."""

WHAT_COUNTS = (
    "With a decision to admit, a pathway is booked if its admission date is on or after the census. Without "
    "one it may have a next appointment, which may not be treatment and so stands apart. In time is on or "
    "before the last day within the threshold."
)
COUNT_NOT_FORECAST = (
    "A count, not a forecast: everyone who will breach the threshold unless their clock stops first. "
    "Usual treatment stops many of them; patients who join the list later are not included."
)
COUNT_HEADING = "What is counted"
NO_PATHWAYS = "Bookings need a trust’s weekly PTL; the monthly return does not include them."
NOT_HELD = "Bookings are not known for this census: its pathways have been deleted, only its counts are kept."
FOUR_WEEKS_ONLY = (
    "Bookings are shown for the whole list of one trust and a horizon of 4 weeks only. From two horizons, "
    "filters or groups small numbers could be worked out. Readers who may see pathways see bookings for all."
)


def by_when(will_breach: WillBreach) -> str:
    """ "breach 18 weeks by 13 Dec 2026"."""
    return f"breach {will_breach.weeks} weeks by {wording.date_text(will_breach.ends)}"


def title(count: str, will_breach: WillBreach) -> str:
    """ "528 breach 18 weeks by 13 Dec 2026"; `count` as it is shown."""
    return f"{count[0].upper()}{count[1:]} {by_when(will_breach)}"


def undated_title(undated: str, count: str, will_breach: WillBreach) -> str:
    """ "275 of the 483 who breach 18 weeks by 13 Dec 2026 have no date"; figures as they are shown."""
    if not (undated[:1].isdigit() and count[:1].isdigit()):
        return f"Who has a date, of those who {by_when(will_breach)}"
    verb = "has" if undated == "1" else "have"
    return f"{undated} of the {count} who {by_when(will_breach)} {verb} no date"


def bounds_sentence(count: float, lower: float, upper: float) -> str:
    if lower == upper:
        return "The horizon is whole weeks of the published bands, so the count is exact."
    return (
        f"The horizon ends inside a week band, whose days are taken as evenly filled: {_about(count)}, at "
        f"least {wording.number_text(lower)} and at most {wording.number_text(upper)}."
    )


def past_sentence(past: int) -> str:
    """Dates before the census, flagged; '' where there is none."""
    if not past:
        return ""
    have = "has" if past == 1 else "have"
    return (
        f"Of those not booked {wording.number_text(past)} {have} only a date that had passed at the census: "
        "it was missed, or the PTL was not updated."
    )


def undecided_sentence(pathways: int) -> str:
    """Admission dates without a decision to admit; '' where there is none."""
    if not pathways:
        return ""
    have = "has" if pathways == 1 else "have"
    return (
        f"{wording.plural(pathways, 'pathway')} {have} an admission date but no decision to admit; only a "
        "next appointment counts for them."
    )


def _about(count: float) -> str:
    return f"about {wording.number_text(count)}"
