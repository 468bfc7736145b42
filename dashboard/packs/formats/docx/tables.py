"""Tables of a document: in the look of the pack, broken where a page ends, with caption and head again."""

from copy import deepcopy
from typing import Any

from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Inches, Pt, RGBColor

from dashboard.packs.contents.page import Message, Table, widths
from dashboard.packs.formats.docx.paragraphs import add_text
from dashboard.packs.formats.docx.room import Sheet
from dashboard.packs.formats.docx.styles import Styles
from dashboard.packs.office import grid, letters, look
from dashboard.packs.office.letters import LINE, WIDER

SIZES = (10.0, 9.0, 8.0)
"""Points of a table: the largest in which no word of it is broken."""
ABOVE, BELOW = 0.35, 0.2
"""Inches of a caption, and below a table."""
HEAD_LINES = 6
"""A page of print is narrow: a heading of a column may take more lines than on a slide."""
HEADED = 1.2
"""Inches that a heading takes at most."""
FIGURE, MESSAGE = 22.0, 10.0


def add_table(sheet: Sheet, styles: Styles, table: Table) -> None:
    """A table in the parts that pages hold."""
    points = _points(table, sheet.width)
    table = grid.cut(table, sheet.width, sheet.height, points, head=HEAD_LINES)
    first = grid.fitting(table, sheet.width, sheet.left - ABOVE, points)
    if first < min(grid.FEWEST, len(table.rows)) or (
        first < len(table.rows) and sum(grid.row_heights(table, sheet.width, points)) + ABOVE <= sheet.height
    ):
        first = 0
    parts = [grid.part(table, 0, first)] if first else []
    rest = grid.part(table, first, len(table.rows))
    if rest.rows or not parts:
        parts += list(grid.pieces(rest, sheet.width, sheet.height - ABOVE, points))
    for number, part in enumerate(parts):
        # Below a heading alone it needs no page of its own.
        begins = (number > 0 or not first) and sheet.used > HEADED
        if begins:
            sheet.turn()
        _add_part(sheet, styles, part, points, begins=begins)


def table_height(sheet: Sheet, table: Table) -> float:
    """The inches of the whole table with its caption."""
    return ABOVE + sum(grid.row_heights(table, sheet.width, _points(table, sheet.width))) + BELOW


def _points(table: Table, width: float) -> float:
    return next((size for size in SIZES if not _breaks(table, width, size)), SIZES[-1])


def _breaks(table: Table, width: float, points: float) -> bool:
    """Whether a word of the head or of a number is wider than its column."""
    wide = grid.table_width(table, width)
    rooms = [share * wide - grid.CELL_EDGES for share in widths(table)]
    heads = (
        letters.width_of(word, points * WIDER) > room
        for name, room in zip(table.columns, rooms, strict=True)
        for word in name.split()
    )
    return any(heads)


def _add_part(sheet: Sheet, styles: Styles, table: Table, points: float, *, begins: bool) -> None:
    document = sheet.document
    caption = add_text(document, table.caption, bold=True)
    caption.paragraph_format.keep_with_next = True
    caption.paragraph_format.page_break_before = begins
    caption.paragraph_format.space_after = Pt(4)
    rows = [table.columns, *table.rows]
    # The head and one row; the others are copies with other words, for dressing each takes most of the time.
    dressed = min(len(rows), 2)
    made = document.add_table(rows=dressed, cols=len(table.columns))
    made._tbl.tblStyle_val = styles.grid
    wide = int(Inches(grid.table_width(table, sheet.width)))
    shares = [int(wide * share) for share in widths(table)]
    _lay_out(made, shares)
    _describe(made, table.caption)
    for number in range(dressed):
        for column, share in enumerate(shares):
            cell = made.cell(number, column)
            cell.width = share
            _dress(cell, points, head=number == 0, right=column >= table.text_columns)
    lines = [*made._tbl.tr_lst, *(deepcopy(made._tbl.tr_lst[-1]) for _ in rows[dressed:])]
    made._tbl.extend(lines[dressed:])
    for line, words in zip(lines, rows, strict=True):
        for place, text in zip(line.iter(qn("w:t")), words, strict=True):
            place.text = text
    _repeat_head(made)
    document.add_paragraph().paragraph_format.space_after = Pt(0)
    sheet.fill(ABOVE + sum(grid.row_heights(table, sheet.width, points)) + BELOW)


