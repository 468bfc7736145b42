"""What the sums of a level's lists need: each list by itself and each organisation, searched together.

Both ask the same of the same lists over and over, which is then worked out once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from ingest.forecasts.plan_anchors import Key
from rtt.planning.anchor import Anchor, anchor_at, figures_of
from rtt.planning.chance import chance
from rtt.planning.projection import Scenario, bands_on, shares
from rtt.planning.rates import Rates, chosen
from rtt.planning.search import Goal, fraction_of_sums
from rtt.planning.target import Target
from rtt.terms.arrays import Bools, Floats, Ints
from rtt.terms.sums import added_up

LONGEST_FIRST = Scenario(longest=1.0)


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """Sums of lists and what is asked of each: `of` says which sum a list belongs to, `enough` of which sums
    enough is known for a plan.
    """

    census: date
    keys: Sequence[Key]
    targets: Sequence[Target]
    anchors: dict[Key, list[Anchor]]
    of: Ints
    enough: Bools

    def added(self, values: Floats) -> Floats:
        """Values of lists (units, ...) added up by sum."""
        return added_up(values, self.of, len(self.keys))


@dataclass(frozen=True, slots=True, eq=False)
class Needed:
    """Of each sum (sums,), nan where there is no plan: stops needed in both orders, the chance of the target
    as now, and the points within 18 weeks that longest first alone gives.
    """

    longest_first: Floats
    todays_order: Floats
    likely: Floats
    alone: Floats


def needed(waiting: Floats, rates: Rates, as_now: Floats, asked: Sequence[Asked]) -> list[Needed]:
    """Of every sum of each of `asked`; `as_now` are the lists (units, 105) on the day they are asked for."""
    found = [Needed(*(np.full(len(each.keys), np.nan) for _ in range(4))) for each in asked]
    for due in sorted({target.due for each in asked for target in each.targets}):
        wanted = [np.array([of.due == due for of in each.targets]) & each.enough for each in asked]
        _search(waiting, rates, as_now, due, list(zip(asked, wanted, found, strict=True)))
    return found


def _search(
    waiting: Floats, rates: Rates, as_now: Floats, due: date, groups: Sequence[tuple[Asked, Bools, Needed]]
) -> None:
    """Fills in what the `wanted` sums of each of `asked` need on one day."""
    groups = [each for each in groups if each[1].any()]
    if not groups:
        return
    census = groups[0][0].census
    among = np.any([wanted[asked.of] for asked, wanted, _ in groups], axis=0)
    first = np.full_like(waiting, np.nan)
    first[among] = bands_on(waiting[among], chosen(rates, among), census, due, LONGEST_FIRST)
    goals, lists, of, now = [], [], [], []
    sums = 0
    for asked, wanted, into in groups:
        units = np.flatnonzero(wanted[asked.of])
        place = (np.cumsum(wanted) - 1)[asked.of[units]]
        n = int(wanted.sum())
        going_on, by_wait = (added_up(each[units], place, n) for each in (as_now, first))
        into.alone[wanted] = 100 * (shares(by_wait)[1] - shares(going_on)[1])
        goals.append(_goals(asked, np.flatnonzero(wanted), going_on, due, into.likely))
        now.append(asked.added(rates.stops)[wanted])
        lists.append(units)
        of.append(place + sums)
        sums += n
    goal = np.concatenate(goals)
    in_order = np.repeat([True, False], sums)
    fractions = fraction_of_sums(
        waiting,
        rates,
        census,
        Goal(np.tile(goal, 2), due),
        in_order,
        np.concatenate([*of, *(each + sums for each in of)]),
        lists=np.concatenate([*lists, *lists]),
        as_now=as_now,
    )
    stops = np.tile(np.concatenate(now), 2) * fractions
    ends = np.cumsum([len(each) for each in goals])[:-1]
    for (_, wanted, into), longest, todays in zip(
        groups, np.split(stops[:sums], ends), np.split(stops[sums:], ends), strict=True
    ):
        into.longest_first[wanted], into.todays_order[wanted] = longest, todays


def _goals(asked: Asked, among: Ints, as_now: Floats, due: date, likely: Floats) -> Floats:
    """The share that the arithmetic must reach of some sums, whose lists `as_now` are (sums, 105); their
    chances are filled in.
    """
    goals = np.empty(len(among))
    for row, at in enumerate(among.tolist()):
        anchor = anchor_at(asked.anchors.get(asked.keys[at], ()), due)
        share = asked.targets[at].share
        goals[row] = share - (anchor.share[3] - figures_of(as_now[row]).share if anchor else 0.0)
        if anchor:
            likely[at] = chance(anchor.share, share)
    return np.clip(goals, 0, 1)
