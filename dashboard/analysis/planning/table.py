"""The specialties of an answer as a table: on the page, in its file, and from the command alike."""

from dashboard.analysis.planning.answer import Answer, Row
from rtt.findings.plan_words import needed_cell, per_cent
from rtt.planning.needs import Stops
from rtt.terms.wording import number_text, signed_text

HEADERS = (
    "Specialty",
    "List",
    "Within 18 weeks",
    "More stops a week",
    "In today’s order",
    "Longest first alone, points",
    "Order, points (13 weeks kept)",
    "Size, points (13 weeks kept)",
    "Order, points (4 weeks kept)",
    "Size, points (4 weeks kept)",
    "Load",
    "Load, reported stops",
    "Pressure",
)
NEEDED, TODAYS = HEADERS.index("More stops a week"), HEADERS.index("In today’s order")
NOTE = (
    "More stops a week: longest waiters first, for each specialty by itself; under 8 are not told apart. "
    "Longest first alone: what today’s stops would bring. Order and size are two parts of the way to 92%. "
    "They keep as it is whoever is treated in the first 13 weeks, or in the first 4: the truth lies between. "
    "Load over 1: the list grows. Pressure over 1: the standard cannot be kept. Both are rules of thumb."
)
LAST = 1e12
"""Where "not by doubling" stands in an order: above every number."""


def lines(answer: Answer) -> list[list[str]]:
    """A row for each specialty, most needed stops first; '' where there is no plan."""
    return [_line(row) for row in answer.rows]


def line_of(answer: Answer, name: str) -> list[str]:
    """The scope of an answer itself, as a row of the table."""
    whole, needed = answer.whole, answer.needed
    assert whole is not None
    assert needed is not None
    row = Row(
        whole.treatment_function,
        name,
        whole.total,
        whole.share,
        whole.over_52,
        needed=needed.longest_first,
        needed_todays=needed.todays_order,
        longest_alone=answer.longest_alone,
        order_13=whole.order_13,
        size_13=whole.size_13,
        order_4=whole.order_4,
        size_4=whole.size_4,
        load=whole.load,
        load_reported=whole.load_reported,
        pressure=whole.pressure,
    )
    return _line(row)


def order_of(stops: Stops | None) -> float | None:
    """What a cell of stops is sorted by."""
    if stops is None:
        return None
    return LAST if stops.a_week is None else stops.a_week


def _line(row: Row) -> list[str]:
    return [
        row.name,
        number_text(row.list),
        "" if row.share is None else per_cent(row.share),
        needed_cell(row.needed) if not row.why_not else row.why_not.split(":")[0].rstrip("."),
        needed_cell(row.needed_todays),
        "" if row.longest_alone is None else signed_text(row.longest_alone, 1),
        *(_points(value) for value in (row.order_13, row.size_13, row.order_4, row.size_4)),
        *(_ratio(value) for value in (row.load, row.load_reported, row.pressure)),
    ]


def _points(value: float | None) -> str:
    return "" if value is None else number_text(value, 1)


def _ratio(value: float | None) -> str:
    return "" if value is None else number_text(value, 2)
