"""A pack as Word: headings, tables with header rows, and native charts that open their workbook.

What stands on a page of print is measured, and tables are broken by us with caption and head again, so that
the list of contents holds the right numbers before anybody updates its field.
"""

import io
from pathlib import Path

from docx.document import Document as WordDocument

from dashboard import PRODUCT
from dashboard.packs.contents.pack import Contents
from dashboard.packs.contents.page import ASKED, Page
from dashboard.packs.formats.docx.charts import add_chart, chart_height
from dashboard.packs.formats.docx.contents import add_contents
from dashboard.packs.formats.docx.margins import write_margins
from dashboard.packs.formats.docx.paragraphs import add_heading, add_text, bookmarked
from dashboard.packs.formats.docx.room import Sheet
from dashboard.packs.formats.docx.styles import Styles
from dashboard.packs.formats.docx.tables import add_messages, add_table, table_height
from dashboard.packs.formats.docx.template import LANGUAGE, document_of
from dashboard.packs.formats.format import Given
from dashboard.packs.office import look
from dashboard.packs.office.packages import reproducible
from dashboard.packs.office.plot import plot_of, tables_of
from dashboard.packs.office.series import Plot
from rtt.terms.text_edges import property_text

ORGANISATION, HEADING_OF_BOX = 20.0, 0.45
"""Points on the cover; inches above commentary."""


def write(pack: Contents, given: Given) -> bytes:
    """The file."""
    return docx_of(pack, template=given.template)


def docx_of(pack: Contents, *, template: Path | None = None) -> bytes:
    """The file, in the styles, page set-up, header and footer of the template. Raises `UnusableTemplate`."""
    document, styles = document_of(template)
    _write_cover(document, styles, pack, plain=template is None)
    listed = len(document.element.body) - 1  # the page set-up stands last
    sheet = Sheet(document, number=2 if pack.organisation else 1)
    begins = []
    for number, page in enumerate(pack.pages, 1):
        plot = plot_of(page.chart) if page.chart else None
        _turn(sheet, page, plot, first=number == 1, alone=not pack.organisation)
        begins.append((page, sheet.number))
        _write(sheet, styles, page, plot, number)
    if pack.organisation:
        add_contents(document, styles, begins, at=listed)
    write_margins(document, pack, plain=template is None)
    properties = document.core_properties
    properties.title, properties.language, properties.revision = property_text(pack.name), LANGUAGE, 1
    properties.category = pack.audience.label
    properties.author = properties.last_modified_by = "RTT dashboard"
    properties.comments = PRODUCT
    written = io.BytesIO()
    document.save(written)
    return reproducible(written.getvalue(), pack.moment)


def _write_cover(document: WordDocument, styles: Styles, pack: Contents, *, plain: bool) -> None:
    add_heading(document, styles, pack.title, 0)
    if pack.organisation:
        add_text(document, pack.organisation, bold=True, points=ORGANISATION if plain else None)
    for name, words in pack.details:
        add_text(document, words, heading=name)
    if not pack.details:
        add_text(document, pack.subtitle)
    add_text(document, pack.audience.told, bold=True)
    for reason in pack.draft:
        add_text(document, f"DRAFT: {reason}.", bold=True, colour=look.STAMP)
    if pack.licence:
        add_text(document, pack.licence)


def _turn(sheet: Sheet, page: Page, plot: Plot | None, *, first: bool, alone: bool) -> None:
    """Begin a page of print where the rest of this one does not hold what belongs together.

    A pack begins with a page, and its appendix; a single chart follows its title.
    """
    needed = sheet.heading_height(page.title) + sheet.texts_height(page.paragraphs)
    needed += sheet.texts_height([box.text for box in page.boxes]) + len(page.boxes) * HEADING_OF_BOX
    if plot:
        needed += chart_height(sheet.document, plot)
    tables = tables_of(page, plot)
    if tables:
        needed += min(table_height(sheet, tables[0]), sheet.height / 2)
    if first and alone:
        sheet.begin_below_title()
    elif first or needed > sheet.left:
        sheet.turn()
    else:
        sheet.turned = False


def _write(sheet: Sheet, styles: Styles, page: Page, plot: Plot | None, number: int) -> None:
    document = sheet.document
    heading = add_heading(document, styles, page.title, 1)
    bookmarked(heading, number)
    heading.paragraph_format.page_break_before = sheet.turned
    sheet.take_heading(page.title)
    if page.messages:
        add_messages(sheet, styles, page.messages)
    if page.chart and plot:
        sheet.take(add_chart(document, page.chart, plot, number))
    for words in page.paragraphs:
        sheet.take_text(words)
        add_text(document, words)
    for box in page.boxes:
        sheet.take_heading(box.heading)
        sheet.take_text(box.text)
        add_heading(document, styles, box.heading, 2)
        add_text(document, box.text)
    if page.asks:
        sheet.take_heading(ASKED)
        add_heading(document, styles, ASKED, 2)
        for words in page.asks:
            sheet.take_text(words)
            add_text(document, f"\N{BULLET} {words}")
    for table in tables_of(page, plot):
        add_table(sheet, styles, table)
