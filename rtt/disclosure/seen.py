"""What a reader may see of lists: week limits, sizes, and figures of which every count may be seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from rtt.disclosure.small_numbers import Mask
from rtt.measures.disclosed import END, START, Count, Disclosed


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What a reader may see of some units at some dates: `limits` by week limit and `sizes` by part and time,
    each (units, dates). `bands` (units, dates, 107) are the limits of single week bands, of a whole list.

    `known_in_part`: the reader has some of the lists that were added up exactly, and can take them off the
    sum. What is only rounded would then tell of the others: nothing rough is shown.
    """

    limits: Mapping[int, Mask]
    sizes: Mapping[tuple[str, str], Mask]
    bands: Mask | None = None
    known_in_part: bool = False

    def count(self, count: Count) -> Mask:
        """Whether a count may be seen. One that lies at a limit nobody declared may not."""
        size = self.sizes[count.part, count.when]
        ends = {START: size, END: size, **self.limits}
        nowhere = np.zeros_like(size)
        return np.asarray(size & ends.get(count.over, nowhere) & ends.get(count.up_to, nowhere))

    def figure(self, disclosed: Disclosed) -> Mask:
        """Whether every count of a figure may be seen; of a percentile or highest wait, the list's size."""
        masks = [self.count(count) for count in disclosed.counts]
        return np.asarray(np.logical_and.reduce(masks))

    def each(self, change: Callable[[Mask], Mask]) -> Seen:
        """With every mask changed: single rows, or spread over more dates."""
        return Seen(
            {limit: change(mask) for limit, mask in self.limits.items()},
            {name: change(mask) for name, mask in self.sizes.items()},
            None if self.bands is None else change(self.bands),
            self.known_in_part,
        )


def joined(seen: Sequence[Seen], how: Callable[[list[Mask]], Mask]) -> Seen:
    """Several as one, each mask joined with those of the same limit or size; without single week bands."""
    return Seen(
        {limit: how([one.limits[limit] for one in seen]) for limit in seen[0].limits},
        {name: how([one.sizes[name] for one in seen]) for name in seen[0].sizes},
    )
