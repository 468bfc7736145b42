"""At what pace a PTL's last weeks ran, as a reader may see it: whole list, and specialties that stand out.

From the totals of the loaded lists, clock stops and clock starts; a week without its file is not known. What
is usual is `rtt.forecast.weekly.pace`' to say. Readers without access to pathways are told which way a
specialty runs and no figure, for three weeks' stops less two that are shown would be those of the third.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

import numpy as np
from sqlalchemy import Connection

from dashboard.analysis.facts import read_bands
from dashboard.scope.scope import Scope
from dashboard.store.cache import cached
from dashboard.store.counts import Selection, part_totals
from ingest.store.schema import WEEKLY
from rtt.disclosure.small_numbers import small
from rtt.forecast.weekly import pace_words
from rtt.forecast.weekly.pace import DEVIATIONS_OF_MANY, RECENT, WEEK, pace, season_of
from rtt.forecast.weekly.pace_words import REMOVALS, STARTS, STOPS, Told
from rtt.terms import parts
from rtt.terms.arrays import Floats
from rtt.terms.treatment_functions import SPECIALTIES, short_name_of
from rtt.terms.treatment_functions import TOTAL as ALL

MOST_WEEKS = 80
"""A year before the last half year, for the season."""


@dataclass(frozen=True, slots=True)
class ListPace:
    """What stands out of the list, or of the one specialty chosen, and the specialties that do."""

    told: tuple[Told, ...]
    specialties: tuple[Told, ...]

    @property
    def sentences(self) -> list[str]:
        """What is to be said; nothing where all lies within usual variation."""
        return pace_words.sentences(self.told) + pace_words.of_specialties(self.specialties)


NOTHING = ListPace((), ())
Flows = dict[tuple[str, str], Floats]
"""By flow and treatment function, or by treatment function and part: (weeks,), nan where it is not known."""


def read_ahead(connection: Connection, scope: Scope, *others: tuple[Selection | None, str, bool]) -> None:
    """Read what `pace_of` asks for in one statement with the bands that the count of breaches needs, and with
    the `others` that `facts_of` will be asked for.
    """
    asked = _asked(scope, _ends(scope))
    bands = scope.selection((scope.census,), each_function=True) if scope.census else None
    totals = [(asked, "treatment_function")] if asked else []
    read_bands(connection, *others, (bands, "treatment_function", False), totals=totals)


def pace_of(connection: Connection, scope: Scope) -> ListPace:
    """The pace up to the census of the choice; one statement, unless it was read ahead.

    Of one specialty chosen its own, otherwise that of the whole list and of the specialties chosen, or all;
    nothing for a monthly return or a part of a list.
    """
    ends = _ends(scope)
    asked = _asked(scope, ends)
    if asked is None:
        return NOTHING
    flows = _flows(_counts(connection, asked), asked.dates, _sections(scope), ends)
    season = {flow: season_of(flows[flow, ALL], ends) for flow in (STOPS, STARTS, REMOVALS)}
    if len(scope.functions) == 1:
        return ListPace(tuple(_of_one(flows, season, ends, scope)), ())
    whole = tuple(_of_list(flows, season, ends, scope))
    return ListPace(whole, tuple(_standing_out(flows, season, ends, scope)))


def _ends(scope: Scope) -> tuple[date, ...]:
    """The week ends that the pace at the census of the choice is told from."""
    held = _sections(scope).get("open", ())
    return tuple(end for end in scope.dates if end in held)[-MOST_WEEKS:]


def _asked(scope: Scope, ends: tuple[date, ...]) -> Selection | None:
    """The totals of all lists of the trust, read once for every census; None where no pace is told."""
    filters = scope.filters
    if scope.source != WEEKLY or len(scope.codes) != 1 or filters.site or filters.priority or scope.stage:
        return None
    if len(ends) < RECENT:
        return None
    return replace(
        scope.selection(scope.loaded.censuses(WEEKLY)),
        functions=(*SPECIALTIES, ALL),
        parts=(parts.INCOMPLETE, *parts.COMPLETED, parts.NEW_PERIODS),
    )


def _sections(scope: Scope) -> dict[str, set[date]]:
    """The censuses of which each section of the trust's lists is held."""
    found: dict[str, set[date]] = {}
    for each in scope.loaded.extracts:
        if each.source == WEEKLY and each.provider_code in scope.codes:
            found.setdefault(each.section, set()).add(each.census_date)
    return found


@cached
def _counts(connection: Connection, asked: Selection) -> Flows:
    """The total of each treatment function and part at every date asked for."""
    totals = part_totals(connection, asked, "treatment_function")
    return {
        (code, part): np.array([totals.get((day, code, part), 0) for day in asked.dates], dtype=np.float64)
        for code in asked.functions
        for part in asked.parts
    }


def _flows(
    counts: Flows, dates: tuple[date, ...], held: dict[str, set[date]], ends: tuple[date, ...]
) -> Flows:
    """Weekly stops and starts of every specialty and of all, and the removals of all."""
    places = {day: at for at, day in enumerate(dates)}
    at = [places[end] for end in ends]

    def of(code: str, part: str) -> Floats:
        return counts[code, part][at]

    known = {
        section: np.array([end in held.get(section, ()) for end in ends]) for section in ("stops", "starts")
    }
    found: Flows = {}
    for code in (*SPECIALTIES, ALL):
        stops = of(code, parts.ADMITTED) + of(code, parts.NON_ADMITTED)
        found[STOPS, code] = np.where(known["stops"], stops, np.nan)
        found[STARTS, code] = np.where(known["starts"], of(code, parts.NEW_PERIODS), np.nan)
    listed, removed = of(ALL, parts.INCOMPLETE), np.full(len(ends), np.nan)
    follows = np.array([after - before == WEEK for before, after in pairwise(ends)])
    gained = (found[STARTS, ALL] - found[STOPS, ALL])[1:]
    removed[1:] = np.where(follows, listed[:-1] + gained - listed[1:], np.nan)
    found[REMOVALS, ALL] = removed
    return found


def _of_list(flows: Flows, season: dict[str, Floats], ends: tuple[date, ...], scope: Scope) -> Iterator[Told]:
    for flow in (STOPS, STARTS, REMOVALS):
        found = pace(flows[flow, ALL], ends, season[flow])
        if found is not None and found.outside:
            shown = not scope.conceals or not small(flows[flow, ALL][-RECENT:]).any()
            yield Told(flow, "", found, shown)


def _of_one(flows: Flows, season: dict[str, Floats], ends: tuple[date, ...], scope: Scope) -> Iterator[Told]:
    (code,) = scope.functions
    for flow in (STOPS, STARTS):
        found = pace(flows[flow, code], ends, season[flow])
        if found is not None and found.outside:
            yield Told(flow, short_name_of(code), found, not scope.conceals)


def _standing_out(
    flows: Flows, season: dict[str, Floats], ends: tuple[date, ...], scope: Scope
) -> Iterator[Told]:
    """Specialties that run otherwise than the whole list does."""
    for flow in (STOPS, STARTS):
        whole = pace(flows[flow, ALL], ends, season[flow])
        together = whole.share if whole is not None and whole.outside else 1.0
        for code in scope.functions or SPECIALTIES:
            found = pace(flows[flow, code], ends, season[flow], deviations=DEVIATIONS_OF_MANY)
            if found is not None and found.outside and found.apart_from(together):
                yield Told(flow, short_name_of(code), found, not scope.conceals)
