"""The rates of a list: starts and stops of a working week, and the share of each band treated and removed.

Months fade with a half-life. What a small list does is mostly chance, so its rates lean on those of a larger
one: a trust's specialty on the specialty in England, a specialty on England.

Source: docs/planning.md, "Rates". The half-life matters more than any other choice: a page shows the answer
at three months and without fading as its range.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from rtt.planning.account import Month, aged_in_a_week
from rtt.terms.arrays import Bools, Floats, Ints
from rtt.terms.waits import BANDS

HALF_LIFE = 6.0
DAYS_OF_A_WEEK = 5
# From here on one rate: the open band's stops exceed its list within a week.
POOLED = 78
# First bands of the groups whose rates lean on the larger list together.
GROUPS = (0, 1, 5, 9, 14, 18, 26, 40, 52, 65, POOLED)
REMOVED_AT_LEAST = -0.5


class Lean(NamedTuple):
    """How many pathways of the larger list a list's own are mixed with: for stops, and for removals."""

    stops: float
    removals: float


# Pathways; removals are a unit's own: leaning on 100,000 costs 0.4 points at six months.
OF_A_TRUST = Lean(50.0, 1_000.0)
OF_A_SPECIALTY = Lean(500.0, 10_000.0)


@dataclass(frozen=True, slots=True, eq=False)
class Rates:
    """`treated` and `removed` are shares of those who pass a band in a week, (..., 105); a negative share
    removed is pathways that appear without a clock start. `starts` and `stops` are of a working week of five
    days, (...,). `held` (...,): no more appear in a band than are treated there.
    """

    treated: Floats
    removed: Floats
    starts: Floats
    stops: Floats
    held: Bools = field(default_factory=lambda: np.array(False))


def chosen(of: Rates, units: Ints | Bools) -> Rates:
    """The rates of some lists."""
    held = np.broadcast_to(of.held, of.stops.shape)[units]
    return Rates(of.treated[units], of.removed[units], of.starts[units], of.stops[units], held)


def joined(of: Sequence[Rates]) -> Rates:
    """The rates of several runs of lists, one after the other."""
    return Rates(
        np.concatenate([each.treated for each in of]),
        np.concatenate([each.removed for each in of]),
        np.concatenate([each.starts for each in of]),
        np.concatenate([each.stops for each in of]),
        np.concatenate([np.broadcast_to(each.held, each.stops.shape) for each in of]),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Passed:
    """Weighted sums of months: pathways that passed each band, were treated and removed in it, (..., 105)."""

    passed: Floats
    treated: Floats
    removed: Floats
    starts: Floats
    stops: Floats
    weeks: Floats  # (...,): working weeks, weighted alike


def fading(months: int, half_life: float = HALF_LIFE) -> Floats:
    """(months,) the weight of each, the newest last with 1; `half_life` in months, inf for none."""
    return np.asarray(0.5 ** (np.arange(months)[::-1] / half_life))


def passed(
    months: list[Month], lists: list[Floats], starts: list[Floats], weeks: list[float], weights: Floats
) -> Passed:
    """The months of the same units added up.

    `lists`: their closing lists, with the opening one of the first month before them. `weights` (months,
    ...): a unit whose month does not count has 0 there.
    """
    at_hand = np.zeros_like(lists[0])
    stopped, removed = np.zeros_like(at_hand), np.zeros_like(at_hand)
    joined, stops, working = (np.zeros(at_hand.shape[:-1]) for _ in range(3))
    for at, month in enumerate(months):
        weight = np.broadcast_to(weights[at], at_hand.shape[:-1])
        mean = (lists[at] + lists[at + 1]) / 2 * weeks[at]
        at_hand += weight[..., None] * mean
        stopped += weight[..., None] * month.stopped
        removed += weight[..., None] * month.removed
        joined = joined + weight * starts[at]
        stops = stops + weight * month.stopped.sum(axis=-1)
        working = working + weight * weeks[at]
    treated, gone = stopped @ aged_in_a_week(), removed @ aged_in_a_week()
    by_week_end = at_hand + treated + gone
    by_week_end[..., 0] = joined
    return Passed(np.maximum(by_week_end, 0), treated, gone, joined, stops, working)


def rates(seen: Passed) -> Rates:
    """The unit's own rates, the longest waits pooled; nothing borrowed."""
    treated = _share(_pooled(seen.treated), _pooled(seen.passed))
    removed = _share(_pooled(seen.removed), _pooled(seen.passed))
    return _rates(seen, treated, removed)


def leaning(seen: Passed, larger: Rates, lean: Lean) -> Rates:
    """Rates drawn to those of a `larger` list, group of bands by group, by the pathways of `lean`."""
    expected_stops = _grouped(seen.passed * larger.treated)
    expected_removals = _grouped(seen.passed * larger.removed)
    ratio = (_grouped(seen.treated) + lean.stops) / (expected_stops + lean.stops)
    apart = (_grouped(seen.removed) - expected_removals) / (_grouped(seen.passed) + lean.removals)
    return _rates(seen, larger.treated * _ungrouped(ratio), larger.removed + _ungrouped(apart))


def _rates(seen: Passed, treated: Floats, removed: Floats) -> Rates:
    weeks = seen.weeks
    return Rates(
        np.clip(treated, 0, 1),
        np.clip(removed, REMOVED_AT_LEAST, 1),
        _share(seen.starts, weeks),
        _share(seen.stops, weeks),
    )


def _pooled(bands: Floats) -> Floats:
    """Each band of the longest waits as the sum of all of them."""
    longest = bands[..., POOLED:]
    sums = np.broadcast_to(longest.sum(axis=-1, keepdims=True), longest.shape)
    return np.concatenate([bands[..., :POOLED], sums], axis=-1)


def _grouped(bands: Floats) -> Floats:
    return np.asarray(np.add.reduceat(bands, GROUPS, axis=-1))


def _ungrouped(groups: Floats) -> Floats:
    sizes = np.diff([*GROUPS, BANDS])
    return np.asarray(np.repeat(groups, sizes, axis=-1))


def _share(over: Floats, under: Floats) -> Floats:
    over, under = np.broadcast_arrays(over, under)
    return np.divide(over, under, out=np.zeros(under.shape), where=under > 0)
