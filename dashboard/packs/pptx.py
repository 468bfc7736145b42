"""A pack as PowerPoint: native charts and tables, in the trust's own template if there is one.

Every slide has a title, every shape an alternative text, every run its language; the order of shapes is the
order of reading. What does not fit on a slide goes on to the next, which says that it continues.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Emu, Inches, Pt

from dashboard.packs.contents import Contents
from dashboard.packs.native import add_chart
from dashboard.packs.packages import reproducible
from dashboard.packs.page import Page, Table, widths
from dashboard.packs.plot import plot_of

LANGUAGE = "en-GB"
WIDE = (Inches(13.333), Inches(7.5))
MARGIN, FOOT = Inches(0.5), Inches(0.45)
INK, HEAD, PAPER = RGBColor(0x21, 0x2B, 0x32), RGBColor(0x00, 0x5E, 0xB8), RGBColor(0xFF, 0xFF, 0xFF)
ROWS, LONG_ROWS, LONG_CELL = 15, 7, 70
"""Rows of a table on a slide; a definition takes two lines."""


class UnusableTemplate(ValueError):
    """The template is no PowerPoint file, or has no layout with a title."""


def pptx_of(pack: Contents, *, template: Path | None = None) -> bytes:
    """The file. Raises `UnusableTemplate`."""
    deck = _deck(template)
    layout = _layout(deck)
    _write_cover(deck, layout, pack)
    for page in pack.pages:
        for part, tables in _slides_of(page):
            _write(deck, layout, pack, part, tables)
    deck.core_properties.title, deck.core_properties.language = pack.title, LANGUAGE
    deck.core_properties.author, deck.core_properties.last_modified_by = "RTT dashboard", "RTT dashboard"
    deck.core_properties.revision = 1
    for slide in deck.slides:
        _speak(slide)
    written = io.BytesIO()
    deck.save(written)
    return reproducible(written.getvalue(), pack.moment)


def _deck(template: Path | None) -> Any:
    if template is None:
        deck = Presentation()
        deck.slide_width, deck.slide_height = WIDE
        return deck
    try:
        deck = Presentation(str(template))
    except Exception as error:
        raise UnusableTemplate(f"{template.name} is not a PowerPoint template: expected .pptx") from error
    # Its example slides are not part of the pack.
    for listed in list(deck.slides._sldIdLst):
        deck.part.drop_rel(listed.rId)
        deck.slides._sldIdLst.remove(listed)
    return deck


def _layout(deck: Any) -> Any:
    """The layout with a title and the fewest other places to fill."""
    titled = [each for each in deck.slide_layouts if any(_is_title(place) for place in each.placeholders)]
    if not titled:
        raise UnusableTemplate("The template has no slide layout with a title.")
    return min(titled, key=lambda each: (each.name != "Title Only", len(each.placeholders)))


def _is_title(placeholder: Any) -> bool:
    return placeholder.placeholder_format.type in (1, 3)  # title, centred title


def _slides_of(page: Page) -> Iterator[tuple[Page, Sequence[Table]]]:
    """A page as the slides that hold it: sentences with chart or first table, then each table in pieces."""
    pieces = [piece for table in page.tables for piece in _pieces(table)]
    together = page.chart is None and len(page.paragraphs) <= 4 and not page.boxes
    first = [pieces.pop(0)] if pieces and together else []
    yield page, first
    for number, piece in enumerate(pieces, 2):
        # Titles are told apart: a screen reader lists slides by them.
        yield Page(page.name, f"{page.title} ({number})"), [piece]


def _pieces(table: Table) -> Iterator[Table]:
    long = any(len(cell) > LONG_CELL for row in table.rows for cell in row)
    most = LONG_ROWS if long else ROWS
    for first in range(0, len(table.rows), most):
        yield Table(table.caption, table.columns, table.rows[first : first + most], table.text_columns)


def _write_cover(deck: Any, layout: Any, pack: Contents) -> None:
    slide = _titled(deck, layout, pack, pack.title)
    reasons = [f"DRAFT: {reason}." for reason in pack.draft]
    lines = [pack.subtitle, *reasons, *([pack.licence] if pack.licence else [])]
    _add_text(slide, _place(deck, 0.0, 1.0), "What this pack is", [("", line) for line in lines], 20)


def _write(deck: Any, layout: Any, pack: Contents, page: Page, tables: Sequence[Table]) -> None:
    slide = _titled(deck, layout, pack, page.title)
    said = [("", words) for words in page.paragraphs]
    said += [(box.heading, box.text) for box in page.boxes]
    plot = plot_of(page.chart) if page.chart else None
    if page.chart and plot:
        frame = add_chart(slide.shapes, plot, _place(deck, 0.0, 0.62))
        _describe(frame, "Chart", page.chart.alt)
        _add_text(slide, _place(deck, 0.64, 1.0), "What the chart says", said, _size(said))
        return
    left, top, width, height = _place(deck, 0.0, 1.0)
    used = 0
    if said:
        used = sum(Inches(0.32) * (1 + len(words) // 125) for _, words in said) if tables else height
        _add_text(slide, (left, top, width, used), "Sentences", said, 14)
    for table in tables:
        _add_table(slide, (left, top + used, width, height - used), table)


def _titled(deck: Any, layout: Any, pack: Contents, title: str) -> Any:
    slide = deck.slides.add_slide(layout)
    for place in list(slide.placeholders):
        if not _is_title(place):
            place._element.getparent().remove(place._element)
    heading = slide.shapes.title
    heading.left, heading.top = MARGIN, Inches(0.3)
    heading.width, heading.height = deck.slide_width - 2 * MARGIN, Inches(0.8)
    frame = heading.text_frame
    frame.text, frame.word_wrap, frame.vertical_anchor = title, True, MSO_ANCHOR.MIDDLE
    frame.paragraphs[0].alignment = PP_ALIGN.LEFT
    frame.paragraphs[0].runs[0].font.size = Pt(26 if len(title) < 60 else 20)
    _describe(heading, "Title", title)
    place = (MARGIN, deck.slide_height - FOOT, deck.slide_width - 2 * MARGIN, FOOT)
    stamp = "DRAFT. " if pack.draft else ""
    _add_text(slide, place, "Source, census, scope, data and version", [("", stamp + pack.footer)], 9)
    if pack.draft:
        _stamp(deck, slide)
    return slide


def _stamp(deck: Any, slide: Any) -> None:
    place = (deck.slide_width - Inches(1.9), Inches(0.05), Inches(1.4), Inches(0.4))
    _add_text(slide, place, "Stamp: draft", [("DRAFT", "")], 18)


def _place(deck: Any, left: float, right: float) -> tuple[int, int, int, int]:
    """The part of a slide between title and footer, from `left` to `right` as shares of its width."""
    whole = deck.slide_width - 2 * MARGIN
    top = Inches(1.2)
    height = deck.slide_height - top - FOOT - Inches(0.1)
    return MARGIN + int(whole * left), top, int(whole * (right - left)), height


def _size(said: Sequence[tuple[str, str]]) -> int:
    """Points that let the words fit beside a chart."""
    length = sum(len(words) + 60 for _, words in said)
    return 16 if length < 500 else 14 if length < 800 else 12 if length < 1200 else 10 if length < 1900 else 8


def _add_text(
    slide: Any, place: tuple[int, int, int, int], name: str, said: Sequence[tuple[str, str]], size: int
) -> None:
    """A box of paragraphs, each with an optional heading in bold."""
    box = slide.shapes.add_textbox(*(Emu(int(each)) for each in place))
    frame = box.text_frame
    frame.word_wrap = True
    for number, (heading, words) in enumerate(said):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.space_after = Pt(size / 2)
        if heading:
            _run(paragraph, f"{heading}: " if words else heading, size, bold=True)
        if words:
            _run(paragraph, words, size)
    _describe(box, name, name)


def _run(paragraph: Any, words: str, size: int, *, bold: bool = False) -> None:
    run = paragraph.add_run()
    run.text = words
    run.font.size, run.font.bold, run.font.color.rgb = Pt(size), bold, INK


def _add_table(slide: Any, place: tuple[int, int, int, int], table: Table) -> None:
    rows = [table.columns, *table.rows]
    left, top, width, height = place
    row_height = min(Inches(0.34), height // len(rows))
    frame = slide.shapes.add_table(len(rows), len(table.columns), left, top, width, row_height * len(rows))
    _describe(frame, "Table", f"{table.caption}: {len(table.rows)} rows")
    grid = frame.table
    for column, share in zip(grid.columns, widths(table), strict=True):
        column.width = int(width * share)
    for row, cells in enumerate(rows):
        grid.rows[row].height = row_height
        for column, words in enumerate(cells):
            cell = grid.cell(row, column)
            _fill(cell, words, right=column >= table.text_columns)
            cell.fill.solid()
            # White on the default header is too pale to read.
            cell.fill.fore_color.rgb = HEAD if row == 0 else PAPER


def _fill(cell: Any, words: str, *, right: bool) -> None:
    frame = cell.text_frame
    frame.text, frame.word_wrap = words, True
    cell.margin_top = cell.margin_bottom = Inches(0.02)
    cell.margin_left = cell.margin_right = Inches(0.06)
    paragraph = frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT
    for run in paragraph.runs:
        run.font.size = Pt(11)


def _describe(shape: Any, name: str, text: str) -> None:
    """Name and alternative text."""
    properties = next(shape._element.iter(qn("p:cNvPr")))
    properties.set("name", name)
    properties.set("descr", text)


def _speak(slide: Any) -> None:
    """The language of every run, so that a screen reader reads it in English."""
    for run in slide._element.iter(qn("a:r")):
        run.get_or_add_rPr().set("lang", LANGUAGE)
