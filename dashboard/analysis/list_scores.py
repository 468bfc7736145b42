"""The score of a PTL's forecasts: the PTLs now loaded, and each forecast whose day has a PTL.

What came is told as the forecasts' own record tells it (`rtt.forecast.weekly.outcomes`). A day of which no
list is held, or, for those who pass a threshold, a week in between that was not counted, leaves a forecast
unscored.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from sqlalchemy import Connection

from dashboard.analysis.facts import listed
from dashboard.analysis.hazards import asked_of, lists_of
from dashboard.scope.scope import Scope
from dashboard.store.cache import cached
from dashboard.store.list_forecasts import Asked, ListForecast, Place, list_forecasts
from dashboard.store.list_outcomes import JOINED, LISTED, lists_and_joiners
from rtt.disclosure.shares import share_seen
from rtt.disclosure.small_numbers import Mask, rate_withheld, small
from rtt.forecast.score.issued import Scored, scored
from rtt.forecast.weekly.expected import MEASURES, OVER_18, OVER_52, SHARE_WITHIN_18, TOTAL
from rtt.forecast.weekly.outcomes import THRESHOLDS, actual_figures, passed
from rtt.forecast.weekly.weeks import WEEK
from rtt.measures.disclosed import Count
from rtt.measures.indicators import INDICATORS
from rtt.terms.arrays import Floats
from rtt.terms.bands import BAND_COLUMNS
from rtt.terms.treatment_functions import SPECIALTIES
from rtt.terms.treatment_functions import TOTAL as ALL

CODES = (*SPECIALTIES, ALL)


@dataclass(frozen=True, slots=True)
class Lists:
    """By day: each list, and who joined in the week that ended there, (specialties, bands); what can be told
    from the list alone, (measures, CODES).
    """

    listed: dict[date, Floats]
    joined: dict[date, Floats]
    standing: dict[date, Floats]

    def came(self, origin: date, target: date, measure: str) -> Floats | None:
        """A measure at the target by CODES; None where it is not known."""
        if target not in self.listed:
            return None
        if measure not in THRESHOLDS:
            return np.asarray(self.standing[target][MEASURES.index(measure)])
        weeks, rest = divmod((target - origin).days, 7)
        between = [self.joined.get(origin + week * WEEK) for week in range(1, weeks + 1)]
        counted = [joined for joined in between if joined is not None]
        if rest or len(counted) < weeks:
            return None
        return passed(self.listed[target], counted, measure)

    def beyond(self, due: Due) -> tuple[float, ...]:
        """Who stands in the bands that those who passed came from, and is none of them: they joined late."""
        measure, target = due.place.measure, due.place.target
        if measure not in THRESHOLDS:
            return ()
        first, weeks = THRESHOLDS[measure], (target - due.forecast.census).days // 7
        return (float(self.listed[target][:, first : first + weeks].sum()) - due.actual,)


@dataclass(frozen=True, slots=True)
class Due:
    """A figure whose day has a PTL, and the actual figure."""

    forecast: ListForecast
    place: Place
    actual: float


@dataclass(frozen=True, slots=True)
class Line:
    """One forecast that has come due; `hidden` if it would point at a few people, or give such a one away.

    `beyond`: of those who pass a threshold, how many lie in the week bands beyond it and passed it before.
    """

    scored: Scored
    hidden: bool = False
    beyond: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class ListScore:
    """The lists that forecasts were issued from; by kind, what has come due, newest first; how many figures
    that were issued cannot be scored; the next day to come due.
    """

    issued: tuple[date, ...]
    lines: dict[str, list[Line]]
    not_known: int
    next_due: date | None


def list_score(connection: Connection, scope: Scope) -> ListScore | None:
    """The score of the scope's measure; None where none is made. One statement beside the forecasts'."""
    asked = asked_of(scope)
    if asked is None:
        return None
    score = _score(connection, asked, tuple(lists_of(scope).items()))
    return _told(connection, scope, score) if scope.conceals else score


@cached
def _score(connection: Connection, asked: Asked, held: tuple[tuple[date, str], ...]) -> ListScore:
    forecasts = list_forecasts(connection, asked)
    vintages, function, measure = dict(held), asked.function, asked.measure
    lists = _lists_spoken_of(connection, asked, forecasts, vintages)
    newest = max(vintages, default=date.min)
    due: list[Due] = []
    not_known, coming = 0, []
    for made in forecasts:
        for place in (place for place in made.said if place[:2] == (function, measure)):
            actual = _known(lists.came(made.census, place.target, measure), place)
            if actual is not None:
                due.append(Due(made, place, actual))
            elif made.kind == "issued" and _falls_on_a_list(made, place):
                not_known += place.target <= newest
                coming += [place.target] if place.target > newest else []
    lines: dict[str, list[Line]] = {"issued": [], "back-test": []}
    for each in due:
        score = scored(each.forecast.said[each.place], each.actual, vintages[each.place.target])
        lines[each.forecast.kind].append(Line(score, beyond=lists.beyond(each)))
    for found in lines.values():
        found.sort(
            key=lambda line: (line.scored.forecast.target, -line.scored.forecast.horizon), reverse=True
        )
    issued = tuple(each.census for each in forecasts if each.kind == "issued")
    return ListScore(issued, lines, not_known, min(coming, default=None))


def _known(actual: Floats | None, place: Place) -> float | None:
    """What came of one specialty, or of all; None where nobody can be compared with."""
    value = np.nan if actual is None else float(actual[CODES.index(place.treatment_function)])
    nobody = place.measure == TOTAL and value == 0
    return value if np.isfinite(value) and not nobody else None


def _lists_spoken_of(
    connection: Connection, asked: Asked, forecasts: Sequence[ListForecast], held: Collection[date]
) -> Lists:
    """The lists that forecasts have spoken of; no statement where none is held."""
    due = tuple(sorted({place.target for each in forecasts for place in each.said} & set(held)))
    if not due:
        return Lists({}, {}, {})
    passing = asked.measure in THRESHOLDS
    return _lists(connection, asked.provider, forecasts[0].census if passing else None, due)


@cached
def _lists(connection: Connection, provider: str, since: date | None, due: tuple[date, ...]) -> Lists:
    found: dict[str, dict[date, Floats]] = {LISTED: {}, JOINED: {}}
    for kind, previous, day, function, *bands in lists_and_joiners(connection, provider, since, due):
        if kind == JOINED and day - previous != WEEK:
            continue  # who joined in a longer time is not told apart into weeks
        by_function = found[kind].setdefault(day, np.zeros((len(SPECIALTIES), len(BAND_COLUMNS))))
        if function not in SPECIALTIES:
            continue
        row = by_function[SPECIALTIES.index(function)]
        if kind == LISTED:
            row[:] = [float(band) for band in bands]
        elif bands[0] >= 0:  # -1: the clock start is not known
            row[bands[0]] = float(bands[1])
    standing = {day: actual_figures(by_band, []) for day, by_band in found[LISTED].items()}
    return Lists(found[LISTED], found[JOINED], standing)


def _falls_on_a_list(each: ListForecast, place: Place) -> bool:
    """Lists come weekly: a month's end between two of them is never scored."""
    return (place.target - each.census).days % 7 == 0


