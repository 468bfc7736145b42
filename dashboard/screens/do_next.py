"""What a wall screen says to do next: three lines at most, each begins with its verb.

The items are those of "Do next" on Overview, as somebody who may see no pathways is told them. Whom to book
is told of all specialties together, and of each how many to plan for: who has a date would be small numbers.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from dashboard.analysis.attention import JUDGED, attention
from dashboard.analysis.control_charts import Charted
from dashboard.analysis.facts import specialties
from dashboard.analysis.findings import Figures, figures_of
from dashboard.analysis.without_date import without_date
from dashboard.scope.scope import Scope
from dashboard.screens.tiles import PASSING
from ingest.store.schema import WEEKLY
from rtt.findings.attention import ranked
from rtt.findings.findings import Finding, display
from rtt.terms.treatment_functions import TOTAL, short_name_of
from rtt.terms.wording import date_text, number_text

LINES = 3
FEWEST_SHOWN = 20  # a specialty with fewer on its list is not named on a wall
KEYS = JUDGED
"""The charts that the items are made from."""


def do_next(
    connection: Connection, scope: Scope, figures: Figures, charts: Mapping[str, Charted]
) -> list[str]:
    """The lines, the most urgent first; none where nothing stands out."""
    found = attention(connection, scope, figures, charts)
    items = [item for item in found.items if scope.source != WEEKLY or item.kind != "breaches"]
    first = [*_book(connection, scope), *_plan(connection, scope)] if scope.source == WEEKLY else []
    # One line is kept for what the figures show, if anything: whom to plan for would fill all three.
    others = [item.action for item in ranked(items)[0]]
    kept = LINES - min(len(others), 1) if first else LINES
    return [*first[:kept], *others][:LINES]


def _book(connection: Connection, scope: Scope) -> list[str]:
    """Those without a date, of the whole list."""
    found = without_date(connection, scope)
    if found is None or not found.count:
        return []
    who = "who breaches" if found.count == 1 else "who breach"
    return [f"Book {number_text(found.count)} {who} {found.weeks} weeks by {date_text(found.by)}"]


def _plan(connection: Connection, scope: Scope) -> list[str]:
    """The specialties with the most pathways about to breach, most first."""
    return [
        f"Plan for {display(finding)} in {short_name_of(code)}" for code, finding in most(connection, scope)
    ]


def most(connection: Connection, scope: Scope) -> Sequence[tuple[str, Finding]]:
    """Specialties large enough to be named, with how many of each breach 18 weeks within 4 weeks."""
    if len(scope.functions) == 1 or scope.census is None:
        return []
    facts = specialties(connection, scope, (scope.census,), flows=False)
    figures = figures_of(scope, facts, apart="treatment_function", keys=("total", PASSING))
    found = [
        (code, finding)
        for code in scope.functions or scope.offered_functions
        if code != TOTAL and (finding := _large_enough(figures, code)) is not None
    ]
    return sorted(found, key=lambda each: -(each[1].value or 0))


def _large_enough(figures: Figures, code: str) -> Finding | None:
    listed, passing = figures.find("total", unit=code), figures.find(PASSING, unit=code)
    if listed is None or passing is None or not listed.value or not passing.value:
        return None
    return passing if listed.value >= FEWEST_SHOWN else None
