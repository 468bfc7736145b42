"""Which month an extract is of: the forms that were published, each rightly, and no other."""

import calendar
import itertools
import re
from datetime import date

import pytest

from ingest.extracts.monthly.period import month_end_of_period
from ingest.files.problems import Refused

MONTHS = list(calendar.month_name)[1:]
YEARS = range(2011, 2027)


def end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


@pytest.mark.parametrize("form", ["RTT-{m}-{y}", "{m} {y}", "{m}-{y}"])
def test_a_month_with_its_year_is_that_month(form):
    for (number, name), year in itertools.product(enumerate(MONTHS, start=1), YEARS):
        for spelling in (name, name.upper(), name.lower()):
            assert month_end_of_period("a.csv", form.format(m=spelling, y=year)) == end(year, number)


@pytest.mark.parametrize("form", ["{y}-{n}", "{y}/{n}", "{y} - {n}", "{y}-20{n}", "{y}/20{n}"])
def test_a_month_beside_a_financial_year_is_of_the_year_that_it_lies_in(form):
    """Fault 19: January to March belong to the second year of 2022-23."""
    for (number, name), year in itertools.product(enumerate(MONTHS, start=1), YEARS):
        written = form.format(y=year, n=f"{(year + 1) % 100:02}")
        wanted = end(year if number >= 4 else year + 1, number)
        assert month_end_of_period("a.csv", name.upper(), written) == wanted


def test_a_month_beside_a_calendar_year():
    assert month_end_of_period("a.csv", "June", "2016") == date(2016, 6, 30)


KNOWN = re.compile(rf"(?:RTT[- ])?(?:{'|'.join(MONTHS)})[- ]20\d\d", re.IGNORECASE)
WRONG = [
    "2022-23-MARCH", "2022-23-JANUARY", "2022-MARCH", "2022-23 MARCH", "2022/23 March", "MARCH-2022-23",
    "March 2022/23", "RTT-March-22", "RTT-2022-March", "RTT-2022-23-March", "RTT-Q4-2025", "RTT-March",
    "2022", "", "RTT-March-2022-revised", "to March 2022", "March 2022 to May 2022", "RTT-MarchApril-2022",
    "RTT-13-2022",
    "RTT-March-1922", "RTT-March-20222", "31/03/2022", "2022-03-31", "44651", "Mars 2022", "RTTMarch2022",
]  # fmt: skip


@pytest.mark.parametrize("period", WRONG)
def test_any_other_form_is_refused_with_what_is_accepted(period):
    """Fault 19: 2022-23-MARCH became March 2022, and 2022-MARCH was taken."""
    assert not KNOWN.fullmatch(period)
    with pytest.raises(Refused, match=r"RTT-March-2025, or MARCH beside a column Year|a year as 2016-17"):
        month_end_of_period("a.csv", period)


@pytest.mark.parametrize("year", ["", "22-23", "2022-24", "2022-22", "2022/23/24", "twenty", "2022-2024"])
def test_a_month_beside_no_year_is_refused(year):
    """Fault 19: a year that is none is not guessed at either."""
    with pytest.raises(Refused, match="a year as 2016-17 or 2016"):
        month_end_of_period("a.csv", "MARCH", year)
