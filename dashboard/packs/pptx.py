"""A pack as PowerPoint: native charts and tables, in the trust's own template if there is one.

Every slide has a title, every shape an alternative text, every run its language; the order of shapes is the
order of reading. What does not fit on a slide goes on to the next, which says that it continues.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Emu, Inches, Pt

from dashboard.figures.chart import Chart
from dashboard.packs.contents import Contents
from dashboard.packs.native import add_chart
from dashboard.packs.packages import reproducible
from dashboard.packs.page import Page, Table, widths
from dashboard.packs.plot import plot_of, tables_of
from dashboard.packs.series import Plot
from dashboard.packs.slide_pages import row_heights, sentences_height, slides_of, title_size
from dashboard.packs.slide_template import Room, is_title, room_of
from rtt.text_edges import property_text
from rtt.wording import plural

LANGUAGE = "en-GB"
INK, HEAD, PAPER = RGBColor(0x21, 0x2B, 0x32), RGBColor(0x00, 0x5E, 0xB8), RGBColor(0xFF, 0xFF, 0xFF)


def pptx_of(pack: Contents, *, template: Path | None = None) -> bytes:
    """The file. Raises `UnusableTemplate`."""
    room = room_of(template)
    deck = room.deck
    _write_cover(room, pack)
    for page in pack.pages:
        _write_page(room, pack, page)
    deck.core_properties.title, deck.core_properties.language = property_text(pack.title), LANGUAGE
    deck.core_properties.category = pack.audience.label
    deck.core_properties.author, deck.core_properties.last_modified_by = "RTT dashboard", "RTT dashboard"
    deck.core_properties.revision = 1
    for slide in deck.slides:
        _speak(slide)
    written = io.BytesIO()
    deck.save(written)
    return reproducible(written.getvalue(), pack.moment)


def _write_cover(room: Room, pack: Contents) -> None:
    slide = _titled(room, pack, pack.title)
    reasons = [f"DRAFT: {reason}." for reason in pack.draft]
    lines = [pack.subtitle, pack.audience.sentence, *reasons, *([pack.licence] if pack.licence else [])]
    _add_text(room, slide, room.body(), "What this pack is", [("", line) for line in lines], 20)


def _write_page(room: Room, pack: Contents, page: Page) -> None:
    plot = plot_of(page.chart) if page.chart else None
    _, _, width, height = room.body()
    inches = {"width": width / Inches(1), "height": height / Inches(1)}
    (first, tables), *others = slides_of(page, tables_of(page), charted=plot is not None, **inches)
    slide = _titled(room, pack, first.title)
    if page.chart and plot:
        _write_chart(room, slide, page, page.chart, plot)
    else:
        _write_words(room, slide, page, tables)
    for part, tables in others:
        _write_words(room, _titled(room, pack, part.title), part, tables)


def _write_chart(room: Room, slide: Any, page: Page, chart: Chart, plot: Plot) -> None:
    frame = add_chart(slide.shapes, plot, room.body(0.0, 0.62))
    _describe(frame, "Chart", chart.alt)
    said = _said(page)
    _add_text(room, slide, room.body(0.64, 1.0), "What the chart says", said, _size(said))


def _write_words(room: Room, slide: Any, page: Page, tables: Sequence[Table]) -> None:
    left, top, width, height = room.body()
    said, used = _said(page), 0
    if said:
        used = int(Inches(sentences_height(page.paragraphs, width / Inches(1)))) if tables else height
        _add_text(room, slide, (left, top, width, used), "Sentences", said, 14)
    for table in tables:
        _add_table(slide, (left, top + used, width, height - used), table)


def _said(page: Page) -> list[tuple[str, str]]:
    return [*(("", words) for words in page.paragraphs), *((box.heading, box.text) for box in page.boxes)]


def _titled(room: Room, pack: Contents, title: str) -> Any:
    slide = room.deck.slides.add_slide(room.layout)
    for place in list(slide.placeholders):
        if not is_title(place):
            place._element.getparent().remove(place._element)
    heading = slide.shapes.title
    place, stamp = room.head(stamped=bool(pack.draft))
    heading.left, heading.top, heading.width, heading.height = place
    frame = heading.text_frame
    frame.text, frame.word_wrap = title, True
    if room.plain:
        frame.vertical_anchor = MSO_ANCHOR.MIDDLE
        frame.paragraphs[0].alignment = PP_ALIGN.LEFT
    width, height = (each / Inches(1) for each in place[2:])
    frame.paragraphs[0].runs[0].font.size = Pt(
        title_size(title, width=width, height=height, own=room.title_points)
    )
    _describe(heading, "Title", title)
    words = [("", f"{'DRAFT. ' if pack.draft else ''}{pack.footer}")]
    _add_text(room, slide, room.foot, "Source, census, scope, data and version", words, 9)
    if pack.draft:
        _add_text(room, slide, stamp, "Stamp: draft", [("DRAFT", "")], 18)
    return slide


def _size(said: Sequence[tuple[str, str]]) -> int:
    """Points that let the words fit beside a chart."""
    length = sum(len(words) + 60 for _, words in said)
    return 16 if length < 500 else 14 if length < 800 else 12 if length < 1200 else 10 if length < 1900 else 8


def _add_text(
    room: Room,
    slide: Any,
    place: tuple[int, int, int, int],
    name: str,
    said: Sequence[tuple[str, str]],
    size: int,
) -> None:
    """A box of paragraphs, each with an optional heading in bold."""
    box = slide.shapes.add_textbox(*(Emu(int(each)) for each in place))
    frame = box.text_frame
    frame.word_wrap = True
    for number, (heading, words) in enumerate(said):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.space_after = Pt(size / 2)
        if heading:
            _run(room, paragraph, f"{heading}: " if words else heading, size, bold=True)
        if words:
            _run(room, paragraph, words, size)
    _describe(box, name, name)


def _run(room: Room, paragraph: Any, words: str, size: int, *, bold: bool = False) -> None:
    run = paragraph.add_run()
    run.text = words
    run.font.size, run.font.bold = Pt(size), bold
    if room.plain:
        run.font.color.rgb = INK  # a template has a colour that can be read on its ground


def _add_table(slide: Any, place: tuple[int, int, int, int], table: Table) -> None:
    rows = [table.columns, *table.rows]
    left, top, width, height = place
    heights = [int(Inches(each)) for each in row_heights(table, width / Inches(1))]
    # An estimate may be above the room that there is by a little.
    heights = [int(each * min(1.0, height / sum(heights))) for each in heights]
    frame = slide.shapes.add_table(len(rows), len(table.columns), left, top, width, sum(heights))
    _describe(frame, "Table", f"{table.caption}: {plural(len(table.rows), 'row')}")
    grid = frame.table
    for column, share in zip(grid.columns, widths(table), strict=True):
        column.width = int(width * share)
    patterns: dict[tuple[bool, bool], Any] = {}
    for row, (line, cells) in enumerate(zip(grid._tbl.tr_lst, rows, strict=True)):
        grid.rows[row].height = heights[row]
        for column, (place_of_cell, words) in enumerate(zip(line.tc_lst, cells, strict=True)):
            kind = (row == 0, column >= table.text_columns)
            if kind not in patterns:
                patterns[kind] = _cell(grid.cell(row, column), head=kind[0], right=kind[1])
            # A copy with other words: dressing every cell anew takes most of a pack's time.
            cell = deepcopy(patterns[kind])
            next(cell.iter(qn("a:t"))).text = words
            line.replace(place_of_cell, cell)


def _cell(cell: Any, *, head: bool, right: bool) -> Any:
    frame = cell.text_frame
    frame.text, frame.word_wrap = "words", True
    cell.margin_top = cell.margin_bottom = Inches(0.02)
    cell.margin_left = cell.margin_right = Inches(0.06)
    paragraph = frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT
    paragraph.runs[0].font.size, paragraph.runs[0].font.color.rgb = Pt(11), PAPER if head else INK
    cell.fill.solid()
    # White on the default header is too pale to read.
    cell.fill.fore_color.rgb = HEAD if head else PAPER
    return deepcopy(cell._tc)


def _describe(shape: Any, name: str, text: str) -> None:
    """Name and alternative text."""
    properties = next(shape._element.iter(qn("p:cNvPr")))
    properties.set("name", name)
    properties.set("descr", text)


def _speak(slide: Any) -> None:
    """The language of every run, so that a screen reader reads it in English."""
    for run in slide._element.iter(qn("a:r")):
        run.get_or_add_rPr().set("lang", LANGUAGE)
