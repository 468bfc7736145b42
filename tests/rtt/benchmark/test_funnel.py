"""Funnels: limits by hand, against a slow second implementation, and against simulated trusts."""

import math
import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtt.benchmark.funnel import QUANTILES, difference_funnel, funnel_limits, proportions_funnel

UNITS = st.lists(
    st.integers(1, 20_000).flatmap(lambda size: st.tuples(st.integers(0, size), st.just(size))),
    min_size=2,
    max_size=30,
)


def type_7(values, share):
    """The type-7 quantile, from its definition."""
    ordered = sorted(values)
    place = (len(ordered) - 1) * share
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def naive_funnel(units, quantile):
    """(phi, tau squared, [(lower, upper)]) by plain loops, as FunnelPlotR describes it."""
    target = sum(x for x, n in units) / sum(n for x, n in units)
    centre = math.asin(math.sqrt(target))
    errors = [1 / (2 * math.sqrt(n)) for x, n in units]
    z = [(math.asin(math.sqrt(x / n)) - centre) / s for (x, n), s in zip(units, errors, strict=True)]
    lowest, highest = type_7(z, 0.1), type_7(z, 0.9)
    z = [min(max(value, lowest), highest) for value in z]
    phi = statistics.fmean(value**2 for value in z)
    weights = [1 / s**2 for s in errors]
    tau_squared = 0.0
    if len(z) * phi >= len(z) - 1:
        spread = sum(weights) - sum(w**2 for w in weights) / sum(weights)
        tau_squared = max(0.0, (len(z) * phi - (len(z) - 1)) / spread)
    limits = []
    for s in errors:
        reach = quantile * math.sqrt(s**2 + tau_squared)
        lower = 0.0 if centre - reach < 0 else math.sin(centre - reach) ** 2
        upper = 1.0 if centre + reach > math.pi / 2 else math.sin(centre + reach) ** 2
        limits.append((lower, upper))
    return phi, tau_squared, limits


@given(units=UNITS, level=st.sampled_from([95, 99.8]))
def test_the_funnel_equals_the_naive_one(units, level):
    within, pathways = zip(*units, strict=True)
    funnel = proportions_funnel(within, pathways, level=level)
    phi, tau_squared, limits = naive_funnel(units, QUANTILES[level])
    assert funnel.phi == pytest.approx(phi, rel=1e-9, abs=1e-9)
    assert funnel.tau_squared == pytest.approx(tau_squared, rel=1e-6, abs=1e-9)
    assert funnel.lower == pytest.approx([lower for lower, _ in limits], abs=1e-6)
    assert funnel.upper == pytest.approx([upper for _, upper in limits], abs=1e-6)


@given(units=UNITS, level=st.sampled_from([95, 99.8]))
def test_limits_hold_the_target_and_stay_between_0_and_1_for_every_size(units, level):
    within, pathways = zip(*units, strict=True)
    funnel = proportions_funnel(within, pathways, level=level)
    assert (funnel.lower >= 0).all()
    assert (funnel.upper <= 1).all()
    assert (funnel.lower <= funnel.target + 1e-12).all()
    assert (funnel.upper >= funnel.target - 1e-12).all()


def test_without_overdispersion_limits_are_those_of_chance():
    # 50 of 100 and 500 of 1,000: no spread at all. asin(sqrt(.5)) = pi/4; at n = 100 one error is .05.
    funnel = proportions_funnel([50, 500], [100, 1000], level=95)
    assert (funnel.target, funnel.phi, funnel.tau_squared) == (0.5, pytest.approx(0), 0)
    assert funnel.lower[0] == pytest.approx(math.sin(math.pi / 4 - 1.959964 * 0.05) ** 2)
    assert funnel.upper[0] == pytest.approx(math.sin(math.pi / 4 + 1.959964 * 0.05) ** 2)


def test_overdispersion_by_hand():
    # Three units of 100: angles pi/4 - .2, pi/4, pi/4 + .2; s = .05, so z = -4, 0, 4. Their type-7 10th
    # percentile is -4 + .2 x 4 = -3.2: z = -3.2, 0, 3.2; phi = 20.48/3; w = 400 each:
    # tau^2 = (20.48 - 2) / (1200 - 400) = .0231.
    sizes = np.full(3, 1e9)
    rates = np.sin(math.pi / 4 + np.array([-0.2, 0, 0.2])) ** 2
    funnel = proportions_funnel(rates * 100, [100] * 3)
    assert funnel.target == pytest.approx(0.5)
    assert funnel.phi == pytest.approx(20.48 / 3)
    assert funnel.tau_squared == pytest.approx(0.0231)
    lower, upper = funnel_limits(sizes, target=0.5, tau_squared=funnel.tau_squared, level=95)
    assert upper[0] == pytest.approx(math.sin(math.pi / 4 + 1.959964 * math.sqrt(0.0231)) ** 2, abs=1e-6)
    assert lower[0] == pytest.approx(1 - upper[0])


