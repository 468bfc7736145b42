"""What stands on every page of a document, below what a template has there: source, page number, stamp."""

from collections.abc import Iterator
from typing import Any

from docx.document import Document as WordDocument
from docx.shared import Pt, RGBColor

from dashboard.packs.contents.pack import Contents
from dashboard.packs.formats.docx.paragraphs import add_field
from dashboard.packs.office import look


def write_margins(document: WordDocument, pack: Contents, *, plain: bool) -> None:
    """Source and, where no template has its own, page number at the foot, the stamp at the head."""
    for section in document.sections:
        for footer in _of_every_page(document, section, "footer"):
            line = _add_line(footer, "Page " if plain else pack.footer)
            _dress(line, 8, look.QUIET)
            if plain:
                paragraph = footer.paragraphs[0]
                add_field(paragraph._p, "PAGE", "1")
                _dress(paragraph.add_run(f". {pack.footer}"), 8, look.QUIET)
        for header in _of_every_page(document, section, "header") if pack.draft else ():
            stamp = _add_line(header, "DRAFT")
            stamp.bold = True
            _dress(stamp, 12, look.STAMP)


def _dress(run: Any, points: float, colour: str) -> None:
    run.font.size, run.font.color.rgb = Pt(points), RGBColor.from_string(colour.removeprefix("#").upper())


def _of_every_page(document: WordDocument, section: Any, margin: str) -> Iterator[Any]:
    """The margin of usual pages, and those of the first page and even ones where they have their own."""
    yield getattr(section, margin)
    if section.different_first_page_header_footer:
        yield getattr(section, f"first_page_{margin}")
    if document.settings.odd_and_even_pages_header_footer:
        yield getattr(section, f"even_page_{margin}")


def _add_line(margin: Any, words: str) -> Any:
    """A run in a line of its own: the first, where nothing stands there yet."""
    margin.is_linked_to_previous = False
    first = margin.paragraphs[0] if margin.paragraphs else None
    if first is None or len(margin._element) != 1 or len(first._p.xpath("w:r|w:hyperlink|w:sdt")):
        first = margin.add_paragraph()
    return first.add_run(words)
