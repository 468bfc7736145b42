"""Breaches: who passes 18 weeks next, who has a date, and what is expected after usual treatment.

One card at the top says the three figures; below it are tabs, of which the address names one. A tab is a
module that is loaded and drawn like a page; only the open one is read. Threshold and horizon are one choice
for all of them (`analysis.will_breach.will_breach_of`).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from dashboard.analysis.findings import scope_of
from dashboard.analysis.list_pace import read_ahead
from dashboard.analysis.will_breach import MONTH, USUAL_HORIZON, USUAL_WEEKS
from dashboard.layouts.breaches import expected, headline, ladder, movement, projection, record, tabs
from dashboard.layouts.frame import html
from dashboard.layouts.frame.attributes import attributes
from dashboard.layouts.frame.components import Part, placed
from dashboard.layouts.frame.controls import select
from dashboard.layouts.frame.empty import nothing_loaded
from dashboard.scope.scope import Scope
from rtt.findings import sentences
from rtt.measures.will_breach import MOST_WEEKS, THRESHOLDS
from rtt.terms.wording import plural

Component = Any


@dataclass(frozen=True, slots=True)
class Section:
    """What a tab shows: `load` makes its SQL statements; `draw` gives its cards, or none."""

    load: Callable[[Connection, Scope], Any]
    draw: Callable[[Scope, Any], list[Part]]


SECTIONS = {
    tabs.WHO: Section(ladder.load, ladder.draw),
    tabs.EXPECTED: Section(expected.load, expected.draw),
    tabs.SINCE: Section(movement.load, movement.draw),
    tabs.PROJECTION: Section(projection.load, projection.draw),
    tabs.RECORD: Section(record.load, record.draw),
}


@dataclass(frozen=True, slots=True)
class Found:
    """What the card at the top found, and by tab what its section found."""

    headline: headline.Found
    by_tab: dict[str, Any]


def load(connection: Connection, scope: Scope) -> Found | None:
    """What the open tab shows; None on an empty database."""
    return None if scope.census is None else _load(connection, scope, [tabs.chosen(scope)])


def load_every(connection: Connection, scope: Scope) -> Found | None:
    """What every tab shows, for files of any card."""
    return None if scope.census is None else _load(connection, scope, tabs.offered(scope))


def _load(connection: Connection, scope: Scope, keys: Iterable[str]) -> Found:
    keys = list(keys)
    if tabs.EXPECTED in keys:
        read_ahead(connection, scope)
    return Found(
        headline.load(connection, scope), {key: SECTIONS[key].load(connection, scope) for key in keys}
    )


def draw(scope: Scope, found: Found | None) -> Component:
    """The page."""
    if found is None:
        return nothing_loaded(scope)
    return html.Div(
        [
            html.H1(f"Predicted breaches: {sentences.scope_words(scope_of(scope))}"),
            headline.draw(scope, found.headline),
            _settings(scope),
            tabs.tabs(scope),
            *placed(parts(scope, found), scope.filters),
        ]
    )


def parts(scope: Scope, found: Found) -> list[Part]:
    """The cards that files can be taken from, and what stands between them, of the tabs that were read."""
    return [part for key, own in found.by_tab.items() for part in SECTIONS[key].draw(scope, own)]


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
