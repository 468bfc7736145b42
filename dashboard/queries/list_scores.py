"""What came of a tracking list's forecasts: the lists now in place, and the score of each that has come due.

What came is told as the forecasts' own record tells it (`rtt.list_outcomes`). A day of which no list is held,
or, for those who pass a threshold, a week in between that was not counted, leaves a forecast unscored.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import Connection, and_, case, func, literal, select, union_all

from dashboard.queries.choices import Choice
from dashboard.queries.hazards import (
    CODES,
    Asked,
    ListForecast,
    Place,
    asked_of,
    list_forecasts,
    lists_of,
    parts_of,
)
from dashboard.queries.memo import remembered
from ingest.schema import ENGLISH, WEEKLY, movement, pathway_counts
from rtt.bands import BAND_COLUMNS
from rtt.expected import MEASURES, OVER_18, SHARE_WITHIN_18, TOTAL
from rtt.issued_score import Scored, scored
from rtt.list_outcomes import PASSING, came
from rtt.list_states import Floats
from rtt.list_weeks import WEEK
from rtt.parts import INCOMPLETE
from rtt.small_numbers import Mask, rate_withheld
from rtt.small_tables import withheld_in_table
from rtt.treatment_functions import SPECIALTIES

LISTED, JOINED = "listed", "joined"


@dataclass(frozen=True, slots=True)
class Lists:
    """By day, (specialties, bands): each list, and who joined in the week that ended there."""

    listed: dict[date, Floats]
    joined: dict[date, Floats]

    def came(self, origin: date, target: date, measure: str) -> Floats | None:
        """A measure at the target by CODES; None where it is not known."""
        if target not in self.listed:
            return None
        at = MEASURES.index(measure)
        if at not in PASSING:
            return np.asarray(came(self.listed[target], [])[at])
        weeks, rest = divmod((target - origin).days, 7)
        between = [self.joined.get(origin + week * WEEK) for week in range(1, weeks + 1)]
        counted = [joined for joined in between if joined is not None]
        if rest or len(counted) < weeks:
            return None
        return np.asarray(came(self.listed[target], counted)[at])


@dataclass(frozen=True, slots=True)
class Line:
    """One forecast that has come due; `hidden` if it would point at a few people, or give such a one away."""

    scored: Scored
    hidden: bool


@dataclass(frozen=True, slots=True)
class ListScore:
    """The lists that forecasts were issued from; by kind, what has come due, newest first; how many figures
    that were issued cannot be scored; the next day to come due.
    """

    issued: tuple[date, ...]
    lines: dict[str, list[Line]]
    not_known: int
    next_due: date | None


def list_score(connection: Connection, choice: Choice) -> ListScore | None:
    """The score of the scope's measure; None where none is made. One statement beside the forecasts'."""
    asked = asked_of(choice)
    if asked is None:
        return None
    return _score(connection, asked, tuple(lists_of(choice).items()), choice.conceals)


@remembered
def _score(
    connection: Connection, asked: Asked, held: tuple[tuple[date, str], ...], conceals: bool
) -> ListScore:
    forecasts = list_forecasts(connection, asked)
    vintages, function, measure = dict(held), asked.function, asked.measures[0]
    lists = _lists_spoken_of(connection, asked, forecasts, vintages)
    newest = max(vintages, default=date.min)
    lines: dict[str, list[Line]] = {"issued": [], "back-test": []}
    not_known, coming = 0, []
    for each in forecasts:
        for place in (place for place in each.said if place[:2] == (function, measure)):
            actual = _known(lists.came(each.census, place.target, measure), place)
            if actual is not None:
                hidden = conceals and _hidden(each, lists, place)
                score = scored(each.said[place], actual, vintages[place.target])
                lines[each.kind].append(Line(score, hidden))
            elif each.kind == "issued" and _falls_on_a_list(each, place):
                not_known += place.target <= newest
                coming += [place.target] if place.target > newest else []
    for found in lines.values():
        found.sort(key=lambda line: (line.scored.said.target, -line.scored.said.horizon), reverse=True)
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
        return Lists({}, {})
    passing = MEASURES.index(asked.measures[0]) in PASSING
    return _lists(connection, asked.provider, forecasts[0].census if passing else None, due)


@remembered
def _lists(connection: Connection, provider: str, since: date | None, due: tuple[date, ...]) -> Lists:
    statement = _listed(provider, due)
    if since is not None:
        statement = union_all(statement, _joined(provider, since, due[-1]))
    found: dict[str, dict[date, Floats]] = {LISTED: {}, JOINED: {}}
    for kind, previous, day, function, *bands in connection.execute(statement):
        if kind == JOINED and day - previous != WEEK:
            continue  # who joined in a longer time is not told apart into weeks
        by_function = found[kind].setdefault(day, np.zeros((len(SPECIALTIES), len(BAND_COLUMNS))))
        if function in SPECIALTIES:
            by_function[SPECIALTIES.index(function)] = [float(band) for band in bands]
    return Lists(found[LISTED], found[JOINED])


def _listed(provider: str, due: tuple[date, ...]) -> Any:
    c = pathway_counts.c
    return select(
        literal(LISTED), c.census_date.label("previous"), c.census_date, c.treatment_function,
        *(c[name] for name in BAND_COLUMNS),
    ).where(
        c.source == WEEKLY, c.level == "provider", c.organisation_code == provider, c.part == INCOMPLETE,
        c.site_code == "", c.stage == "", c.priority == "", c.basis == ENGLISH,
        c.treatment_function.in_(CODES), c.census_date.in_(due),
    )  # fmt: skip


def _joined(provider: str, since: date, until: date) -> Any:
    """In the columns of the lists. Rows without joiners are left out, for they are nine in ten: so a week in
    which nobody joined any list of the trust is taken for one that was not counted.
    """
    c = movement.c
    bands = (func.sum(case((c.week_band == band, c.joined), else_=0)) for band in range(len(BAND_COLUMNS)))
    weekly = and_(c.census_date > since, c.census_date <= until, c.joined > 0)
    return (
        select(literal(JOINED), c.previous_census, c.census_date, c.treatment_function, *bands)
        .where(c.provider_code == provider, weekly)
        .group_by(c.census_date, c.treatment_function, c.previous_census)
    )


def _falls_on_a_list(each: ListForecast, place: Place) -> bool:
    """Lists come weekly: a month's end between two of them is never scored."""
    return (place.target - each.census).days % 7 == 0


def _hidden(each: ListForecast, lists: Lists, place: Place) -> bool:
    """Whether what was said, what came or the last value is withheld beside the other specialties'.

    An error tells the one from the other, so that they are shown together or not at all.
    """
    own = CODES.index(place.treatment_function)
    parts = parts_of(place.measure)
    nothing = np.zeros((2, len(CODES)))
    kept = {part: each.apart.get((part, place.target), nothing) for part in parts}
    said, last = ({part: values[row] for part, values in kept.items()} for row in (0, 1))
    actual = {part: lists.came(each.census, place.target, part) for part in parts}
    tables = (said, last, {part: values for part, values in actual.items() if values is not None})
    return any(bool(_withheld(table)[own]) for table in tables)


def _withheld(table: dict[str, Floats]) -> Mask:
    """By CODES: which counts may not be shown, or which shares, for a share gives its counts away."""
    if SHARE_WITHIN_18 not in table:
        (counts,) = table.values()
        return np.asarray(withheld_in_table(counts[:, None])[:, 0])
    over, total = table[OVER_18], table[TOTAL]
    counted = withheld_in_table(over[:, None]) | withheld_in_table(total[:, None])
    return np.asarray(counted[:, 0] | rate_withheld(total - over, total))
