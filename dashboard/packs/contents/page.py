"""A page of a pack: title, sentences, perhaps a chart, tables, messages and boxes. It knows no format."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

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
    """A heading with what somebody wrote below it."""

    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Message:
    """What a board should remember: a heading, one large figure, and what is said of it."""

    heading: str
    figure: str
    text: str


@dataclass(frozen=True, slots=True)
class Page:
    """`name` is a word for sheets and addresses; `title` what the board should conclude.

    A chart's own table goes where there is room for it. `asks`: what the board is asked to do.
    """

    name: str
    title: str
    paragraphs: tuple[str, ...] = ()
    chart: Chart | None = None
    height: int = 380  # pixels of the chart at 720 wide
    tables: tuple[Table, ...] = ()
    boxes: tuple[Box, ...] = ()
    messages: tuple[Message, ...] = ()
    asks: tuple[str, ...] = ()
    appendix: bool = False


ASKED = "The board is asked to"
CONTENTS = "Contents"


def said_once(pages: Iterable[Page]) -> Iterator[Page]:
    """The pages without a sentence that was said before: a board does not read it again."""
    said: set[str] = set()
    for page in pages:
        own = tuple(dict.fromkeys(words for words in page.paragraphs if words and words not in said))
        said.update(own)
        yield replace(page, paragraphs=own)


def widths(table: Table) -> list[float]:
    """Shares of a table's width by the longest cell, so that names need one line."""
    columns = range(len(table.columns))
    # A heading may take two lines, but no word of it.
    heads = [max(len(word) for word in (*name.split(), name[: len(name) // 2 + 2])) for name in table.columns]
    longest = [max([heads[at], *(len(row[at]) for row in table.rows)]) for at in columns]
    capped = [min(max(length, 10), 90) + 5 for length in longest]
    return [length / sum(capped) for length in capped]
