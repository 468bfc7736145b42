"""The rates of every list: each trust's specialty leaning on that specialty in England, a specialty on
England.

An organisation is always the sum of its specialties' lists: as one list it overstates what more stops bring,
1.97 points instead of 1.27 at one trust (docs/planning.md, "Stops needed").
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from rtt.forecast.monthly.history import jumps
from rtt.planning.account import Month, account, with_unknown
from rtt.planning.rates import (
    DAYS_OF_A_WEEK,
    HALF_LIFE,
    OF_A_SPECIALTY,
    OF_A_TRUST,
    Passed,
    Rates,
    chosen,
    fading,
    leaning,
    passed,
    rates,
)
from rtt.terms.arrays import Bools, Floats, Ints
from rtt.terms.calendar import working_days_in_month
from rtt.terms.sums import added_up

LEAST_MONTHS = 6


@dataclass(frozen=True, slots=True, eq=False)
class Flows:
    """Consecutive month ends, oldest first, of lists, each a specialty of an organisation.

    `lists` and `stopped`, the clock stops whose wait is known, are (units, months, 105); all clock `stops`,
    the clock `starts` and `reported` (units, months); `specialty` (units,) indexes the treatment functions.
    """

    months: tuple[date, ...]
    keys: tuple[tuple[str, ...], ...]
    lists: Floats
    stopped: Floats
    stops: Floats
    starts: Floats
    reported: Bools
    specialty: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Planned:
    """Rates of England, of its specialties and of every list, and for which lists there are enough months."""

    england: Rates
    specialties: Rates
    lists: Rates
    enough: Bools


def planned(flows: Flows, *, half_life: float = HALF_LIFE) -> Planned:
    """The rates at the newest month; `half_life` in months, inf for none."""
    return planned_at(flows, (half_life,))[0]


def planned_at(flows: Flows, half_lives: Sequence[float]) -> list[Planned]:
    """The same at several half-lives, from one account of the months."""
    counted = known_flows(flows)
    specialties = summed(flows, flows.specialty)
    whole = summed(flows, np.zeros(len(flows.keys), dtype=np.int64))
    every_month = np.ones((len(flows.months) - 1, 1), dtype=bool)
    months, of_specialties, of_all = (accounts(each) for each in (flows, specialties, whole))
    found = []
    for half_life in half_lives:
        england = rates(seen(whole, every_month, half_life, of_all))
        of_england = Rates(england.treated[0], england.removed[0], england.starts[0], england.stops[0])
        by_specialty = seen(specialties, every_month, half_life, of_specialties)
        larger = leaning(by_specialty, of_england, OF_A_SPECIALTY)
        own = seen(flows, counted, half_life, months)
        lists = leaning(own, chosen(larger, flows.specialty), OF_A_TRUST)
        found.append(Planned(of_england, larger, lists, counted.sum(axis=0) >= LEAST_MONTHS))
    return found


def known_flows(flows: Flows) -> Bools:
    """(months - 1, units): the months of flow that tell how a list moves now.

    Judged of whole organisations: both ends were reported, and the list did not jump in the month or later. A
    list that jumps has merged, split or been counted anew. Specialties move by as much without any of these.
    """
    names = [key[0] for key in flows.keys]
    of = np.unique(names, return_inverse=True)[1].astype(np.int64)
    whole = summed(flows, of)
    jumped = jumps(np.where(whole.reported, whole.lists.sum(axis=-1), np.nan)) & (
        whole.reported[:, 1:] & whole.reported[:, :-1]
    )
    since = np.cumsum(jumped[:, ::-1], axis=1)[:, ::-1] == 0
    known = whole.reported[:, 1:] & whole.reported[:, :-1] & since
    return np.asarray(known[of].T)


def only(flows: Flows, among: Bools) -> Flows:
    """Some of the lists, by their place."""
    return Flows(
        flows.months,
        tuple(key for key, own in zip(flows.keys, among, strict=True) if own),
        flows.lists[among],
        flows.stopped[among],
        flows.stops[among],
        flows.starts[among],
        flows.reported[among],
        flows.specialty[among],
    )


def summed(flows: Flows, by: Ints) -> Flows:
    """The lists that share an index in `by` (units,) added up."""
    n = int(by.max(initial=-1)) + 1

    def added(values: Floats) -> Floats:
        return added_up(values, by, n)

    return Flows(
        flows.months,
        tuple((str(each),) for each in range(n)),
        added(flows.lists),
        added(flows.stopped),
        added(flows.stops),
        added(flows.starts),
        added(flows.reported.astype(np.float64)) > 0,
        np.arange(n),
    )


def accounts(flows: Flows, newest: int | None = None) -> list[Month]:
    """The account of each month but the first, or of the `newest` alone."""
    stopped = with_unknown(flows.stopped, flows.stops)
    months = range(len(flows.months) - 1)
    return [
        account(
            flows.lists[:, at],
            flows.starts[:, at + 1],
            stopped[:, at + 1],
            flows.lists[:, at + 1],
            flows.months[at + 1],
        )
        for at in (months if newest is None else months[-newest:])
    ]


def seen(flows: Flows, counted: Bools, half_life: float, months: list[Month] | None = None) -> Passed:
    """What passed, was treated and removed in each list; `counted` (months - 1, units) are its months that
    count. `months` are its accounts, where at hand.
    """
    weeks = [working_days_in_month(month) / DAYS_OF_A_WEEK for month in flows.months[1:]]
    weights = fading(len(weeks), half_life)[:, None] * counted
    lists = [flows.lists[:, at] for at in range(len(flows.months))]
    starts = [flows.starts[:, at] for at in range(1, len(flows.months))]
    return passed(accounts(flows) if months is None else months, lists, starts, weeks, weights)
