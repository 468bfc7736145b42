"""Predicted breaches: who passes 18 weeks next, who has a date, and what is expected after usual treatment.

The page is a row of sections, each a module of its own that is loaded and drawn like a page: what is counted
stands first, what is expected after it, and the two never share a label. Threshold and horizon are one choice
for all of them (`queries.ladder.will_breach_of`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dash import html
from sqlalchemy import Connection

from dashboard.analysis.findings import scope_of
from dashboard.analysis.list_pace import read_ahead
from dashboard.analysis.will_breach import MONTH, USUAL_HORIZON, USUAL_WEEKS, will_breach_of
from dashboard.layouts.breaches import expected as breaches_expected
from dashboard.layouts.breaches import headline, ladder, list_score, movement, projection
from dashboard.layouts.breaches import score as breaches_score
from dashboard.layouts.frame.attributes import attributes
from dashboard.layouts.frame.components import Part, placed
from dashboard.layouts.frame.controls import select
from dashboard.layouts.frame.empty import nothing_loaded
from dashboard.scope.scope import Scope
from rtt.findings import sentences
from rtt.measures.will_breach import MOST_WEEKS, THRESHOLDS
from rtt.terms.wording import date_text, plural

Component = Any


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page. `load` makes its SQL statements, two at most; `draw` gives its cards, or none."""

    load: Callable[[Connection, Scope], Any]
    draw: Callable[[Scope, Any], list[Part]]


SECTIONS = (
    Section(headline.load, headline.draw),
    Section(ladder.load, ladder.draw),
    Section(movement.load, movement.draw),
    Section(breaches_expected.load, breaches_expected.draw),
    Section(list_score.load, list_score.draw),
    Section(projection.load, projection.draw),
    Section(breaches_score.load, breaches_score.draw),
)
"""In the order of the page: both headlines, count, movement, expectation and score, projection and score."""


def load(connection: Connection, scope: Scope) -> list[Any] | None:
    """What every section found, in their order; None on an empty database."""
    if scope.census is None:
        return None
    read_ahead(connection, scope)
    return [section.load(connection, scope) for section in SECTIONS]


def draw(scope: Scope, found: list[Any] | None) -> Component:
    """The page."""
    if found is None:
        return nothing_loaded()
    passing = will_breach_of(scope)
    return html.Div(
        [
            html.H1(f"Predicted breaches: {sentences.scope_words(scope_of(scope))}"),
            html.P(
                f"Which patients will breach {passing.weeks} weeks by {date_text(passing.ends)}, which "
                "of them have a date, and how many are likely to breach?",
                className="rtt-question",
            ),
            _settings(scope),
            *placed(parts(scope, found), scope.filters),
        ]
    )


def parts(scope: Scope, found: list[Any]) -> list[Part]:
    """The cards that files can be taken from, and what stands between them."""
    return [part for section, own in zip(SECTIONS, found, strict=True) for part in section.draw(scope, own)]


def _settings(scope: Scope) -> Component:
    horizons = [(str(weeks), plural(weeks, "week")) for weeks in range(1, MOST_WEEKS + 1)]
    horizons.insert(0, (MONTH, "To the end of the month"))
    controls = [
        select(
            "threshold",
            "Threshold",
            [(str(weeks), f"{weeks} weeks") for weeks in THRESHOLDS],
            scope.filters.threshold or USUAL_WEEKS,
        ),
        select("horizon", "Horizon", horizons, scope.filters.horizon or USUAL_HORIZON),
    ]
    return html.Section(
        [html.Div(controls, className="rtt-filters")],
        **attributes(aria_label="Threshold and horizon"),
    )
