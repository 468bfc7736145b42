"""What the shape of a waiting list says: who is about to pass 18 weeks, and how long nine in ten have waited.

The words of the page about the list's shape and of a single week band. Counts of who is at risk if nothing
happens, not forecasts: those are `rtt.projection`. Nothing here knows how a shape is drawn.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from rtt import small_numbers, wording
from rtt.band_facts import Floats
from rtt.findings import Finding, display
from rtt.percentiles import percentile_weeks
from rtt.small_numbers import Mask
from rtt.waits import BANDS, OPEN_BAND

Ends = npt.NDArray[np.int_]
NINE_IN_TEN = 0.9
BORDERS = (0, 14, 18, 40, 48, 52, 65, 78, 104, BANDS)
"""Of the bands: counts from one of them to another are figures of their own."""


def band_words(band: int, *, open_band: int = OPEN_BAND) -> str:
    """A week band for menus and tables: "14 to 15 weeks", "104 weeks and over"."""
    if band >= open_band:
        return f"{open_band} weeks and over"
    return f"{band} to {band + 1} week{'' if band == 0 else 's'}"


def passing_sentence(passing: Finding, total: Finding) -> str:
    """Who passes 18 weeks within four if not treated: "723,490 at 14 to 17 weeks: 10.2% of the list ...".

    The count is of the four bands over 14 and up to 18 weeks, that is 14 to 17 completed weeks. '' where
    either figure is not known.
    """
    if passing.value is None or not total.value:
        return ""
    return (
        f"{display(passing)} at 14 to 17 weeks: {wording.share_text(passing.value / total.value)} of the "
        "list passes 18 weeks within 4 weeks if not treated."
    )


def nine_in_ten_sentence(
    bands: npt.ArrayLike, *, open_band: int = OPEN_BAND, hidden: Mask | None = None
) -> str:
    """ "9 in 10 have waited under 41.2 weeks."; '' for fewer than 20 pathways, or where it would tell a
    `hidden` band. `bands` and `hidden` have shape (105,).
    """
    weeks = float(percentile_weeks(np.asarray(bands), NINE_IN_TEN, open_band=open_band))
    told = hidden is not None and bool(percentile_withheld(weeks, bands, hidden))
    if np.isnan(weeks) or told:
        return ""
    if np.isinf(weeks):
        return f"More than 1 in 10 have waited over {open_band} weeks."
    return f"9 in 10 have waited under {wording.weeks_text(weeks)}."


def band_sentence(
    count: float, total: Finding, band: int, *, open_band: int = OPEN_BAND, hidden: bool = False
) -> str:
    """ "31,240 pathways have waited 14 to 15 weeks: 0.4% of the list."; `count` is the band's."""
    words = band_words(band, open_band=open_band)
    if hidden:
        return f"Pathways that have waited {words}: {count_words(count, hidden=True)}."
    said = f"{wording.plural(count, 'pathway')} {'has' if count == 1 else 'have'} waited {words}"
    if not total.value:
        return f"{said}."
    return f"{said}: {wording.share_text(count / total.value)} of the list."


def count_words(count: float, *, hidden: bool = False) -> str:
    """A count as tables print it, or the words for one that is not shown."""
    if not hidden:
        return wording.number_text(count)
    return small_numbers.UNDER if small_numbers.small(count) else small_numbers.WITHHELD


def withheld_bands(bands: npt.ArrayLike, *, unknown: npt.ArrayLike = 0.0, also: Mask | None = None) -> Mask:
    """Which bands (..., 105) are not shown to who may not see small numbers.

    The counts over 18, 40, 52, 65, 78 and 104 weeks are figures of their own, and so are those about to pass
    18 or 52: between two of them no single band may be left to subtraction, nor may it of the whole list.
    `unknown` (...) clock starts are part of the list and of no band; `also` are hidden for another reason.
    """
    counts = np.asarray(bands, dtype=np.float64)
    hidden = np.zeros(counts.shape, dtype=bool) if also is None else also
    between = [
        small_numbers.withheld(counts[..., first:after], axis=-1, also=hidden[..., first:after])
        for first, after in pairwise(BORDERS)
    ]
    # Without a known start a wait could be of any length: it stands beside the short ones, which are many.
    whole = np.concatenate([counts, np.broadcast_to(unknown, counts.shape[:-1])[..., None]], axis=-1)
    nobody = np.zeros_like(whole[..., :1], dtype=bool)
    hidden = np.concatenate([*between, nobody], axis=-1)
    short = [*range(BORDERS[1]), BANDS]
    hidden[..., short] = small_numbers.withheld(whole[..., short], axis=-1, also=hidden[..., short])
    return small_numbers.withheld(whole, axis=-1, also=hidden)[..., :BANDS]


def percentile_withheld(weeks: npt.ArrayLike, bands: npt.ArrayLike, hidden: Mask) -> Mask:
    """Whether percentiles (...) of `bands` (..., 105) would tell one of the `hidden` ones (..., 105).

    A percentile of k weeks and a fraction says how many have waited up to k weeks, and past k + 1, nearly to
    one: the fraction is what is left to count, divided by the pathways of its band. It is not shown where
    that band is hidden itself, where a small number has waited longer, nor where the hidden bands between two
    BORDERS, parted there, could be had by subtraction. A tenth of a week leaves the others open.
    """
    counts = np.nan_to_num(np.asarray(bands, dtype=np.float64))
    # The end of a band, 40.0, is reached within it; the open band has no end.
    given = np.nan_to_num(np.asarray(weeks, dtype=np.float64), nan=0.0, posinf=float(BANDS))
    at = np.clip(np.ceil(given).astype(int) - 1, 0, BANDS - 1)
    borders = np.array(BORDERS)
    section = np.searchsorted(borders, at, side="right")
    number, total, everybody = (_up_to(each) for each in (hidden, counts * hidden, counts))

    def alone(first: Ends, after: Ends) -> Mask:
        few, they = _pick(number, after) - _pick(number, first), _pick(total, after) - _pick(total, first)
        most = small_numbers.SMALLEST_SHOWN - 1
        return np.asarray((few > 0) & ((few == 1) | (they == few) | (they == few * most)))

    told = alone(borders[section - 1], at) | alone(at + 1, borders[section])
    told |= _pick(hidden, at) | small_numbers.small(everybody[..., -1] - _pick(everybody, at + 1))
    return np.asarray(told & ~np.isnan(np.asarray(weeks, dtype=np.float64)))


def _up_to(values: npt.ArrayLike) -> Floats:
    """The sums (..., 106) of the values (..., 105) before each band, and of all."""
    before = np.asarray(values, dtype=np.float64).cumsum(axis=-1)
    return np.concatenate([np.zeros_like(before[..., :1]), before], axis=-1)


def _pick(values: npt.NDArray[Any], at: Ends) -> npt.NDArray[Any]:
    return np.take_along_axis(values, np.asarray(at)[..., None], axis=-1)[..., 0]
