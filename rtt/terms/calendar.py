"""Month ends, Sundays, working days in England, and when data is next due. Callers pass every date in."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from rtt.terms.wording import date_text

LONDON = ZoneInfo("Europe/London")
MONDAY, THURSDAY, SUNDAY = 0, 3, 6

Days = NDArray[np.datetime64]


@cache
def bank_holidays(year: int) -> frozenset[date]:
    """England's bank holidays of a year, substitute days included."""
    # Most commands ask for none, and the library knows the calendars of the whole world.
    import holidays

    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=[year]))


@lru_cache(maxsize=4096)
def working_days(first: date, last: date) -> int:
    """Days from `first` to `last`, both included, less weekends and bank holidays; ValueError if reversed."""
    if last < first:
        raise ValueError(f"the last day, {last}, is before the first, {first}")
    return int(working_days_each([first], [last])[0])


def working_days_each(firsts: Sequence[date] | Days, lasts: Sequence[date] | Days) -> NDArray[np.int64]:
    """`working_days` for many periods at once: dates in two sequences of length n, counts of shape (n,)."""
    starts = np.asarray(firsts, dtype="datetime64[D]")
    ends = np.asarray(lasts, dtype="datetime64[D]")
    if starts.size == 0:
        return np.zeros(0, dtype=np.int64)
    years = range(starts.min().item().year, ends.max().item().year + 1)
    closed = np.array(sorted(day for year in years for day in bank_holidays(year)), dtype="datetime64[D]")
    return np.busday_count(starts, ends + np.timedelta64(1, "D"), holidays=closed).astype(np.int64)


def working_days_in_month(day: date) -> int:
    return working_days(day.replace(day=1), month_end(day))


def is_bank_holiday_week(sunday: date) -> bool:
    # The week runs from Monday to `sunday`, which is itself no weekday.
    weekdays = (sunday - timedelta(days=ahead) for ahead in range(2, 7))
    return any(day in bank_holidays(day.year) for day in weekdays)


def moment_text(moment: datetime) -> str:
    """A moment in London: 21 Nov 2026, 07:12."""
    # SQLite gives times back without their zone; they are stored in UTC.
    local = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(LONDON)
    return f"{date_text(local.date())}, {local:%H:%M}"


def month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def add_months(month_end_date: date, months: int) -> date:
    """The month end `months` after (or, negative, before) the month of the date given."""
    year, month = divmod(12 * month_end_date.year + month_end_date.month - 1 + months, 12)
    return month_end(date(year, month + 1, 1))


def days_named(census: str) -> tuple[date, date]:
    """First and last day that "2025-03" or "2025-03-30" means. ValueError says what is expected."""
    try:
        if len(census) == len("2025-03"):
            first = date.fromisoformat(f"{census}-01")
            return first, month_end(first)
        day = date.fromisoformat(census)
    except ValueError:
        raise ValueError("expected a month, 2025-03, or a day, 2025-03-30") from None
    return day, day


def months_between(earlier: date, later: date) -> int:
    """How many month ends lie from the month of `earlier` to that of `later`; negative if reversed."""
    return 12 * (later.year - earlier.year) + later.month - earlier.month


def month_ends(first: date, last: date) -> list[date]:
    """Every month end from the month of `first` to that of `last`, both included."""
    return [add_months(first, ahead) for ahead in range(months_between(first, last) + 1)]


def sunday_on_or_before(day: date) -> date:
    """The census of a weekly list: the newest Sunday that is not after `day`."""
    return day - timedelta(days=(day.weekday() + 1) % 7)


def next_due_weekly(census: date, *, days_after: int = 1) -> date:
    """The day on which the list after that of `census` is due: by default the Monday after its Sunday."""
    return census + timedelta(days=7 + days_after)


def next_due_monthly(census: date, *, weekday: int = THURSDAY, nth: int = 2, months_after: int = 2) -> date:
    """The day on which the month after `census` is published: the second Thursday, two months after it.

    `weekday` counts from Monday = 0. ValueError if that month has no `nth` such weekday.
    """
    first = add_months(census, 1 + months_after).replace(day=1)
    due = first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))
    if nth < 1 or due.month != first.month:
        raise ValueError(f"{first:%B %Y} has no weekday {weekday} number {nth}")
    return due
