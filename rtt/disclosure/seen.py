"""What a reader may see of lists: week limits, sizes, and figures of which every count may be seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from rtt.disclosure.small_numbers import Mask
from rtt.measures.disclosed import END, START, Count, Disclosed


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What a reader may see of some units at some dates: `limits` by week limit and `sizes` by part and time,
    each (units, dates). `bands` (units, dates, 107) are the limits of single week bands, of a whole list.
    """

    limits: Mapping[int, Mask]
    sizes: Mapping[tuple[str, str], Mask]
    bands: Mask | None = None

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
