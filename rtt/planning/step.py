"""One step of a list: removals leave, clocks stop, the rest waits on.

With month bins and the parameters of the package NHSRtt this is its projection: 11 of its 11 reference cases
agree to 2e-15 (docs/planning.md, "A step").

Lists are worked on bands first, (bands, lists): what is done to a band is then done to hundreds of lists at
once. Each list is nevertheless added up as a row of its own would be, to the last digit, so that no figure
depends on the others.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from rtt.terms.arrays import Bools, Floats, Ints
from rtt.terms.waits import OPEN_BAND

# Two or three nearly always suffice; after these the rest goes longest first.
MOST_ROUNDS = 30
# Pathways: what is left to share among less than this is nobody.
NOBODY = 1e-9
# Pathways that the stops fall short by; far beyond what rounding leaves, so nothing is left for bands below.
SHORT = -1e-6
# numpy adds up a row by eights.
EIGHT = 8
# Bands that are given out, from the last one down, before it is asked who has stops left.
PORTIONS = (8, 40)
# A part of the lists that is smaller than this is worked apart.
APART = 0.3
# Of no more lists it costs least to ask nothing before.
FEW_LISTS = 48


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
    lists, bands = inflow.shape[:-1], inflow.shape[-1]
    stops, longest, extra = (
        np.broadcast_to(np.asarray(each, dtype=np.float64), lists).ravel() for each in (stops, longest, extra)
    )
    there, of_them, gone = (
        bands_first(np.broadcast_to(each, inflow.shape)) for each in (inflow, treated, removed)
    )
    shared, first = stops * (1 - longest), (stops * longest, extra)
    done = stepped(there, of_them, gone, shared, first, Work(*there.shape))
    return Step(*(each.T.reshape(*lists, bands) for each in done))


def bands_first(lists: Floats) -> Floats:
    """Lists (..., bands) as (bands, lists), in a new array."""
    return np.array(lists.reshape(-1, lists.shape[-1]).T, dtype=np.float64, order="C")


class Work:
    """The arrays (bands, lists) that a step is worked in, kept from step to step."""

    def __init__(self, bands: int, lists: int) -> None:
        arrays = np.empty((6, bands, lists))
        self.taken, self.left, self.room, self.weights, self.added, self.above = arrays
        self.nobody = np.zeros(lists)  # numpy is faster with a row of them than with a 0
        self.from_the_last = list(zip(self.room[::-1], self.above[::-1], strict=True))


def stepped(
    inflow: Floats,
    treated: Floats,
    removed: Floats,
    as_today: Floats,
    first: tuple[Floats, Floats],
    work: Work,
) -> Step:
    """`step` of lists bands first, (bands, lists), with the stops (lists,) that are shared `as_today`, and
    both kinds of those that go to the longest waiters `first`.

    What waits takes the place of the inflow; the rest is overwritten by the next step.
    """
    left, room = work.left, work.room
    np.multiply(removed, inflow, out=left)
    np.maximum(left, work.nobody, out=room)
    np.subtract(inflow, room, out=room)
    np.multiply(treated, inflow, out=work.weights)
    to_longest = _share_as_today(work, as_today) + first[0] + first[1]
    if to_longest.any():
        np.subtract(room, work.taken, out=room)
        _add_longest_first(work, to_longest)
    np.subtract(inflow, work.taken, out=inflow)
    np.subtract(inflow, left, out=inflow)
    return Step(work.taken, left, inflow)


def summed(bands: Floats) -> Floats:
    """Lists (bands, lists) added up, (lists,), to the last digit as numpy adds up rows (up to 128)."""
    eights = len(bands) // EIGHT * EIGHT
    if not eights:
        return np.asarray(bands.sum(axis=0))
    a, b, c, d, e, f, g, h = bands[:eights].reshape(-1, EIGHT, bands.shape[1]).sum(axis=0)
    total = ((a + b) + (c + d)) + ((e + f) + (g + h))
    for band in bands[eights:]:
        total += band
    return np.asarray(total)


def _share_as_today(work: Work, stops: Floats) -> Floats:
    """Stops in proportion to the weights, no band above its room, put into `taken`; and what found no room.

    Each list by itself: a round goes on with those alone that have stops left and bands to take them.
    """
    rest = stops.copy()
    np.multiply(work.weights, work.room > 0, out=work.weights)
    able = _round(work.weights, work.room, rest, stops > NOBODY, work.taken)
    rest -= summed(work.taken)
    for _ in range(MOST_ROUNDS - 1):
        going = able & (rest > NOBODY)
        number = np.count_nonzero(going)
        if not number:
            break
        together = number > APART * len(stops) or len(stops) <= FEW_LISTS
        able = (_again if together else _again_apart)(work, rest, going)
    return np.maximum(rest, 0.0)


def _again(work: Work, rest: Floats, going: Bools) -> Bools:
    """Another round of all lists, of which those that are not `going` get nothing; who took any."""
    free = np.subtract(work.room, work.taken, out=work.above)
    np.multiply(work.weights, free > 0, out=work.added)
    able = _round(work.added, free, rest, going, work.added)
    work.taken += work.added
    rest -= summed(work.added)
    return able


def _again_apart(work: Work, rest: Floats, going: Bools) -> Bools:
    """The same of few lists, taken out of the others."""
    lists = np.flatnonzero(going)
    taken = work.taken.take(lists, axis=1)
    free = work.room.take(lists, axis=1)
    free -= taken
    weights = work.weights.take(lists, axis=1)
    weights *= free > 0
    able = _round(weights, free, rest[lists], going[lists], weights)
    work.taken[:, lists] = taken + weights
    rest[lists] -= summed(weights)
    took = np.zeros_like(going)
    took[lists] = able
    return took


def _round(weights: Floats, room: Floats, rest: Floats, going: Bools, into: Floats) -> Bools:
    """What each band takes of the `rest` in one round, put `into` an array; who can take any."""
    total = summed(weights)
    able = np.asarray((total > NOBODY) & going)
    if not able.any():
        into[...] = 0.0
        return able
    np.multiply(weights, np.divide(rest, total, out=np.zeros_like(rest), where=able), out=into)
    np.minimum(into, room, out=into)
    if not able.all():
        into[:, ~able] = 0.0
    return able


def _add_longest_first(work: Work, stops: Floats) -> None:
    """Stops from the last band downwards, each band as far as it has room, added to `taken`."""
    if len(stops) <= FEW_LISTS:
        np.cumsum(work.room[::-1], axis=0, out=work.above[::-1])
        work.taken += _placed(work.room, stops, work.above, work.nobody)
        return
    bands, above, done = len(work.room), work.nobody, 0
    for until in (*PORTIONS, bands):
        here = slice(max(bands - until, 0), bands - done)
        above = _sums_from_the_last(work.from_the_last[done:until], above)
        added = _placed(work.room[here], stops, work.above[here], work.nobody)
        work.taken[here] += added
        open_to = stops - above >= SHORT
        number = np.count_nonzero(open_to)
        if not number or until >= bands:
            return
        done = until
        if number < APART * len(stops):
            _add_apart(work, stops, above, np.flatnonzero(open_to), slice(0, bands - done))
            return


def _add_apart(work: Work, stops: Floats, above: Floats, lists: Ints, here: slice) -> None:
    """The same in the first bands of few lists, taken out of the others."""
    room = work.room[here].take(lists, axis=1)
    sums = np.empty_like(room)
    _sums_from_the_last(list(zip(room[::-1], sums[::-1], strict=True)), above[lists])
    work.taken[here, lists] += _placed(room, stops[lists], sums, work.nobody[lists])


def _sums_from_the_last(rows: Sequence[tuple[Floats, Floats]], above: Floats) -> Floats:
    """Rooms added up band by band, each sum put into its row; the last of them."""
    for room, into in rows:
        above = np.add(above, room, into)
    return above.copy()


def _placed(room: Floats, stops: Floats, sums: Floats, nobody: Floats) -> Floats:
    """What each band takes of the stops that those above it leave; `sums` of the rooms are overwritten."""
    np.subtract(sums, room, out=sums)
    np.subtract(stops, sums, out=sums)
    np.maximum(sums, nobody, out=sums)
    return np.minimum(sums, np.maximum(room, nobody), out=sums)


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
