"""Whose errors are judged together: kinds of provider, counts over 52 weeks, and how errors grow."""

from dataclasses import replace

import numpy as np
import pytest

from rtt.forecast.monthly.history import (
    CELLS,
    COMMISSIONED,
    INDEPENDENT,
    NHS,
    PROVIDERS,
    EnglandSeries,
    History,
    measures,
)
from rtt.forecast.monthly.intervals import GROWTH, growth_of_changes
from rtt.forecast.monthly.pooled_errors import FEWEST_SCORES, pools
from rtt.forecast.monthly.projection import published, walked
from rtt.forecast.monthly.skill import NO_CHANGE
from tests.rtt.simulated_lists import england_of, newest, simulated

UNITS, MONTHS = 40, 14


@pytest.fixture(scope="module")
def england() -> EnglandSeries:
    return england_of(simulated(units=UNITS, months=40, seed=4))


@pytest.fixture(scope="module")
def history() -> History:
    """Forty lists; every other one is independent, and a tenth of its months are off by a quarter."""
    plain = newest(simulated(units=UNITS, months=40, seed=4), MONTHS)
    random = np.random.default_rng(4)
    kind = np.where(np.arange(UNITS) % 2, INDEPENDENT, NHS)
    odd = (random.random((UNITS, MONTHS)) < 0.3) & (kind == INDEPENDENT)[:, None]
    size = np.where(odd, random.choice([0.75, 1.25], (UNITS, MONTHS)), 1.0)
    return replace(plain, bands=np.rint(plain.bands * size[..., None]), kind=kind)


def last_of(history: History, england: EnglandSeries):
    *_, (made, record) = walked(history, england, PROVIDERS)
    return made, record, published(history, measures(history), PROVIDERS, made, record)


def naive_interval(history, made, record, said, measure: str, unit: int) -> list[float]:
    """The 80 % interval one month ahead, from the errors of the unit's kind alone; over 52 weeks of all."""
    naive = said.decisions[measure][0].method == NO_CHANGE
    errors, units = [], set()
    for outcome in record[measure]:
        if outcome.horizon == 1 and outcome.origin + 1 <= made.origin:
            for other in range(UNITS):
                alike = measure == "over_52" or history.kind[other] == history.kind[unit]
                score = (outcome.score_naive if naive else outcome.score)[other]
                if alike and outcome.scored[other] and np.isfinite(score):
                    errors.append(score)
                    units.add(other)
    origins = len({o.origin for o in record[measure] if o.horizon == 1})
    ordered = sorted(errors)
    # Student's 90 % quantile: of 19 and 39 degrees of freedom, from printed tables.
    student = {20: 1.328, 40: 1.304}[len(units)] / 1.2816
    limits = []
    for tail in (0.1, 0.9):
        at = tail * (len(ordered) - 1)
        low = ordered[int(at)]
        high = ordered[min(int(at) + 1, len(ordered) - 1)]
        score = (low + (at - int(at)) * (high - low)) * student * (1 + 1 / origins) ** 0.5
        value, scale = said.values[measure][unit, 0], made.scale[measure][unit]
        if measure == "total":
            limits.append(np.exp(np.log(value) + score * scale / 100))
        elif measure == "over_52":
            limits.append(max(value**0.5 + score * scale, 0) ** 2)
        else:
            limits.append(min(max(value + score * scale, 0), 100))
    return [min(limits[0], value), max(limits[1], value)]


@pytest.mark.parametrize("measure", ["total", "share_within_18", "over_52"])
def test_an_interval_is_that_of_the_errors_of_its_own_kind(history, england, measure):
    """Fault 16: independent providers are judged by their own errors, over 52 weeks by those of all."""
    made, record, said = last_of(history, england)
    for unit in (0, 1, 6, 7):
        expected = naive_interval(history, made, record, said, measure, unit)
        assert said.intervals[measure][unit, 0, 1] == pytest.approx(expected, rel=0.002), unit


def test_a_kind_whose_errors_have_long_tails_does_not_widen_the_other(history, england):
    """Fault 16: one pool for both kinds makes one too narrow and the other too wide."""
    _, _, apart = last_of(history, england)
    _, _, pooled = last_of(replace(history, kind=np.zeros_like(history.kind)), england)
    independent = history.kind == INDEPENDENT
    width = [np.ptp(np.log(said.intervals["total"][:, 0, 2]), axis=1) for said in (apart, pooled)]
    assert (width[0][independent] > width[1][independent]).mean() > 0.9
    assert (width[0][~independent] < width[1][~independent]).mean() > 0.9


def test_a_kind_of_too_few_units_is_judged_with_the_others(history, england):
    one = replace(history, kind=np.where(np.arange(UNITS) == 1, INDEPENDENT, NHS))
    assert MONTHS - 4 < FEWEST_SCORES
    _, _, apart = last_of(one, england)
    _, _, pooled = last_of(replace(history, kind=np.zeros_like(history.kind)), england)
    assert apart.intervals["total"][1, 0] == pytest.approx(pooled.intervals["total"][1, 0], rel=0.01)


def test_the_pools_of_each_level_and_measure():
    kind = np.array([NHS, INDEPENDENT, NHS, INDEPENDENT, NHS])
    last = np.array([0.0, 7, 8, 300, np.nan])

    def of(level, measure):
        return [pool.nonzero()[0].tolist() for pool in pools(level, measure, kind, last)]

    everyone = [[0, 1, 2, 3, 4]]
    assert of(PROVIDERS, "total") == of(CELLS, "share_within_18") == of(CELLS, "total")
    assert of(PROVIDERS, "over_52") == everyone
    assert of(CELLS, "over_52") == [[0, 4], [1], [2], [3]]
    assert all(of(whole, "total") == everyone for whole, _ in COMMISSIONED)


@pytest.mark.parametrize(
    ("steps", "power"),
    [
        ("wandering", 0.5),  # a random walk: as the root of time
        ("trending", 1.0),
        ("noise", 0.25),  # no growth at all, and the least that is believed
    ],
)
def test_growth_is_that_of_the_changes_seen(steps, power):
    random = np.random.default_rng(3)
    noise = random.normal(size=(400, 30))
    values = {
        "wandering": noise.cumsum(axis=1),
        "trending": np.arange(30) * random.normal(size=(400, 1)),
        "noise": noise,
    }[steps]
    assert growth_of_changes(values, np.ones(400, dtype=bool)) == pytest.approx(power, abs=0.03)


def test_growth_is_the_usual_one_where_only_one_month_was_seen():
    values = np.random.default_rng(3).normal(size=(400, 3))
    assert growth_of_changes(values, np.ones(400, dtype=bool)) == GROWTH
    assert growth_of_changes(np.zeros((5, 20)), np.ones(5, dtype=bool)) == GROWTH
