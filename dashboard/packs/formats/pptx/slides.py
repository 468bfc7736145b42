"""How a page of a pack goes on slides: what fits below its title, and what goes on to the next.

Everything is measured (`packs.letters`), in inches: sentences beside a chart are set smaller until they fit,
and those that do not at 10 points go on to a slide of their own; rows of tables go on too, with caption and
head again. Only what no slide holds alone is cut, with an ellipsis.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dashboard.packs.contents.page import Page, Table
from dashboard.packs.office import grid, letters
from dashboard.packs.office.grid import CAPTION, USUAL, row_heights
from dashboard.packs.office.letters import INSET, LINE, WIDER, Said
from rtt.terms.text_edges import ELLIPSIS

SENTENCES, ALONE = 14.0, (20.0, 18.0, 16.0, 14.0)
"""Points of sentences above a table, and of those that have a slide to themselves."""
CELLS = (12.0, 11.0, 10.0)
"""Points of a table: the largest in which it needs one slide, else the middle one."""
BESIDE_A_CHART = (18.0, 16.0, 14.0, 12.0, 11.0, 10.0)
TITLES = (36.0, 32.0, 28.0, 26.0, 24.0, 22.0, 20.0, 18.0, 16.0, 14.0)
CHART_ENDS, WORDS_BEGIN = 0.66, 0.68
"""Shares of the width below a title, where there is a chart."""


@dataclass(frozen=True, slots=True)
class Slide:
    """What stands on one slide. `number` from 2 on: it continues a page, and its title says so."""

    title: str
    number: int
    said: tuple[tuple[str, str], ...]
    points: float
    tables: tuple[Table, ...] = ()
    charted: bool = False
    cells: float = USUAL


def fitted_title(title: str, number: int, *, width: float, height: float, own: float) -> tuple[str, float]:
    """A title and its points: its own, or the largest that fit its place; cut where 14 are too large."""
    # Titles are told apart: a screen reader lists slides by them.
    end = f" ({number})" if number > 1 else ""
    inside, high = width - 2 * INSET[0], height - 2 * INSET[1]
    for size in (own, *(each for each in TITLES if each < own)):
        lines = len(letters.lines_of(title + end, size * WIDER, inside))
        if lines * size * LINE / 72 <= high:
            return title + end, size
    size = min(own, TITLES[-1])
    most = max(1, int(high / (size * LINE / 72)))
    cut = letters.cut(title, size * WIDER, inside, lines=most)
    while end and len(letters.lines_of(cut + end, size * WIDER, inside)) > most:
        cut = cut[: -len(ELLIPSIS) - 1].rstrip() + ELLIPSIS
    return cut + end, size


def sentences_height(said: Said, width: float) -> float:
    """Of paragraphs of this width, in inches."""
    return letters.height_of(said, SENTENCES, width) if said else 0.0


def slides_of(
    page: Page, tables: Sequence[Table], *, charted: bool, width: float, height: float
) -> Iterator[Slide]:
    """A page as the slides that hold it: sentences with chart or first rows, then the rest of each."""
    left = [grid.cut(table, width, height) for table in tables]
    said = [*(("", words) for words in page.paragraphs), *((box.heading, box.text) for box in page.boxes)]
    number = 1
    if charted:
        beside = width * (1 - WORDS_BEGIN)
        points = letters.largest(said, BESIDE_A_CHART, width=beside, height=height)
        fit = letters.fitting(said, points, width=beside, height=height)
        yield Slide(page.title, 1, tuple(said[:fit]), points, charted=True)
        said, number = said[fit:], 2
    if said and not left:
        points = letters.largest(said, ALONE, width=width, height=height)
        if points > SENTENCES:
            yield Slide(page.title, number, tuple(said), points)
            said, number = [], number + 1
    while said:
        fit = letters.fitting(said, SENTENCES, width=width, height=height)
        here = said[:fit] or [letters.cut_to_fit(said[0], SENTENCES, width=width, height=height)]
        said = said[max(fit, 1) :]
        first: tuple[Table, ...] = ()
        if left and not said and not page.boxes:
            first, left = _first_rows(left, width, height - sentences_height(here, width))
        yield Slide(page.title, number, tuple(here), SENTENCES, first)
        number += 1
    for table in (table for table in left if table.rows):
        points = _points(table, width, height)
        for piece in grid.pieces(table, width, height - CAPTION, points):
            yield Slide(page.title, number, (), SENTENCES, (piece,), cells=points)
            number += 1
    if number == 1:
        yield Slide(page.title, 1, (), SENTENCES)


def _points(table: Table, width: float, height: float) -> float:
    whole = (each for each in CELLS if sum(row_heights(table, width, each)) + CAPTION <= height)
    return next(whole, USUAL)


def _first_rows(tables: list[Table], width: float, room: float) -> tuple[tuple[Table, ...], list[Table]]:
    """The rows that stand below the sentences, and the tables without them."""
    whole, *others = tables
    fit = grid.fitting(whole, width, room - CAPTION)
    if fit < min(grid.FEWEST, len(whole.rows)):
        return (), tables
    return (grid.part(whole, 0, fit),), [grid.part(whole, fit, len(whole.rows)), *others]
