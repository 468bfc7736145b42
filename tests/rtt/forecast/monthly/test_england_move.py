"""England's expected move: a season and a drift that are put in come out, at the weights of the method."""

from datetime import date

import numpy as np
import pytest

from rtt.forecast.monthly.england_move import expected_moves, month_factors
from rtt.forecast.monthly.history import EnglandSeries, england_until
from rtt.terms.calendar import add_months

SEASON = np.array([-0.9, 0.4, 0.2, 1.1, 0.3, -0.2, -0.6, -0.5, 0.7, 0.1, -0.3, -0.3])


def series(share: np.ndarray, first: date = date(2022, 1, 31)) -> EnglandSeries:
    months = tuple(add_months(first, i) for i in range(len(share)))
    return EnglandSeries(months, np.full(len(share), 7e6), share, np.full(len(share), 2e5))


def seasonal(years: int) -> np.ndarray:
    return 60 + np.cumsum(np.tile(SEASON, years))


def test_a_pure_season_gives_its_months_back():
    made = series(seasonal(6))
    assert month_factors(made.months, made.share_within_18) == pytest.approx(SEASON, abs=1e-9)


def test_the_season_is_believed_by_three_quarters_for_the_share():
    # The last month is a December, so the next six are January to June.
    assert expected_moves(series(seasonal(6)), "share_within_18", 6)[[0, 5]] == pytest.approx(
        [
            0.75 * SEASON[0] + 0.2 * drift_left_by(0.25),
            0.75 * SEASON[:6].sum() + 6 * 0.2 * drift_left_by(0.25),
        ]
    )


def drift_left_by(unbelieved: float) -> float:
    """The quarterly drift of a series that has none: the season of three months that is not believed."""
    return unbelieved * SEASON[-3:].sum() / 3


def test_a_straight_line_goes_on_at_six_tenths_of_its_slope():
    # 0.4 of the year's drift and 0.2 of the quarter's.
    moves = expected_moves(series(50 + 0.1 * np.arange(60)), "share_within_18", 24)
    assert moves == pytest.approx(0.06 * np.arange(1, 25))


def test_a_series_that_does_not_move_is_expected_not_to():
    still = series(np.full(60, 60.0))
    for measure in ("total", "share_within_18", "over_52"):
        assert expected_moves(still, measure, 6) == pytest.approx(np.zeros(6))


def test_fewer_than_twelve_months_give_no_move():
    assert expected_moves(series(60 + np.arange(10.0)), "share_within_18", 3) == pytest.approx(np.zeros(3))


def test_the_pandemic_is_no_season():
    share = np.concatenate([seasonal(10)])
    made = series(share, first=date(2016, 1, 31))
    fallen = share.copy()
    shock = [i for i, m in enumerate(made.months) if date(2020, 3, 1) <= m <= date(2021, 8, 31)]
    fallen[shock] -= np.random.default_rng(1).uniform(0, 35, len(shock))
    assert month_factors(made.months, fallen) == pytest.approx(SEASON, abs=1e-9)


def test_the_future_of_the_series_changes_nothing():
    share = seasonal(6)
    planted = share.copy()
    planted[60:] += 25
    origin = series(share).months[59]
    known, lied = (england_until(series(s), origin) for s in (share, planted))
    assert np.array_equal(
        expected_moves(known, "share_within_18", 6), expected_moves(lied, "share_within_18", 6)
    )


def test_a_month_outside_the_series_is_refused():
    with pytest.raises(ValueError, match="2031-01-31"):
        england_until(series(seasonal(3)), date(2031, 1, 31))
