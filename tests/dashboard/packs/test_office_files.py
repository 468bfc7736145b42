"""Slides, documents, workbooks: native charts with their workbook, titles, names of shapes, in English."""

import io
import re
import zipfile
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from math import inf

import pytest
from docx.oxml.ns import qn
from lxml import etree
from pptx import Presentation
from pptx.util import Emu

from dashboard import PRODUCT
from dashboard.packs.contents.pack import Contents, contents_of
from dashboard.packs.contents.page import Page, Table
from dashboard.packs.formats.docx.write import docx_of
from dashboard.packs.formats.pptx.write import pptx_of
from dashboard.packs.formats.xlsx.write import xlsx_of
from dashboard.packs.office.packages import reproducible
from dashboard.packs.office.plot import plot_of
from rtt.terms.wording import number_text, share_text, signed_text, weeks_text
from tests.dashboard.packs import making

QUERIES = {"England": "?source=monthly", "a list": ""}
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


@pytest.fixture(scope="module", params=QUERIES)
def pack(request, sample):
    return making.contents(sample, QUERIES[request.param], draft=("The next list was due on 2 Mar 2026",))


@pytest.fixture(scope="module")
def deck(pack):
    return pptx_of(pack)


@pytest.fixture(scope="module")
def document(pack):
    return docx_of(pack)


@pytest.fixture(scope="module")
def book(pack):
    return making.workbook(xlsx_of(pack))


def test_every_slide_has_a_title_of_its_own_and_every_shape_a_text(pack, deck):
    slides = making.slides(deck)
    titles = [slide.shapes.title.text for slide in slides]
    assert all(titles)
    assert len(slides) > len(pack.pages)
    for slide in slides:
        for shape in slide.shapes:
            properties = next(shape._element.iter("{*}cNvPr"))
            assert properties.get("descr"), shape.name
        for run in slide._element.iter(f"{A}r"):
            assert run.find(f"{A}rPr").get("lang") == "en-GB"


def test_nothing_on_a_slide_lies_outside_it(deck):
    opened = Presentation(io.BytesIO(deck))
    for slide in opened.slides:
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.top >= 0
            assert shape.left + shape.width <= opened.slide_width + Emu(1)
            assert shape.top + shape.height <= opened.slide_height + Emu(1)


def test_every_chart_is_native_and_holds_the_numbers_of_the_figure(pack, deck):
    frames = [shape for slide in making.slides(deck) for shape in slide.shapes if shape.has_chart]
    plots = [plot_of(chart) for chart in pack.charts]
    assert len(frames) == len(plots) == len(pack.charts)
    for frame, plot, chart in zip(frames, plots, pack.charts, strict=True):
        series = [each for part in frame.chart.plots for each in part.series]
        assert [each.name for each in series] == [each.name for each in plot.series]
        for drawn, meant in zip(series, plot.series, strict=True):
            assert list(drawn.values) == pytest.approx([*meant.values], nan_ok=True)
        sheets = making.workbook(frame.chart.part.chart_workbook.xlsx_part.blob)
        rows = list(sheets.active.iter_rows(values_only=True))
        assert len(rows) == len(plot.categories) + 1
        assert next(frame._element.iter("{*}cNvPr")).get("descr") == chart.alt


def test_a_word_chart_points_to_its_workbook_and_has_a_text(pack, document):
    with zipfile.ZipFile(io.BytesIO(document)) as package:
        charts = [name for name in package.namelist() if name.startswith("word/charts/chart")]
        assert len(charts) == len(pack.charts)
        for name in charts:
            data = etree.fromstring(package.read(name)).find("{*}externalData")
            folder, file = name.rsplit("/", 1)
            related = etree.fromstring(package.read(f"{folder}/_rels/{file}.rels"))
            relation = next(each for each in related if each.get("Id") in data.attrib.values())
            target = f"word/{relation.get('Target').removeprefix('../')}"
            assert list(making.workbook(package.read(target)).active.iter_rows())
    named = [each.get("descr") for each in making.document(document).element.iter("{*}docPr")]
    assert named == [chart.alt for chart in pack.charts]


def test_a_document_has_a_heading_a_page_header_rows_and_its_language(pack, document):
    written = making.document(document)
    headings = [each.text for each in written.paragraphs if each.style.name == "Heading 1"]
    assert headings == [page.title for page in pack.pages]
    languages = {each.get(qn("w:val")) for each in written.styles.element.iter(qn("w:lang"))}
    assert languages == {"en-GB"}
    for table in written.tables:
        assert table.rows[0]._tr.find(".//{*}tblHeader") is not None


