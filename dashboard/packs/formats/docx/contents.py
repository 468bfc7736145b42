"""The list of contents: a field of Word whose entries and page numbers are there before it is updated."""

from typing import Any

from docx.document import Document as WordDocument
from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt

from dashboard.packs.contents.page import CONTENTS, Page
from dashboard.packs.formats.docx.paragraphs import (
    add_field,
    add_text,
    bookmark_name,
    field,
    text_run,
)
from dashboard.packs.formats.docx.styles import Styles
from dashboard.packs.formats.docx.template import text_width
from dashboard.packs.office import look

INSTRUCTION = 'TOC \\o "1-1" \\h \\z \\u'


def add_contents(document: WordDocument, styles: Styles, begins: list[tuple[Page, int]], *, at: int) -> None:
    """The list on a page of its own, put where `at` elements of the document stand before it."""
    heading = add_text(document, CONTENTS, bold=True, points=18, colour=look.DARK_BLUE)
    heading.paragraph_format.page_break_before = True
    entries = [heading]
    for number, (page, begin) in enumerate(begins, 1):
        entries.append(_entry(document, page, number, begin))
    first, last = entries[1]._p, entries[-1]._p
    for run in reversed((field("begin"), field("instruction", INSTRUCTION), field("separate"))):
        first.insert(1, run)  # behind the properties of the paragraph
    last.append(field("end"))
    for place, entry in enumerate(entries):
        document.element.body.remove(entry._p)
        document.element.body.insert(at + place, entry._p)


def _entry(document: WordDocument, page: Page, number: int, begin: int) -> Any:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_after = Pt(6)
    paragraph.paragraph_format.tab_stops.add_tab_stop(
        text_width(document), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS
    )
    link = OxmlElement("w:hyperlink")
    link.set(qn("w:anchor"), bookmark_name(number))
    link.set(qn("w:history"), "1")
    link.append(text_run(page.title))
    tab = OxmlElement("w:r")
    tab.append(OxmlElement("w:tab"))
    link.append(tab)
    add_field(link, f"PAGEREF {bookmark_name(number)} \\h", str(begin))
    paragraph._p.append(link)
    return paragraph
