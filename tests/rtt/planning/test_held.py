"""Lists that would be carried away are held, all others carried as they are; nobody is lost of either."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from rtt.planning.held import held, judged_on, runs_away
from rtt.planning.projection import Scenario, projected, shares
from rtt.planning.rates import POOLED, Rates, chosen, joined
from tests.rtt.planning.test_planning_properties import CENSUS, SCENARIOS, YEAR, made_up

FOUR_YEARS = date(2029, 3, 31)


def carried_away(units: int = 8) -> tuple[np.ndarray, Rates]:
    """Among the longest waits nearly as many appear as are treated, and the list grows: fewer are treated."""
    waiting, of = made_up(units)
    treated, removed = of.treated.copy(), of.removed.copy()
    treated[:, POOLED:], removed[:, POOLED:] = 0.32, -0.28
    return waiting, Rates(treated, removed, 1.6 * of.starts, of.stops)


def test_who_would_be_carried_away_is_held_and_nobody_else():
    waiting, of = made_up()
    assert not held(waiting, of, CENSUS, YEAR).held.any()
    away, growing = carried_away()
    both = joined([of, growing])
    flags = held(np.concatenate([waiting, away]), both, CENSUS, FOUR_YEARS).held
    assert not flags[: len(waiting)].any()
    assert flags[len(waiting) :].all()
    assert judged_on(CENSUS, date(2025, 6, 30)) == YEAR


def test_lists_that_are_not_held_are_carried_as_before_to_the_last_digit():
    waiting, of = made_up()
    not_held = replace(of, held=np.zeros(len(waiting), dtype=bool))
    assert (
        projected(waiting, of, CENSUS, (YEAR,)).bands == projected(waiting, not_held, CENSUS, (YEAR,)).bands
    ).all()
    away, growing = carried_away()
    flags = np.arange(len(away)) % 2 == 0
    mixed = projected(away, replace(growing, held=flags), CENSUS, (YEAR,)).bands[-1]
    free = projected(away, growing, CENSUS, (YEAR,)).bands[-1]
    assert (mixed[~flags] == free[~flags]).all()
    assert (mixed[flags].sum(axis=-1) < free[flags].sum(axis=-1)).all()


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_held_list_balances_and_holds_nobody_but_who_was_on_it_or_joined_it(scenario):
    waiting, of = carried_away()
    of = held(waiting, of, CENSUS, FOUR_YEARS)
    days = tuple(date(year, 3, 31) for year in range(2026, 2030))
    ours = projected(waiting, of, CENSUS, days, scenario)
    closing = waiting.sum(axis=-1)
    for at in range(len(days)):
        closing = closing + ours.starts[at] - ours.stops[at] - ours.removals[at]
        assert ours.bands[at].sum(axis=-1) == pytest.approx(closing, rel=1e-9, abs=1e-8)
    assert ours.bands.min() >= -1e-9
    # Whoever is on it was on it or joined it: nobody else.
    joined_since = ours.starts.cumsum(axis=0)
    assert (ours.bands.sum(axis=-1) <= waiting.sum(axis=-1) + joined_since + 1e-9).all()
    free = projected(waiting, replace(of, held=np.array(False)), CENSUS, days, scenario).bands[-1]
    assert (ours.bands[-1].sum(axis=-1) <= free.sum(axis=-1) + 1e-9).all()


def test_more_stops_for_the_longest_waiters_never_lower_the_share_of_a_held_list():
    waiting, of = carried_away(20)
    of = held(waiting, of, CENSUS, FOUR_YEARS)
    before = None
    for percent in (0, 2, 5, 10, 20, 40, 80):
        scenario = Scenario(extra=percent / 100 * of.stops)
        _, share, over_52 = shares(projected(waiting, of, CENSUS, (YEAR,), scenario).bands[-1])
        if before is not None:
            assert (share >= before[0] - 1e-12).all()
            assert (over_52 <= before[1] + 1e-9).all()
        before = share, over_52


def test_three_times_a_held_list_has_the_same_shares():
    waiting, of = carried_away()
    of = held(waiting, of, CENSUS, FOUR_YEARS)
    larger = Rates(of.treated, of.removed, 3 * of.starts, 3 * of.stops, of.held)
    assert (held(3 * waiting, larger, CENSUS, FOUR_YEARS).held == of.held).all()
    ours, theirs = (
        shares(projected(lists, rates, CENSUS, (FOUR_YEARS,)).bands)[1]
        for lists, rates in ((waiting, of), (3 * waiting, larger))
    )
    assert theirs == pytest.approx(ours, rel=1e-12)


def test_some_lists_keep_whether_they_are_held():
    _, of = carried_away(4)
    flags = np.array([True, False, True, False])
    some = chosen(replace(of, held=flags), np.array([2, 3]))
    assert some.held.tolist() == [True, False]
    assert chosen(of, np.array([2, 3])).held.tolist() == [False, False]
    assert not runs_away(np.zeros(105), np.zeros(105), np.zeros(()))
