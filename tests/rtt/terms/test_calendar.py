"""Working days, month ends and due dates, against naive counts and dates known from the calendar."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtt.terms.calendar import (
    LONDON,
    add_months,
    bank_holidays,
    is_bank_holiday_week,
    month_end,
    month_ends,
    months_between,
    next_due_monthly,
    next_due_weekly,
    sunday_on_or_before,
    working_days,
    working_days_each,
    working_days_in_month,
)

days = st.dates(date(2015, 1, 1), date(2035, 12, 31))


#  England's bank holidays as gov.uk lists them.
HOLIDAYS = {
    2022: ["01-03", "04-15", "04-18", "05-02", "06-02", "06-03", "08-29", "09-19", "12-26", "12-27"],
    2025: ["01-01", "04-18", "04-21", "05-05", "05-26", "08-25", "12-25", "12-26"],
    2026: ["01-01", "04-03", "04-06", "05-04", "05-25", "08-31", "12-25", "12-28"],
}

#  month      working days
MONTHS = [
    (date(2024, 12, 31), 20),
    (date(2025, 3, 31), 21),
    (date(2025, 4, 30), 20),
    (date(2025, 5, 31), 20),
    (date(2025, 12, 31), 21),
    (date(2024, 2, 29), 21),
]

#  newest month held     the next month is published on
PUBLISHED = [
    (date(2025, 3, 31), date(2025, 6, 12)),
    (date(2025, 8, 31), date(2025, 11, 13)),
    (date(2026, 10, 31), date(2027, 1, 14)),
    (date(2026, 11, 30), date(2027, 2, 11)),
]


@pytest.mark.parametrize(("year", "expected"), HOLIDAYS.items())
def test_bank_holidays_on_weekdays_are_england_s(year, expected):
    weekdays = sorted(day for day in bank_holidays(year) if day.weekday() < 5)
    assert [f"{day:%m-%d}" for day in weekdays] == expected


@pytest.mark.parametrize(("month", "expected"), MONTHS)
def test_working_days_of_a_month(month, expected):
    assert working_days_in_month(month) == expected
    assert working_days(month.replace(day=1), month) == expected


@given(days, st.integers(0, 400))
def test_working_days_equal_a_count_of_days(first, length):
    last = first + timedelta(days=length)
    counted = 0
    for ahead in range(length + 1):
        day = first + timedelta(days=ahead)
        counted += day.weekday() < 5 and day not in bank_holidays(day.year)
    assert working_days(first, last) == counted


def test_working_days_of_many_periods_at_once():
    firsts = [month.replace(day=1) for month, _ in MONTHS]
    lasts = [month for month, _ in MONTHS]
    assert working_days_each(firsts, lasts).tolist() == [expected for _, expected in MONTHS]
    assert working_days_each([], []).tolist() == []


def test_a_period_that_ends_before_it_begins_is_an_error():
    with pytest.raises(ValueError, match="2026-01-01"):
        working_days(date(2026, 1, 2), date(2026, 1, 1))


@pytest.mark.parametrize(
    ("sunday", "expected"),
    [
        (date(2025, 4, 20), True),  # Good Friday
        (date(2025, 4, 27), True),  # Easter Monday
        (date(2025, 5, 4), False),  # the Monday after it is a holiday of the next week
        (date(2025, 5, 11), True),
        (date(2022, 12, 25), False),  # Christmas on the Sunday itself takes no weekday
        (date(2023, 1, 1), True),
        (date(2026, 1, 4), True),
    ],
)
def test_weeks_that_lose_a_weekday_to_a_bank_holiday(sunday, expected):
    assert is_bank_holiday_week(sunday) is expected


@given(days, st.integers(-60, 60))
def test_months_added_can_be_taken_away(day, months):
    end = month_end(day)
    moved = add_months(end, months)
    assert add_months(moved, -months) == end
    assert months_between(end, moved) == months
    assert (moved + timedelta(days=1)).day == 1


def test_month_ends_from_one_to_another():
    assert month_end(date(2024, 2, 3)) == date(2024, 2, 29)
    assert month_ends(date(2024, 11, 30), date(2025, 2, 28)) == [
        date(2024, 11, 30),
        date(2024, 12, 31),
        date(2025, 1, 31),
        date(2025, 2, 28),
    ]
    assert month_ends(date(2025, 2, 28), date(2025, 1, 31)) == []


@given(days)
def test_the_sunday_of_a_census_is_at_most_six_days_back(day):
    sunday = sunday_on_or_before(day)
    assert sunday.weekday() == 6
    assert timedelta(0) <= day - sunday <= timedelta(days=6)


@pytest.mark.parametrize(("census", "due"), PUBLISHED)
def test_the_next_month_is_published_on_the_second_thursday_two_months_after_it(census, due):
    assert due.weekday() == 3
    assert next_due_monthly(census) == due


def test_the_next_weekly_list_is_due_on_the_monday_after_its_sunday():
    assert next_due_weekly(date(2026, 11, 15)) == date(2026, 11, 23)
    assert next_due_weekly(date(2026, 11, 15), days_after=3) == date(2026, 11, 25)


def test_due_dates_are_settings():
    assert next_due_monthly(date(2025, 3, 31), weekday=0, nth=1, months_after=1) == date(2025, 5, 5)
    with pytest.raises(ValueError, match="no weekday 3 number 6"):
        next_due_monthly(date(2025, 3, 31), nth=6)


def test_times_are_london_s():
    assert str(LONDON) == "Europe/London"