def test_a_draft_says_so_on_every_slide_page_and_sheet(deck, document, book):
    for slide in making.slides(deck):
        assert any(shape.has_text_frame and shape.text_frame.text == "DRAFT" for shape in slide.shapes)
    assert making.document(document).sections[0].header.paragraphs[0].text == "DRAFT"
    assert all(sheet.oddHeader.center.text == "DRAFT" for sheet in book.worksheets[1:])
    assert any("due on 2 Mar 2026" in str(cell.value) for row in book["About"] for cell in row)


def test_source_scope_data_and_version_stand_on_every_slide_and_page(pack, deck, document):
    for words in ("Census", "Data ", PRODUCT, "Sample data: not a real trust"):
        assert words in pack.footer
    for slide in making.slides(deck):
        assert any(shape.has_text_frame and pack.footer in shape.text_frame.text for shape in slide.shapes)
    assert pack.footer in making.document(document).sections[0].footer.paragraphs[0].text


@pytest.mark.parametrize("write", [pptx_of, docx_of, xlsx_of])
def test_the_same_data_gives_the_same_bytes(sample, write, monkeypatch):
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    found = making.facts_of(sample, "?source=monthly")
    first = write(contents_of(found, moment=moment))
    # Libraries that write the time of day would now write another.
    monkeypatch.setattr("time.time", lambda: 4e9)
    monkeypatch.setattr("time.localtime", lambda *_: datetime(2031, 5, 5, tzinfo=UTC).timetuple())
    assert write(contents_of(making.facts_of(sample, "?source=monthly"), moment=moment)) == first


def test_a_package_keeps_its_parts_and_loses_their_times():
    inner, outer = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(inner, "w") as book:
        book.writestr(
            "docProps/core.xml", '<dcterms:created xsi:type="x">2031-01-01T00:00:00Z</dcterms:created>'
        )
    with zipfile.ZipFile(outer, "w") as deck:
        deck.writestr("b.xml", "b")
        deck.writestr("a/book.xlsx", inner.getvalue())
    made = reproducible(outer.getvalue(), datetime(2026, 1, 31, tzinfo=UTC))
    with zipfile.ZipFile(io.BytesIO(made)) as deck:
        assert deck.namelist() == ["b.xml", "a/book.xlsx"]
        assert {part.date_time[0] for part in deck.infolist()} == {1980}
        book = zipfile.ZipFile(io.BytesIO(deck.read("a/book.xlsx")))
        assert b">2026-01-31T00:00:00Z<" in book.read("docProps/core.xml")
        book.close()


@pytest.mark.parametrize(
    ("printed", "number"),
    [
        (share_text(0.60312), 0.60312),
        (number_text(7418598), 7418598),
        (signed_text(Decimal("-0.5"), unit=" points"), -0.5),
        (signed_text(118.0), 118),
        (weeks_text(13.8476), 13.8476),
        (number_text(0), 0),
        (number_text(-0.04, 1), -0.04),
        ("met in 0 of 12", None),
        ("=1+1", None),
        (weeks_text(inf), None),
        (share_text(0.0001), None),
        ("31 Mar 2025", None),
        ("60.3%", None),
    ],
)
def test_a_printed_figure_is_its_number_in_full_and_words_stay_words(printed, number):
    table = Table("t", ("Measure", "Figure"), (("Row", printed),))
    pages = (Page("Figures", "t", tables=(table,)),)
    pack = Contents("t", "s", "f", "", pages, (), datetime(2026, 1, 1, tzinfo=UTC))
    (cell,) = [
        row[1] for row in making.workbook(xlsx_of(pack))["Figures"].iter_rows() if row[0].value == "Row"
    ]
    assert cell.value == (printed if number is None else number)
    if number is not None:
        assert shown_by_a_spreadsheet(cell.value, cell.number_format) == printed


def shown_by_a_spreadsheet(value, number_format):
    """The number as its format prints it: sections for more than nothing, less, and nothing."""
    sections = number_format.split(";")
    section = sections[0 if value > 0 else min(1 if value < 0 else 2, len(sections) - 1)]
    head, digits, tail = re.fullmatch(r"([+−]?)#,##0(\.0+)?(.*)", section).groups()
    value = abs(value) * (100 if tail == "%" else 1)
    exactly = Decimal(repr(value)).quantize(Decimal(1).scaleb(-len((digits or ".")[1:])), ROUND_HALF_UP)
    unit = tail.replace('"', "")
    return f"{head}{exactly:,}{unit}"


def test_no_cell_of_a_workbook_is_a_formula(book):
    for sheet in book.worksheets:
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
