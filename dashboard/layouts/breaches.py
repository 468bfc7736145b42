"""Predicted breaches: who passes 18 weeks next, who has a date, and what is expected after usual treatment.

The page is a row of sections, each a module of its own that is loaded and drawn like a page: what is counted
stands first, what is expected after it, and the two never share a label. Threshold and horizon are one choice
for all of them (`queries.ladder.passing_of`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dash import html
from sqlalchemy import Connection

from dashboard.layouts import (
    breaches_expected,
    breaches_headline,
    breaches_ladder,
    breaches_list_score,
    breaches_movement,
    breaches_projection,
    breaches_score,
)
from dashboard.layouts.controls import select
from dashboard.layouts.overview import nothing_loaded
from dashboard.queries.choices import Choice
from dashboard.queries.findings import scope_of
from dashboard.queries.ladder import MONTH, USUAL_HORIZON, USUAL_WEEKS, passing_of
from dashboard.queries.list_pace import read_ahead
from rtt import sentences
from rtt.tip_ins import MOST_WEEKS, THRESHOLDS
from rtt.wording import date_text, plural

Component = Any


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page. `load` makes its SQL statements, two at most; `draw` gives its cards, or none."""

    load: Callable[[Connection, Choice], Any]
    draw: Callable[[Choice, Any], list[Component]]


SECTIONS = (
    Section(breaches_headline.load, breaches_headline.draw),
    Section(breaches_ladder.load, breaches_ladder.draw),
    Section(breaches_movement.load, breaches_movement.draw),
    Section(breaches_expected.load, breaches_expected.draw),
    Section(breaches_list_score.load, breaches_list_score.draw),
    Section(breaches_projection.load, breaches_projection.draw),
    Section(breaches_score.load, breaches_score.draw),
)
"""In the order of the page: both headlines, count, movement, expectation and score, projection and score."""


def load(connection: Connection, choice: Choice) -> list[Any] | None:
    """What every section found, in their order; None on an empty database."""
    if choice.census is None:
        return None
    read_ahead(connection, choice)
    return [section.load(connection, choice) for section in SECTIONS]


def draw(choice: Choice, found: list[Any] | None) -> Component:
    """The page."""
    if found is None:
        return nothing_loaded()
    passing = passing_of(choice)
    drawn = [part for section, own in zip(SECTIONS, found, strict=True) for part in section.draw(choice, own)]
    return html.Div(
        [
            html.H1(f"Predicted breaches: {sentences.scope_words(scope_of(choice))}"),
            html.P(
                f"Who passes {passing.weeks} weeks by {date_text(passing.ends)}, who of them has a date, and "
                "how many can be expected to?",
                className="rtt-question",
            ),
            _settings(choice),
            *drawn,
        ]
    )


def _settings(choice: Choice) -> Component:
    horizons = [(str(weeks), plural(weeks, "week")) for weeks in range(1, MOST_WEEKS + 1)]
    horizons.insert(0, (MONTH, "To the month’s end"))
    controls = [
        select(
            "threshold",
            "Threshold",
            [(str(weeks), f"{weeks} weeks") for weeks in THRESHOLDS],
            choice.filters.threshold or USUAL_WEEKS,
        ),
        select("horizon", "Horizon", horizons, choice.filters.horizon or USUAL_HORIZON),
    ]
    return html.Section(
        [html.Div(controls, className="rtt-filters")],
        **{"aria-label": "Threshold and horizon"},
    )
