"""The cover: what the pack is, for whom and made from what; and the list of its pages with their numbers."""

from typing import Any

from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml.ns import qn
from pptx.util import Inches

from dashboard.packs.contents.pack import Contents
from dashboard.packs.contents.page import CONTENTS, Page, Table
from dashboard.packs.formats.pptx.shapes import (
    add_foot,
    add_stamp,
    add_table,
    add_text,
    colour_of,
    set_title,
    titled,
    write_words,
)
from dashboard.packs.formats.pptx.slides import CELLS, slides_of
from dashboard.packs.formats.pptx.template import Room, is_title
from dashboard.packs.office import letters, look
from dashboard.packs.office.grid import CAPTION, row_heights

NAMES, LINES = (30.0, 26.0, 24.0, 20.0, 18.0, 16.0, 14.0, 12.0, 10.0), (16.0, 14.0, 12.0, 11.0, 10.0)
TITLE = 40.0
COLUMNS = ("Page", "Slide")


def write_cover(room: Room, pack: Contents) -> None:
    """The first slide; reasons for a draft that it does not hold go on to others."""
    said = [(name, words) for name, words in pack.details]
    said += [] if said else [("", pack.subtitle)]
    said += [("", pack.audience.told), *(("", f"DRAFT: {reason}.") for reason in pack.draft)]
    said += [("", pack.licence)] if pack.licence else []
    slide = room.deck.slides.add_slide(room.layout)
    for place in list(slide.placeholders):
        if not is_title(place):
            place._element.getparent().remove(place._element)
    title, stamp = room.head(stamped=bool(pack.draft))
    left, top, width, height = room.body()
    ink = look.INK
    if room.plain:
        ink = look.PAPER
        slide.background.fill.solid()
        slide.background.fill.fore_color.rgb = colour_of(look.DARK_BLUE)
        set_title(
            room, slide, (left, int(Inches(1.0)), width, int(Inches(1.2))), pack.title, own=TITLE, colour=ink
        )
        top, height = int(Inches(2.3)), height - int(Inches(2.3)) + top
    else:
        set_title(room, slide, title, pack.title, own=room.title_points)
    if pack.organisation:
        high = height // 4
        name = [(pack.organisation, "")]
        points = letters.largest(name, NAMES, width=width / Inches(1), height=high / Inches(1))
        shown = letters.cut_to_fit(name[0], points, width=width / Inches(1), height=high / Inches(1))
        add_text(room, slide, (left, top, width, high), "Organisation", [shown], points, colour=ink)
        top, height = top + high, height - high
    inches = (width / Inches(1), height / Inches(1))
    points = letters.largest(said, LINES, width=inches[0], height=inches[1])
    fit = letters.fitting(said, points, width=inches[0], height=inches[1])
    add_text(room, slide, (left, top, width, height), "What this pack is", said[:fit], points, colour=ink)
    add_foot(room, slide, pack, colour=ink if room.plain else look.QUIET)
    if pack.draft:
        if room.plain:
            stamp = (stamp[0], int(Inches(0.4)), *stamp[2:])
        add_stamp(room, slide, stamp)
    _go_on(room, pack, [words for _, words in said[fit:]])


def _go_on(room: Room, pack: Contents, left_over: list[str]) -> None:
    width, height = room.inches
    rest = Page("Cover", pack.title, tuple(left_over))
    for part in slides_of(rest, (), charted=False, width=width, height=height) if left_over else ():
        write_words(room, titled(room, pack, part.title, part.number + 1), part)


def write_contents(room: Room, pack: Contents, first: list[Any], *, at: int) -> None:
    """A list that leads to each page, put behind the first `at` slides. `first`: the first slide of each."""
    width, height = room.inches
    count = _slides_needed(pack, width, height)
    numbers = {slide.slide_id: row for row, slide in enumerate(room.deck.slides, 1)}
    rows = tuple(
        (f"Appendix: {page.title}" if page.appendix else page.title, str(numbers[slide.slide_id] + count))
        for page, slide in zip(pack.pages, first, strict=True)
    )
    each = -(-len(rows) // count)
    for piece in range(count):
        own = rows[piece * each : (piece + 1) * each]
        slide = titled(room, pack, CONTENTS, piece + 1)
        part = Table(CONTENTS, COLUMNS, own)
        points = next(
            (size for size in CELLS if sum(row_heights(part, width, size)) + CAPTION <= height), CELLS[-1]
        )
        grid = add_table(room, slide, room.body(), part, points)
        for row, target in enumerate(first[piece * each : (piece + 1) * each], 1):
            _lead(slide, grid.cell(row, 0), target)
        _move(room, at + piece)
    _number_again(room)


def _slides_needed(pack: Contents, width: float, height: float) -> int:
    rows = tuple((f"Appendix: {page.title}", "00") for page in pack.pages)
    for count in range(1, len(rows)):
        each = -(-len(rows) // count)
        pieces = (Table(CONTENTS, COLUMNS, rows[first : first + each]) for first in range(0, len(rows), each))
        if all(sum(row_heights(piece, width, CELLS[-1])) + CAPTION <= height for piece in pieces):
            return count
    return len(rows)


def _lead(slide: Any, cell: Any, target: Any) -> None:
    """Make the words of a cell a link to a slide."""
    (run,) = cell.text_frame.paragraphs[0].runs
    properties = run._r.get_or_add_rPr()
    link = properties.makeelement(qn("a:hlinkClick"), {})
    link.set(qn("r:id"), slide.part.relate_to(target.part, RELATIONSHIP_TYPE.SLIDE))
    link.set("action", "ppaction://hlinksldjump")
    properties.append(link)


def _move(room: Room, at: int) -> None:
    """Put the last slide at this place."""
    listed = room.deck.slides._sldIdLst
    last = listed[-1]
    listed.remove(last)
    listed.insert(at, last)


def _number_again(room: Room) -> None:
    """The numbers that slides show before anybody opens them in an office."""
    for number, slide in enumerate(room.deck.slides, 1):
        for field in slide._element.iter("{*}fld"):
            next(field.iter("{*}t")).text = str(number)
