"""Native charts in a document. python-docx knows none: a chart is a part of the package with its workbook as
a part of its own, and a drawing in a paragraph that points to it; the chart itself is `packs.native`'s.
"""

from docx.document import Document as WordDocument
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.oxml import serialize_part_xml
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.shared import Inches

from dashboard.figures.chart import Chart
from dashboard.packs.formats.docx.template import chart_size
from dashboard.packs.office.native import drawn
from dashboard.packs.office.series import Plot

BELOW = 0.15
"""Inches between a chart and what follows it."""
_WORKBOOK = """
<c:externalData xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"
 xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:id="{relation}">
 <c:autoUpdate val="0"/></c:externalData>
"""

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


def chart_height(document: WordDocument, plot: Plot) -> float:
    """The inches that a chart takes of a page."""
    return chart_size(document, plot)[1] / Inches(1) + BELOW


def add_chart(document: WordDocument, chart: Chart, plot: Plot, number: int) -> float:
    """A chart in a paragraph of its own; the inches that it takes of the page."""
    made = drawn(plot)
    package = document.part.package
    sheet = Part(
        PackURI(f"/word/embeddings/Chart{number}.xlsx"), CONTENT_TYPE.SML_SHEET, made.xlsx_blob, package
    )
    part = Part(PackURI(f"/word/charts/chart{number}.xml"), CONTENT_TYPE.DML_CHART, b"", package)
    part._blob = _pointing(made.printed, part.relate_to(sheet, RELATIONSHIP_TYPE.PACKAGE))
    relation = document.part.relate_to(part, RELATIONSHIP_TYPE.CHART)
    width, height = chart_size(document, plot)
    drawing = parse_xml(
        _DRAWING.format(width=int(width), height=int(height), number=number, relation=relation)
    )
    properties = next(drawing.iter(qn("wp:docPr")))
    properties.set("descr", chart.alt)
    properties.set("title", chart.title)
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.keep_with_next = True
    paragraph.add_run()._r.append(drawing)
    return chart_height(document, plot)


def _pointing(xml: bytes, relation: str) -> bytes:
    """The chart with its workbook at this relation."""
    root = parse_xml(xml)
    root.append(parse_xml(_WORKBOOK.format(relation=relation)))
    return bytes(serialize_part_xml(root))
