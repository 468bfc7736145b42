"""Band arithmetic against a table of days made without arithmetic, and properties for any wait."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtt.terms.waits import (
    BANDS,
    OPEN_BAND,
    band_days,
    breach_date,
    days_waited,
    last_compliant_date,
    over,
    over_is_known,
    week_band,
    week_bands,
    within,
)


def table_of_days(days):
    """The band of every day from 0 to `days`, by counting: eight days in the first band, then sevens."""
    bands = [0] * 8
    for band in range(1, OPEN_BAND):
        bands += [band] * 7
    return bands + [OPEN_BAND] * (days + 1 - len(bands))


def test_every_day_of_five_years_lies_in_its_band():
    table = table_of_days(1_830)
    assert [week_band(days) for days in range(1_831)] == table
    assert week_bands(np.arange(1_831)).tolist() == table


def test_every_band_holds_the_days_of_the_table():
    table = table_of_days(1_830)
    for band in range(OPEN_BAND):
        days = [day for day, found in enumerate(table) if found == band]
        assert band_days(band) == (days[0], days[-1])
    assert band_days(OPEN_BAND) == (table.index(OPEN_BAND), None)


def test_a_negative_wait_has_no_band():
    with pytest.raises(ValueError, match="-1 days"):
        week_band(-1)
    assert week_bands(np.array([-1, 0, -400])).tolist() == [-1, 0, -1]


@pytest.mark.parametrize("band", [-1, BANDS])
def test_there_are_105_bands(band):
    with pytest.raises(ValueError, match=str(band)):
        band_days(band)


@given(st.lists(st.integers(0, 1_500), max_size=60), st.integers(1, OPEN_BAND))
def test_within_and_over_count_pathways_by_their_days(waits, weeks):
    bands = np.bincount(week_bands(np.array(waits, dtype=np.int64)), minlength=BANDS)
    assert within(bands, weeks) == sum(days <= 7 * weeks for days in waits)
    assert over(bands, weeks) == sum(days > 7 * weeks for days in waits)


@given(st.dates(date(2000, 1, 1), date(2040, 1, 1)), st.integers(1, 104))
def test_the_breach_is_the_day_after_the_last_compliant_one(start, weeks):
    last, breach = last_compliant_date(start, weeks), breach_date(start, weeks)
    assert breach == last + timedelta(days=1)
    assert week_band(days_waited(start, last)) < weeks <= week_band(days_waited(start, breach))


def test_within_and_over_keep_the_shape_of_many_scopes():
    bands = np.ones((4, 3, BANDS))
    assert within(bands, 18).tolist() == [[18.0] * 3] * 4
    assert over(bands, 18).tolist() == [[87.0] * 3] * 4


def test_a_census_with_an_open_band_of_52_weeks_cannot_say_who_waits_over_65():
    assert [over_is_known(weeks, 52) for weeks in (18, 52, 65)] == [True, True, False]
    assert over_is_known(104)
