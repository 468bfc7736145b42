"""Which week limits may be seen of a list and of its parts, so that no count of 1 to 7 can be worked out.

A limit lies between two neighbouring waits: "over 52 weeks" is what lies beyond one, a week band what lies
between two. A count is shown if both limits that it lies between may be seen. The limits that may be seen cut
a list into pieces that hold nobody or at least 8, and so they cut each of its parts. Where a part may not
show a limit that the whole shows, `suppressed` marks the parts that suppress it together (secondary
suppression): on either side of it they hold at least 8, so that the whole less the others is never small.

Why nothing can be worked out: move one pathway of one suppressed part across the limit one way and one of
another suppressed part the other way. Everything that is shown stays as it is, and every small count changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from rtt.disclosure.small_numbers import SMALLEST_SHOWN, Mask, small

Floats = npt.NDArray[np.float64]
ROOM = 3
"""By how much suppressed figures could at least differ: ten that add up to ten are each one."""


@dataclass(frozen=True, slots=True, eq=False)
class Limits:
    """`whole` (dates, waits + 1): which limits the whole list shows, its two ends among them.

    `suppressed` (dates, parts + 1, waits + 1): which parts suppress a limit that the whole shows; the last
    row is the tiny parts together. `tiny` (dates, parts): parts of which nothing is shown, lest a few people
    are disclosed.
    """

    whole: Mask
    suppressed: Mask
    tiny: Mask
    # Pages ask for the same parts of a list again and again.
    _seen: dict[bytes, Mask] = field(default_factory=dict, init=False, repr=False)

    def seen(self, chosen: Mask | None = None) -> Mask:
        """The limits (dates, waits + 1) seen of the parts `chosen` (parts) taken together; None for all.

        Not to be written to.
        """
        if chosen is None:
            return self.whole
        asked = chosen.tobytes()
        if asked not in self._seen:
            self._seen[asked] = self._seen_of(chosen)
        return self._seen[asked]

    def _seen_of(self, chosen: Mask) -> Mask:
        some, every = _cut(self.tiny.T, chosen[:, None])
        rows = np.concatenate([np.broadcast_to(chosen[:, None], self.tiny.T.shape), every[None]])
        members = np.moveaxis(self.suppressed, 1, 0)
        cut, _ = _cut(members, rows[..., None])
        return np.asarray(self.whole & ~cut & ~some[:, None])


def _cut(members: Mask, chosen: Mask) -> tuple[Mask, Mask]:
    """Whether some of the members (first axis) are chosen and some are not; whether all of them are."""
    inside, outside = (members & chosen).any(axis=0), (members & ~chosen).any(axis=0)
    return np.asarray(inside & outside), np.asarray(inside & ~outside)


def limits_of(counts: npt.ArrayLike, order: Sequence[int]) -> Limits:
    """The limits of a list that is the sum of its parts: `counts` (dates, parts, waits).

    `order` names the limits (1 to waits - 1) that anything is asked about, the most wanted first.
    """
    parts = np.nan_to_num(np.asarray(counts, dtype=np.float64))
    whole = visible(parts.sum(axis=1), order)
    tiny = together(parts.sum(axis=2))
    collapsed = np.concatenate([np.where(tiny[..., None], 0.0, parts), _sum_of(parts, tiny)[:, None]], axis=1)
    seen = visible(collapsed, order) & whole[:, None]
    suppressed = whole[:, None] & ~seen & (collapsed.sum(axis=2) > 0)[..., None]
    for day, limit in zip(*np.nonzero(suppressed.any(axis=1)), strict=True):
        pieces = _beside(collapsed[day].sum(axis=0), whole[day], int(limit))
        sides = np.column_stack([collapsed[day, :, first:after].sum(axis=1) for first, after in pieces])
        _fill(suppressed[day, :, limit], sides, collapsed[day, :, limit:].sum(axis=1))
    return Limits(whole, suppressed, tiny)


def visible(counts: npt.ArrayLike, order: Sequence[int]) -> Mask:
    """Which limits (..., waits + 1) cut lists (..., waits) into pieces of nobody or of 8 and more."""
    values = np.asarray(counts, dtype=np.float64)
    up_to = np.concatenate([np.zeros_like(values[..., :1]), values.cumsum(axis=-1)], axis=-1)
    seen = np.zeros(up_to.shape, dtype=bool)
    seen[..., 0] = seen[..., -1] = ~small(up_to[..., -1])
    # Of each limit not yet decided: what lies up to the limits seen on either side.
    below, above = np.zeros_like(up_to), np.broadcast_to(up_to[..., -1:], up_to.shape).copy()
    for limit in order:
        here = up_to[..., limit]
        fits = ~small(here - below[..., limit]) & ~small(above[..., limit] - here) & seen[..., 0]
        seen[..., limit] = fits
        after, before = below[..., limit:], above[..., : limit + 1]
        after[...] = np.where(fits[..., None], np.maximum(after, here[..., None]), after)
        before[...] = np.where(fits[..., None], np.minimum(before, here[..., None]), before)
    return seen


def together(sizes: npt.ArrayLike) -> Mask:
    """Which parts (dates, parts) show nothing: the small ones, with others until they are enough."""
    values = np.asarray(sizes, dtype=np.float64)
    tiny = small(values)
    for day in np.nonzero(tiny.any(axis=1))[0]:
        _fill(tiny[day], values[day][:, None], values[day])
    return tiny


def _sum_of(parts: Floats, chosen: Mask) -> Floats:
    return np.asarray(np.where(chosen[..., None], parts, 0.0).sum(axis=1))


def _beside(counts: Floats, seen: Mask, limit: int) -> list[tuple[int, int]]:
    """The nearest pieces that hold anybody before and after a limit of the whole list."""
    at = np.flatnonzero(seen).tolist()
    place = at.index(limit)
    before = next(((a, b) for a, b in _pairs_down(at[: place + 1]) if counts[a:b].any()), None)
    after = next(((a, b) for a, b in pairwise(at[place:]) if counts[a:b].any()), None)
    return [piece for piece in (before, after) if piece is not None]


def _pairs_down(at: list[int]) -> list[tuple[int, int]]:
    return list(pairwise(at))[::-1]


def _fill(members: Mask, sides: Floats, figures: Floats) -> None:
    """Add the smallest other parts until the members hold at least 8 on every side, with room left.

    `sides` (parts, sides) are what they must hold, `figures` (parts) what is not shown of them. In place.
    """
    while True:
        short = sides[members].sum(axis=0) < SMALLEST_SHOWN
        if not short.any() and has_room(figures[members]):
            return
        wanted = sides[:, short].min(axis=1) if short.any() else figures
        others = np.where(~members & (wanted > 0), sides.sum(axis=1), np.inf)
        if not np.isfinite(others).any():
            others = np.where(~members & (sides.sum(axis=1) > 0), -sides[:, short].sum(axis=1), np.inf)
        if not np.isfinite(others).any():
            return
        members[others.argmin()] = True


def has_room(figures: Floats) -> bool:
    """Whether suppressed figures of known sum leave room: that each is 1 to 7 must not say what each is."""
    few = small(figures)
    if not few.any():
        return True
    total, number = figures.sum(), int(few.sum())
    lowest = number + (figures >= SMALLEST_SHOWN).sum() * SMALLEST_SHOWN
    highest = np.inf if (figures >= SMALLEST_SHOWN).any() else number * (SMALLEST_SHOWN - 1)
    return bool(total >= lowest + ROOM and total <= highest - ROOM)
