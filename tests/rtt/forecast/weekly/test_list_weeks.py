"""What follows from a week's counts, beside what happened to each pathway of a simulated list."""

from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest

from rtt.forecast.weekly.states import ADMITTED, DUE, NON_ADMITTED, Grid, a_week_back, a_week_on, date_states
from rtt.forecast.weekly.weeks import COUNTED, Week, learn, learnt, newest_run, working_share
from tests.rtt.simulated_weeks import GRID, simulated


@pytest.fixture(scope="module")
def lists():
    return simulated(seed=11, censuses=8)


@pytest.fixture(scope="module")
def evidence(lists):
    """Of all weeks in full weight."""
    cubes = [GRID.counts(each.states) for each in lists.lists]
    return list(learnt(lists.weeks, cubes, GRID, half_life=1e9))[-1]


def _followed(lists):
    """Stage and date state of each pathway that is on two neighbouring lists, before and after."""
    for before, after in pairwise(lists.lists):
        _, i, j = np.intersect1d(before.numbers, after.numbers, return_indices=True)
        places = [np.unravel_index(each, GRID.shape) for each in (before.states[i], after.states[j])]
        yield [(place[1], place[4]) for place in places]


def test_decisions_to_admit_are_those_of_the_pathways(lists, evidence) -> None:
    decided = sum(int(((s == NON_ADMITTED) & (t == ADMITTED)).sum()) for (s, _), (t, _) in _followed(lists))
    assert decided > 200
    assert evidence.decided.sum() == pytest.approx(decided)
    assert evidence.decided_into.sum() == pytest.approx(decided)


def test_dates_lost_are_those_of_the_pathways(lists, evidence) -> None:
    for stage in (NON_ADMITTED, ADMITTED):
        lost = sum(
            int(((s == stage) & (t == stage) & (d >= DUE) & (e < DUE)).sum())
            for (s, d), (t, e) in _followed(lists)
        )
        assert lost > 20
        assert evidence.lost[:, stage].sum() == pytest.approx(lost, rel=0.02)


def test_dates_given_are_those_of_the_pathways(lists, evidence) -> None:
    for stage in (NON_ADMITTED, ADMITTED):
        given = sum(
            int(((s == stage) & (t == stage) & (d < DUE) & (e >= DUE)).sum())
            for (s, d), (t, e) in _followed(lists)
        )
        assert given > 100
        assert evidence.given[:, stage].sum() == pytest.approx(given, rel=0.02)


def test_who_had_no_date_is_counted_in_working_weeks(lists, evidence) -> None:
    waited = sum(
        working_share(week.previous, week.census) * int(((d < DUE) & (s == t)).sum())
        for week, ((s, d), (t, _)) in zip(lists.weeks, _followed(lists), strict=True)
    )
    assert evidence.undated.sum() == pytest.approx(waited)


def test_nobody_is_lost_between_the_fates_of_a_week(evidence) -> None:
    fates = (evidence.treated, evidence.other_stop, evidence.removed, evidence.decided, evidence.waiting)
    assert sum(fates) == pytest.approx(evidence.at_risk)


# Weeks


SUNDAY = date(2026, 3, 1)
SMALL = Grid(("C_110",))


def _week(ends, days=7, at_risk=1):
    counts = np.zeros((1, len(COUNTED)))
    counts[0, 0] = at_risk
    return Week(ends - timedelta(days), ends, np.array([5]), counts)


def test_a_week_counts_half_after_the_half_life() -> None:
    empty = np.zeros(SMALL.shape)
    evidence = learn(None, _week(SUNDAY, at_risk=64), empty, SMALL, half_life=3)
    for later in range(1, 4):
        evidence = learn(evidence, _week(SUNDAY + timedelta(7 * later), at_risk=0), empty, SMALL, half_life=3)
    assert evidence.at_risk.sum() == pytest.approx(32)


def test_two_weeks_between_lists_teach_nothing() -> None:
    empty = np.zeros(SMALL.shape)
    assert learn(None, _week(SUNDAY, days=14), empty, SMALL) is None


def test_only_weeks_that_follow_each_other_are_a_run() -> None:
    weeks = [_week(SUNDAY + timedelta(7 * at)) for at in (0, 1, 3, 4, 5)]
    assert newest_run(weeks) == weeks[2:]
    assert newest_run([]) == []


@pytest.mark.parametrize(
    ("ends", "share"),
    [(date(2026, 3, 8), 1.0), (date(2026, 4, 5), 0.8), (date(2026, 4, 12), 0.8), (date(2026, 12, 27), 0.8)],
)
def test_working_share_of_a_week(ends, share) -> None:
    """Good Friday, Easter Monday, Christmas: a day each."""
    assert working_share(ends - timedelta(7), ends) == pytest.approx(share)


# States


@pytest.mark.parametrize(
    ("distance", "past", "state"),
    [(-1, False, 0), (-1, True, 1), (0, False, 2), (3, False, 5), (40, False, 14)],
)
def test_the_state_of_a_date(distance, past, state) -> None:
    assert date_states(distance=np.array([distance]), past=np.array([past])) == [state]


def test_an_unknown_wait_is_in_no_state() -> None:
    one = np.array([0])
    states = SMALL.states(function=one, stage=one, priority=one, band=np.array([-1]), date_state=one)
    assert states == [-1]
    assert SMALL.counts(states).sum() == 0


def test_a_week_on_and_a_week_back_meet() -> None:
    cube = np.random.default_rng(1).random(SMALL.shape)
    on = a_week_on(cube)
    assert (on[..., :104, :] == cube[..., 1:, :]).all()
    assert (on[..., 104, :] == cube[..., 104, :]).all()
    assert a_week_back(cube).sum() == pytest.approx(cube.sum())


def test_who_joined_lately_is_forgotten_sooner() -> None:
    empty = np.zeros(SMALL.shape)
    week = _week(SUNDAY)
    week.counts[0, COUNTED.index("joined")] = 64
    evidence = learn(None, week, empty, SMALL, half_life=4, lately=2)
    for later in range(1, 5):
        nobody = _week(SUNDAY + timedelta(7 * later), at_risk=0)
        evidence = learn(evidence, nobody, empty, SMALL, half_life=4, lately=2)
    assert evidence.joined.sum() == pytest.approx(32)
    assert evidence.lately_joined.tolist() == pytest.approx([16])
    shares = [working_share(SUNDAY + timedelta(7 * at - 7), SUNDAY + timedelta(7 * at)) for at in range(5)]
    faded = sum(share * 0.5 ** ((4 - at) / 2) for at, share in enumerate(shares))
    assert float(evidence.lately_weeks) == pytest.approx(faded)