def _lay_out(made: Any, shares: list[int]) -> None:
    """Columns of these widths whatever is in them, and lines between rows alone."""
    made.alignment, made.autofit = WD_TABLE_ALIGNMENT.LEFT, False
    for column, share in zip(made.columns, shares, strict=True):
        column.width = share
    colour = look.RULE.removeprefix("#").upper()
    lines = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="{colour}"/>'
        for side in ("top", "bottom", "insideH")
    )
    none = "".join(f'<w:{side} w:val="nil"/>' for side in ("left", "right", "insideV"))
    order = ("top", "left", "bottom", "right", "insideH", "insideV")
    borders = parse_xml(f"<w:tblBorders {nsdecls('w')}>{lines}{none}</w:tblBorders>")
    borders[:] = sorted(borders, key=lambda each: order.index(each.tag.rpartition("}")[2]))
    properties = made._tbl.tblPr
    place = next((each for each in properties if each.tag in (qn("w:tblLayout"), qn("w:tblLook"))), None)
    if place is None:
        properties.append(borders)
    else:
        place.addprevious(borders)


def _dress(cell: Any, points: float, *, head: bool, right: bool) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(1)
    paragraph.paragraph_format.line_spacing = 1.0
    run = paragraph.add_run("words")
    run.font.size, run.bold = Pt(points), head
    if head:
        run.font.color.rgb = RGBColor(0xFF, 0xFF, 0xFF)
        _shade(cell._tc, look.BLUE)
    # The head stays with the row after it.
    paragraph.paragraph_format.keep_with_next = head
    if right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _shade(cell: Any, colour: str) -> None:
    fill = colour.removeprefix("#").upper()
    shade = f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{fill}"/>'
    cell.get_or_add_tcPr().append(parse_xml(shade))


def add_messages(sheet: Sheet, styles: Styles, messages: tuple[Message, ...]) -> None:
    """The messages side by side: a heading each, and below it the figure and what is said of it."""
    document = sheet.document
    made = document.add_table(rows=2, cols=len(messages))
    made._tbl.tblStyle_val = styles.grid
    wide = sheet.width / len(messages)
    _lay_out(made, [int(Inches(wide))] * len(messages))
    _describe(made, "; ".join(message.heading for message in messages))
    for column, message in enumerate(messages):
        head, body = made.cell(0, column), made.cell(1, column)
        for cell, colour in ((head, look.BLUE), (body, look.PALE)):
            cell.width = int(Inches(wide))
            _shade(cell._tc, colour)
        run = head.paragraphs[0].add_run(message.heading)
        run.bold, run.font.size, run.font.color.rgb = True, Pt(11), RGBColor(0xFF, 0xFF, 0xFF)
        figure = body.paragraphs[0].add_run(message.figure)
        figure.bold, figure.font.size = True, Pt(FIGURE)
        figure.font.color.rgb = RGBColor.from_string(look.DARK_BLUE.removeprefix("#").upper())
        body.add_paragraph().add_run(message.text).font.size = Pt(MESSAGE)
    _repeat_head(made)
    document.add_paragraph().paragraph_format.space_after = Pt(0)
    sheet.take(messages_height(sheet, messages))


def messages_height(sheet: Sheet, messages: tuple[Message, ...]) -> float:
    """The inches that they take."""
    room = sheet.width / len(messages) - grid.CELL_EDGES

    def most(words: str, points: float) -> int:
        return len(letters.lines_of(words, points * WIDER, room))

    text = max(most(each.text, MESSAGE) for each in messages) * MESSAGE
    figure = max(most(each.figure, FIGURE) for each in messages) * FIGURE
    return (text + figure + 11) * LINE / 72 + 0.6


def _describe(made: Any, text: str) -> None:
    for tag in ("w:tblCaption", "w:tblDescription"):
        words = OxmlElement(tag)
        words.set(qn("w:val"), text)
        made._tbl.tblPr.append(words)


def _repeat_head(made: Any) -> None:
    """The first row is the header: it repeats on every page, and screen readers know it. No row is split."""
    for row in made.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    made.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
