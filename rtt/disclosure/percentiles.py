"""Percentiles and the longest wait, as far as they disclose no small number.

A percentile with all its digits is a fraction whose denominator is the band that it lies in: 39.29333 weeks
of 314 pathways is (288.88 - 288) / 3, so 3 people. Rounded to whole weeks it is an inequality and says no
count; it stands for nobody in particular where at least 8 pathways lie on either side of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from rtt.disclosure.seen import Seen
from rtt.disclosure.small_numbers import SMALLEST_SHOWN, Mask, Shown, tenths
from rtt.measures.band_facts import BandFacts
from rtt.measures.disclosed import END, START
from rtt.terms.arrays import Floats
from rtt.terms.waits import BANDS, OPEN_BAND


def rounded(weeks: Floats) -> Floats:
    """To whole weeks, halves up."""
    return np.asarray(np.floor(weeks + 0.5))


def percentile_seen(p: float, weeks: Floats, facts: BandFacts, seen: Seen) -> Shown:
    """A percentile to a tenth of a week in a band that may be seen itself; else to the whole week, where at
    least 8 pathways of known clock start have waited less, and 8 more.
    """
    exact, missing = _in_seen_band(weeks, seen), np.isnan(weeks)
    beside = np.round(min(p, 1 - p) * np.nan_to_num(facts.bands).sum(axis=-1), 6)
    few = np.asarray(beside < SMALLEST_SHOWN)
    return Shown(np.where(exact, tenths(weeks), rounded(weeks)), ~exact & few & ~missing, ~exact & ~missing)


def _in_seen_band(weeks: Floats, seen: Seen) -> Mask:
    """Whether the very band of a wait may be seen."""
    if seen.bands is None:
        return np.zeros(weeks.shape, dtype=bool)
    band = np.clip(np.ceil(np.nan_to_num(weeks, posinf=float(BANDS))).astype(int) - 1, 0, BANDS - 1)
    bands = np.broadcast_to(seen.bands, (*weeks.shape, seen.bands.shape[-1]))
    either = _pick(bands, band - START) & _pick(bands, band + 1 - START)
    return np.asarray(either & seen.limits[0])


def longest_seen(facts: BandFacts, seen: Seen, limits: Sequence[int]) -> Shown:
    """The highest limit that may be seen and that somebody has waited over; inf for the open band. Where the
    next week may be seen, too, it is the longest wait itself. Hidden where nobody is over such a limit.
    """
    at, shown = _limits(facts, seen, limits)
    bands = np.nan_to_num(facts.bands)
    over = np.concatenate([bands[..., ::-1].cumsum(axis=-1)[..., ::-1], np.zeros((*bands.shape[:-1], 1))], -1)
    reached = np.where(shown & (over[..., at] > 0), at, START).max(axis=-1)
    following = np.where(shown & (at > reached[..., None]), at, END).min(axis=-1)
    exact, nobody = following - reached == 1, over[..., 0] == 0
    weeks = np.where(reached >= OPEN_BAND, np.inf, reached.astype(np.float64))
    suppressed = ~nobody & ((reached < 0) | ((reached == 0) & ~exact))
    return Shown(np.where(nobody, np.nan, weeks), suppressed, ~nobody & ~exact)


def _limits(facts: BandFacts, seen: Seen, limits: Sequence[int]) -> tuple[npt.NDArray[np.int_], Mask]:
    """The limits in weeks, and which may be seen of each list; those of single weeks where there are any."""
    if seen.bands is not None:
        return np.arange(END), np.asarray(seen.bands[..., -START:-1])
    at = np.array(sorted(limits))
    return at, np.stack([seen.limits[limit] for limit in at.tolist()], axis=-1)


def _pick(values: npt.NDArray[Any], at: npt.NDArray[np.int_]) -> npt.NDArray[Any]:
    return np.take_along_axis(values, at[..., None], axis=-1)[..., 0]
