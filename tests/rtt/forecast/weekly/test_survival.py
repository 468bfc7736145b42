"""Weeks put together beside a naive recursion over single states, and what must hold of any chances."""

from datetime import date
from functools import cache
from itertools import pairwise

import pytest

from rtt.forecast.weekly.hazards import CLASS_OF_DATE, GROUP_OF_BAND, hazards
from rtt.forecast.weekly.states import ADMITTED, DUE, FURTHEST
from rtt.forecast.weekly.survival import Chances, chances_open, coming_weeks
from rtt.forecast.weekly.weeks import NEARER, learnt
from tests.rtt.simulated_weeks import GRID, simulated

SHARES = (1.0, 0.8, 1.0)


@pytest.fixture(scope="module")
def fitted():
    lists = simulated(seed=12, censuses=10)
    cubes = [GRID.counts(each.states) for each in lists.lists]
    return hazards(list(learnt(lists.weeks, cubes, GRID))[-1])


def _naive_chance(h, start, shares):
    """One state at a time, in the words of the module: leaves, is decided for, or stays."""

    @cache
    def open_after(function, stage, priority, band, when, week):
        if week == len(shares):
            return 1.0
        group, kind = GROUP_OF_BAND[band], CLASS_OF_DATE[when]
        place = (function, stage, priority, group, kind)
        later = min(band + 1, 104)

        def then(stage, when):
            return open_after(function, stage, priority, later, when, week + 1)

        dates = h.first_dates if when < DUE else h.renewed_dates
        new_date = sum(share * then(stage, DUE + weeks) for weeks, share in enumerate(dates[stage, priority]))
        if when < DUE:
            given = min(h.given[function, stage, priority, group] * shares[week], 1.0)
            stays = given * new_date + (1 - given) * then(stage, when)
        else:
            lost, moved = h.lost[place], h.moved[place]
            stays = lost * then(stage, 0) + moved * new_date
            if when == DUE + FURTHEST:
                nearer = NEARER * then(stage, when - 1) + (1 - NEARER) * then(stage, when)
                stays += (1 - lost - moved) * nearer
            elif when > DUE:
                stays += (1 - lost - moved) * then(stage, when - 1)
        if stage != ADMITTED:
            decided = h.decided[place]
            into = sum(share * then(ADMITTED, when) for when, share in enumerate(h.decided_into[priority]))
            stays = decided * into + (1 - decided) * stays
        return (1 - h.leaving[(slice(None), *place)].sum()) * stays

    return open_after(*start, 0)


STATES = [
    (function, stage, priority, band, when)
    for function in (2, 14)
    for stage in (0, 1)
    for priority in (0, 2)
    for band in (0, 16, 51, 104)
    for when in (0, 1, 2, 3, 6, 14)
]


def test_chances_are_those_of_a_naive_recursion(fitted) -> None:
    fast = chances_open(fitted, SHARES)
    for weeks_gone in range(len(SHARES)):
        for state in STATES:
            naive = _naive_chance(fitted, state, SHARES[weeks_gone:])
            assert fast[weeks_gone][state] == pytest.approx(naive, abs=1e-12)


def test_a_chance_lies_between_nought_and_one(fitted) -> None:
    for step in chances_open(fitted, SHARES, part=0.4):
        assert step.shape == GRID.shape
        assert ((step > 0) & (step <= 1)).all()


def test_nobody_has_left_before_a_day_has_passed(fitted) -> None:
    assert (chances_open(fitted, [])[0] == 1).all()


def test_many_horizons_of_the_same_hazards_are_those_asked_for_alone(fitted) -> None:
    """In whatever order, with short weeks anywhere and with a part of one."""
    together = Chances(fitted)
    for shares in ((1.0,) * 3, (), (0.8, 1.0, 1.0), (1.0, 0.8, 1.0, 1.0, 1.0), (1.0, 0.6), (1.0,) * 2):
        for part in (0.0, 0.4):
            found, alone = together.open(shares, part), Chances(fitted).open(shares, part)
            assert len(found) == len(alone) == len(shares) + 1
            assert all((each == other).all() for each, other in zip(found, alone, strict=True))


def test_the_further_the_horizon_the_fewer_wait(fitted) -> None:
    chances = [chances_open(fitted, [1.0] * weeks, part)[0] for weeks in range(4) for part in (0.0, 0.5)]
    for nearer, further in pairwise(chances):
        assert (further <= nearer + 1e-12).all()


def test_who_has_a_date_this_week_is_likelier_to_leave_than_who_has_none(fitted) -> None:
    now = chances_open(fitted, [1.0])[0]
    assert (now[:, ADMITTED, :, :, DUE] < now[:, ADMITTED, :, :, 0]).all()


def test_a_chance_hangs_on_the_wait_no_more_than_weeks_ahead_can(fitted) -> None:
    """Bands far above the last group behave alike."""
    now = chances_open(fitted, SHARES)[0]
    assert now[:, :, :, 90] == pytest.approx(now[:, :, :, 100])


@pytest.mark.parametrize(
    ("horizon", "shares", "part"),
    [
        (date(2026, 3, 22), [1.0, 1.0, 1.0], 0.0),
        (date(2026, 3, 3), [], 0.4),
        (date(2026, 3, 8), [1.0], 0.0),
        (date(2026, 3, 31), [1.0, 1.0, 1.0, 1.0], 0.5),
        (date(2026, 4, 30), [1.0, 1.0, 1.0, 1.0, 0.8, 0.8, 1.0, 1.0], 0.8),
    ],
)
def test_the_weeks_to_come(horizon, shares, part) -> None:
    """From Sunday 1 March 2026; Easter takes a day each of two weeks, the one that ends March among them."""
    found, rest = coming_weeks(date(2026, 3, 1), horizon)
    assert found == pytest.approx(shares)
    assert rest == pytest.approx(part)
