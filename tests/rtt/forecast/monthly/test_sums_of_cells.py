"""England and its providers as the sums of their cells: a literal addition, and what must always hold."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rtt.forecast.monthly.back_test import whole_trials
from rtt.forecast.monthly.history import (
    CELLS,
    ENGLAND,
    PROVIDERS,
    EnglandSeries,
    History,
    measures,
    rolled_up,
    until,
)
from rtt.forecast.monthly.origins import Candidate, candidates
from rtt.forecast.monthly.projected_bands import MEASURES
from rtt.forecast.monthly.projection import Projection, project, published, walked
from rtt.forecast.monthly.skill import EXPECTED_MOVE, HALF_OF_CELLS, NO_CHANGE, SUM_OF_CELLS
from rtt.forecast.monthly.sums_of_cells import of_england, summed, with_cells
from tests.rtt.simulated_lists import england_of, newest, simulated

# England's series is longer than the years of its record, so that those count which were known at an origin.
PROVIDERS_HELD, FUNCTIONS, MONTHS, LONG = 4, 3, 14, 125


def cells_of(seed: int, months: int = 40) -> History:
    """Four providers of three treatment functions, one cell too small, one without its newest return."""
    plain = simulated(units=PROVIDERS_HELD * FUNCTIONS, months=months, seed=seed)
    provider, function = np.divmod(np.arange(len(plain.keys)), FUNCTIONS)
    keys = tuple((f"R{p:02d}", f"C_{f}") for p, f in zip(provider, function, strict=True))
    cells = replace(
        plain, keys=keys, provider=provider, treatment_function=function, bands=plain.bands.copy()
    )
    cells.bands[1] = np.rint(cells.bands[1] / 200)
    cells.bands[5, -1] = 0
    cells.reported[5, -1] = False
    return cells


def providers_of(cells: History) -> History:
    return rolled_up(cells, cells.provider, tuple((f"R{p:02d}",) for p in range(PROVIDERS_HELD)))


def whole_of(cells: History) -> History:
    return rolled_up(cells, np.zeros(len(cells.keys), dtype=np.int64), (("England",),))


@pytest.fixture(scope="module")
def cells() -> History:
    return newest(cells_of(1, LONG), MONTHS)


@pytest.fixture(scope="module")
def england() -> EnglandSeries:
    return england_of(cells_of(1, LONG))


def newest_candidate(history: History, england: EnglandSeries, level) -> Candidate:
    *_, made = candidates(history, england, level)
    return made


def test_a_sum_is_that_of_its_cells_one_by_one(cells, england):
    made = newest_candidate(cells, england, CELLS)
    found = summed(made, cells.provider)
    for provider in range(PROVIDERS_HELD):
        for step in range(6):
            total = over_18 = over_52 = 0.0
            for unit, key in enumerate(cells.keys):
                last = cells.bands[unit, -1].sum()
                if key[0] != f"R{provider:02d}" or last == 0:
                    continue
                values = {m: made.values[m][unit, step] for m in MEASURES}
                if last < 200:  # too small to be forecast
                    values = {m: made.last[m][unit] for m in MEASURES}
                total += values["total"]
                over_18 += values["total"] * (100 - values["share_within_18"]) / 100
                over_52 += values["over_52"]
            assert found[provider, step] == pytest.approx([total, over_18, over_52])


@settings(max_examples=15)
@given(seed=st.integers(0, 10_000))
def test_england_is_the_sum_of_its_cells(seed):
    whole = cells_of(seed, months=22)
    cells = newest(whole, 9)
    england = england_of(whole)
    sums = summed(newest_candidate(cells, england, CELLS), cells.provider)
    made = newest_candidate(whole_of(cells), england, ENGLAND)
    said = with_cells(made, ENGLAND, sums.sum(axis=0, keepdims=True))
    total, over_18, over_52 = np.moveaxis(sums.sum(axis=0), -1, 0)
    assert said.values["total"][0] == pytest.approx(np.rint(total))
    assert said.values["share_within_18"][0] == pytest.approx(100 * (1 - over_18 / total))
    assert said.values["over_52"][0] == pytest.approx(over_52)
    # The bands, and so the median, follow.
    assert said.bands[0].sum(axis=-1) == pytest.approx(np.rint(total))


def test_a_provider_is_half_its_cells_from_two_months_on_but_for_the_list(cells, england):
    sums = summed(newest_candidate(cells, england, CELLS), cells.provider)
    own = newest_candidate(providers_of(cells), england, PROVIDERS)
    said = with_cells(own, PROVIDERS, sums)
    share = 100 * (1 - sums[..., 1] / sums[..., 0])
    for unit in range(PROVIDERS_HELD):
        for step in range(6):
            of = {m: own.values[m][unit, step] for m in MEASURES}
            halved = {
                "share_within_18": (of["share_within_18"] + share[unit, step]) / 2,
                # The root is the scale on which counts over 52 weeks are compared.
                "over_52": ((of["over_52"] ** 0.5 + sums[unit, step, 2] ** 0.5) / 2) ** 2,
            }
            expected = of | halved if step >= 1 else of
            for measure in ("total", "share_within_18", "over_52"):
                assert said.values[measure][unit, step] == pytest.approx(expected[measure]), (measure, step)


def at_origin(cells: History, england: EnglandSeries, origin: int) -> list[Projection]:
    """What a back-test that holds later months too says from one origin of providers and England."""
    sums = {made.origin: summed(made, cells.provider) for made, _ in walked(cells, england, CELLS)}
    said = []
    for history, level, of_cells in (
        (providers_of(cells), PROVIDERS, sums),
        (whole_of(cells), ENGLAND, of_england(sums)),
    ):
        walk = walked(history, england, level, sums=of_cells)
        made, record = next(pair for pair in walk if pair[0].origin == origin)
        said.append(published(history, measures(history), level, made, record))
    return said


def test_later_months_of_the_cells_change_no_forecast(cells, england):
    """Fault 15: England's forecast and its interval are made from what was known at the origin alone."""
    origin = 9
    lied = replace(cells, bands=cells.bands.copy(), starts=cells.starts.copy())
    lied.bands[:, origin + 1 :] = np.random.default_rng(9).permuted(lied.bands[:, origin + 1 :], axis=2) * 3
    told = replace(england, total=england.total.copy(), over_52=england.over_52.copy())
    told.total[-(MONTHS - origin - 1) :] *= 3
    told.over_52[-(MONTHS - origin - 1) :] = 7
    for honest, planted in zip(at_origin(cells, england, origin), at_origin(lied, told, origin), strict=True):
        assert honest.decisions == planted.decisions
        for measure in MEASURES:
            assert np.array_equal(honest.values[measure], planted.values[measure])
            assert np.array_equal(honest.intervals[measure], planted.intervals[measure], equal_nan=True)


