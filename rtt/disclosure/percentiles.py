"""Percentiles and the longest wait as far as the week limits say them that may be seen.

A percentile with all its digits is a fraction whose denominator is the band that it lies in: 39.29333 weeks
of 314 pathways is (288.88 - 288) / 3, so 3 people. Rounded to a week it says no count; where a limit close by
is hidden, the counts between the limits that are shown are spread evenly, and nothing but them is used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from rtt.band_facts import BandFacts, Floats
from rtt.disclosure.facts import END, START, Seen
from rtt.small_numbers import Mask, tenths
from rtt.waits import BANDS, OPEN_BAND

_WIDEST = 26  # weeks over which the counts of a wide stretch are spread: a tail is thick at its beginning


def rounded(weeks: Floats) -> Floats:
    """To whole weeks, halves up."""
    return np.asarray(np.floor(weeks + 0.5))


@dataclass(frozen=True, slots=True, eq=False)
class Around:
    """The stretches between the limits that may be seen. Along the last axis stand the limits `at`, in weeks:
    `up_to` has the pathways up to each, `seen` says which may be seen, `asked` which are counted elsewhere.
    """

    at: npt.NDArray[np.int_]
    up_to: Floats
    seen: Mask
    asked: Mask

    def _ends(self, weeks: Floats) -> tuple[npt.NDArray[np.int_], npt.NDArray[np.int_]]:
        """The places of the limits seen below and above waits (...)."""
        band = np.clip(np.ceil(np.nan_to_num(weeks, posinf=float(BANDS))).astype(int) - 1, 0, BANDS - 1)
        place = np.searchsorted(self.at, band, side="right") - 1
        places = np.arange(len(self.at))
        below = np.maximum.accumulate(np.where(self.seen, places, 0), axis=-1)
        above = np.minimum.accumulate(np.where(self.seen, places, places[-1])[..., ::-1], axis=-1)[..., ::-1]
        return _pick(below, place), _pick(above, np.minimum(place + 1, places[-1]))

    def in_seen_band(self, weeks: Floats) -> Mask:
        """Whether the very band of a wait may be seen."""
        below, above = self._ends(weeks)
        return np.asarray((self.at[above] - self.at[below] == 1) & (self.at[below] > START))

    def in_seen_stretch(self, weeks: Floats) -> Mask:
        """Whether no limit that is counted elsewhere is hidden between those on either side of a wait."""
        below, above = self._ends(weeks)
        hidden = (self.asked & ~self.seen & (self.at > 0)).cumsum(axis=-1)
        return np.asarray(_pick(hidden, above) == _pick(hidden, below))

    def percentile(self, p: float) -> Floats:
        """The percentile with the counts of each stretch spread evenly."""
        target = p * self.up_to[..., -1]
        reached = (self.up_to >= target[..., None]) & self.seen & (self.at > START)
        above = reached.argmax(axis=-1)
        places = np.arange(len(self.at))
        before = np.where(self.seen & (places < above[..., None]), places, 0).max(axis=-1)
        first, after = np.maximum(self.at[before], 0), self.at[above]
        there, until = _pick(self.up_to, before), _pick(self.up_to, above)
        with np.errstate(divide="ignore", invalid="ignore"):
            weeks = first + (target - there) / (until - there) * np.minimum(after - first, _WIDEST)
        return np.where((first >= OPEN_BAND) | (self.up_to[..., -1] == 0), np.inf, weeks)

    def highest(self) -> Floats:
        """The lower end of the highest stretch that holds anybody; inf for the open band, nan for nobody."""
        places = np.arange(len(self.at))
        everybody = self.up_to[..., -1:]
        begun = self.seen & (self.up_to < everybody) & (places < places[-1])
        first = np.maximum(self.at[np.where(begun, places, 0).max(axis=-1)], 0).astype(np.float64)
        return np.where(everybody[..., 0] > 0, np.where(first >= OPEN_BAND, np.inf, first), np.nan)


def percentile_seen(
    p: float, weeks: Floats, facts: BandFacts, seen: Seen, limits: Sequence[int]
) -> tuple[Floats, Mask]:
    """A percentile as it may be shown, and where that is only about: to a tenth of a week in a band that may
    be seen itself, to the week between two limits that may, and else what those limits say of it.
    """
    nearby = around(facts, seen, limits)
    in_band = nearby.in_seen_band(weeks) & seen.limits[0]
    roughly = np.where(nearby.in_seen_stretch(weeks), rounded(weeks), rounded(nearby.percentile(p)))
    missing = np.isnan(weeks)
    shown = np.where(in_band, tenths(weeks), roughly)
    return np.where(missing, np.nan, shown), ~in_band & ~missing


def around(facts: BandFacts, seen: Seen, limits: Sequence[int]) -> Around:
    """The stretches of the lists (units, dates) of some facts; single bands where those may be seen."""
    unknown = np.nan_to_num(facts.unknown_clock_start)[..., None]
    up_to = np.concatenate(
        [np.zeros_like(unknown), unknown, unknown + np.nan_to_num(facts.bands).cumsum(-1)], -1
    )
    every = np.arange(START, END + 1)
    if seen.bands is not None:
        bands = np.broadcast_to(seen.bands, up_to.shape)
        return Around(every, up_to, bands, np.isin(every, limits))
    at = np.array([START, *sorted(limits), END])
    ends = seen.sizes["list", "now"]
    masks = [ends, *(seen.limits[limit] for limit in sorted(limits)), ends]
    return Around(at, up_to[..., at - START], np.stack(masks, axis=-1), np.ones(len(at), dtype=bool))


def _pick(values: npt.NDArray[Any], at: npt.NDArray[np.int_]) -> npt.NDArray[Any]:
    spread = np.broadcast_to(values, (*at.shape, values.shape[-1]))
    return np.take_along_axis(spread, at[..., None], axis=-1)[..., 0]
