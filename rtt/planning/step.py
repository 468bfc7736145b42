"""One step of a list: removals leave, clocks stop, the rest waits on.

With month bins and the parameters of the package NHSRtt this is its projection: 11 of its 11 reference cases
agree to 2e-15 (docs/planning.md, "A step").
"""

from typing import NamedTuple

import numpy as np

from rtt.terms.arrays import Floats
from rtt.terms.waits import OPEN_BAND

# Two or three nearly always suffice; after these the rest goes longest first.
MOST_ROUNDS = 30
# Pathways: what is left to share among less than this is nobody.
NOBODY = 1e-9


class Step(NamedTuple):
    """Pathways by band, each of the shape of the inflow."""

    treated: Floats
    removed: Floats
    waiting: Floats


def step(
    inflow: Floats,
    stops: Floats | float,
    treated: Floats,
    removed: Floats,
    *,
    longest: Floats | float = 0.0,
    extra: Floats | float = 0.0,
) -> Step:
    """The list after one step, of any width of bands.

    `inflow` (..., bands): those there, had nobody left. `stops` (...,) are shared as today, in proportion to
    `treated` x inflow, but for the share `longest` of them; that share and all `extra` stops go to the
    longest waiters. Nobody is treated who is not there, and negative removals are late additions, not treated
    in the same step. What no band can take is left unused.
    """
    left = removed * inflow
    room = inflow - np.maximum(left, 0)
    stops, longest, extra = (
        np.broadcast_to(np.asarray(each, dtype=np.float64), inflow.shape[:-1])
        for each in (stops, longest, extra)
    )
    taken, unplaced = _as_today(room, stops * (1 - longest), treated * inflow)
    taken = taken + _longest_first(room - taken, unplaced + stops * longest + extra)
    return Step(taken, left, inflow - taken - left)


def _as_today(room: Floats, stops: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Stops in proportion to `weights`, no band above its room; and what found no room.

    Each list by itself: a round goes on with those alone that have stops left and bands to take them.
    """
    bands = room.shape[-1]
    taken, rest = np.zeros((stops.size, bands)), stops.reshape(-1).copy()
    going = np.flatnonzero(rest > NOBODY)
    of_room, of_weights = room.reshape(-1, bands), weights.reshape(-1, bands)
    for _ in range(MOST_ROUNDS):
        free = of_room[going] - taken[going]
        open_to = np.where(free > 0, of_weights[going], 0.0)
        total = open_to.sum(axis=-1)
        able = total > NOBODY
        going, free, open_to = going[able], free[able], open_to[able]
        if not len(going):
            break
        open_to *= (rest[going] / total[able])[:, None]
        added = np.minimum(open_to, free, out=open_to)
        taken[going] += added
        rest[going] -= added.sum(axis=-1)
        going = going[rest[going] > NOBODY]
    return taken.reshape(room.shape), np.maximum(rest, 0.0).reshape(stops.shape)


def _longest_first(room: Floats, stops: Floats) -> Floats:
    """Stops from the last band downwards, each band as far as it has room."""
    if not stops.any():
        return np.zeros_like(room)
    above = np.cumsum(room[..., ::-1], axis=-1)[..., ::-1] - room
    rest = np.subtract(stops[..., None], above, out=above)
    return np.minimum(np.maximum(rest, 0.0, out=rest), np.maximum(room, 0.0), out=rest)


def advance(waiting: Floats, starts: Floats | float, part: float = 1.0) -> Floats:
    """`waiting` (..., 105) a week on, or a `part` of it, with `starts` (...,) who join; nobody leaves.

    Band 0 has eight days, so an eighth of it, its day 0, is still in band 0 a week later.
    """
    moved = waiting * part
    moved[..., 0] *= 7 / 8
    moved[..., OPEN_BAND] = 0
    aged = waiting - moved
    aged[..., 1:] += moved[..., :-1]
    aged[..., 0] += starts
    return np.asarray(aged)
