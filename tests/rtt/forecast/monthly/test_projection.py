"""Projections: nothing from the future, every month an account that balances, nothing beyond the data."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtt.forecast.monthly.history import (
    CELLS,
    ENGLAND,
    PROVIDERS,
    EnglandSeries,
    History,
    carried_on,
    measures,
    rolled_up,
    until,
)
from rtt.forecast.monthly.projected_bands import MEASURES
from rtt.forecast.monthly.projection import REASONS, Projection, is_scenario, project, published, walked
from rtt.forecast.monthly.skill import EXPECTED_MOVE, NO_CHANGE
from tests.rtt.simulated_lists import england_of, newest, simulated

UNITS, MONTHS = 12, 14


@pytest.fixture(scope="module")
def england() -> EnglandSeries:
    return england_of(simulated(units=UNITS, months=40, seed=1))


@pytest.fixture(scope="module")
def history() -> History:
    return newest(simulated(units=UNITS, months=40, seed=1), MONTHS)


@pytest.fixture(scope="module")
def projection(history, england) -> Projection:
    return project(history, england, PROVIDERS)


def test_the_future_planted_after_an_origin_changes_nothing(history, england):
    origin = 9
    lied = replace(history, bands=history.bands.copy(), starts=history.starts.copy())
    lied.bands[:, origin + 1 :] = np.random.default_rng(9).permuted(lied.bands[:, origin + 1 :], axis=2) * 3
    lied.starts[:, origin + 1 :] = 1e6
    told = replace(england, total=england.total.copy(), share_within_18=england.share_within_18.copy())
    told.total[-(MONTHS - origin - 1) :] *= 3
    told.share_within_18[-(MONTHS - origin - 1) :] = 5
    honest = at_origin(origin, history, england)
    planted = at_origin(origin, lied, told)
    for measure in MEASURES:
        assert np.array_equal(honest.values[measure], planted.values[measure])
        assert np.array_equal(honest.intervals[measure], planted.intervals[measure])
    assert honest.decisions == planted.decisions
    assert np.array_equal(honest.bands, planted.bands)


def at_origin(origin: int, history: History, england: EnglandSeries) -> Projection:
    """The projection of one origin as the back-test, which holds the later months too, would make it."""
    made, record = next(pair for pair in walked(history, england, PROVIDERS) if pair[0].origin == origin)
    return published(history, measures(history), PROVIDERS, made, record)


def test_a_back_test_says_what_would_have_been_said_then(history, england):
    then = project(until(history, 9), england, PROVIDERS)
    again = at_origin(9, history, england)
    for measure in MEASURES:
        assert then.values[measure][:, :6] == pytest.approx(again.values[measure], nan_ok=True)
        assert then.intervals[measure][:, :6] == pytest.approx(again.intervals[measure], nan_ok=True)


@given(
    seed=st.integers(0, 10_000),
    level=st.sampled_from([PROVIDERS, CELLS]),
    scale=st.sampled_from([0.002, 0.05, 1]),
)
def test_every_projected_month_balances_and_stays_in_range(seed, level, scale):
    whole = simulated(units=8, months=9, seed=seed)
    random = np.random.default_rng(seed)
    history = replace(whole, bands=np.rint(whole.bands * scale), starts=whole.starts * scale)
    history.bands[0, 4] = 0
    history.reported[0, 4] = False
    history.bands[1, 6:] *= 3
    history.bands[2, :, 52:] = 0
    history.starts[3] = 0
    history.bands[4, -1] = 0
    history.reported[4, -1] = bool(random.integers(2))
    made = project(history, england_of(whole), level)
    flows = made.flows
    some = np.isfinite(made.values["total"])
    assert some[5:].all() or scale < 0.05, "every list of twenty or more has its value"
    left = flows.opening + flows.starts - flows.stops - flows.removals
    assert np.array_equal(left[some], flows.closing[some])
    assert np.array_equal(flows.closing[some], made.values["total"][some])
    assert np.array_equal(flows.opening[:, 1:][some[:, 1:]], flows.closing[:, :-1][some[:, 1:]])
    for counts in (*flows, *made.values.values(), made.bands, *made.intervals.values()):
        assert not (counts[np.isfinite(counts)] < 0).any()
    assert (made.values["share_within_18"][some] <= 100).all()
    over_18, over_52 = made.values["over_18"][some], made.values["over_52"][some]
    # Where nobody in sight has ever waited 52 weeks no interval can be given, and so no value.
    assert not (over_52 > over_18 + 1e-6).any()


def test_the_bands_give_the_very_figures(projection):
    bands, values = projection.bands, projection.values
    assert bands.sum(axis=2) == pytest.approx(values["total"])
    assert 100 * bands[..., :18].sum(axis=2) / bands.sum(axis=2) == pytest.approx(values["share_within_18"])
    assert bands[..., 18:].sum(axis=2) == pytest.approx(values["over_18"])
    assert bands[..., 52:].sum(axis=2) == pytest.approx(values["over_52"])


def test_every_value_has_its_intervals_one_inside_the_other(projection):
    for measure in MEASURES:
        lower, upper = np.moveaxis(projection.intervals[measure], 3, 0)
        value = projection.values[measure][..., None]
        assert np.isfinite(lower).all()
        assert (lower <= value).all()
        assert (value <= upper).all()
        assert (np.diff(lower, axis=2) <= 0).all()
        assert (np.diff(upper, axis=2) >= 0).all()


def test_after_six_months_it_is_a_scenario_and_wider(projection):
    assert [is_scenario(h) for h in (1, 6, 7, 24)] == [False, False, True, True]
    width = np.ptp(projection.intervals["share_within_18"][:, :, 1], axis=2)
    assert (width[:, 23] > width[:, 5]).all()
    assert len(projection.months) == 24


def test_no_return_in_the_newest_month_no_forecast(history, england):
    silent = replace(history, bands=history.bands.copy(), reported=history.reported.copy())
    silent.bands[3, -1] = 0
    silent.reported[3, -1] = False
    made = project(silent, england, PROVIDERS)
    assert made.standings[3] == "no return"
    assert all(np.isnan(made.values[m][3]).all() for m in MEASURES)
    assert all(np.isnan(flow[3]).all() for flow in made.flows)


def test_fewer_than_twenty_pathways_no_forecast_and_a_small_list_its_last_value(history, england):
    few = replace(history, bands=history.bands.copy())
    few.bands[0] = np.rint(few.bands[0] * 10 / few.bands[0].sum(axis=1, keepdims=True))
    few.bands[1] = np.rint(few.bands[1] * 3000 / few.bands[1].sum(axis=1, keepdims=True))
    few.bands[2] = np.rint(few.bands[2] * 2800 / few.bands[2].sum(axis=1, keepdims=True))
    made = project(few, england, PROVIDERS)
    assert made.standings[:3] == ("under twenty", "small list", "small list")
    assert np.isnan(made.values["total"][0]).all()
    for measure in MEASURES:
        assert made.values[measure][1] == pytest.approx(np.full(24, made.last[measure][1]))


@pytest.mark.parametrize("months", [4, 5])
def test_fewer_than_six_months_show_the_last_value_and_say_why(history, england, months):
    made = project(newest(history, months), england, PROVIDERS)
    assert set(made.standings) == {"short history"}
    assert "Fewer than 6 months" in REASONS["short history"]
    for measure in MEASURES:
        assert made.values[measure] == pytest.approx(np.tile(made.last[measure][:, None], 24))
        assert {d.method for d in made.decisions[measure]} == {NO_CHANGE}


@pytest.mark.parametrize("months", [1, 2])
def test_without_moves_to_learn_from_nothing_is_said(history, england, months):
    made = project(newest(history, months), england, PROVIDERS)
    assert all(np.isnan(values).all() for values in made.values.values())


def test_no_month_at_all_is_refused(history, england):
    with pytest.raises(ValueError, match="at least one month"):
        project(until(history, -1), england, PROVIDERS)


def test_lists_that_wander_at_random_are_given_their_last_value():
    random = np.random.default_rng(4)
    plain = newest(simulated(units=30, months=40, seed=2), 20)
    # Each month every list is redrawn round its own size: a trend is never a promise.
    size = plain.bands[:, :1].sum(axis=2, keepdims=True) * np.exp(
        0.05 * random.normal(size=(30, 20, 1)).cumsum(axis=1)
    )
    bands = np.rint(size * plain.bands[:, :1] / plain.bands[:, :1].sum(axis=2, keepdims=True))
    wandering = replace(plain, bands=bands)
    still = EnglandSeries(plain.months, np.full(20, 1e6), np.full(20, 60.0), np.full(20, 5e4))
    made = project(wandering, still, PROVIDERS)
    for decided in made.decisions["total"][:6]:
        assert decided.skill is not None
        assert decided.skill < 0.02
        assert (decided.method == NO_CHANGE) == (decided.skill <= 0)


def test_england_is_forecast_by_its_expected_move(history, england):
    whole = rolled_up(history, np.zeros(UNITS, dtype=np.int64), (("England",),))
    made = project(whole, england, ENGLAND)
    assert np.isfinite(made.intervals["share_within_18"]).all()
    methods = {d.method for decisions in made.decisions.values() for d in decisions}
    assert methods <= {EXPECTED_MOVE, NO_CHANGE}


def test_the_published_series_is_carried_on_from_the_extracts(history, england):
    short = EnglandSeries(
        england.months[:30], england.total[:30], england.share_within_18[:30], england.over_52[:30]
    )
    joined = carried_on(short, history)
    assert joined.months == england.months
    assert joined.total == pytest.approx(england.total)
    assert joined.share_within_18 == pytest.approx(england.share_within_18)
    assert joined.over_52 == pytest.approx(england.over_52)


def test_a_sum_of_cells_is_their_provider(history):
    halves = replace(
        history,
        keys=tuple((*k, c) for k in history.keys for c in "ab"),
        bands=np.repeat(history.bands / 2, 2, axis=0),
        starts=np.repeat(history.starts / 2, 2, axis=0),
        stops=np.repeat(history.stops / 2, 2, axis=0),
        reported=np.repeat(history.reported, 2, axis=0),
        kind=np.repeat(history.kind, 2),
    )
    whole = rolled_up(halves, np.repeat(np.arange(UNITS), 2), history.keys)
    assert measures(whole).share_within_18 == pytest.approx(measures(history).share_within_18)
    assert whole.starts == pytest.approx(history.starts)
