"""Who joins in a week: the usual number, moved towards that of the last weeks as far as it must be."""

from datetime import date, timedelta
from math import exp, log

import numpy as np
import pytest

from rtt.forecast.weekly.hazards import hazards, moved_by
from rtt.forecast.weekly.states import Grid
from rtt.forecast.weekly.weeks import COUNTED, Week, learnt

USUAL = np.array([100.0, 40, 10, 0])


def test_the_same_number_moves_nothing() -> None:
    assert moved_by(USUAL, 3 * USUAL, 3.0) == pytest.approx(np.ones(4))


def test_beside_the_formula_pathway_by_pathway() -> None:
    counts, weeks = [420.0, 90, 44, 2], 2.5
    found = moved_by(USUAL, np.array(counts), weeks)
    ratio = sum(counts) / weeks / sum(USUAL)
    together = log(ratio) ** 3 / (log(ratio) ** 2 + 0.12**2)
    for each, usual, count in zip(found, USUAL, counts, strict=True):
        apart = log((count + 3) / (usual * weeks * ratio + 3))
        own = apart**3 / (apart**2 + 0.15**2 + 2 / (count + 1))
        assert each == pytest.approx(exp(together + own))


def test_a_doubling_is_followed_and_a_tenth_is_not() -> None:
    assert moved_by(USUAL, 2 * 3 * USUAL, 3.0)[0] > 1.9
    assert moved_by(USUAL, 1.1 * 3 * USUAL, 3.0)[0] < 1.05


def test_one_specialty_may_change_alone() -> None:
    counts = 3 * USUAL.copy()
    counts[1] *= 3
    found = moved_by(USUAL, counts, 3.0)
    assert found[1] > 2
    assert found[0] < 1.15


def test_nobody_who_joins_or_has_joined_changes_nothing() -> None:
    nobody = np.zeros(4)
    for usual, counts, weeks in ((nobody, USUAL, 1.0), (USUAL, nobody, 1.0), (USUAL, USUAL, 0.0)):
        assert moved_by(usual, counts, weeks) == pytest.approx(np.ones(4))


# From the weeks of a list


def _joining(numbers):
    """What the hazards take to join in a working week, after weeks in which so many did."""
    grid = Grid(("C_110",))
    first = date(2026, 5, 31) - timedelta(weeks=len(numbers))
    weeks, lists = [], [np.zeros(grid.shape)]
    for at, number in enumerate(numbers):
        counts = np.zeros((1, len(COUNTED)))
        counts[0, COUNTED.index("joined")] = number
        ends = first + timedelta(weeks=at + 1)
        weeks.append(Week(ends - timedelta(7), ends, np.array([0]), counts))
        lists.append(np.zeros(grid.shape))
    *_, evidence = learnt(weeks, lists, grid)
    return float(hazards(evidence).joined.sum())


def test_referrals_that_doubled_are_known_within_six_weeks() -> None:
    """Fault 18: with the memory of a quarter of a year for those who join too, the forecast stayed a third
    below them after six weeks.
    """
    quiet = [100.0] * 26
    assert _joining(quiet) == pytest.approx(100, rel=0.08)  # of the bank holidays of spring
    after = _joining(quiet + [200.0] * 6)
    assert after > 1.85 * _joining(quiet)
