"""Figures that NHS England published, quoted, and the arithmetic of the product on the same numbers.

Source: RTT Overview Timeseries (May 2026), England; full extract of February 2026 for clearance.
"""

import numpy as np
import pytest

from rtt.measures.queueing import clearance_weeks, removals, sustainable_list_size, unreported_removals
from rtt.terms.wording import share_text

# census    list       within 18  as published
SHARES = [
    ("2024-04", 7_570_371, 4_408_948, 0.582395),
    ("2024-06", 7_621_297, 4_487_082, 0.588756),
    ("2024-11", 7_479_867, 4_424_701, 0.591548),
    ("2025-03", 7_418_598, 4_434_722, 0.597784),
]


@pytest.mark.parametrize(("month", "waiting", "within_18", "published"), SHARES)
def test_shares_within_18_weeks(month, waiting, within_18, published):
    assert within_18 / waiting == pytest.approx(published, abs=5e-7), month


def test_a_share_is_shown_as_the_press_notice_prints_it():
    assert share_text(4_434_722 / 7_418_598) == "59.8%"


def test_clearance_of_england_in_february_2026():
    weeks = clearance_weeks(7_124_952, 289_643 + 1_207_513, 28)
    assert round(float(weeks), 1) == 19.0


def test_a_list_sustainable_at_92_percent_is_7_13_weeks_of_removals():
    assert float(sustainable_list_size(1.0)) == pytest.approx(7.13, abs=0.005)
    assert float(sustainable_list_size(410_000)) == pytest.approx(2.9e6, rel=0.01)


def test_unreported_removals_of_england_in_march_2025():
    opening, new_periods, completed, closing = 7_401_153, 1_798_871, 327_652 + 1_208_332, 7_418_598
    assert removals(opening, new_periods, closing) == 1_781_426
    assert unreported_removals(opening, new_periods, completed, closing) == 245_442
    assert np.isnan(unreported_removals(np.nan, new_periods, completed, closing))
