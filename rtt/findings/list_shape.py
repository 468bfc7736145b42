"""The words of a list's shape: who is about to pass 18 weeks, and how long nine in ten have waited.

Counts of who is at risk if no clock stops, not forecasts.
"""

import numpy as np
import numpy.typing as npt

from rtt.disclosure import small_numbers
from rtt.disclosure.small_numbers import Mask
from rtt.findings.findings import Finding, display
from rtt.measures.percentiles import percentile_weeks
from rtt.terms import wording
from rtt.terms.waits import OPEN_BAND

NINE_IN_TEN = 0.9


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
        "list breaches 18 weeks within 4 weeks if not treated."
    )


def nine_in_ten_sentence(
    bands: npt.ArrayLike, *, open_band: int = OPEN_BAND, hidden: Mask | None = None
) -> str:
    """ "9 in 10 have waited under 41.2 weeks."; '' for fewer than 20 pathways. `bands` have shape (105,);
    where any is `hidden` it is told to the week, and not at all where all are.
    """
    weeks = float(percentile_weeks(np.asarray(bands), NINE_IN_TEN, open_band=open_band))
    some = hidden is not None and bool(hidden.any())
    if np.isnan(weeks) or (hidden is not None and bool(hidden.all())):
        return ""
    if some and round((1 - NINE_IN_TEN) * float(np.sum(bands)), 6) < small_numbers.SMALLEST_SHOWN:
        return ""
    if np.isinf(weeks):
        return f"More than 1 in 10 have waited over {open_band} weeks."
    if some:
        return f"9 in 10 have waited under about {wording.plural(np.floor(weeks + 0.5), 'week')}."
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
    if not hidden:
        return wording.number_text(count)
    return small_numbers.UNDER if small_numbers.small(count) else small_numbers.WITHHELD
