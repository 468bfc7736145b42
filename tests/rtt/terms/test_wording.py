"""How numbers are written: a table, and that what is written can be read back."""

import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtt.terms.wording import (
    band_text,
    date_text,
    list_text,
    machine_text,
    month_text,
    number_text,
    percent,
    plural,
    rounded,
    share_text,
    signed_text,
    target_text,
    weekday_text,
    weeks_text,
)

TABLE = [
    (number_text(7_418_598), "7,418,598"),
    (number_text(0), "0"),
    (number_text(-92), "−92"),
    (number_text(-0.04, 1), "0.0"),
    (number_text(2.5), "3"),
    (signed_text(118), "+118"),
    (signed_text(-2_310), "−2,310"),
    (signed_text(0), "0"),
    (share_text(0.5977843792048039), "59.8%"),
    (share_text(0.6025), "60.3%"),
    (share_text(0.0), "0.0%"),
    (share_text(1.0), "100.0%"),
    (share_text(0.00001), "under 0.1%"),
    (share_text(0.99999), "over 99.9%"),
    (target_text(0.92), "92%"),
    (target_text(0.664), "66.4%"),
    (weeks_text(13.997676), "14.0 weeks"),
    (weeks_text(math.inf), "104+ weeks"),
    (weeks_text(math.inf, open_band=52), "52+ weeks"),
    (band_text(77.0), "over 77 weeks"),
    (band_text(0.0), "up to 1 week"),
    (band_text(math.inf), "over 104 weeks"),
    (plural(1, "pathway"), "1 pathway"),
    (plural(48_212, "pathway"), "48,212 pathways"),
    (date_text(date(2026, 11, 5)), "5 Nov 2026"),
    (weekday_text(date(2026, 11, 15)), "Sunday 15 Nov 2026"),
    (month_text(date(2026, 10, 31)), "October 2026"),
    (list_text([]), ""),
    (list_text(["a"]), "a"),
    (list_text(["a", "b", "c"]), "a, b and c"),
    (machine_text(48212.0), "48212"),
    (machine_text(0.5977843792048039), "0.5977843792048039"),
    (machine_text(math.inf), "104+"),
    (machine_text(math.inf, open_band=52), "52+"),
    (machine_text(math.nan), ""),
    (machine_text(None), ""),
    (machine_text(0.0), "0"),
]


@pytest.mark.parametrize(("written", "expected"), TABLE)
def test_written_as(written, expected):
    assert written == expected


@given(st.integers(-(10**9), 10**9))
def test_a_count_reads_back(count):
    assert int(number_text(count).replace(",", "").replace("−", "-")) == count


@given(st.integers(1, 10**7), st.data())
def test_a_share_reads_back_to_half_of_its_last_figure(denominator, data):
    numerator = data.draw(st.integers(0, denominator))
    share = numerator / denominator
    assert abs(float(percent(share)) - 100 * share) <= 0.05 + 1e-9


@given(st.floats(-1e9, 1e9))
def test_machine_text_keeps_every_figure(value):
    assert float(machine_text(value)) == value


def test_halves_are_rounded_away_from_zero():
    assert [str(rounded(value, 1)) for value in (0.25, 0.35, -0.25)] == ["0.3", "0.4", "-0.3"]
