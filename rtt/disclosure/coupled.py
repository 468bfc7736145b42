"""The list's stage and the decision to admit: two splits of the same people, hardly anybody of whom is
decided and not on the list for admission.

Admitted or not by decided or not makes four cells. The admitted, the decided and the whole leave the four
open, unless one of them is empty: then the others are differences, and where one of those is small, it is
disclosed.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rtt.disclosure.limits import Floats, together
from rtt.disclosure.small_numbers import Mask, small


def discloses_small(cells: Floats) -> Mask:
    """Whether the totals of four cells (..., 4) disclose a small one of them."""
    return np.asarray((cells == 0).any(axis=-1) & small(cells).any(axis=-1))


def parts_suppressed(cells: Floats) -> Mask:
    """Which parts (dates, parts) of a list may not show how many are decided, by `cells` (dates, parts, 4).

    Those whose cells disclose a small one, with others until all together disclose none.
    """
    tiny = together(cells.sum(axis=2))
    found = np.zeros(cells.shape[:2], dtype=bool)
    for day in range(len(cells)):
        rows = [np.flatnonzero(tiny[day]).tolist(), *([row] for row in np.flatnonzero(~tiny[day]).tolist())]
        found[day, _group(cells[day], [row for row in rows if row])] = True
    return found


def _group(cells: Floats, rows: Sequence[list[int]]) -> list[int]:
    """The rows, those of each list together, whose cells disclose a small one; with the smallest others."""
    left = sorted(rows, key=lambda some: float(cells[some].sum()))
    chosen = [some for some in left if discloses_small(cells[some].sum(axis=0))]
    left = [some for some in left if some not in chosen and cells[some].any()]
    while (
        chosen
        and left
        and (len(chosen) < 2 or discloses_small(cells[[row for some in chosen for row in some]].sum(axis=0)))
    ):
        chosen.append(left.pop(0))
    return [row for some in chosen for row in some]


def limits_suppressed(cells: Floats, seen: Mask, order: Sequence[int]) -> Mask:
    """Which of the limits `seen` (dates, waits + 1) the decided may not show, by `cells` (dates, waits, 4).

    Between two limits that they show, the four cells must disclose no small one.
    """
    up_to = np.concatenate([np.zeros_like(cells[:, :1]), cells.cumsum(axis=1)], axis=1)
    suppressed = seen.copy()
    for day in range(len(cells)):
        kept = [0, cells.shape[1]]
        for limit in (limit for limit in order if seen[day, limit]):
            below, above = max(at for at in kept if at < limit), min(at for at in kept if at > limit)
            pieces = np.diff(up_to[day, [below, limit, above]], axis=0)
            if not discloses_small(pieces).any():
                kept.append(limit)
        suppressed[day, kept] = False
    return suppressed
