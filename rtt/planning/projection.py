"""A list carried on week by week under a scenario: arithmetic on its rates, not a forecast.

As a forecast it loses to no change at most providers, so a page shows only the difference between two
scenarios, added to the issued forecast (docs/planning.md, "A projection").
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import partial
from typing import NamedTuple

import numpy as np

from rtt.planning.rates import DAYS_OF_A_WEEK, Rates, chosen
from rtt.planning.step import Work, advance, bands_first, stepped, summed
from rtt.terms.arrays import Floats, Ints
from rtt.terms.calendar import working_days
from rtt.terms.waits import BANDS, OPEN_BAND, over, within

DAYS_OF_A_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class Sprint:
    """Stops changed by `fraction` in the weeks that begin from `starts` to `ends`, both included."""

    fraction: float
    starts: date
    ends: date


@dataclass(frozen=True, slots=True)
class Validation:
    """A one-off: the `fraction` of pathways over `weeks` weeks that is removed on a day, without a stop."""

    fraction: float
    weeks: int
    on: date


@dataclass(frozen=True, slots=True)
class Scenario:
    """What is changed. `stops` and `growth` of clock starts a year are fractions (0.05: five per cent more);
    `removals` multiplies the shares that leave without a stop, not those that appear without a start;
    `longest` is the share of the stops of now, and all of `extra` stops a working week, that go to the
    longest waiters first. `extra` may differ by unit, (...,).
    """

    stops: Floats | float = 0.0
    growth: float = 0.0
    removals: float = 1.0
    longest: float = 0.0
    sprint: Sprint | None = None
    validation: Validation | None = None
    extra: Floats | float = field(default=0.0)


AS_NOW = Scenario()
TOGETHER = 1000
"""Lists that are carried on together: what a week of them needs stays near a processor. Neither many more nor
512, at which the bands of a list would all fall into the same lines of a cache.
"""
AHEAD = 64


class Projected(NamedTuple):
    """Lists at dates, (dates, ..., 105), and the flows of the weeks up to each since the one before."""

    dates: tuple[date, ...]
    bands: Floats
    starts: Floats  # (dates, ...)
    stops: Floats
    removals: Floats


def projected(
    waiting: Floats, rates: Rates, census: date, dates: tuple[date, ...], scenario: Scenario = AS_NOW
) -> Projected:
    """The lists (..., 105) of a census at later `dates`, which ascend.

    A date between two weeks is a part of a step branched off, whose fraction is never carried on. ValueError
    where a date is not after the census.
    """
    if not dates or dates[0] <= census:
        raise ValueError(f"a projection goes beyond its census of {census}, got {dates[:1]}")
    shape = waiting.shape[:-1]
    bands, flows = _carried(waiting, rates, census, dates, scenario, flows=True)
    return Projected(dates, bands.reshape(len(dates), *waiting.shape), *flows.reshape(3, len(dates), *shape))


def bands_on(waiting: Floats, rates: Rates, census: date, day: date, scenario: Scenario = AS_NOW) -> Floats:
    """The lists (units, 105) of a census on a later day, as `projected` has them, without the flows."""
    bands, _ = _carried(waiting, rates, census, (day,), scenario, flows=False)
    return np.asarray(bands[0])


def _carried(
    waiting: Floats,
    rates: Rates,
    census: date,
    dates: tuple[date, ...],
    scenario: Scenario,
    *,
    flows: bool,
) -> tuple[Floats, Floats]:
    """Bands (dates, units, 105) and the flows (3, dates, units) since the date before, some lists after the
    others; of flows the starts alone unless they are asked for.
    """
    rates = _changed(rates, scenario)
    shape = waiting.shape[:-1]
    lists = Rates(
        np.broadcast_to(rates.treated, waiting.shape).reshape(-1, BANDS),
        np.broadcast_to(rates.removed, waiting.shape).reshape(-1, BANDS),
        np.broadcast_to(rates.starts, shape).reshape(-1),
        np.broadcast_to(rates.stops, shape).reshape(-1),
        np.broadcast_to(rates.held, shape).reshape(-1),
    )
    present = waiting.reshape(-1, BANDS)
    extra = np.broadcast_to(np.asarray(scenario.extra, dtype=np.float64), shape).reshape(-1)
    bands_at = np.empty((len(dates), len(present), BANDS))
    flows_at = np.empty((3, len(dates), len(present)))
    for part in _parts(present, lists):
        run = _Run(present[part], chosen(lists, part), extra[part], census, scenario, flows=flows)
        for at, day in enumerate(dates):
            bands_at[at, part], flows_at[:, at, part] = run.until(day)
    return bands_at, flows_at


def _parts(waiting: Floats, rates: Rates) -> list[Ints]:
    """The places of lists that are carried on together, alike with alike: what some of them need only costs
    all of them.
    """
    treated = rates.treated * waiting
    total = treated.sum(axis=-1)
    share = np.divide(rates.stops, total, out=np.zeros_like(total), where=total > 0)
    beyond = treated * share[:, None] > waiting - np.maximum(rates.removed * waiting, 0)
    order = np.lexsort((beyond.any(axis=-1), rates.stops == 0, rates.held))
    return np.array_split(order, max(-(-len(order) // TOGETHER), 1))


class _Run:
    """Lists that are carried on together from a census, bands first.

    A week moves every band on by one: so the lists lie in an array that is longer by `AHEAD` bands, and their
    beginning in it moves instead.
    """

    def __init__(
        self, waiting: Floats, rates: Rates, extra: Floats, census: date, scenario: Scenario, *, flows: bool
    ) -> None:
        self.rates, self.extra, self.scenario, self.flows = rates, extra, scenario, flows
        self.treated, removed = bands_first(rates.treated), bands_first(rates.removed)
        self.removed = {1.0: removed}  # by the part of a working week that is open
        self.work = Work(BANDS, len(waiting))
        self.bands = np.empty((AHEAD + BANDS, len(waiting)))
        self.bands[AHEAD:] = waiting.T
        self.at = AHEAD
        self.begins, self.week = census, 0
        self.passed = np.zeros((3, len(waiting)))
        self.told = self.passed.copy()  # of what passed, up to the date before

    def until(self, day: date) -> tuple[Floats, Floats]:
        """The lists (units, 105) on a day, and what passed (3, units) since the day before that was asked."""
        while (day - self.begins).days >= 7:
            if not self.at:
                self.bands[AHEAD:], self.at = self.present.copy(), AHEAD
            self.passed += self._step(7, self._a_week_on)[1]
            self.begins, self.week = self.begins + timedelta(days=7), self.week + 1
        bands, passed = self.present, self.passed
        if rest := (day - self.begins).days:
            bands, counted = self._step(rest, partial(self._part_on, part=rest / 7))
            passed = passed + counted
        since, self.told = passed - self.told, passed.copy()
        return bands.T, since

    @property
    def present(self) -> Floats:
        return self.bands[self.at : self.at + BANDS]

    def _a_week_on(self, off: Floats | float, joined: Floats) -> Floats:
        """`advance` of the lists less those that are taken `off`, in their own place."""
        here = self.present
        here -= off
        here[OPEN_BAND - 1] += here[OPEN_BAND]
        moved = here[0] * (7 / 8)
        self.at -= 1
        np.add(here[0] - moved, joined, out=self.bands[self.at])
        here[0] = moved
        return self.present

    def _part_on(self, off: Floats | float, joined: Floats, part: float) -> Floats:
        """The same of a part of a week, in a place of its own."""
        return bands_first(advance((self.present - off).T, joined, part))

    def _step(self, days: int, on: Callable[..., Floats]) -> tuple[Floats, Floats]:
        """The lists after the `days` days from where they are, and what passed."""
        rates, scenario, ends = self.rates, self.scenario, self.begins + timedelta(days=days)
        opened = working_days(self.begins + timedelta(days=1), ends) / DAYS_OF_A_WEEK
        years = (self.week + 0.5) * 7 / DAYS_OF_A_YEAR
        joined = rates.starts * opened * (1 + scenario.growth) ** years
        off: Floats | float = 0.0
        if scenario.validation and self.begins < scenario.validation.on <= ends:
            off = _validated(self.present, scenario.validation)
        stops = rates.stops * opened * _sprinting(scenario.sprint, self.begins)
        if opened not in self.removed:
            self.removed[opened] = self.removed[1.0] * opened
        taken, left, bands = stepped(
            on(off, joined),
            self.treated,
            self.removed[opened],
            stops * (1 - scenario.longest),
            (stops * scenario.longest, self.extra * opened),
            self.work,
        )
        if rates.held.any():
            beyond = np.maximum(-left - taken, 0) * rates.held
            left += beyond
            bands -= beyond
        if not self.flows:
            return bands, np.stack([joined, self.work.nobody, self.work.nobody])
        return bands, np.stack([joined, summed(taken), summed(left + off)])


def shares(bands: Floats) -> tuple[Floats, Floats, Floats]:
    """The list, the share within 18 weeks and the number over 52 of bands (..., 105); an empty list meets."""
    total = bands.sum(axis=-1)
    inside = within(bands, 18)
    share = np.divide(inside, total, out=np.ones_like(total), where=total > 0)
    return total, share, over(bands, 52)


def _changed(rates: Rates, scenario: Scenario) -> Rates:
    removed = np.where(rates.removed > 0, rates.removed * scenario.removals, rates.removed)
    return replace(rates, removed=removed, stops=rates.stops * (1 + scenario.stops))


def _sprinting(sprint: Sprint | None, begins: date) -> float:
    on = sprint is not None and sprint.starts <= begins + timedelta(days=1) <= sprint.ends
    return 1 + sprint.fraction if sprint is not None and on else 1.0


def _validated(present: Floats, validation: Validation) -> Floats:
    """Who is taken off, (105, units), by the band before the week."""
    taken_off = np.zeros_like(present)
    taken_off[validation.weeks :] = present[validation.weeks :] * validation.fraction
    return taken_off
