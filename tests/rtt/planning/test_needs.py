"""What a target takes, of sums of lists: as searched one by one, held to a forecast, by another search."""

from datetime import date

import numpy as np
import pytest

from rtt.planning.anchor import Anchor, Figures, anchor_at, figures_of, moved
from rtt.planning.chance import chance, quantile
from rtt.planning.needs import Asked, Lists, needs
from rtt.planning.projection import AS_NOW, Scenario, projected
from rtt.planning.rates import Rates, chosen
from rtt.planning.search import BRACKETS, LONGEST_FIRST, TODAYS_ORDER, Goal, fraction_needed, fraction_of_all
from tests.rtt.planning.test_planning_properties import CENSUS, YEAR, made_up

WAITING, RATES = made_up(6)
LISTS = Lists(WAITING, (RATES, RATES, RATES))


def share_with(extra=0.0, stops=0.0, base=AS_NOW):
    scenario = Scenario(
        stops=stops,
        extra=extra * RATES.stops,
        growth=base.growth,
        removals=base.removals,
        longest=base.longest,
    )
    return figures_of(projected(WAITING, RATES, CENSUS, (YEAR,), scenario).bands[-1].sum(axis=0)).share


def bisected(share, goal):
    """The first bracket that meets, and thirty bisections of it: more stops may empty a short list first, so
    that the share of the sum falls again.
    """
    high = next(percent / 100 for percent in BRACKETS if share(percent / 100) >= goal)
    low = max(percent / 100 for percent in BRACKETS if percent / 100 < high)
    for _ in range(30):
        middle = (low + high) / 2
        low, high = (low, middle) if share(middle) >= goal else (middle, high)
    return high


def anchor(share, spread=0.03, total=50_000.0, over_52=900.0):
    steps = np.array([-2.0, -1.3, -0.7, 0.0, 0.6, 1.2, 2.1])
    return Anchor(
        YEAR, tuple(total + 500 * steps), tuple(share + spread * steps), tuple(over_52 + 50 * steps)
    )


def test_the_sum_is_searched_as_by_plain_bisection_in_both_orders():
    goal = share_with() + 0.03
    found = needs(LISTS, CENSUS, Asked(goal, YEAR), whole=None).whole
    assert found.longest_first.percent == pytest.approx(
        100 * bisected(lambda x: share_with(x), goal), rel=1e-4
    )
    assert found.todays_order.percent == pytest.approx(
        100 * bisected(lambda x: share_with(stops=x), goal), rel=1e-4
    )
    assert found.longest_first.a_week == pytest.approx(
        found.longest_first.percent / 100 * RATES.stops.sum(), rel=1e-12
    )


def test_what_changes_besides_is_part_of_what_is_searched():
    base = Scenario(growth=0.05, longest=0.2)
    goal = share_with(base=base) + 0.03
    found = needs(LISTS, CENSUS, Asked(goal, YEAR), whole=None, base=base).whole
    wanted = bisected(lambda x: share_with(x, base=base), goal)
    assert found.longest_first.percent == pytest.approx(100 * wanted, rel=1e-4)


def test_each_list_is_searched_as_if_it_were_alone():
    now = [figures_of(bands).share for bands in projected(WAITING, RATES, CENSUS, (YEAR,)).bands[-1]]
    anchors = [anchor(share - 0.02) for share in now]
    target = 0.75
    alone = [(np.array([at]), said) for at, said in enumerate(anchors)]
    found = needs(LISTS, CENSUS, Asked(target, YEAR), whole=None, each=alone)
    goal = Goal(np.full(6, target + 0.02), YEAR)
    for ours, order in ((found.longest_first, LONGEST_FIRST), (found.todays_order, TODAYS_ORDER)):
        alone = fraction_needed(WAITING, RATES, CENSUS, goal, order)
        assert [np.nan if each.percent is None else each.percent for each in ours] == pytest.approx(
            100 * alone, rel=1e-4, abs=1e-4, nan_ok=True
        )


