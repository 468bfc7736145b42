"""What a target takes: the further stops of a week for the sum of an organisation's lists, and for each of
them, all searched at once.

Source: docs/planning.md, "Stops needed".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np

from rtt.planning.anchor import Anchor, Figures, figures_of
from rtt.planning.chance import quantile
from rtt.planning.held import held
from rtt.planning.projection import AS_NOW, Scenario, projected
from rtt.planning.rates import HALF_LIFE, Rates, chosen, joined
from rtt.planning.search import Goal, fraction_of_sums
from rtt.terms.arrays import Bools, Floats, Ints
from rtt.terms.sums import added_up

HALF_LIVES = (HALF_LIFE, 3.0, np.inf)
"""Months; the first is that of every figure, the others show how much hangs on which months are taken."""
ONE_IN_FIVE = 0.2


@dataclass(frozen=True, slots=True, eq=False)
class Lists:
    """The specialties of an organisation: the lists (units, 105) and their rates at each of `HALF_LIVES`."""

    waiting: Floats
    rates: tuple[Rates, ...]

    def some(self, units: Ints) -> "Lists":
        """Those at some places."""
        return Lists(self.waiting[units], tuple(chosen(of, units) for of in self.rates))

    def held(self, census: date, due: date) -> "Lists":
        """With those held that would be carried away before a day (`rtt.planning.held`)."""
        return Lists(self.waiting, tuple(held(self.waiting, of, census, due) for of in self.rates))

    def sum_of_stops(self) -> float:
        """Clock stops of a working week."""
        return float(self.rates[0].stops.sum())


@dataclass(frozen=True, slots=True)
class Asked:
    """A target share within 18 weeks (a fraction, nan for none) and a most share over 52 weeks, by a day."""

    target: float
    due: date
    most_over_52: float = np.nan


class Stops(NamedTuple):
    """Further clock stops of a working week, and that as per cent of those of now; None: not by doubling."""

    a_week: float | None
    percent: float | None


class Needed(NamedTuple):
    """Of a list, or of the sum of an organisation's lists. `safer` is in four chances of five.

    `goal_low` and `goal_high`: were the forecast at the upper and the lower end of its 50% interval.
    `half_life_3` and `half_life_none`: had months faded faster, or not at all.
    """

    longest_first: Stops
    todays_order: Stops
    safer_longest_first: Stops
    safer_todays_order: Stops
    goal_low: Stops
    goal_high: Stops
    half_life_3: Stops
    half_life_none: Stops


class Needs(NamedTuple):
    """Of the sum, and of each part by itself in both orders. `clipped`: the goal left 0 to 100%."""

    whole: Needed
    longest_first: tuple[Stops, ...]
    todays_order: tuple[Stops, ...]
    clipped: bool


class _Sum(NamedTuple):
    """One search: of which lists (indices), at which half-life, in which order, for which goal."""

    units: Ints
    half_life: int
    longest: bool
    share: float
    over_52_more: float


def needs(
    lists: Lists,
    census: date,
    asked: Asked,
    *,
    whole: Anchor | None,
    each: Sequence[tuple[Ints, Anchor | None]] = (),
    base: Scenario = AS_NOW,
) -> Needs:
    """What it takes by the arithmetic that is anchored to `whole`; and of `each` part by itself, which is the
    places of its lists with its own anchor. The further stops come on top of `base`.
    """
    models = [projected(lists.waiting, of, census, (asked.due,)).bands[-1] for of in lists.rates]
    every = np.arange(len(lists.waiting))
    now = [figures_of(model.sum(axis=0)) for model in models]
    safer = 0.0
    if whole is not None:
        safer = whole.share[3] - quantile(whole.share, ONE_IN_FIVE)
    q = whole.share if whole is not None else (np.nan,) * 7
    spread = (q[3] - q[4], q[3] - q[2]) if whole is not None else (0.0, 0.0)
    sums = [
        _sum(every, 0, longest, asked, whole, now[0], more)
        for more in (0.0, safer)
        for longest in (True, False)
    ]
    sums += [_sum(every, 0, True, asked, whole, now[0], more) for more in spread]
    sums += [_sum(every, at, True, asked, whole, now[at], 0.0) for at in (1, 2)]
    for longest in (True, False):
        for units, anchor in each:
            of = figures_of(models[0][units].sum(axis=0))
            sums.append(_sum(units, 0, longest, asked, anchor, of, 0.0))
    found = _searched(lists, census, asked, sums, base)
    main, rows = found[:8], found[8:]
    first = Needed(main[0], main[1], main[2], main[3], *main[4:])
    clipped = not 0.0 <= _goal(asked, whole, now[0]) <= 1.0
    return Needs(first, tuple(rows[: len(each)]), tuple(rows[len(each) :]), clipped)


def _goal(asked: Asked, anchor: Anchor | None, as_now: Figures) -> float:
    """The share that the arithmetic must reach, before it is clipped."""
    if np.isnan(asked.target):
        return 0.0
    return asked.target - ((anchor.share[3] - as_now.share) if anchor else 0.0)


def _sum(
    units: Ints,
    half_life: int,
    longest: bool,
    asked: Asked,
    anchor: Anchor | None,
    as_now: Figures,
    more: float,
) -> _Sum:
    share = np.nan if np.isnan(asked.target) else float(np.clip(_goal(asked, anchor, as_now) + more, 0, 1))
    beyond = 0.0
    if anchor is not None and not np.isnan(asked.most_over_52):
        beyond = asked.most_over_52 * (anchor.total[3] - as_now.total) - (anchor.over_52[3] - as_now.over_52)
    return _Sum(units, half_life, longest, share, beyond)


def _searched(lists: Lists, census: date, asked: Asked, sums: Sequence[_Sum], base: Scenario) -> list[Stops]:
    """All of them in one search: a step of many lists costs little more than that of one."""
    n = len(lists.waiting)
    waiting, rates = np.concatenate([lists.waiting] * len(lists.rates)), joined(lists.rates)
    parts = np.concatenate([each.half_life * n + each.units for each in sums])
    of = np.repeat(np.arange(len(sums)), [len(each.units) for each in sums])
    longest: Bools = np.array([each.longest for each in sums])
    goal = Goal(
        np.array([each.share for each in sums]),
        asked.due,
        asked.most_over_52,
        np.array([each.over_52_more for each in sums]),
    )
    fractions = fraction_of_sums(waiting, rates, census, goal, longest, of, lists=parts, base=base)
    now = added_up(rates.stops[parts], of, len(sums))
    return [stops(fraction, of_now) for fraction, of_now in zip(fractions, now, strict=True)]


def stops(fraction: float, of_now: float) -> Stops:
    """A fraction of the stops of now, nan for none, as stops."""
    if np.isnan(fraction):
        return Stops(None, None)
    return Stops(float(fraction * of_now), float(100 * fraction))
