"""Week bands, breach dates and thresholds as tables: the rule of the standard, day by day.

Source: NHS England, Recording and reporting RTT waiting times, v5.0, section 10.1.7.
"""

from datetime import date

import numpy as np
import pytest

from rtt.terms.waits import (
    BANDS,
    band_days,
    breach_date,
    days_waited,
    last_compliant_date,
    over,
    week_band,
    within,
)

#  band  first  last   as printed
BANDS_AND_DAYS = [
    (0, 0, 7, "0-1"),  # eight days
    (1, 8, 14, ">1-2"),
    (13, 92, 98, ">13-14"),
    (17, 120, 126, ">17-18"),
    (18, 127, 133, ">18-19"),
    (39, 274, 280, ">39-40"),
    (51, 358, 364, ">51-52"),
    (52, 365, 371, ">52-53"),
    (64, 449, 455, ">64-65"),
    (65, 456, 462, ">65-66"),
    (77, 540, 546, ">77-78"),
    (78, 547, 553, ">78-79"),
    (103, 722, 728, ">103-104"),
    (104, 729, None, "104+"),
]

# weeks  last day within  first day over
THRESHOLDS = [(18, 126, 127), (40, 280, 281), (52, 364, 365), (65, 455, 456), (78, 546, 547), (104, 728, 729)]

#  clock start          last day within 18     first day over 18      first day over 52
BREACHES = [
    (date(2024, 11, 30), date(2025, 4, 5), date(2025, 4, 6), date(2025, 11, 30)),
    (date(2025, 1, 1), date(2025, 5, 7), date(2025, 5, 8), date(2026, 1, 1)),  # the first anniversary
    (date(2024, 2, 28), date(2024, 7, 3), date(2024, 7, 4), date(2025, 2, 27)),  # a leap day on the way
    (date(2026, 7, 27), date(2026, 11, 30), date(2026, 12, 1), date(2027, 7, 27)),
]


@pytest.mark.parametrize(("band", "first", "last", "printed"), BANDS_AND_DAYS)
def test_a_band_holds_these_days(band, first, last, printed):
    assert band_days(band) == (first, last), printed
    assert week_band(first) == band
    assert week_band(last if last is not None else 5_000) == band
    if first:
        assert week_band(first - 1) == band - 1


@pytest.mark.parametrize(("weeks", "still_within", "over_it"), THRESHOLDS)
def test_the_last_day_within_a_threshold_and_the_first_day_over_it(weeks, still_within, over_it):
    for days, counted_within in ((still_within, 1), (over_it, 0)):
        bands = np.zeros(BANDS)
        bands[week_band(days)] = 1
        assert within(bands, weeks) == counted_within
        assert over(bands, weeks) == 1 - counted_within


@pytest.mark.parametrize(("start", "last_within_18", "over_18", "over_52"), BREACHES)
def test_breach_dates(start, last_within_18, over_18, over_52):
    assert last_compliant_date(start) == last_within_18
    assert breach_date(start) == over_18
    assert breach_date(start, weeks=52) == over_52


def test_the_clock_start_is_day_0():
    assert days_waited(date(2026, 3, 1), date(2026, 3, 1)) == 0
    assert days_waited(date(2026, 3, 1), date(2026, 3, 31)) == 30
