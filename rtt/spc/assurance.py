"""Is the standard met, and may one count on it? Differently for flows and for stocks.

A flow's process limits tell what it will do if nothing changes, so they can be set against a target. A
stock's cannot: one says in how many of the last censuses it met its standard and, where a forecast exists,
the chance that it meets the next. Standards themselves are `rtt.measures.standards`, the chance
`rtt.forecast.monthly.projection`.

Source: the assurance icon of NHSRplotthedots 0.2.2, for flows alone.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from rtt.spc.reading import Good, Reading

LAST_CENSUSES = 12


@dataclass(frozen=True, slots=True)
class ProcessAssurance:
    """Whether a process within its limits will meet its target: "pass", "fail", by chance ("varies")."""

    verdict: Literal["pass", "fail", "varies"]
    words: str


@dataclass(frozen=True, slots=True)
class Met:
    """The standard was met in `met` of `known` censuses; `missing` more had no figure or no standard."""

    met: int
    known: int
    missing: int


def flow_assurance(reading: Reading, *, target: float | None, good: Good | None) -> ProcessAssurance | None:
    """A flow's target against the last phase's limits; on a limit counts as between them.

    None without a target, without a better direction, or with trial limits. ValueError for a stock.
    """
    if reading.kind == "stock":
        raise ValueError("process limits on the changes of a stock say nothing about its standard")
    lower, upper = float(reading.lower[-1]), float(reading.upper[-1])
    if target is None or good is None or reading.trial[-1] or np.isnan(lower):
        return None
    if lower <= target <= upper:
        return ProcessAssurance("varies", "the target lies between the limits: met or missed by chance")
    where = "above the upper" if target > upper else "below the lower"
    if (target > upper) == (good == "higher"):
        return ProcessAssurance("fail", f"the target is {where} limit: the present process will not meet it")
    return ProcessAssurance("pass", f"the target is {where} limit: the present process will meet it")


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


def met_words(found: Met, *, chance_of_next: float | None = None) -> str:
    """ "met in 0 of 12", what was missing, and the chance (0 to 1) of meeting the next one where known."""
    words = f"met in {found.met} of {found.known}" if found.known else "no census to judge"
    if found.missing:
        words += f" ({found.missing} of the last {found.known + found.missing} without figure or standard)"
    return (
        words if chance_of_next is None else f"{words}; {_chance(chance_of_next)} chance of meeting the next"
    )


def level_caution(correlation: float) -> str:
    """What must stand beside process limits on the level of a stock, given its lag-1 autocorrelation."""
    return (
        f"Each census carries over most of the one before (correlation {correlation:.2f}), so limits on the "
        "level flag most points whether or not anything happened. Judge the changes instead."
    )


def _chance(chance: float) -> str:
    """In words where a rounded figure would claim certainty."""
    if chance < 0.01:
        return "under 1%"
    return "over 99%" if chance > 0.99 else f"{chance:.0%}"
