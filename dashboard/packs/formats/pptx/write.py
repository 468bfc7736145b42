"""A pack as PowerPoint: native charts and tables, in the trust's own template if there is one.

Every slide has a title, every shape an alternative text, every run its language; the order of shapes is the
order of reading. What does not fit on a slide goes on to the next, which says that it continues.
"""

import io
from copy import deepcopy
from pathlib import Path
from typing import Any

from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Emu, Inches, Pt

from dashboard import PRODUCT
from dashboard.packs.contents.pack import Contents
from dashboard.packs.contents.page import Page, Table, widths
from dashboard.packs.formats.format import Given
from dashboard.packs.formats.pptx.slides import (
    CHART_ENDS,
    WORDS_BEGIN,
    Slide,
    fitted_title,
    row_heights,
    sentences_height,
    slides_of,
)
from dashboard.packs.formats.pptx.template import Room, is_title, room_of
from dashboard.packs.office import letters
from dashboard.packs.office.native import add_chart
from dashboard.packs.office.packages import reproducible
from dashboard.packs.office.plot import plot_of, tables_of
from rtt.terms.text_edges import property_text, shortened_within
from rtt.terms.wording import plural

LANGUAGE = "en-GB"
COVER, FOOT_SIZES = (20.0, 18.0, 16.0, 14.0, 12.0, 10.0), (9.0, 8.0, 7.0)
KEPT_OF_FOOT = 60
INK, HEAD, PAPER = RGBColor(0x21, 0x2B, 0x32), RGBColor(0x00, 0x5E, 0xB8), RGBColor(0xFF, 0xFF, 0xFF)


def write(pack: Contents, given: Given) -> bytes:
    """The file."""
    return pptx_of(pack, template=given.template)


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
    deck.core_properties.revision, deck.core_properties.comments = 1, PRODUCT
    for slide in deck.slides:
        _speak(slide)
    written = io.BytesIO()
    deck.save(written)
    return reproducible(written.getvalue(), pack.moment)


def _write_cover(room: Room, pack: Contents) -> None:
    slide = _titled(room, pack, pack.title)
    reasons = [f"DRAFT: {reason}." for reason in pack.draft]
    lines = [pack.subtitle, pack.audience.told, *reasons, *([pack.licence] if pack.licence else [])]
    said = [("", line) for line in lines]
    width, height = _inches(room)
    points = letters.largest(said, COVER, width=width, height=height)
    fit = letters.fitting(said, points, width=width, height=height)
    _add_text(room, slide, room.body(), "What this pack is", said[:fit], points)
    rest = Page("Cover", pack.title, tuple(words for _, words in said[fit:]))
    for part in slides_of(rest, (), charted=False, width=width, height=height) if said[fit:] else ():
        _write_words(room, _titled(room, pack, part.title, part.number + 1), part)


def _inches(room: Room) -> tuple[float, float]:
    """Width and height of the room below a title."""
    _, _, width, height = room.body()
    return width / Inches(1), height / Inches(1)


def _write_page(room: Room, pack: Contents, page: Page) -> None:
    plot = plot_of(page.chart) if page.chart else None
    width, height = _inches(room)
    for part in slides_of(page, tables_of(page), charted=plot is not None, width=width, height=height):
        slide = _titled(room, pack, part.title, part.number)
        if part.charted and page.chart and plot:
            frame = add_chart(slide.shapes, plot, room.body(0.0, CHART_ENDS))
            _describe(frame, "Chart", page.chart.alt)
            _add_text(room, slide, room.body(WORDS_BEGIN, 1.0), "What the chart says", part.said, part.points)
        else:
            _write_words(room, slide, part)


def _write_words(room: Room, slide: Any, part: Slide) -> None:
    left, top, width, height = room.body()
    used = 0
    if part.said:
        used = int(Inches(sentences_height(part.said, width / Inches(1)))) if part.tables else height
        _add_text(room, slide, (left, top, width, used), "Sentences", part.said, part.points)
    for table in part.tables:
        _add_table(slide, (left, top + used, width, height - used), table)


def _titled(room: Room, pack: Contents, title: str, number: int = 1) -> Any:
    slide = room.deck.slides.add_slide(room.layout)
    for place in list(slide.placeholders):
        if not is_title(place):
            place._element.getparent().remove(place._element)
    heading = slide.shapes.title
    place, stamp = room.head(stamped=bool(pack.draft))
    heading.left, heading.top, heading.width, heading.height = place
    width, height = (each / Inches(1) for each in place[2:])
    words, points = fitted_title(title, number, width=width, height=height, own=room.title_points)
    frame = heading.text_frame
    frame.text, frame.word_wrap = words, True
    # The words are made to fit; a template that shrinks them would do so a second time.
    frame.auto_size = MSO_AUTO_SIZE.NONE
    frame.margin_left = frame.margin_right = Inches(letters.INSET[0])
    frame.margin_top = frame.margin_bottom = Inches(letters.INSET[1])
    if room.plain:
        frame.vertical_anchor = MSO_ANCHOR.MIDDLE
        frame.paragraphs[0].alignment = PP_ALIGN.LEFT
    frame.paragraphs[0].line_spacing = 1.0
    for run in frame.paragraphs[0].runs:
        run.font.size = Pt(points)
    _describe(heading, "Title", title)
    _write_foot(room, slide, f"{'DRAFT. ' if pack.draft else ''}{pack.footer}")
    if pack.draft:
        _add_text(room, slide, stamp, "Stamp: draft", [("DRAFT", "")], 16)
    return slide


def _write_foot(room: Room, slide: Any, words: str) -> None:
    """One or two lines; a long name gives way before the data and the version that stand last."""
    width, height = (each / Inches(1) for each in room.foot[2:])
    most = len(words)
    points = letters.largest([("", words)], FOOT_SIZES, width=width, height=height)
    while letters.height_of([("", words)], points, width) > height and most > KEPT_OF_FOOT:
        most -= 10
        words = shortened_within(words, most, kept=KEPT_OF_FOOT)
    _add_text(room, slide, room.foot, "Source, census, scope, data and version", [("", words)], points)


def _add_text(
    room: Room,
    slide: Any,
    place: tuple[int, int, int, int],
    name: str,
    said: letters.Said,
    size: float,
) -> None:
    """A box of paragraphs, each with an optional heading in bold."""
    box = slide.shapes.add_textbox(*(Emu(int(each)) for each in place))
    frame = box.text_frame
    frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.NONE
    for number, (heading, words) in enumerate(said):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.space_after, paragraph.line_spacing = Pt(size / 2), 1.0
        if heading:
            _run(room, paragraph, f"{heading}: " if words else heading, size, bold=True)
        if words:
            _run(room, paragraph, words, size)
    _describe(box, name, name)


def _run(room: Room, paragraph: Any, words: str, size: float, *, bold: bool = False) -> None:
    run = paragraph.add_run()
    run.text = words
    run.font.size, run.font.bold = Pt(size), bold
    if room.plain:
        run.font.color.rgb = INK  # a template has a colour that can be read on its ground


def _add_table(slide: Any, place: tuple[int, int, int, int], table: Table) -> None:
    rows = [table.columns, *table.rows]
    left, top, width, _ = place
    heights = [int(Inches(each)) for each in row_heights(table, width / Inches(1))]
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
