"""The count of who passes a threshold as a reader may see it: by specialty or site and by booking.

Small numbers, and what would give them away, are marked here once for every page and file; nothing here says
a sentence.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dashboard.queries.choices import Choice
from dashboard.queries.ladder import Bands, Split
from rtt.booking import DATE_PAST, NO_DATE
from rtt.list_shape import BORDERS, count_words, withheld_bands
from rtt.small_numbers import Mask, rate_withheld
from rtt.small_tables import withheld_in_table
from rtt.tip_ins import Passing, cuts_hidden
from rtt.treatment_functions import TOTAL
from rtt.wording import share_text

Counts = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Counts (rows, states and their total), the last row the total of all; `hidden` are not shown."""

    codes: tuple[str, ...]
    counts: Counts
    hidden: Mask

    def shown(self, row: int, column: int) -> str:
        """A cell as it is printed."""
        return count_words(float(self.counts[row, column]), hidden=bool(self.hidden[row, column]))

    def share(self, state: int, *, conceals: bool) -> str:
        """The share of a state in the total of all, as it is printed."""
        part, whole = self.counts[-1, state], self.counts[-1, -1]
        if conceals and (self.hidden[-1, state] or bool(rate_withheld(part, whole))):
            return count_words(float(whole), hidden=True)
        return share_text(float(part / whole))


def states_of(counts: NDArray[np.int64]) -> Counts:
    """Counts by BOOKINGS as counts by STATES and their total."""
    unbooked = counts[..., NO_DATE] + counts[..., DATE_PAST]
    states = np.concatenate([counts[..., :NO_DATE], unbooked[..., None]], axis=-1).astype(np.float64)
    return np.concatenate([states, states.sum(axis=-1, keepdims=True)], axis=-1)


def of_split(choice: Choice, split: Split, bands: Bands, passing: Passing) -> Table:
    """The split by specialty."""
    codes = (*split.functions, TOTAL)
    return _table(choice, codes, split.counts.sum(axis=(1, 2)), _cut(bands, passing, codes))


def of_sites(choice: Choice, split: Split) -> Table:
    """The split by site."""
    codes = (*split.sites, TOTAL)
    return _table(choice, codes, split.counts.sum(axis=(0, 2)), np.zeros(len(codes), dtype=bool))


def _table(choice: Choice, codes: tuple[str, ...], by_booking: NDArray[np.int64], cut: Mask) -> Table:
    counts = states_of(by_booking)
    counts = np.vstack([counts, counts.sum(axis=0)])
    hidden = np.zeros(counts.shape, dtype=bool)
    if choice.conceals:
        hidden[:, -1] = cut
        hidden = withheld_in_table(counts, hidden)
    return Table(codes, counts, hidden)


def of_bands(choice: Choice, bands: Bands, passing: Passing) -> Table:
    """One column: those who pass, by specialty."""
    counts = bands.estimate(passing).count[:, None]
    hidden = np.zeros(counts.shape, dtype=bool)
    if choice.conceals:
        told = _cut(bands, passing, bands.functions) | bands.told_apart(passing)
        hidden = withheld_in_table(counts, told[:, None])
    return Table(bands.functions, counts, hidden)


def _cut(bands: Bands, passing: Passing, codes: tuple[str, ...]) -> Mask:
    """For each specialty, whether its count would tell apart bands that are hidden."""
    apart = cuts_hidden(withheld_bands(bands.bands), passing, BORDERS)
    own = dict(zip(bands.functions, apart, strict=True))
    return np.array([bool(own.get(code, False)) for code in codes])
