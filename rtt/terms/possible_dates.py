"""Whether a date can be true today, decided in one place. `today` is always an argument.

A week ending next year, loaded unnoticed, would be what every page opens on and every forecast starts from.
"""

from datetime import date, timedelta

EARLIEST = date(2007, 1, 1)
"""Referral to treatment has been measured since 2007; no census, note or published month is older."""

GRACE = timedelta(days=1)
"""The list of a Sunday is often made on the Saturday night before."""

FARTHEST_PLAN = timedelta(days=5 * 366)


def census_fault(day: date, today: date) -> str | None:
    """Why a census, or a published month's end, cannot be of that day, as a clause; None if it can."""
    return _fault(day, first=EARLIEST, last=last_census(today), too_late=f"is after today, {_words(today)}")


def event_fault(day: date, today: date) -> str | None:
    """The same for something that has happened, such as a note on a chart."""
    return _fault(day, first=EARLIEST, last=today, too_late=f"is after today, {_words(today)}")


def plan_fault(day: date, today: date) -> str | None:
    """The same for something planned, such as an action's due date: within five years."""
    last = today + min(FARTHEST_PLAN, date.max - today)
    return _fault(day, first=EARLIEST, last=last, too_late="is more than five years away")


def has_come(day: date, today: date) -> bool:
    """Whether a day is not still to come: nothing of a later day is current, or fresh."""
    return day <= today


def last_census(today: date) -> date:
    """The newest census that can be true today: a forecast starts from none later."""
    return today + GRACE


def is_fresh(day: date, today: date, *, most_days: int) -> bool:
    """Whether data of `day` may be acted on today: at most so many days old, and not of a day to come."""
    return 0 <= (today - day).days <= most_days


def _fault(day: date, *, first: date, last: date, too_late: str) -> str | None:
    if day > last:
        return f"{_words(day)} {too_late}"
    if day < first:
        return f"{_words(day)} is before {first.year}, when waiting times of this kind were first measured"
    return None


def _words(day: date) -> str:
    return f"{day.day} {day:%B} {day.year:04}"
