"""What stands beside a scope along each of its filters: the other sites, stages, priorities, specialties.

A figure of one site and the same figure of all sites are two addresses, and their difference is a third
figure. For a reader from whom small numbers are hidden, the scope's own figure is therefore judged among its
neighbours, as it would be in one table with them. Asked of tracking lists alone; a scope without a filter has
no neighbours and costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from dashboard.queries.beside_rows import (
    COUNTED,
    DECISION,
    FUNCTION,
    PRIORITY,
    SITE,
    STAGE,
    asked_of,
    counts_beside,
    judged,
)
from dashboard.queries.choices import Choice
from dashboard.queries.counts import Selection
from rtt import parts, small_numbers
from rtt.band_facts import Floats
from rtt.waits import BANDS

Mask = NDArray[np.bool_]

_FLOWS = {
    "starts": (parts.NEW_PERIODS,),
    "stops_admitted": (parts.ADMITTED,),
    "stops_non_admitted": (parts.NON_ADMITTED,),
    "stops": parts.COMPLETED,
    "with_decision_to_admit": (parts.WITH_DECISION_TO_ADMIT,),
}

PARTS_OF_SHARES = {
    "share_within_18": ("within_18", "over_18"),
    "share_over_52": ("over_52",),
    "share_stops_admitted": ("stops_admitted", "stops_non_admitted"),
    "share_with_decision_to_admit": ("with_decision_to_admit",),
}
"""What a share is the share of, and the rest, where that is a count of its own."""


@dataclass(frozen=True, slots=True, eq=False)
class Beside:
    """The neighbours of some units along one filter, the unit itself among them.

    own: which of them the unit is made of. known: whose small numbers the reader sees anyway. hidden: by key,
    which counts of the units are not shown, (units, dates). bands: (units, neighbours, dates, 105), where
    asked for. places: where these dates stand among those of the unit.
    """

    own: Mask
    known: Mask
    hidden: Mapping[str, Mask]
    bands: Floats | None
    places: tuple[int, ...]

    def with_bands(self) -> Floats:
        """The bands, which were asked for."""
        assert self.bands is not None
        return self.bands

    def withheld(self, counts: Floats) -> Mask:
        """Of counts (units, neighbours, dates, ...) those of the units not shown: (units, dates, ...)."""
        return _withheld(counts, self.own, self.known)


def _withheld(counts: Floats, own: Mask, known: Mask) -> Mask:
    """Some of what is hidden among the neighbours is the unit's and some is not, so that the difference of
    the two figures would tell it apart.
    """
    hidden = small_numbers.withheld(counts, axis=1, known=known)
    return np.asarray(hidden[:, own].any(axis=1) & hidden[:, ~own].any(axis=1))


def withheld_beside(beside: tuple[Beside, ...], key: str, shape: tuple[int, ...]) -> Mask:
    """Where what `key` counts is hidden along any filter: (units, dates), the oldest dates unjudged."""
    hidden = np.zeros(shape, dtype=bool)
    for each in beside:
        if key in each.hidden:
            hidden[:, each.places] |= each.hidden[key]
    return hidden


def bands_beside(beside: tuple[Beside, ...], shape: tuple[int, ...]) -> Mask:
    """The week bands hidden along any filter, (units, dates, 105)."""
    hidden = np.zeros((*shape, BANDS), dtype=bool)
    for each in beside:
        if each.bands is not None:
            hidden[:, each.places] |= each.withheld(each.bands)
    return hidden


def neighbours(
    connection: Connection,
    choice: Choice,
    selection: Selection,
    units: tuple[str, ...],
    *,
    bands: bool = False,
    flows: bool = False,
) -> tuple[Beside, ...]:
    """The neighbours of each unit, a specialty or '' for the scope itself; one statement, if any."""
    along = tuple(_filtered(choice, apart=units != ("",)))
    if not choice.conceals or not along or not units:
        return ()
    asked = asked_of(choice, selection, units, along, flows)
    counts = counts_beside(connection, asked, bands)
    places = judged(selection)
    at = [asked.dates.index(selection.dates[place]) for place in places]
    return tuple(
        _beside(
            choice,
            each,
            asked.values(each),
            {part: found[:, :, at] for part, found in counts[each].items()},
            places,
            bands=bands,
            flows=flows,
        )
        for each in along
    )


def _filtered(choice: Choice, *, apart: bool) -> Iterator[str]:
    """The filters in use. Specialties that are shown apart are judged among themselves in their table."""
    if choice.functions and not apart:
        yield FUNCTION
    if choice.filters.site:
        yield SITE
    if choice.stage:
        yield STAGE
    if choice.filters.priority:
        yield PRIORITY
    if choice.part == parts.WITH_DECISION_TO_ADMIT:
        yield DECISION


def _beside(
    choice: Choice,
    along: str,
    values: tuple[str, ...],
    by_part: Mapping[str, Floats],
    places: tuple[int, ...],
    *,
    bands: bool,
    flows: bool,
) -> Beside:
    listed = by_part[choice.part]
    if along == DECISION:
        # The rest of the list is no row: it is the list less those with a decision.
        listed, values = np.concatenate([listed, by_part[parts.INCOMPLETE] - listed], axis=1), ("2A", "")
    counts = {key: listed[..., place] for place, key in enumerate(COUNTED)}
    if flows and along != DECISION:
        counts |= {key: np.sum([by_part[part][..., 0] for part in of], axis=0) for key, of in _FLOWS.items()}
    own = np.array([_is_own(choice, along, value) for value in values], dtype=bool)
    known = np.array([_is_known(choice, along, value) for value in values], dtype=bool)
    hidden = _withheld(np.stack(list(counts.values()), axis=-1), own, known)
    return Beside(
        own=own,
        known=known,
        hidden={key: hidden[..., place] for place, key in enumerate(counts)},
        bands=listed[..., len(COUNTED) :] if bands else None,
        places=places,
    )


def _is_own(choice: Choice, along: str, value: str) -> bool:
    filters = choice.filters
    chosen: dict[str, tuple[str, ...]] = {
        DECISION: (parts.WITH_DECISION_TO_ADMIT,),
        FUNCTION: choice.functions,
        SITE: (filters.site,),
        STAGE: (choice.stage,),
        PRIORITY: (filters.priority,),
    }
    return value in chosen[along]


def _is_known(choice: Choice, along: str, value: str) -> bool:
    """A service lead sees the own specialties and sites."""
    if along == FUNCTION:
        return choice.reader.sees_all_of((value,), choice.filters.site)
    return along == SITE and choice.reader.sees_all_of(choice.functions, value)