def _told(connection: Connection, scope: Scope, score: ListScore) -> ListScore:
    """Without the lines whose last value or outcome may not be seen: an error tells the one from the other,
    so that they are shown together or not at all.
    """
    asked = asked_of(scope)
    assert asked is not None
    found = [each for lines in score.lines.values() for each in lines]
    held = set(scope.dates)
    issued = [each.scored.forecast for each in found]
    days = tuple(sorted({day for each in issued for day in (each.origin, each.target)} & held))
    if not days:
        return score
    may = dict(zip(days, _seen_on(connection, scope, days, asked.measure).tolist(), strict=True))

    def hidden(line: Line) -> bool:
        said = line.scored.forecast
        if asked.measure in THRESHOLDS:
            return bool(scope.functions) or bool(small([said.last, line.scored.actual, *line.beyond]).any())
        return not all(may.get(day, False) for day in (said.origin, said.target))

    lines = {kind: [replace(each, hidden=hidden(each)) for each in of] for kind, of in score.lines.items()}
    return replace(score, lines=lines)


def _seen_on(connection: Connection, scope: Scope, days: tuple[date, ...], measure: str) -> Mask:
    """On which days a measure of the list may be seen. Forecasts count those of known clock start alone."""
    facts = listed(connection, scope, days)
    if facts.seen is None or not facts.units:
        return np.ones(len(days), dtype=bool)
    if measure == SHARE_WITHIN_18:
        bands, unknown = facts.facts.bands, facts.facts.unknown_clock_start
        total, over = bands.sum(axis=-1) + unknown, bands[..., 18:].sum(axis=-1)
        few = rate_withheld(None, total)
        share = INDICATORS["share_within_18"].discloses
        told = share_seen(share, over / total, facts.seen, total=total, over=over, unknown=unknown)
        # Scores print a tenth of a point.
        return np.asarray((~(told.suppressed | told.about | few))[0])
    weeks = {OVER_18: 18, OVER_52: 52}.get(measure, 0)
    return np.asarray(facts.seen.count(Count("list", weeks))[0])
