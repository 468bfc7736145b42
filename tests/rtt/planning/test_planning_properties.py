"""What must hold of every plan, whatever the list: nobody is lost, and more is never less."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from rtt.planning import projection
from rtt.planning.chance import QUANTILES, chance
from rtt.planning.initiatives import differences, evaluated, synthetic_weights
from rtt.planning.projection import AS_NOW, Scenario, Sprint, Validation, projected, shares
from rtt.planning.rates import Rates, chosen
from rtt.planning.search import LONGEST_FIRST, TODAYS_ORDER, Goal, fraction_needed
from rtt.planning.size_and_order import size_and_order
from rtt.planning.steady import steady
from rtt.planning.step import advance, step

CENSUS = date(2025, 3, 31)
YEAR = date(2026, 3, 31)
MONTHS = (date(2025, 4, 30), date(2025, 6, 30), date(2025, 9, 30), YEAR)


def made_up(units: int = 12, seed: int = 4) -> tuple[np.ndarray, Rates]:
    """Lists near those that their rates would settle at, grown by a third; some rates negative."""
    draw = np.random.default_rng(seed)
    treated = np.clip(draw.uniform(0.02, 0.09, (units, 1)) * draw.uniform(0.7, 1.3, (units, 105)), 0, 1)
    removed = draw.normal(0.008, 0.008, (units, 105))
    starts = draw.uniform(20, 900, units)
    of = Rates(treated, removed, starts, np.zeros(units))
    settled = steady(of)
    return settled.bands * draw.uniform(1.0, 1.6, (units, 1)), Rates(treated, removed, starts, settled.stops)


SCENARIOS = [
    AS_NOW,
    Scenario(stops=0.1, growth=0.03),
    Scenario(longest=0.7, removals=1.5),
    Scenario(sprint=Sprint(0.3, date(2025, 6, 2), date(2025, 8, 31))),
    Scenario(validation=Validation(0.2, 40, date(2025, 5, 14))),
    Scenario(stops=5.0),
]


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_opening_and_starts_less_stops_and_removals_is_closing_and_no_band_is_negative(scenario):
    waiting, of = made_up()
    ours = projected(waiting, of, CENSUS, MONTHS, scenario)
    closing = waiting.sum(axis=-1)
    for at in range(len(MONTHS)):
        closing = closing + ours.starts[at] - ours.stops[at] - ours.removals[at]
        assert ours.bands[at].sum(axis=-1) == pytest.approx(closing, rel=1e-9, abs=1e-9)
    assert ours.bands.min() >= -1e-9


def test_a_date_between_two_weeks_leaves_the_later_ones_as_they_are():
    waiting, of = made_up()
    alone = projected(waiting, of, CENSUS, (YEAR,)).bands[-1]
    with_others = projected(waiting, of, CENSUS, MONTHS).bands[-1]
    assert with_others == pytest.approx(alone, rel=1e-12)


def test_a_list_is_carried_on_alike_whichever_others_are_carried_on_with_it(monkeypatch):
    waiting, rates = made_up(30)
    more = Scenario(stops=np.linspace(0, 0.4, 30), extra=0.1 * rates.stops[::-1])
    together = projected(waiting, rates, CENSUS, (YEAR,), more)
    monkeypatch.setattr(projection, "TOGETHER", 7)
    in_parts = projected(waiting, rates, CENSUS, (YEAR,), more)
    for at in range(30):
        own = Scenario(stops=more.stops[[at]], extra=more.extra[[at]])
        alone = projected(waiting[[at]], chosen(rates, np.array([at])), CENSUS, (YEAR,), own)
        for one, several, parts in zip(alone[1:], together[1:], in_parts[1:], strict=True):
            assert np.array_equal(one[:, 0], several[:, at])
            assert np.array_equal(one[:, 0], parts[:, at])


def test_whether_nobody_waits_over_18_weeks_is_not_decided_by_what_rounding_leaves():
    """Three times every count takes the same share more; a billionth of a pathway would say otherwise."""
    waiting, rates = made_up(40, 9)
    short = np.round(waiting / waiting.sum(axis=1, keepdims=True) * 200)
    short[:, 30:] *= 0.2
    size = short.sum(axis=1)
    everybody = Goal(np.ones(40), YEAR)
    once, thrice = (
        fraction_needed(
            times * short,
            replace(rates, stops=times * size / 8, starts=times * size / 9),
            CENSUS,
            everybody,
            LONGEST_FIRST,
        )
        for times in (1, 3)
    )
    assert np.isfinite(once).all()
    assert np.abs(once - thrice).max() < 1e-6


def test_no_change_is_the_projection_as_it_was():
    waiting, of = made_up()
    as_now = projected(waiting, of, CENSUS, MONTHS).bands
    nothing = Scenario(stops=0.0, growth=0.0, removals=1.0, longest=0.0, extra=0.0)
    assert (projected(waiting, of, CENSUS, MONTHS, nothing).bands == as_now).all()


def test_three_times_every_count_gives_the_same_shares_and_three_times_the_stops():
    waiting, of = made_up()
    larger = Rates(of.treated, of.removed, 3 * of.starts, 3 * of.stops)
    _, share, _ = shares(projected(waiting, of, CENSUS, MONTHS).bands)
    _, share_of_larger, _ = shares(projected(3 * waiting, larger, CENSUS, MONTHS).bands)
    assert share_of_larger == pytest.approx(share, rel=1e-12)
    goal = Goal(share[-1] + 0.02, YEAR)
    for order in (LONGEST_FIRST, TODAYS_ORDER):
        ours = fraction_needed(waiting, of, CENSUS, goal, order)
        assert fraction_needed(3 * waiting, larger, CENSUS, goal, order) == pytest.approx(
            ours, rel=1e-4, nan_ok=True
        )


def test_more_stops_for_the_longest_waiters_never_lower_the_share_after_a_year():
    waiting, of = made_up(units=40)
    before = None
    for percent in (0, 2, 5, 10, 20, 40):
        bands = projected(waiting, of, CENSUS, (YEAR,), Scenario(extra=percent / 100 * of.stops)).bands[-1]
        _, share, over_52 = shares(bands)
        if before is not None:
            assert (share >= before[0] - 1e-12).all()
            assert (over_52 <= before[1] + 1e-9).all()
        before = share, over_52


def test_the_steady_list_stays_and_its_share_rises_with_the_intensity():
    _, of = made_up()
    last = np.zeros(len(of.starts))
    for times in (0.5, 1.0, 2.0, 4.0, 8.0):
        found = steady(of, times)
        treated = np.minimum(times * of.treated, 1 - np.clip(of.removed, 0, 1))
        after = step(advance(found.bands, of.starts), found.stops, treated, of.removed)
        assert after.waiting == pytest.approx(found.bands, rel=1e-9, abs=1e-9)
        _, share, _ = shares(found.bands)
        assert (share >= last - 1e-12).all()
        last = share


def test_where_every_band_leaves_alike_the_list_is_that_of_a_geometric_wait():
    flat = Rates(np.full(105, 0.05), np.full(105, 0.01), np.array(100.0), np.array(0.0))
    assert steady(flat).bands.sum() == pytest.approx(100 * 0.94 / 0.06, rel=1e-12)


@pytest.mark.parametrize("order", [LONGEST_FIRST, TODAYS_ORDER])
def test_the_answer_meets_and_a_thousandth_less_does_not(order):
    waiting, of = made_up()
    _, now, _ = shares(projected(waiting, of, CENSUS, (YEAR,)).bands[-1])
    goal = Goal(now + 0.015, YEAR)
    fraction = fraction_needed(waiting, of, CENSUS, goal, order)
    assert np.isfinite(fraction).any()
    for at in np.flatnonzero(np.isfinite(fraction)):
        own = Rates(*(part[at : at + 1] for part in (of.treated, of.removed, of.starts, of.stops)))

        def reached(fraction, own=own, at=at):
            more = (
                Scenario(extra=fraction * own.stops) if order == LONGEST_FIRST else Scenario(stops=fraction)
            )
            return shares(projected(waiting[at : at + 1], own, CENSUS, (YEAR,), more).bands[-1])[1][0]

        assert reached(fraction[at]) >= goal.share[at]
        assert reached(fraction[at] * 0.999) < goal.share[at]


def test_what_is_met_needs_nothing_and_what_cannot_be_met_has_no_answer():
    waiting, of = made_up()
    low, high = (np.full(len(waiting), share) for share in (0.01, 1.01))
    assert (fraction_needed(waiting, of, CENSUS, Goal(low, YEAR), LONGEST_FIRST) == 0).all()
    twice = projected(waiting, of, CENSUS, (YEAR,), Scenario(extra=of.stops)).bands[-1].sum(axis=-1)
    unmet = np.isnan(fraction_needed(waiting, of, CENSUS, Goal(high, YEAR), LONGEST_FIRST))
    # A list that twice the stops empty meets any target.
    assert (unmet == (twice > 0)).all()
    assert unmet.any()


def test_size_and_order_add_up_and_earlier_weeks_kept_leave_less_to_order():
    waiting, of = made_up(units=60)
    total = waiting.sum(axis=-1)
    share = waiting[:, :18].sum(axis=-1) / total
    early, late = size_and_order(waiting, of, 4), size_and_order(waiting, of, 13)
    below = share < 0.92
    for each in (early, late):
        assert (each.order + each.size)[below] == pytest.approx(100 * (0.92 - share[below]), abs=1e-9)
        assert (each.order >= 0).all()
    known = np.isfinite(early.share) & np.isfinite(late.share)
    assert (late.share <= early.share + 1e-9)[known].all()


def test_the_chance_falls_with_the_target_and_is_a_half_at_the_median():
    quantiles = (0.5, 0.55, 0.58, 0.6, 0.62, 0.65, 0.7)
    assert chance(quantiles, 0.6) == pytest.approx(0.5)
    for at, of in zip(QUANTILES, quantiles, strict=True):
        assert chance(quantiles, of) == pytest.approx(1.0 if at == QUANTILES[0] else 1 - at)
    targets = np.linspace(0.45, 0.75, 61)
    chances = [chance(quantiles, target) for target in targets]
    assert chances == sorted(chances, reverse=True)
    assert chance(quantiles, 0.71) == 0.0


def test_an_effect_is_what_was_added_and_what_all_share_is_none():
    draw = np.random.default_rng(9)
    series = draw.normal(60, 3, (40, 1)) + np.cumsum(draw.normal(0, 0.4, (40, 12)), axis=1)
    member = np.array([7])
    plain = evaluated(series, 6, member)
    for moved in (series + 5 * (np.arange(40) == 7)[:, None], series + draw.normal(0, 4, 12)):
        again = evaluated(moved, 6, member)
        assert again.differences.effect == pytest.approx(plain.differences.effect, abs=1e-9)
        assert again.synthetic.effect == pytest.approx(plain.synthetic.effect, abs=1e-6)
    raised = series.copy()
    raised[7, 6:] += 4
    after = evaluated(raised, 6, member)
    assert after.differences.effect - plain.differences.effect == pytest.approx(4, abs=1e-9)
    assert after.synthetic.effect - plain.synthetic.effect == pytest.approx(4, abs=1e-9)


def test_ranks_of_all_trusts_are_uniform():
    draw = np.random.default_rng(2)
    series = draw.normal(60, 3, (50, 12))
    ranks = sorted(differences(series, 6, np.array([at])).placebo for at in range(50))
    assert ranks == pytest.approx(np.arange(1, 51) / 50, abs=1 / 50 + 1e-9)


def test_weights_of_a_synthetic_trust_are_those_of_a_slow_search():
    """Projected gradients, a hundred thousand of them, find the same optimum."""
    draw = np.random.default_rng(5)
    donors, wanted = draw.normal(0, 1, (8, 6)), draw.normal(0, 1, 6)
    ours = synthetic_weights(donors, wanted)
    assert ours.sum() == pytest.approx(1, abs=1e-9)
    assert ours.min() >= 0
    slow = np.full(8, 1 / 8)
    for _ in range(20_000):
        slope = 2 * donors @ (donors.T @ slow - wanted) + 2 * 0.1 * 6 * slow
        slow = onto_the_simplex(slow - 0.01 * slope)
    assert ours == pytest.approx(slow, abs=1e-6)


def onto_the_simplex(values: np.ndarray) -> np.ndarray:
    ordered = np.sort(values)[::-1]
    excess = (np.cumsum(ordered) - 1) / np.arange(1, len(values) + 1)
    return np.maximum(values - excess[ordered > excess][-1], 0)
