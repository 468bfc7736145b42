"""A pack as Word: headings, tables with header rows, and native charts that open their workbook.

python-docx knows no charts. A chart is a part of the package with its workbook as a part of its own, and a
drawing in a paragraph that points to it; the chart itself is `packs.native`'s, as in PowerPoint.
"""

import io
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

from docx.document import Document as WordDocument
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.oxml import serialize_part_xml
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Pt

from dashboard import PRODUCT
from dashboard.figures.chart import Chart
from dashboard.packs.contents.pack import Contents
from dashboard.packs.contents.page import Page, Table, widths
from dashboard.packs.formats.docx.styles import Styles
from dashboard.packs.formats.docx.template import LANGUAGE, chart_size, document_of, text_width
from dashboard.packs.formats.format import Given
from dashboard.packs.office.native import chart_parts, scratch_slide
from dashboard.packs.office.packages import reproducible
from dashboard.packs.office.plot import plot_of, tables_of
from dashboard.packs.office.series import Plot
from rtt.terms.text_edges import property_text

MANY = 6
"""Columns of a table that need smaller type."""
_RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

_DRAWING = """
<w:drawing xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"
 xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
 xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"
 xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"
 xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">
 <wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{width}" cy="{height}"/>
 <wp:docPr id="{number}" name="Chart {number}"/><wp:cNvGraphicFramePr/>
 <a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">
 <c:chart r:id="{relation}"/></a:graphicData></a:graphic></wp:inline></w:drawing>
"""


def write(pack: Contents, given: Given) -> bytes:
    """The file."""
    return docx_of(pack, template=given.template)


def docx_of(pack: Contents, *, template: Path | None = None) -> bytes:
    """The file, in the styles, page set-up, header and footer of the template. Raises `UnusableTemplate`."""
    document, styles = document_of(template)
    _head(document, styles, pack.title, 0)
    _say(document, pack.subtitle)
    _say(document, pack.audience.told, bold=True)
    for reason in pack.draft:
        _say(document, f"DRAFT: {reason}.", bold=True)
    if pack.licence:
        _say(document, pack.licence)
    scratch = scratch_slide()
    for number, page in enumerate(pack.pages, 1):
        _write(document, styles, page, number, scratch)
    _write_margins(document, pack)
    properties = document.core_properties
    properties.title, properties.language, properties.revision = property_text(pack.title), LANGUAGE, 1
    properties.category = pack.audience.label
    properties.author = properties.last_modified_by = "RTT dashboard"
    properties.comments = PRODUCT
    written = io.BytesIO()
    document.save(written)
    return reproducible(written.getvalue(), pack.moment)


def _write(document: WordDocument, styles: Styles, page: Page, number: int, scratch: Any) -> None:
    _head(document, styles, page.title, 1).paragraph_format.keep_with_next = True
    plot = plot_of(page.chart) if page.chart else None
    if page.chart and plot:
        _add_chart(document, page.chart, plot, number, scratch)
    for words in page.paragraphs:
        _say(document, words)
    for box in page.boxes:
        _head(document, styles, box.heading, 2)
        _say(document, box.text)
    for table in tables_of(page):
        _add_table(document, styles, table)


def _head(document: WordDocument, styles: Styles, words: str, level: int) -> Any:
    paragraph = document.add_paragraph(words)
    # By its id: python-docx looks styles up by names that not every program writes.
    paragraph._p.style = styles.of_heading(level)
    return paragraph


def _say(document: WordDocument, words: str, *, bold: bool = False) -> Any:
    paragraph = document.add_paragraph()
    paragraph.add_run(words).bold = bold
    return paragraph


def _add_chart(document: WordDocument, chart: Chart, plot: Plot, number: int, scratch: Any) -> None:
    xml, workbook = chart_parts(plot, scratch)
    package = document.part.package
    sheet = Part(PackURI(f"/word/embeddings/Chart{number}.xlsx"), CONTENT_TYPE.SML_SHEET, workbook, package)
    part = Part(PackURI(f"/word/charts/chart{number}.xml"), CONTENT_TYPE.DML_CHART, b"", package)
    part._blob = _pointing(xml, part.relate_to(sheet, RELATIONSHIP_TYPE.PACKAGE))
    relation = document.part.relate_to(part, RELATIONSHIP_TYPE.CHART)
    width, height = chart_size(document)
    drawing = parse_xml(
        _DRAWING.format(width=int(width), height=int(height), number=number, relation=relation)
    )
    properties = next(drawing.iter(qn("wp:docPr")))
    properties.set("descr", chart.alt)
    properties.set("title", chart.title)
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.keep_with_next = True
    paragraph.add_run()._r.append(drawing)


def _pointing(xml: bytes, relation: str) -> bytes:
    """The chart with its workbook at this relation."""
    root = parse_xml(xml)
    data = next(each for each in root.iter() if str(each.tag).endswith("}externalData"))
    data.set(f"{{{_RELATED}}}id", relation)
    return bytes(serialize_part_xml(root))


def _add_table(document: WordDocument, styles: Styles, table: Table) -> None:
    _say(document, table.caption, bold=True).paragraph_format.keep_with_next = True
    rows = [table.columns, *table.rows]
    grid = document.add_table(rows=len(rows), cols=len(table.columns))
    grid._tbl.tblStyle_val = styles.grid
    grid.alignment = WD_TABLE_ALIGNMENT.LEFT
    _describe(grid, table.caption)
    size = Pt(9 if len(table.columns) < MANY else 8)
    shares = [int(text_width(document) * share) for share in widths(table)]
    for column, share in zip(grid.columns, shares, strict=True):
        column.width = share
    patterns: dict[tuple[bool, bool], Any] = {}
    for number, (line, words) in enumerate(zip(grid._tbl.tr_lst, rows, strict=True)):
        for column, (cell, text) in enumerate(zip(line.tc_lst, words, strict=True)):
            cell.width = shares[column]
            kind = (number == 0, column >= table.text_columns)
            if kind not in patterns:
                patterns[kind] = _pattern(grid.cell(number, column), size, head=kind[0], right=kind[1])
            # A copy with other words: dressing every cell anew takes most of a pack's time.
            paragraph = deepcopy(patterns[kind])
            next(paragraph.iter(qn("w:t"))).text = text
            cell.replace(cell.p_lst[0], paragraph)
    _repeat_head(grid)
    document.add_paragraph()


def _pattern(cell: Any, size: Any, *, head: bool, right: bool) -> Any:
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(1)
    run = paragraph.add_run("words")
    run.font.size, run.bold = size, head
    # The head stays with the row after it.
    paragraph.paragraph_format.keep_with_next = head
    if right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    return deepcopy(paragraph._p)


def _describe(grid: Any, text: str) -> None:
    for tag in ("w:tblCaption", "w:tblDescription"):
        words = OxmlElement(tag)
        words.set(qn("w:val"), text)
        grid._tbl.tblPr.append(words)


def _repeat_head(grid: Any) -> None:
    """The first row is the header: it repeats on every page, and screen readers know it. No row is split."""
    for row in grid.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    grid.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _write_margins(document: WordDocument, pack: Contents) -> None:
    """Source and stamp on every page, below what the template has there."""
    for section in document.sections:
        for footer in _of_every_page(document, section, "footer"):
            _add_line(footer, pack.footer).font.size = Pt(8)
        for header in _of_every_page(document, section, "header") if pack.draft else ():
            _add_line(header, "DRAFT").bold = True


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
