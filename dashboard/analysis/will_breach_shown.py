"""The count of who passes a threshold as a reader may see it: by specialty or site and by booking.

Small numbers, and what would give them away, are marked here once for every page and file; nothing here says
a sentence.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dashboard.analysis.will_breach import Bands, Split
from dashboard.scope.scope import Scope
from rtt.disclosure.limits import together
from rtt.disclosure.small_numbers import Mask, rate_withheld
from rtt.findings.list_shape import count_words
from rtt.measures.will_breach import WillBreach
from rtt.terms.booking import DATE_PAST, NO_DATE
from rtt.terms.treatment_functions import TOTAL
from rtt.terms.wording import share_text

Counts = NDArray[np.float64]
UNBOOKED = -2
"""The last of the states, before their total: no date, or one that is past."""


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


def of_split(scope: Scope, split: Split, bands: Bands, will_breach: WillBreach) -> Table:
    """The split by specialty. Where small numbers are hidden, who has a date is told of all together."""
    table = _table((*split.functions, TOTAL), split.counts.sum(axis=(1, 2)))
    if bands.seen is None:
        return table
    told = dict(zip(bands.functions, bands.hidden(will_breach).tolist(), strict=True))
    table.hidden[:, -1] = [told.get(code, True) for code in table.codes]
    own = [scope.reader.sees_all_of((code,), scope.filters.site) for code in split.functions]
    table.hidden[:-1, :-1] = ~np.array(own, dtype=bool)[:, None]
    rest = _table(("",), _not_own(scope, split)[None]).counts[-1, :-1]
    table.hidden[-1, :-1] = together(rest[None])[0] | table.hidden[-1, -1]
    return table


def _not_own(scope: Scope, split: Split) -> NDArray[np.int64]:
    """Those who pass, by booking, without the pathways that the reader may see anyway."""
    own = [
        [scope.reader.sees_all_of((function,), site) for site in split.sites] for function in split.functions
    ]
    mask = np.array(own, dtype=bool).reshape(len(split.functions), len(split.sites))
    return np.asarray(np.where(mask[..., None, None], 0, split.counts).sum(axis=(0, 1, 2)))


def of_sites(scope: Scope, split: Split, bands: Bands, will_breach: WillBreach) -> Table:
    """The split by site; where small numbers are hidden their totals, and of all together who has a date."""
    table = _table((*split.sites, TOTAL), split.counts.sum(axis=(0, 2)))
    if bands.seen is not None:
        table.hidden[:-1, :-1] = True
        table.hidden[:-1, -1] = [bands.hidden_at(site, will_breach) for site in split.sites]
        table.hidden[-1] = of_split(scope, split, bands, will_breach).hidden[-1]
    return table


def _table(codes: tuple[str, ...], by_booking: NDArray[np.int64]) -> Table:
    counts = states_of(by_booking)
    counts = np.vstack([counts, counts.sum(axis=0)])
    return Table(codes, counts, np.zeros(counts.shape, dtype=bool))


def of_bands(bands: Bands, will_breach: WillBreach) -> Table:
    """One column: those who pass, by specialty."""
    return Table(
        bands.functions, bands.estimate(will_breach).count[:, None], bands.hidden(will_breach)[:, None]
    )
