"""The words of a benchmark: how many units lie outside the limits and which; no order among those within.

Units within the limits differ no more than chance and the usual spread explain. "Above" and "below" are of
the limits: whether that is good is for the reader to say.
"""

import re

import numpy as np
import numpy.typing as npt

from rtt.benchmark.standardisation import Standardised
from rtt.terms import wording

MOST_NAMED = 6
POSITIONS = {1: "Above the upper limit", -1: "Below the lower limit", 0: "Within the limits"}
NOT_PLACED = "No pathways"


def outside_title(side: npt.ArrayLike, units: str, *, level: float) -> str:
    """ "20 of 152 NHS trusts outside the 99.8% limits"; `side` is 1 above, -1 below, 0 within."""
    sides = np.asarray(side)
    outside = int(np.count_nonzero(sides))
    count = "None" if outside == 0 else wording.number_text(outside)
    if len(sides) == 1:
        units = re.sub("(ie)?s$", lambda end: "y" if end[1] else "", units)
    return f"{count} of {wording.number_text(len(sides))} {units} outside the {level:g}% limits"


def outside_sentence(side: npt.ArrayLike, names: list[str]) -> str:
    """ "ENT below; Cardiology above. 16 within the limits: do not rank them."; `names` (unit,)."""
    sides = np.asarray(side)
    told = [
        _named(names, [index for index, value in enumerate(sides) if value == which], word)
        for which, word in ((-1, "below"), (1, "above"))
    ]
    within = int((sides == 0).sum())
    rest = f"{wording.number_text(within)} within the limits" + (": do not rank them." if within > 1 else ".")
    found = "; ".join(words for words in told if words)
    return f"{found[0].upper()}{found[1:]}. {rest}" if found else rest


def _named(names: list[str], rows: list[int], word: str) -> str:
    if not rows:
        return ""
    if len(rows) > MOST_NAMED:
        return f"{wording.number_text(len(rows))} {word}"
    return f"{wording.list_text([names[row] for row in rows])} {word}"


def mix_sentence(result: Standardised, unit: int = 0) -> str:
    """What the mix of specialties explains: "60.3% is 0.6 points below the 60.9% expected ...".

    Differences are of the figures as shown. '' for a unit without a comparable pathway.
    """
    observed, expected = float(result.observed[unit]), float(result.expected[unit])
    if np.isnan(observed):
        return ""
    gap = wording.percent(observed) - wording.percent(expected)
    side = (
        "equal to"
        if gap == 0
        else f"{wording.number_text(abs(gap))} points {'above' if gap > 0 else 'below'}"
    )
    return (
        f"{wording.share_text(observed)} is {side} the {wording.share_text(expected)} expected if each "
        f"specialty were at its national rate; England is at {wording.share_text(result.national)}."
    )


def difference_text(share: float, other: float) -> str:
    """How far a share is from another, both as shown: 48.1% against 56.7% is "−8.6 points"."""
    return wording.signed_text(wording.percent(share) - wording.percent(other), unit=" points")


def points_text(share: float) -> str:
    """A limit of a difference in points, "+1.2 points"; of two shares that are shown: `difference_text`."""
    return f"{wording.signed_text(wording.percent(share))} points"
