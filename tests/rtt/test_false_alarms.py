"""The false alarms that a page states are those its charts give when nothing happens."""

import math

import pytest

from rtt.false_alarms import COLUMNS, FalseAlarms, false_alarm_words, false_alarms, simulate, table
from rtt.spc_settings import Rules

RUNS = 6_000
SETTINGS = [
    pytest.param(
        kind, Rules(length=length, two_sigma=two_sigma), points, id=f"{kind}-{length}-{two_sigma}-{points}"
    )
    for kind, length, two_sigma, points in [
        ("stock", 7, "beyond", 13),
        ("stock", 7, "beyond", 24),
        ("stock", 7, "beyond", 36),
        ("stock", 6, "beyond", 24),
        ("stock", 8, "between", 24),
        ("flow", 7, "beyond", 24),
        ("flow", 6, "between", 36),
        ("flow", 8, "beyond", 13),
    ]
]


@pytest.mark.parametrize(("kind", "rules", "points"), SETTINGS)
def test_series_without_change_are_flagged_at_the_rate_stated(kind, rules, points):
    stated = false_alarms(kind=kind, rules=rules, points=points)
    found = simulate(kind=kind, rules=rules, points=points, runs=RUNS, seed=1)
    for share, rate in ((found.latest, stated.latest), (found.anywhere, stated.anywhere)):
        # Four standard errors of 6,000 runs: a right table fails once in 16,000 seeds.
        assert abs(share - rate) < 4 * math.sqrt(rate * (1 - rate) / RUNS)


def test_a_longer_shift_raises_fewer_false_alarms():
    for kind in ("flow", "stock"):
        rates = [false_alarms(kind=kind, rules=Rules(length=n), points=24).latest for n in (6, 7, 8)]
        assert rates == sorted(rates, reverse=True)
        assert rates[0] > rates[2]


def test_the_table_holds_every_setting_and_number_of_points():
    rows = table(runs=2)
    assert len(rows) == 2 * 2 * 3 * 24
    for kind, two_sigma, length, points in (row[:4] for row in rows):
        rates = false_alarms(kind=kind, rules=Rules(length=length, two_sigma=two_sigma), points=points)
        assert 0 < rates.latest < rates.anywhere < 1
    assert {len(row) for row in rows} == {len(COLUMNS)}


def test_trial_limits_have_no_rate_and_long_series_have_that_of_36_points():
    with pytest.raises(ValueError, match="12 points make trial limits"):
        false_alarms(kind="flow", rules=Rules(), points=12)
    assert false_alarms(kind="flow", rules=Rules(), points=99) == false_alarms(
        kind="flow", rules=Rules(), points=36
    )


@pytest.mark.parametrize(
    ("series", "said"),
    [
        (150, "2.6% of latest points would still be flagged: about 4 of the 150 series"),
        (9, "fewer than one of the 9"),
    ],
)
def test_the_page_says_how_many_of_its_series_that_is(series, said):
    assert said in false_alarm_words(FalseAlarms(latest=0.0256, anywhere=0.25), series=series)