def test_the_goal_is_what_the_forecast_leaves_to_do():
    """A forecast two points under the arithmetic asks two points more of it, and so on for its range."""
    now = share_with()
    said = anchor(now - 0.02)
    target = now + 0.01
    found = needs(LISTS, CENSUS, Asked(target, YEAR), whole=said).whole

    def searched(goal):
        return 100 * fraction_of_all(WAITING, RATES, CENSUS, Goal(np.asarray(goal), YEAR), LONGEST_FIRST)

    assert found.longest_first.percent == pytest.approx(searched(target + 0.02), rel=1e-4)
    assert found.goal_low.percent == pytest.approx(searched(target + 0.02 - 0.03 * 0.6), rel=1e-4)
    assert found.goal_high.percent == pytest.approx(searched(target + 0.02 + 0.03 * 0.7), rel=1e-4)
    below = said.share[3] - quantile(said.share, 0.2)
    assert chance(said.share, said.share[3] - below) == pytest.approx(0.8)
    assert found.safer_longest_first.percent == pytest.approx(searched(target + 0.02 + below), rel=1e-4)


@pytest.mark.parametrize("distance", [-0.02, -0.001, 0.001, 0.02])
def test_stops_are_needed_if_and_only_if_the_chance_is_under_a_half(distance):
    said = anchor(0.6)
    found = needs(LISTS, CENSUS, Asked(0.6 + distance, YEAR), whole=said).whole
    assert (found.longest_first.percent > 0) == (chance(said.share, 0.6 + distance) < 0.5)


def test_three_times_every_count_takes_three_times_the_stops():
    three = Lists(
        3 * WAITING, tuple(Rates(of.treated, of.removed, 3 * of.starts, 3 * of.stops) for of in LISTS.rates)
    )
    asked = Asked(share_with() + 0.03, YEAR)
    ours, theirs = (needs(of, CENSUS, asked, whole=None).whole for of in (LISTS, three))
    assert theirs.longest_first.a_week == pytest.approx(3 * ours.longest_first.a_week, rel=1e-6)


def test_a_limit_of_those_over_52_weeks_alone_is_met_by_the_forecast_and_the_effect():
    said, most = anchor(0.6), 0.01
    found = needs(LISTS, CENSUS, Asked(np.nan, YEAR, most), whole=said).whole
    now = figures_of(projected(WAITING, RATES, CENSUS, (YEAR,)).bands[-1].sum(axis=0))

    def shown(fraction):
        scenario = Scenario(extra=fraction * RATES.stops)
        then = figures_of(projected(WAITING, RATES, CENSUS, (YEAR,), scenario).bands[-1].sum(axis=0))
        return said.over_52[3] + then.over_52 - now.over_52, said.total[3] + then.total - now.total

    fraction = found.longest_first.percent / 100
    over, total = shown(fraction)
    assert over <= most * total + 1e-6
    over, total = shown(0.99 * fraction)
    assert over > most * total


def test_what_no_doubling_meets_has_no_number_and_a_goal_beyond_everybody_is_told():
    found = needs(LISTS, CENSUS, Asked(0.99, YEAR), whole=anchor(0.6))
    assert found.whole.todays_order == (None, None)
    assert found.clipped == (0.99 - 0.6 + share_with() > 1)


def test_a_day_between_two_that_are_forecast_lies_on_the_line_between_them():
    first, last = anchor(0.6), anchor(0.7)
    first, last = first._replace(day=date(2025, 9, 30)), last._replace(day=date(2025, 12, 31))
    between = anchor_at([first, last], date(2025, 10, 31))
    assert between.share[3] == pytest.approx(0.6 + 0.1 * 31 / 92)
    assert anchor_at([first, last], first.day) is first
    assert anchor_at([first, last], date(2025, 8, 31)) is None
    assert anchor_at([], first.day) is None


def test_no_change_is_the_forecast_itself_and_an_effect_stays_within_everybody():
    said, now = anchor(0.6), Figures(40_000.0, 0.58, 700.0)
    assert moved(said, now, now) == said.figures
    less = Figures(100.0, 0.01, 0.0)
    assert moved(said, less, Figures(90_000.0, 0.99, 5_000.0)) == (0.0, 0.0, 0.0)
    assert moved(None, less, now) == less


def test_a_part_of_several_lists_is_searched_as_their_sum():
    units = np.array([1, 3, 4])
    goal = figures_of(projected(WAITING, RATES, CENSUS, (YEAR,)).bands[-1][units].sum(axis=0)).share + 0.02
    found = needs(LISTS, CENSUS, Asked(goal, YEAR), whole=None, each=[(units, None)])
    for ours, order in ((found.longest_first, LONGEST_FIRST), (found.todays_order, TODAYS_ORDER)):
        alone = fraction_of_all(
            WAITING[units], chosen(RATES, units), CENSUS, Goal(np.asarray(goal), YEAR), order
        )
        assert ours[0].percent == pytest.approx(100 * alone, rel=1e-4)
