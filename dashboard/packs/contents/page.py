"""A page of a pack: title, sentences, perhaps a chart, tables and boxes. It knows no format."""

from dataclasses import dataclass

from dashboard.figures.chart import Chart


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it is printed; the first column names the row, those after `text_columns` may be figures
    (`Printed`).
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    text_columns: int = 1


@dataclass(frozen=True, slots=True)
class Box:
    """A heading with what somebody wrote below it, or that nobody did."""

    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Page:
    """`name` is a word for sheets and addresses. A chart's own table goes where there is room for it."""

    name: str
    title: str
    paragraphs: tuple[str, ...] = ()
    chart: Chart | None = None
    height: int = 380  # pixels of the chart at 720 wide
    tables: tuple[Table, ...] = ()
    boxes: tuple[Box, ...] = ()


def widths(table: Table) -> list[float]:
    """Shares of a table's width by the longest cell, so that names need one line."""
    columns = range(len(table.columns))
    # A heading may take two lines, but no word of it.
    heads = [max(len(word) for word in (*name.split(), name[: len(name) // 2 + 2])) for name in table.columns]
    longest = [max([heads[at], *(len(row[at]) for row in table.rows)]) for at in columns]
    capped = [min(max(length, 10), 90) + 5 for length in longest]
    return [length / sum(capped) for length in capped]
