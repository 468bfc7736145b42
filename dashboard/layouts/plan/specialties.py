"""The specialties of an organisation, most needed stops first; what the list's size and the order give."""

from collections.abc import Sequence
from typing import Any

from dashboard.analysis.planning import table as plan_table
from dashboard.analysis.planning.answer import Answer
from dashboard.filters import each_query
from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html
from dashboard.layouts.frame.table_order import Value
from dashboard.scope.scope import Scope

Component = Any
MOST_ROWS = 8
"""Specialties that are shown before the fold, those that need most."""


def cards(scope: Scope, answer: Answer) -> list[show.Part]:
    """The table; none for one specialty."""
    if not answer.rows:
        return []
    codes = [row.code for row in answer.rows]
    lines = plan_table.lines(answer)
    ways = each_query(scope.filters, "tf", codes)
    rows = [_row(line, way) for line, way in zip(lines, ways, strict=True)]
    table = show.Table(
        "Specialties, most needed stops first",
        plan_table.HEADERS,
        rows,
        label="Specialties, table",
        name="plan",
        values=show.values_of(rows, instead=_stops(answer)),
        faint=[at for at, row in enumerate(answer.rows) if row.borrowed],
        few="borrowed rates",
        most=MOST_ROWS,
        folded_words="of other specialties",
    )
    note = html.P(plan_table.NOTE, className="rtt-small")
    return [show.table_card("By specialty", table, note, name="plan-specialties", as_csv=True)]


def _stops(answer: Answer) -> dict[int, list[Value]]:
    """What the columns of stops are sorted by: "not by doubling" is more than any number."""
    return {
        plan_table.NEEDED: [plan_table.order_of(row.needed) for row in answer.rows],
        plan_table.TODAYS: [plan_table.order_of(row.needed_todays) for row in answer.rows],
    }


def _row(line: Sequence[Any], way: str) -> list[Component]:
    name, *cells = line
    return [show.link(str(name), way), *cells]
