"""What stands on a slide: title, foot and number, boxes of text, tables; each with its alternative text."""

from copy import deepcopy
from typing import Any

from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Emu, Inches, Pt

from dashboard.packs.contents.pack import Contents
from dashboard.packs.contents.page import Table, widths
from dashboard.packs.formats.pptx.slides import Slide, fitted_title, sentences_height
from dashboard.packs.formats.pptx.template import Box, Room, is_title
from dashboard.packs.office import letters, look
from dashboard.packs.office.grid import CAPTION, CAPTION_POINTS, CELL_EDGES, row_heights, table_width
from rtt.terms.text_edges import shortened_within
from rtt.terms.wording import plural

FOOT_SIZES = (9.0, 8.0, 7.0)
KEPT_OF_FOOT = 60
_NUMBER = """
<a:fld xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"
 id="{{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}}" type="slidenum"><a:rPr sz="1000"/><a:t>{number}</a:t></a:fld>
"""


def colour_of(written: str) -> RGBColor:
    """A colour of `look`."""
    found: RGBColor = RGBColor.from_string(written.removeprefix("#").upper())
    return found


def titled(room: Room, pack: Contents, title: str, number: int = 1) -> Any:
    """A new slide with its title, foot, number and stamp."""
    slide = room.deck.slides.add_slide(room.layout)
    for place in list(slide.placeholders):
        if not is_title(place):
            place._element.getparent().remove(place._element)
    place, stamp = room.head(stamped=bool(pack.draft))
    set_title(room, slide, place, title, number, own=room.title_points)
    _repeat_foot(room, slide, pack)
    if pack.draft:
        add_stamp(room, slide, stamp)
    return slide


def set_title(
    room: Room,
    slide: Any,
    place: Box,
    title: str,
    number: int = 1,
    *,
    own: float,
    colour: str = look.DARK_BLUE,
) -> None:
    """The title in its place, in the largest type that fits, `own` at most."""
    heading = slide.shapes.title
    heading.left, heading.top, heading.width, heading.height = place
    width, height = (each / Inches(1) for each in place[2:])
    words, points = fitted_title(title, number, width=width, height=height, own=own)
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
        if room.plain:
            run.font.bold, run.font.color.rgb = True, colour_of(colour)
    describe(heading, "Title", title)


def add_stamp(room: Room, slide: Any, place: Box) -> None:
    """DRAFT, in a frame."""
    box = add_text(room, slide, place, "Stamp: draft", [("DRAFT", "")], 16, colour=look.STAMP)
    box.text_frame.paragraphs[0].alignment = PP_ALIGN.CENTER
    box.line.color.rgb, box.line.width = colour_of(look.STAMP), Pt(1.5)


def _repeat_foot(room: Room, slide: Any, pack: Contents) -> None:
    """The foot, alike on every slide but for its number: made once, then copied."""
    shapes = slide.shapes.title._element.getparent()
    if not room.foot_shapes:
        first = len(shapes)
        add_foot(room, slide, pack)
        room.foot_shapes.extend(map(deepcopy, shapes[first:]))
        return
    for shape in map(deepcopy, room.foot_shapes):
        for field in shape.iter(qn("a:fld")):
            field.find(qn("a:t")).text = str(len(room.deck.slides))
        shapes.append(shape)


def add_foot(room: Room, slide: Any, pack: Contents, *, colour: str = look.QUIET) -> None:
    """Where the figures come from, and the number of the slide."""
    words = f"{'DRAFT. ' if pack.draft else ''}{pack.footer}"
    width, height = (each / Inches(1) for each in room.foot[2:])
    most = len(words)
    points = letters.largest([("", words)], FOOT_SIZES, width=width, height=height)
    while letters.height_of([("", words)], points, width) > height and most > KEPT_OF_FOOT:
        # A long name gives way before the data and the version that stand last.
        most -= 10
        words = shortened_within(words, most, kept=KEPT_OF_FOOT)
    name = "Source, census, scope, data and version"
    add_text(room, slide, room.foot, name, [("", words)], points, colour=colour)
    number = add_text(room, slide, room.number, "Slide number", [("", "")], 10, colour=colour)
    paragraph = number.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT
    field = parse_xml(_NUMBER.format(number=len(room.deck.slides)))
    if room.plain:
        properties = field.find(qn("a:rPr"))
        fill = parse_xml(
            '<a:solidFill xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:srgbClr '
            f'val="{colour.removeprefix("#").upper()}"/></a:solidFill>'
        )
        properties.append(fill)
    paragraph._p.append(field)


