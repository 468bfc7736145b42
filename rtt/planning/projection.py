"""A list carried on week by week under a scenario: arithmetic on its rates, not a forecast.

As a forecast it loses to no change at most providers, so a page shows only the difference between two
scenarios, added to the issued forecast (docs/planning.md, "A projection").
"""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np

from rtt.planning.rates import DAYS_OF_A_WEEK, Rates, chosen
from rtt.planning.step import Step, advance, step
from rtt.terms.arrays import Bools, Floats
from rtt.terms.calendar import working_days
from rtt.terms.waits import over, within

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
TOGETHER = 500
"""Lists that are carried on together: what a week of them needs stays in a processor's cache. Of 8,000 a step
costs four times as much a list.
"""


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
    if waiting.ndim == 2 and len(waiting) > TOGETHER:
        return _by_parts(waiting, rates, census, dates, scenario)
    rates = _changed(rates, scenario)
    out: list[tuple[Floats, Floats, Floats, Floats]] = []
    present, begins, week = waiting, census, 0
    flows = np.zeros((3, *waiting.shape[:-1]))
    done = np.zeros_like(flows)  # of what has been told of earlier dates
    for day in dates:
        while (day - begins).days >= 7:
            taken, joined = _week(present, rates, begins, week, 7, scenario)
            present, flows = taken.waiting, flows + _counted(taken, joined)
            begins, week = begins + timedelta(days=7), week + 1
        bands, total = present, flows
        if rest := (day - begins).days:
            taken, joined = _week(present, rates, begins, week, rest, scenario)
            bands, total = taken.waiting, flows + _counted(taken, joined)
        out.append((bands, *(total - done)))
        done = total
    bands_at, starts, stops, removals = (np.stack(each) for each in zip(*out, strict=True))
    return Projected(dates, bands_at, starts, stops, removals)


def _by_parts(
    waiting: Floats, rates: Rates, census: date, dates: tuple[date, ...], scenario: Scenario
) -> Projected:
    """The same of many lists (units, 105), some after the others."""
    stops, extra = (np.broadcast_to(each, len(waiting)) for each in (scenario.stops, scenario.extra))
    found = [
        projected(
            waiting[part],
            chosen(rates, part),
            census,
            dates,
            replace(scenario, stops=stops[part], extra=extra[part]),
        )
        for part in np.array_split(np.arange(len(waiting)), -(-len(waiting) // TOGETHER))
    ]
    together = (np.concatenate(each, axis=1) for each in list(zip(*found, strict=True))[1:])
    return Projected(dates, *together)


def shares(bands: Floats) -> tuple[Floats, Floats, Floats]:
    """The list, the share within 18 weeks and the number over 52 of bands (..., 105); an empty list meets."""
    total = bands.sum(axis=-1)
    inside = within(bands, 18)
    share = np.divide(inside, total, out=np.ones_like(total), where=total > 0)
    return total, share, over(bands, 52)


def _changed(rates: Rates, scenario: Scenario) -> Rates:
    removed = np.where(rates.removed > 0, rates.removed * scenario.removals, rates.removed)
    return replace(rates, removed=removed, stops=rates.stops * (1 + scenario.stops))


def _week(
    present: Floats, rates: Rates, begins: date, week: int, days: int, scenario: Scenario
) -> tuple[Step, Floats]:
    """The step of the `days` days after `begins`, and the clock starts in it."""
    ends = begins + timedelta(days=days)
    opened = working_days(begins + timedelta(days=1), ends) / DAYS_OF_A_WEEK
    years = (week + 0.5) * 7 / DAYS_OF_A_YEAR
    joined = rates.starts * opened * (1 + scenario.growth) ** years
    validated: Floats | float = 0.0
    if scenario.validation and begins < scenario.validation.on <= ends:
        validated = _validated(present, scenario.validation)
    stops = rates.stops * opened * _sprinting(scenario.sprint, begins)
    taken = step(
        advance(present - validated, joined, days / 7),
        stops,
        rates.treated,
        rates.removed * opened,
        longest=scenario.longest,
        extra=np.asarray(scenario.extra) * opened,
    )
    if rates.held.any():
        taken = _held(taken, rates.held)
    return taken._replace(removed=taken.removed + validated), joined


def _held(taken: Step, held: Bools) -> Step:
    """What appears in a band beyond what is treated there does not appear, in lists that are held."""
    beyond = np.maximum(-taken.removed - taken.treated, 0) * held[..., None]
    return Step(taken.treated, taken.removed + beyond, taken.waiting - beyond)


def _sprinting(sprint: Sprint | None, begins: date) -> float:
    on = sprint is not None and sprint.starts <= begins + timedelta(days=1) <= sprint.ends
    return 1 + sprint.fraction if sprint is not None and on else 1.0


def _validated(present: Floats, validation: Validation) -> Floats:
    """Who is taken off, by the band before the week."""
    taken_off = np.zeros_like(present)
    taken_off[..., validation.weeks :] = present[..., validation.weeks :] * validation.fraction
    return taken_off


def _counted(taken: Step, joined: Floats) -> Floats:
    return np.stack([joined, taken.treated.sum(axis=-1), taken.removed.sum(axis=-1)])
