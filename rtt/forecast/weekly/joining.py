"""How many join a PTL in a week, where referrals may have changed: the usual rate, moved towards the last.

A memory of a quarter of a year is the best for quiet weeks and months behind after a lasting change; one of
weeks is the other way round. So the usual rate is moved towards that of the last weeks by a share that grows
with the distance: what season and chance do hardly moves it, a doubling does so within weeks.
"""

from __future__ import annotations

import numpy as np

from rtt.terms.arrays import Floats

# How far the last weeks' rate lies from the usual one (log) when it is half believed: of the whole list, and
# of a specialty beside the others, where chance comes on top.
HALF_BELIEVED = 0.12
HALF_BELIEVED_OF_ONE = 0.15
FEW = 3.0  # pathways: a handful more or fewer tell nothing of a specialty
TINY = 1e-9


def moved_by(usual: Floats, counts: Floats, weeks: float) -> Floats:
    """By what each specialty's usual number of a week (functions,) is to be multiplied.

    `usual`: pathways that join in a week, over the long memory; `counts`: how many joined over the short one,
    in how many `weeks`.
    """
    if weeks <= 0 or usual.sum() <= 0 or counts.sum() <= 0:
        return np.ones_like(usual)
    ratio = float(counts.sum() / weeks / usual.sum())
    together = np.exp(_believed(np.log(np.array(ratio)), HALF_BELIEVED**2))
    # Beside the others: as many as a specialty's usual share of all who came lately would be.
    alike = usual * weeks * ratio
    apart = np.log((counts + FEW) / (alike + FEW))
    by_chance = 2.0 / (counts + 1.0)
    return np.asarray(together * np.exp(_believed(apart, HALF_BELIEVED_OF_ONE**2 + by_chance)))


def _believed(distance: Floats, square: Floats | float) -> Floats:
    return np.asarray(distance * distance**2 / (distance**2 + square + TINY))