def test_limits_do_not_turn_back_at_the_edges_for_small_or_for_large_units():
    # With this spread the upper angle passes a right angle at every size: the sine alone would fall again.
    lower, upper = funnel_limits([1, 100, 1e7], target=0.95, tau_squared=0.1, level=99.8)
    assert upper.tolist() == [1, 1, 1]
    lower, upper = funnel_limits([1, 100, 1e7], target=0.05, tau_squared=0.1, level=99.8)
    assert lower.tolist() == [0, 0, 0]


def test_wider_limits_at_99_8_than_at_95():
    within, pathways = [40, 60, 55, 300], [100, 100, 100, 600]
    narrow, wide = (proportions_funnel(within, pathways, level=level) for level in (95, 99.8))
    assert (wide.lower < narrow.lower).all()
    assert (wide.upper > narrow.upper).all()


def test_outliers_lie_strictly_outside():
    sizes = np.full(40, 400)
    within = np.array([200, 210, 190, 205, 195] * 8)
    within[0], within[1] = 390, 10
    funnel = proportions_funnel(within, sizes)
    assert funnel.side.tolist() == [1, -1] + [0] * 38
    # All at 100 %: on the limit, not outside it.
    assert not proportions_funnel([50, 80], [50, 80]).side.any()


def test_a_unit_without_pathways_has_no_rate_no_limits_and_no_weight():
    with_empty = proportions_funnel([40, 0, 70], [100, 0, 100])
    without = proportions_funnel([40, 70], [100, 100])
    assert np.isnan([with_empty.rate[1], with_empty.lower[1], with_empty.upper[1]]).all()
    assert with_empty.side[1] == 0
    assert (with_empty.target, with_empty.phi, with_empty.tau_squared) == (
        without.target,
        without.phi,
        without.tau_squared,
    )


def test_no_unit_and_one_unit_are_drawn_without_overdispersion():
    for within, pathways in (([], []), ([0], [0]), ([3], [10])):
        funnel = proportions_funnel(within, pathways)
        assert np.isnan(funnel.phi)
        assert funnel.tau_squared == 0
        assert not funnel.side.any()


@pytest.mark.parametrize(("within", "pathways"), [([5], [4]), ([-1], [4]), ([np.nan], [4])])
def test_counts_that_cannot_be_are_refused(within, pathways):
    with pytest.raises(ValueError, match="between 0 and its denominator"):
        proportions_funnel(within, pathways)


def test_shapes_and_levels_that_do_not_exist_are_refused():
    with pytest.raises(ValueError, match="differ in shape"):
        proportions_funnel([1, 2], [3])
    with pytest.raises(ValueError, match=r"95% or 99\.8%"):
        proportions_funnel([1, 2], [3, 4], level=99)


def test_the_difference_is_from_the_specialtys_own_national_figure():
    # Specialty 0 has a norm of 30 %, specialty 1 of 80 %: a trust at 40 % and 70 % is above and below.
    within = np.array([[400, 700], *[[30, 80]] * 12])
    pathways = np.array([[1000, 1000], *[[100, 100]] * 12])
    funnel = difference_funnel(
        within, pathways, unit=0, national_numerators=[30_000, 80_000], national_denominators=[100_000] * 2
    )
    assert funnel.national.tolist() == [0.3, 0.8]
    assert funnel.difference == pytest.approx([0.1, -0.1])
    assert funnel.side.tolist() == [1, -1]


def test_limits_of_the_difference_by_hand_when_peers_do_not_differ():
    # Twelve peers at exactly the norm of .5: tau is 0. The trust has 100 of 10,000 national pathways, so the
    # variance of its difference is (1 - .01) / 400 on the arcsine scale.
    within, pathways = np.full((13, 1), 50), np.full((13, 1), 100)
    funnel = difference_funnel(
        within, pathways, unit=0, national_numerators=[5000], national_denominators=[10_000], level=95
    )
    reach = 1.959964 * math.sqrt(0.99 / 400)
    assert funnel.upper[0] == pytest.approx(math.sin(math.pi / 4 + reach) ** 2 - 0.5)
    assert funnel.lower[0] == pytest.approx(math.sin(math.pi / 4 - reach) ** 2 - 0.5)


