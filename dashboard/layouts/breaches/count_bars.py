"""A bar beside a count in a table: read faster than a number, and gone where the number is not shown."""

from typing import Any

from dash import html

from dashboard.analysis.will_breach_shown import Table
from dashboard.layouts.frame.attributes import attributes

Component = Any
LONGEST = 90
"""Pixels."""


def with_bar(cell: Component, share: float | None) -> Component:
    """The cell, and before it a bar of this share of the longest; None: no bar."""
    if share is None:
        return cell
    width = {"width": f"{LONGEST * share:.0f}px"}
    bar = html.Span(style=width, className="rtt-count-bar", **attributes(aria_hidden="true"))
    return html.Span([bar, cell], className="rtt-count")


def share_of_largest(table: Table, row: int, column: int) -> float | None:
    """A count beside the largest that is shown of its column, the total aside; None if it is not shown."""
    counts, hidden = table.counts[:-1, column], table.hidden[:-1, column]
    if table.hidden[row, column]:
        return None
    largest = float(max(counts[~hidden], default=0.0))
    return float(table.counts[row, column]) / largest if largest else None
