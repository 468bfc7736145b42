"""The figures of a chart as a table, whose headings sort as those of any other."""

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from functools import lru_cache
from itertools import takewhile

from dashboard.figures.chart import Chart
from dashboard.layouts.frame.phrases import Component, link
from dashboard.layouts.frame.table_order import Table, Value, values_of


def of_chart(name: str, chart: Chart) -> Table:
    """The figures of a chart as a table of this name, its rows in the order of the chart."""
    named = _named(chart)
    return Table(
        chart.title,
        chart.columns,
        _linked(chart),
        name=name,
        values=values_of(chart.rows, instead={0: named} if named else {}),
    )


def _named(chart: Chart) -> Sequence[Value]:
    """What the names of rows are sorted by: days as days, bands of weeks in the order of the chart."""
    names = [row[0] for row in chart.rows]
    days = list(takewhile(bool, map(_day, names)))
    if len(days) == len(names):
        return days
    return list(range(len(names))) if any(re.match(r"[>\d]", name) for name in names) else []


@lru_cache(maxsize=2_000)
def _day(words: str) -> date | None:
    for written in ("%d %b %Y", "%b %Y"):
        with suppress(ValueError):
            return datetime.strptime(words, written).replace(tzinfo=UTC).date()
    return None


def _linked(chart: Chart) -> Sequence[Sequence[Component]]:
    """The rows of a chart; the name of a row that leads somewhere is a link."""
    if not chart.hrefs:
        return chart.rows
    return [
        [link(row[0], href) if href else row[0], *row[1:]]
        for row, href in zip(chart.rows, chart.hrefs, strict=True)
    ]
