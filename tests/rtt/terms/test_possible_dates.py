"""Which dates can be true today: the rule itself, on every day round its edges."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from rtt.terms.possible_dates import EARLIEST, census_fault, event_fault, has_come, is_fresh, plan_fault

days = st.dates(date(1, 1, 1), date(9999, 12, 31))
todays = st.dates(date(2026, 1, 1), date(2060, 12, 31))


@given(days, todays)
def test_a_census_lies_between_2007_and_tomorrow(day, today):
    """Fault 2: a list of next year was taken without a word."""
    assert (census_fault(day, today) is None) == (date(2007, 1, 1) <= day <= today + timedelta(1))


@given(days, todays)
def test_what_has_happened_lies_between_2007_and_today(day, today):
    """Fault 21: a note dated 9999 was accepted."""
    assert (event_fault(day, today) is None) == (EARLIEST <= day <= today)


@given(days, todays)
def test_what_is_planned_lies_within_five_years(day, today):
    assert (plan_fault(day, today) is None) == (EARLIEST <= day <= today + timedelta(1830))


@given(days, todays, st.integers(0, 40))
def test_an_age_below_zero_is_never_fresh(day, today, most):
    """Fault 2: a list of 358 days to come counted as fresh, for it was not older than eight days."""
    assert is_fresh(day, today, most_days=most) == (timedelta(0) <= today - day <= timedelta(most))
    assert has_come(day, today) == (day <= today)


def test_a_fault_says_the_day_and_why():
    today = date(2026, 11, 28)
    assert census_fault(date(2027, 11, 14), today) == "14 November 2027 is after today, 28 November 2026"
    assert census_fault(date(1, 1, 1), today).startswith("1 January 0001 is before 2007")
