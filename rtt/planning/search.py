"""The least further stops a week that bring lists to a target by a date.

Searched by brackets, since more stops in today's order can lower the share for months: short waiters are
treated too. Where twice the stops of now do not meet, the answer is "not by doubling the stops", not a
number.

Source: docs/planning.md, "Stops needed".
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from rtt.planning.projection import AS_NOW, Scenario, bands_on, shares
from rtt.planning.rates import Rates, chosen
from rtt.terms.arrays import Bools, Floats, Ints
from rtt.terms.sums import added_up

# Per cent of the stops of now.
BRACKETS = (0.0, 1.25, 2.5, 5.0, 7.5, 10.0, 15.0, 20.0, 30.0, 40.0, 50.0, 75.0, 100.0)
# An answer lies within this part of its bracket: as near as twenty bisections.
NEAREST = 2.0**-20
# A share of 1 is asked as this: what rounding leaves of a pathway would decide otherwise, up to a fifth of
# the answer.
ALL = 1 - 1e-9
MOST_STEPS = 60
LONGEST_FIRST, TODAYS_ORDER = "longest first", "today's order"


@dataclass(frozen=True, slots=True)
class Goal:
    """What the arithmetic must reach on `due`: shares of the list as fractions; nan asks nothing.

    `over_52_more`: pathways over 52 weeks that are allowed beyond that share of the list, where an issued
    forecast says other than the arithmetic.
    """

    share: Floats
    due: date
    most_over_52: float = np.nan
    over_52_more: Floats | float = 0.0


def fraction_needed(
    waiting: Floats, rates: Rates, census: date, goal: Goal, order: str, *, base: Scenario = AS_NOW
) -> Floats:
    """The least fraction of the stops of now, (units,), to be added; nan where doubling them does not meet.

    `waiting` (units, 105) are the lists at the census; each is searched by itself, all else as in `base`.
    """
    n = len(waiting)
    longest = np.full(n, order == LONGEST_FIRST)
    return fraction_of_sums(waiting, rates, census, goal, longest, np.arange(n), base=base)


def fraction_of_all(
    waiting: Floats, rates: Rates, census: date, goal: Goal, order: str, *, base: Scenario = AS_NOW
) -> float:
    """The same for lists (units, 105) that are added up: each gets the same fraction more; nan if none."""
    longest, of = np.array([order == LONGEST_FIRST]), np.zeros(len(waiting), dtype=np.int64)
    return float(fraction_of_sums(waiting, rates, census, goal, longest, of, base=base)[0])


def fraction_of_sums(
    waiting: Floats,
    rates: Rates,
    census: date,
    goal: Goal,
    longest: Bools,
    of: Ints,
    *,
    lists: Ints | None = None,
    base: Scenario = AS_NOW,
    as_now: Floats | None = None,
) -> Floats:
    """The least fraction for each of many sums of lists, (sums,).

    `of` (parts,) says which sum a part belongs to, and `lists` (parts,) which list it is: part by part the
    lists themselves where it is not given. `longest` (sums,) says whether its further stops go to the longest
    waiters, or in today's order. The goal's arrays are (sums,). What several sums ask of a list alike is
    worked out once; `as_now` are the lists (units, 105) on that day with no further stops, where at hand.
    """
    wanted = np.broadcast_to(goal.share, longest.shape)
    more = np.broadcast_to(np.asarray(goal.over_52_more, dtype=np.float64), longest.shape)
    lists = np.arange(len(waiting)) if lists is None else lists

    def margin(fractions: Floats, among: Bools) -> Floats:
        parts = among[of]
        place = (np.cumsum(among) - 1)[of[parts]]
        if as_now is not None and not fractions.any():
            bands = as_now[lists[parts]]
        else:
            # No more stops are the same in both orders.
            first = (longest[among] & (fractions > 0))[place]
            own, fraction, first, each = _alike(lists[parts], fractions[place], first)
            some = chosen(rates, own)
            scenario = _with_more(base, some, fraction, first)
            bands = bands_on(waiting[own], some, census, goal.due, scenario)[each]
        sums = added_up(bands, place, int(among.sum()))
        return _margin(sums, wanted[among], goal.most_over_52, more[among])

    return searched(margin, longest.shape)


def _alike(lists: Ints, fractions: Floats, longest: Bools) -> tuple[Ints, Floats, Bools, Ints]:
    """What is asked of each list, each question once; and which of them answers each part."""
    order = np.lexsort((longest, fractions, lists))
    own, fraction, first = lists[order], fractions[order], longest[order]
    new = np.ones(len(order), dtype=bool)
    new[1:] = (own[1:] != own[:-1]) | (fraction[1:] != fraction[:-1]) | (first[1:] != first[:-1])
    answer = np.empty(len(order), dtype=np.int64)
    answer[order] = np.cumsum(new) - 1
    return own[new], fraction[new], first[new], answer


def searched(margin: Callable[[Floats, Bools], Floats], shape: tuple[int, ...]) -> Floats:
    """The first bracket whose `margin` is not below 0, and in it the least fraction that meets.

    `margin` is asked for the sums that are still open alone.
    """
    low, high = np.zeros(shape), np.full(shape, np.nan)
    below, above = np.full(shape, -1.0), np.zeros(shape)
    unmet = np.ones(shape, dtype=bool)
    for percent in BRACKETS:
        if not unmet.any():
            break
        values = np.full(shape, -1.0)
        values[unmet] = margin(np.full(int(unmet.sum()), percent / 100), unmet)
        found = unmet & (values >= 0)
        high[found], above[found] = percent / 100, values[found]
        unmet &= ~found
        low[unmet], below[unmet] = percent / 100, values[unmet]
    open_to = np.isfinite(high) & (high > 0)
    if open_to.any():
        high[open_to] = _least(margin, open_to, low, high, below, above)
    return high


def _least(
    margin: Callable[[Floats, Bools], Floats],
    among: Bools,
    low: Floats,
    high: Floats,
    below: Floats,
    above: Floats,
) -> Floats:
    """The end that meets of the smallest bracket, by Chandrupatla's method: a third of what bisections cost.

    Source: T. R. Chandrupatla (1997), Advances in Engineering Software 28, 145-149.
    """
    x1, x2 = high[among], low[among]
    f1, f2 = above[among], below[among]
    nearest = np.abs(x1 - x2) * NEAREST
    part = np.full(x1.shape, 0.5)
    going = np.ones(x1.shape, dtype=bool)
    indices = np.flatnonzero(among)
    for _ in range(MOST_STEPS):
        if not going.any():
            break
        at = (x1 + part * (x2 - x1))[going]
        still = np.zeros_like(among)
        still[indices[going]] = True
        value = np.zeros_like(x1)
        value[going] = margin(at, still)
        tried = np.where(going, x1 + part * (x2 - x1), x1)
        value = np.where(going, value, f1)
        same = (value >= 0) == (f1 >= 0)
        x3, f3 = np.where(same, x1, x2), np.where(same, f1, f2)
        x2, f2 = np.where(going & ~same, x1, x2), np.where(going & ~same, f1, f2)
        x1, f1 = tried, value
        width = np.abs(x2 - x1)
        going &= width > nearest
        part = _next_part(x1, x2, x3, f1, f2, f3, nearest)
    return np.where(f1 >= 0, x1, x2)


def _next_part(
    x1: Floats, x2: Floats, x3: Floats, f1: Floats, f2: Floats, f3: Floats, nearest: Floats
) -> Floats:
    """How far from x1 to x2 to look next: inverse quadratic where it is safe, else the middle."""
    with np.errstate(divide="ignore", invalid="ignore"):
        place, height = (x1 - x2) / (x3 - x2), (f1 - f2) / (f3 - f2)
        bent = f1 / (f2 - f1) * f3 / (f2 - f3) + (x3 - x1) / (x2 - x1) * f1 / (f3 - f1) * f2 / (f3 - f2)
        safe = (height**2 < place) & ((1 - height) ** 2 < 1 - place) & np.isfinite(bent)
        least = np.minimum(nearest / 2 / np.abs(x2 - x1), 0.5)
    return np.asarray(np.clip(np.where(safe, bent, 0.5), least, 1 - least))


def _margin(bands: Floats, wanted: Floats, most_over_52: float, more: Floats) -> Floats:
    """By how much a goal is met; below 0 where it is not. An empty list meets."""
    total, share, over_52 = shares(bands)
    found = np.where(np.isnan(wanted), 1.0, share - np.where(wanted == 1, ALL, wanted))
    if not np.isnan(most_over_52):
        allowed = most_over_52 * total + more
        rest = np.divide(allowed - over_52, total, out=np.ones_like(total), where=total > 0)
        found = np.minimum(found, rest)
    return np.where(total > 0, found, 1.0)


def _with_more(base: Scenario, rates: Rates, fractions: Floats, longest: Bools) -> Scenario:
    """Further stops in the one order or the other; both are of the stops of now."""
    in_order = np.where(longest, 0.0, fractions)
    return replace(
        base,
        stops=(1 + base.stops) * (1 + in_order) - 1,
        extra=base.extra + longest * fractions * rates.stops,
    )