def test_a_back_test_says_what_would_have_been_said_then(cells, england):
    """Fault 15: a past England is given the record that it had then, neither a longer nor a shorter one."""
    then = until(cells, 9)
    sums = project(then, england, CELLS).sums
    now = [
        project(providers_of(then), england, PROVIDERS, sums=sums),
        project(whole_of(then), england, ENGLAND, sums=of_england(sums)),
    ]
    for again, said in zip(at_origin(cells, england, 9), now, strict=True):
        for measure in MEASURES:
            assert again.values[measure] == pytest.approx(said.values[measure][:, :6])
            assert again.intervals[measure] == pytest.approx(said.intervals[measure][:, :6], nan_ok=True)


@settings(max_examples=10)
@given(seed=st.integers(0, 10_000), scale=st.sampled_from([0.02, 0.2, 1]))
def test_intervals_hold_their_forecast_one_inside_the_other_and_nothing_is_below_nought(seed, scale):
    whole = cells_of(seed, months=22)
    whole = replace(whole, bands=np.rint(whole.bands * scale), starts=whole.starts * scale)
    cells, england = newest(whole, 9), england_of(whole)
    sums = project(cells, england, CELLS).sums
    for made in (
        project(providers_of(cells), england, PROVIDERS, sums=sums),
        project(whole_of(cells), england, ENGLAND, sums=of_england(sums)),
    ):
        for measure in MEASURES:
            some = np.isfinite(made.values[measure])
            lower, upper = np.moveaxis(made.intervals[measure][some], 2, 0)
            value = made.values[measure][some][:, None]
            assert (lower >= 0).all()
            assert (lower <= value).all()
            assert (value <= upper).all()
            assert (np.diff(lower, axis=1) <= 0).all()
            assert (np.diff(upper, axis=1) >= 0).all()
        assert (made.values["share_within_18"][np.isfinite(made.values["share_within_18"])] <= 100).all()


def test_the_methods_are_named_and_without_cells_england_has_its_own_move(cells, england):
    sums = project(cells, england, CELLS).sums
    whole = whole_of(cells)
    by_cells = project(whole, england, ENGLAND, sums=of_england(sums))
    alone = project(whole, england, ENGLAND)
    providers = project(providers_of(cells), england, PROVIDERS, sums=sums)

    def methods(made: Projection, measure: str, first: int) -> set[str]:
        return {d.method for d in made.decisions[measure][first:]} - {NO_CHANGE}

    assert methods(by_cells, "total", 0) <= {SUM_OF_CELLS}
    total, over_18, _ = np.moveaxis(sums[MONTHS - 1].sum(axis=0), -1, 0)
    for measure, expected in (("total", np.rint(total)), ("share_within_18", 100 * (1 - over_18 / total))):
        shown = np.array([d.method == SUM_OF_CELLS for d in by_cells.decisions[measure]])
        assert by_cells.values[measure][0, shown] == pytest.approx(expected[shown])
    assert methods(alone, "total", 0) <= {EXPECTED_MOVE}
    assert methods(by_cells, "total", 0) | methods(by_cells, "over_52", 0)
    assert methods(providers, "share_within_18", 1) | methods(providers, "over_52", 1) == {HALF_OF_CELLS}
    assert HALF_OF_CELLS not in methods(providers, "total", 0)


def test_the_back_test_of_england_is_of_the_sum_of_its_cells(cells, england):
    tried = whole_trials(providers_of(cells), cells, england)
    said, _ = at_origin(cells, england, 9)
    for trial in tried.providers:
        if trial.origin == cells.months[9] and trial.measure == "share_within_18":
            truth = measures(providers_of(cells)).share_within_18[trial.units, 9 + trial.horizon]
            expected = np.abs(said.values["share_within_18"][trial.units, trial.horizon - 1] - truth)
            assert trial.error == pytest.approx(expected)
