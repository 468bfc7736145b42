"""Regions, ICBs and commissioners: the method of the others, with records and intervals of their own."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtt.forecast.monthly.back_test import score_of_levels, trials
from rtt.forecast.monthly.history import CELLS, COMMISSIONED, ENGLAND, PROVIDERS, Level, measures
from rtt.forecast.monthly.intervals import Scores, quantiles
from rtt.forecast.monthly.projected_bands import MEASURES
from rtt.forecast.monthly.projection import project, published, walked
from rtt.forecast.score.back_test import Trial
from tests.rtt.simulated_lists import england_of, newest, simulated

LEVELS = [level for pair in COMMISSIONED for level in pair]
(REGIONS, _), *_ = COMMISSIONED


def test_no_name_is_one_that_a_reader_filters_providers_by_or_too_long_for_its_column():
    names = [level.name for level in LEVELS]
    assert len({*names, ENGLAND.name, PROVIDERS.name, CELLS.name}) == len(names) + 3
    assert max(map(len, names)) <= 16
    for whole, parts in COMMISSIONED:
        assert (whole.smallest, parts.smallest) == (PROVIDERS.smallest, CELLS.smallest)
        assert whole.organisations == parts.organisations == whole.name


@pytest.mark.parametrize("level", LEVELS, ids=lambda level: level.name)
def test_the_future_planted_after_an_origin_changes_nothing(level):
    whole = simulated(units=7, months=40, seed=3)
    history, england, origin = newest(whole, 14), england_of(whole), 9
    lied = replace(history, bands=history.bands.copy(), starts=history.starts.copy())
    lied.bands[:, origin + 1 :] = 7
    lied.starts[:, origin + 1 :] = 1e6
    said = []
    for each in (history, lied):
        made, record = next(pair for pair in walked(each, england, level) if pair[0].origin == origin)
        said.append(published(each, measures(each), level, made, record))
    honest, planted = said
    assert honest.decisions == planted.decisions
    for measure in MEASURES:
        assert np.array_equal(honest.values[measure], planted.values[measure])
        assert np.array_equal(honest.intervals[measure], planted.intervals[measure])


@given(seed=st.integers(0, 10_000), level=st.sampled_from(LEVELS), scale=st.sampled_from([0.002, 0.05, 1]))
def test_every_projected_month_balances_and_stays_in_range(seed, level, scale):
    whole = simulated(units=7, months=9, seed=seed)
    history = replace(whole, bands=np.rint(whole.bands * scale), starts=whole.starts * scale)
    history.bands[0, -1] = 0
    history.reported[0, -1] = False
    made = project(history, england_of(whole), level)
    assert made.standings[0] == "no return"
    some = np.isfinite(made.values["total"])
    assert not some[0].any()
    flows = made.flows
    left = flows.opening + flows.starts - flows.stops - flows.removals
    assert np.array_equal(left[some], flows.closing[some])
    assert np.array_equal(flows.closing[some], made.values["total"][some])
    for counts in (*flows, *made.values.values(), *made.intervals.values()):
        assert not (counts[np.isfinite(counts)] < 0).any()
    assert (made.values["share_within_18"][some] <= 100).all()


# Student's 75, 90 and 97.5 % quantiles from the printed tables, over the normal's.
@pytest.mark.parametrize(
    ("origins", "students"),
    [(4, (0.765, 1.638, 3.182)), (6, (0.727, 1.476, 2.571)), (11, (0.700, 1.372, 2.228))],
)
def test_few_units_are_as_uncertain_as_their_origins_are_few(origins, students):
    record = {1: Scores(np.linspace(-1, 1, 2001), origins)}
    wider = (quantiles(record, 1, few=True) / quantiles(record, 1))[0]
    normal = np.array([0.6745, 1.2816, 1.9600])
    assert wider == pytest.approx(np.repeat((np.array(students) / normal)[:, None], 2, axis=1), rel=0.015)


def shaken(seed: int, level: Level) -> list[Trial]:
    """Seven lists whose clearing is shaken by one shock a month that all of them share."""
    shocks = np.exp(0.05 * np.random.default_rng(seed).normal(size=60))
    whole = simulated(units=7, months=60, seed=seed, clearing=shocks)
    return trials(newest(whole, 12), england_of(whole), level)


def test_the_intervals_of_seven_regions_hold_where_each_month_shakes_them_all():
    held = {few: [] for few in (True, False)}
    for seed in range(15):
        for few in held:
            held[few] += [t.held.mean(axis=0) for t in shaken(seed, replace(REGIONS, few=few))]
    widened, plain = (np.mean(held[few], axis=0) for few in (True, False))
    # Origins that overlap are counted once: the narrowest band is then a little wide.
    assert widened == pytest.approx([0.50, 0.80, 0.95], abs=0.07)
    assert (widened > plain).all()


def test_each_level_is_scored_under_its_own_name():
    whole = simulated(units=12, months=40, seed=6)
    history = newest(whole, 9)
    rows, by_month = score_of_levels([(level, history) for level in LEVELS], england_of(whole))
    assert [*dict.fromkeys(row.level for row in rows)] == [level.name for level in LEVELS]
    assert sum(row.n for row in by_month) == sum(row.n for row in rows)
