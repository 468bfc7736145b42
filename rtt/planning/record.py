"""How plans would have done on past months: whether the arithmetic is right, and how much of an effect that
it worked out was seen.

Source: docs/planning.md, "The score of past months".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np

from rtt.forecast.monthly.history import JUMP
from rtt.planning.lists import LEAST_MONTHS, Flows, accounts, only, seen, summed
from rtt.planning.projection import projected, shares
from rtt.planning.rates import DAYS_OF_A_WEEK, HALF_LIFE, OF_A_TRUST, Rates, leaning, passed, rates
from rtt.terms.arrays import Bools, Floats
from rtt.terms.calendar import working_days_in_month

LEAST_LIST = 5_000
"""Pathways in every month: smaller organisations tell little, and lose months."""
LEAST_ORGANISATIONS = 30
HORIZONS = (1, 3, 6)
SHOWN = 3
"""Months ahead of the score that is told beside every answer."""


class Within(NamedTuple):
    """Fed with a month's own flows: the mean error of its end, in points and in per cent of the list."""

    organisations: int
    months: int
    share: float
    total: float


class Seen(NamedTuple):
    """What was seen for each point, or per cent of the list, that was worked out `horizon` months ahead.

    Slopes of what differed from as-now on what was worked out, between organisations of the same months; and
    their correlations. `stops_alone`: had the clock starts of the coming months not been known.
    """

    horizon: int
    pairs: int
    share: float
    share_r: float
    total: float
    total_r: float
    share_stops_alone: float
    total_stops_alone: float


@dataclass(frozen=True, slots=True)
class Record:
    """Both scores; `seen` of the horizons for which there are months enough."""

    within: Within
    seen: tuple[Seen, ...]


def record(flows: Flows) -> Record | None:
    """The score on the months of these lists; None where too few organisations are large in all of them."""
    names = [key[0] for key in flows.keys]
    if len(flows.months) < 2 or not names:
        return None
    whole = summed(flows, np.unique(names, return_inverse=True)[1].astype(np.int64))
    large = (whole.lists.sum(axis=-1) > LEAST_LIST).all(axis=1)
    if large.sum() < LEAST_ORGANISATIONS:
        return None
    own = only(whole, large)
    return Record(_within(own), tuple(_seen_ahead(flows, own)))


def kept(of: Record | None) -> dict[str, float]:
    """What is told beside every answer; nothing where there is no score three months ahead."""
    at = next((each for each in of.seen if each.horizon == SHOWN), None) if of else None
    if of is None or at is None:
        return {}
    return {
        "trusts": of.within.organisations,
        "months": of.within.months,
        "within": of.within.share,
        "seen": at.share,
        "seen_list": at.total,
    }


def _within(own: Flows) -> Within:
    total, share = _measures(own)
    months = accounts(own)
    errors = []
    for at, month in enumerate(months):
        ends, weeks = own.months[at + 1], _weeks(own.months[at + 1])
        lists = [own.lists[:, at], own.lists[:, at + 1]]
        of = rates(passed([month], lists, [own.starts[:, at + 1]], [weeks], np.ones(1)))
        then, within, _ = shares(projected(own.lists[:, at], of, own.months[at], (ends,)).bands[-1])
        errors.append((np.abs(within - share[:, at + 1]).mean(), np.abs(then / total[:, at + 1] - 1).mean()))
    mean = 100 * np.mean(errors, axis=0)
    return Within(len(own.keys), len(months), float(mean[0]), float(mean[1]))


def _seen_ahead(flows: Flows, own: Flows) -> list[Seen]:
    total, share = _measures(own)
    # A list that jumps has merged, split or been counted anew: no stops explain that.
    steady = np.asarray((np.abs(np.diff(np.log(total), axis=1)) <= JUMP).all(axis=1))
    england = summed(flows, np.zeros(len(flows.keys), dtype=np.int64))
    found = []
    for ahead in HORIZONS:
        origins = range(LEAST_MONTHS, len(own.months) - ahead)
        pairs = [_effects(own, england, origin, ahead, total, share, steady) for origin in origins]
        if pairs:
            found.append(_slopes(ahead, pairs))
    return found


def _effects(
    own: Flows, england: Flows, origin: int, ahead: int, total: Floats, share: Floats, steady: Bools
) -> Floats:
    """(6, organisations) from one month: what was seen of share and list beyond as-now; the same worked out
    from the coming starts and stops, and from the stops alone; each less the mean of them all.
    """
    of = _rates_until(own, england, origin)
    end = own.months[origin + ahead]
    now_list, now_share, _ = shares(projected(own.lists[:, origin], of, own.months[origin], (end,)).bands[-1])
    rows = [share[:, origin + ahead] - now_share, np.log(total[:, origin + ahead] / now_list)]
    for with_starts in (True, False):
        then_list, then_share, _ = shares(_fed(own, of, origin, ahead, with_starts=with_starts))
        rows += [then_share - now_share, np.log(then_list / now_list)]
    effects = np.stack(rows)[:, steady]
    return np.asarray(effects - effects.mean(axis=1, keepdims=True))


def _rates_until(own: Flows, england: Flows, origin: int) -> Rates:
    """The rates as they were known at a month."""
    past, whole = _until(own, origin), _until(england, origin)
    every = np.ones((origin, 1), dtype=bool)
    larger = rates(seen(whole, every, HALF_LIFE))
    of_england = Rates(larger.treated[0], larger.removed[0], larger.starts[0], larger.stops[0])
    return leaning(
        seen(past, np.broadcast_to(every, (origin, len(own.keys))), HALF_LIFE), of_england, OF_A_TRUST
    )


def _fed(own: Flows, of: Rates, origin: int, ahead: int, *, with_starts: bool) -> Floats:
    """The lists some months on, each month with its own clock stops, and starts."""
    bands = own.lists[:, origin]
    for at in range(origin, origin + ahead):
        weeks = _weeks(own.months[at + 1])
        starts = own.starts[:, at + 1] / weeks if with_starts else of.starts
        fed = Rates(of.treated, of.removed, starts, own.stops[:, at + 1] / weeks)
        bands = projected(bands, fed, own.months[at], (own.months[at + 1],)).bands[-1]
    return bands


def _slopes(ahead: int, pairs: Sequence[Floats]) -> Seen:
    share, total, share_known, total_known, share_stops, total_stops = np.concatenate(pairs, axis=1)

    def slope(of: Floats, on: Floats) -> float:
        return float(on @ of / (on @ on)) if on.any() else np.nan

    def r(of: Floats, on: Floats) -> float:
        return float(np.corrcoef(of, on)[0, 1])

    return Seen(
        ahead,
        len(share),
        slope(share, share_known),
        r(share, share_known),
        slope(total, total_known),
        r(total, total_known),
        slope(share, share_stops),
        slope(total, total_stops),
    )


def _measures(own: Flows) -> tuple[Floats, Floats]:
    total, share, _ = shares(own.lists)
    return total, share


def _weeks(month: date) -> float:
    return working_days_in_month(month) / DAYS_OF_A_WEEK


def _until(flows: Flows, origin: int) -> Flows:
    end = origin + 1
    return Flows(
        flows.months[:end],
        flows.keys,
        flows.lists[:, :end],
        flows.stopped[:, :end],
        flows.stops[:, :end],
        flows.starts[:, :end],
        flows.reported[:, :end],
        flows.specialty,
    )