def add_text(
    room: Room,
    slide: Any,
    place: Box,
    name: str,
    said: letters.Said,
    size: float,
    *,
    colour: str = look.INK,
    ground: str = "",
) -> Any:
    """A box of paragraphs, each with an optional heading in bold; `ground`: a colour behind it."""
    box = slide.shapes.add_textbox(*(Emu(int(each)) for each in place))
    frame = box.text_frame
    frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.NONE
    own = room.plain or ground
    for number, (heading, words) in enumerate(said):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.space_after, paragraph.line_spacing = Pt(size / 2), 1.0
        if heading:
            add_run(paragraph, f"{heading}: " if words else heading, size, colour if own else "", bold=True)
        if words:
            add_run(paragraph, words, size, colour if own else "")
    if ground:
        box.fill.solid()
        box.fill.fore_color.rgb = colour_of(ground)
    describe(box, name, name)
    return box


def add_run(paragraph: Any, words: str, size: float, colour: str, *, bold: bool = False) -> Any:
    """Words in a paragraph; without a colour in that of the template, which can be read on its ground."""
    run = paragraph.add_run()
    run.text = words
    run.font.size, run.font.bold = Pt(size), bold
    if colour:
        run.font.color.rgb = colour_of(colour)
    return run


def write_words(room: Room, slide: Any, part: Slide) -> None:
    """Sentences, and tables below them."""
    left, top, width, height = room.body()
    used = 0
    if part.said:
        used = int(Inches(sentences_height(part.said, width / Inches(1)))) if part.tables else height
        add_text(room, slide, (left, top, width, used), "Sentences", part.said, part.points)
    for table in part.tables:
        add_table(room, slide, (left, top + used, width, height - used), table, part.cells)


def add_table(room: Room, slide: Any, place: Box, table: Table, points: float) -> Any:
    """A table below its caption, its type of this size."""
    left, top, whole, _ = place
    above = int(Inches(CAPTION))
    caption = (left, top, whole, above)
    add_text(
        room,
        slide,
        caption,
        "Caption",
        [(letters.cut(table.caption, CAPTION_POINTS * letters.WIDER, whole / Inches(1) - 0.2, lines=1), "")],
        CAPTION_POINTS,
    )
    rows = [table.columns, *table.rows]
    heights = [int(Inches(each)) for each in row_heights(table, whole / Inches(1), points)]
    width = int(Inches(table_width(table, whole / Inches(1))))
    # The head and one row; the others are copies with other words, for dressing each takes most of the time.
    dressed = min(len(rows), 2)
    frame = slide.shapes.add_table(dressed, len(table.columns), left, top + above, width, sum(heights))
    describe(frame, "Table", f"{table.caption}: {plural(len(table.rows), 'row')}")
    grid = frame.table
    grid.horz_banding = False
    for column, share in zip(grid.columns, widths(table), strict=True):
        column.width = int(width * share)
    for row in range(dressed):
        for column in range(len(table.columns)):
            _dress(grid.cell(row, column), points, head=row == 0, right=column >= table.text_columns)
    lines = [*grid._tbl.tr_lst, *(deepcopy(grid._tbl.tr_lst[-1]) for _ in rows[dressed:])]
    grid._tbl.extend(lines[dressed:])
    for line, cells, high in zip(lines, rows, heights, strict=True):
        line.h = high
        for place_of_words, words in zip(line.iter(qn("a:t")), cells, strict=True):
            place_of_words.text = words
    return grid


def _dress(cell: Any, points: float, *, head: bool, right: bool) -> None:
    frame = cell.text_frame
    frame.text, frame.word_wrap = "words", True
    cell.margin_top = cell.margin_bottom = Inches(0.02)
    cell.margin_left = cell.margin_right = Inches(CELL_EDGES / 2)
    cell.vertical_anchor = MSO_ANCHOR.BOTTOM if head else MSO_ANCHOR.TOP
    paragraph = frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT
    run = paragraph.runs[0]
    run.font.size, run.font.bold = Pt(points), head
    run.font.color.rgb = colour_of(look.PAPER if head else look.INK)
    cell.fill.solid()
    # White on the default header is too pale to read.
    cell.fill.fore_color.rgb = colour_of(look.BLUE if head else look.PAPER)
    if not head:
        # The schema has lines before the fill.
        cell._tc.tcPr.insert(0, parse_xml(_RULE.format(colour=look.RULE.removeprefix("#").upper())))


_RULE = """
<a:lnB xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" w="9525"><a:solidFill>
<a:srgbClr val="{colour}"/></a:solidFill></a:lnB>
"""


def describe(shape: Any, name: str, text: str) -> None:
    """Name and alternative text."""
    properties = next(shape._element.iter(qn("p:cNvPr")))
    properties.set("name", name)
    properties.set("descr", text)
