"""In how many of the last censuses a stock met its standard, and what to say beside limits on a level.

Process limits on the changes of a stock say nothing about its standard, so the target icon of Making Data
Count, which compares a target with limits, is not drawn for stocks: how often the standard was met is counted
instead. Standards are `rtt.measures.standards`.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rtt.spc.reading import Good

LAST_CENSUSES = 12


@dataclass(frozen=True, slots=True)
class Met:
    """The standard was met in `met` of `known` censuses; `missing` more had no figure or no standard."""

    met: int
    known: int
    missing: int


def met_in_last(
    levels: npt.ArrayLike, standards: npt.ArrayLike, *, good: Good, last: int = LAST_CENSUSES
) -> Met:
    """How often the standard was met in the last censuses of one series (time,).

    standards: one for all or one a census, nan where none applied. A standard reached exactly is met: "92 %"
    means at least 92 %, "none over 65 weeks" at most 0.
    """
    figures = np.asarray(levels, dtype=np.float64)
    required = np.broadcast_to(np.asarray(standards, dtype=np.float64), figures.shape)[-last:]
    figures = figures[-last:]
    known = ~np.isnan(figures) & ~np.isnan(required)
    reached = figures >= required if good == "higher" else figures <= required
    return Met(met=int((known & reached).sum()), known=int(known.sum()), missing=int((~known).sum()))


def met_words(found: Met) -> str:
    """ "met in 0 of 12", and how many censuses were missing."""
    words = f"met in {found.met} of {found.known}" if found.known else "no census to judge"
    if found.missing:
        words += f" ({found.missing} of the last {found.known + found.missing} without figure or standard)"
    return words


def level_caution(correlation: float) -> str:
    """The caution beside process limits on the level of a stock, given its lag-1 autocorrelation."""
    return (
        f"Each census carries over most of the one before (correlation {correlation:.2f}), so limits on the "
        "level flag most points whether or not anything happened. Judge the changes instead."
    )