def test_without_published_figures_the_units_themselves_are_the_nation():
    within, pathways = np.array([[40, 10], [60, 30]]), np.array([[100, 50], [100, 50]])
    assert difference_funnel(within, pathways, unit=0).national.tolist() == [0.5, 0.4]


def test_the_spread_of_a_specialty_is_that_of_the_funnel_of_its_providers():
    random = np.random.default_rng(3)
    pathways = random.integers(200, 4000, size=(30, 4))
    within = (pathways * random.uniform(0.4, 0.8, size=(30, 4))).astype(int)
    funnel = difference_funnel(within, pathways, unit=5)
    for specialty in range(4):
        own = proportions_funnel(within[:, specialty], pathways[:, specialty])
        assert funnel.tau_squared[specialty] == pytest.approx(own.tau_squared)
    assert not funnel.borrowed.any()


def test_a_specialty_of_few_peers_borrows_the_median_spread_of_the_others():
    random = np.random.default_rng(4)
    pathways = random.integers(200, 4000, size=(30, 4))
    pathways[3:, 3] = 0
    within = (pathways * random.uniform(0.4, 0.8, size=(30, 4))).astype(int)
    funnel = difference_funnel(within, pathways, unit=0)
    assert funnel.borrowed.tolist() == [False, False, False, True]
    assert funnel.tau_squared[3] == pytest.approx(np.median(funnel.tau_squared[:3]))


def test_a_specialty_that_the_trust_or_nobody_has_is_left_open():
    within, pathways = np.array([[5, 0, 0], [5, 5, 0]]), np.array([[10, 0, 0], [10, 10, 0]])
    funnel = difference_funnel(within, pathways, unit=0)
    assert np.isnan(funnel.difference).tolist() == [False, True, True]
    assert np.isnan(funnel.upper).tolist() == [False, True, True]
    assert funnel.side.tolist() == [0, 0, 0]


SIZES = np.array([30_000, *np.random.default_rng(11).integers(200, 3000, size=39)])
"""Forty trusts of which the first has a third of all pathways."""


@pytest.mark.parametrize("unit", [0, 1])
def test_limits_of_chance_hold_95_in_100_also_for_a_trust_that_is_a_third_of_its_specialty(unit):
    """Every trust at the same true rate. Without its own share in the nation it would be 98 in 100."""
    pathways = np.repeat(SIZES[:, None], 2000, axis=1)
    within = np.random.default_rng(12).binomial(pathways, 0.6)
    funnel = difference_funnel(within, pathways, unit=unit, level=95)
    assert (funnel.side == 0).mean() == pytest.approx(0.95, abs=0.018)


@pytest.mark.parametrize("unit", [0, 1])
def test_the_part_between_trusts_is_that_of_a_deviation_from_a_mean_that_holds_it(unit):
    random = np.random.default_rng(13)
    pathways = np.repeat(SIZES[:, None], 20, axis=1)
    rates = np.sin(0.9 + random.normal(0, 0.08, size=pathways.shape)) ** 2
    funnel = difference_funnel(random.binomial(pathways, rates), pathways, unit=unit, level=95)
    share = SIZES[unit] / SIZES.sum()
    reach = np.arcsin(np.sqrt(funnel.upper + funnel.national)) - np.arcsin(np.sqrt(funnel.national))
    between = (reach / QUANTILES[95]) ** 2 - (1 - share) / (4 * SIZES[unit])

    deviations = random.normal(size=(200_000, len(SIZES)))
    simulated = (deviations[:, unit] - deviations @ (SIZES / SIZES.sum())).var()
    assert between / funnel.tau_squared == pytest.approx(simulated, rel=0.02)


@pytest.mark.parametrize(("level", "stated"), [(95, 0.13), (99.8, 0.02)])
def test_a_normal_spread_puts_as_many_units_outside_as_the_module_states(level, stated):
    random = np.random.default_rng(14)
    outside = []
    for _ in range(200):
        sizes = random.integers(5_000, 90_000, size=150)
        within = random.binomial(sizes, np.sin(0.9 + random.normal(0, 0.06, size=150)) ** 2)
        outside.append((proportions_funnel(within, sizes, level=level).side != 0).mean())
    assert np.mean(outside) == pytest.approx(stated, abs=0.006)
