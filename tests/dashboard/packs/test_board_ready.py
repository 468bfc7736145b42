"""Every page of a pack can go to a board: it concludes, it is not empty, and it says a thing once."""

import re

import pytest
from docx.oxml.ns import qn
from pptx.util import Inches

from dashboard.packs.contents.executive import CHANGED, EXPECTED, STANDS
from dashboard.packs.contents.pack import contents_of
from dashboard.packs.formats.docx.write import docx_of
from dashboard.packs.formats.pptx.write import pptx_of
from dashboard.packs.formats.xlsx.write import DATA_COLUMN, xlsx_of
from rtt.findings import sentences
from rtt.findings.findings import display
from rtt.forecast.weekly.expected import PASSING_18
from tests.dashboard.packs import making

QUERIES = (
    "?source=monthly",
    "?source=monthly&level=provider&org=R9B",
    "?source=monthly&level=icb&org=QZ9",
    "?source=weekly",
    "?source=weekly&tf=C_110",
    "?source=monthly&census=2024-06",
)
PLACEHOLDERS = re.compile(
    r"not written|to be added|TBC|lorem|placeholder|click to add|RTT_|rtt pack|rtt forecast", re.I
)
DAY = re.compile(r"(Week to )?\d{1,2} [A-Z][a-z]{2} \d{4}")
FEWEST_WORDS = 12
SENTENCE = re.compile(r"(?<=[a-z0-9%)][.;])\s+(?=[A-Z])")


@pytest.fixture(scope="module", params=QUERIES)
def facts(request, sample):
    return making.facts_of(sample, request.param)


@pytest.fixture(scope="module")
def pack(facts):
    return contents_of(facts)


def words_of(page):
    told = [*page.paragraphs, *page.asks, *(f"{each.figure} {each.text}" for each in page.messages)]
    cells = [cell for table in page.tables for row in table.rows for cell in row]
    return " ".join([*told, *(box.text for box in page.boxes), *cells]).split()


def test_no_page_is_empty_and_none_holds_a_place_for_what_nobody_wrote(pack):
    """Fault 11: "Why: Not written yet", half-empty pages, a page that says nothing changed."""
    for page in pack.pages:
        assert len(words_of(page)) >= FEWEST_WORDS or page.chart, page.name
        assert all(box.text.strip() for box in page.boxes)
        assert not PLACEHOLDERS.search(" ".join([page.title, *words_of(page)])), page.name


def test_a_title_concludes_and_is_no_name_of_a_chart(pack):
    titles = [page.title for page in pack.pages]
    assert len(set(titles)) == len(titles)
    for page in pack.pages:
        if not page.appendix:
            assert re.search(r"\d|usual range|signal|improving|too small|early", page.title), page.title
            assert len(page.title.split()) <= 24, page.title


def test_a_page_with_a_chart_has_at_most_a_few_lines_beside_it(pack):
    for page in pack.pages:
        if page.chart:
            assert 1 <= len(page.paragraphs) <= 4, (page.name, page.paragraphs)


def test_no_sentence_is_said_twice(pack):
    said = [
        sentence.strip().rstrip(".")
        for page in pack.pages
        for words in (page.title, *page.paragraphs, *page.asks, *(each.text for each in page.messages))
        for sentence in SENTENCE.split(words)
    ]
    again = {each for each in said if said.count(each) > 1 and len(each.split()) > 3}
    assert not again


def test_the_figures_of_the_executive_page_are_those_of_the_findings(facts, pack):
    (page, *_) = [each for each in pack.pages if each.messages]
    messages = {each.heading: each for each in page.messages}
    share, total, over = (facts.charts[key].last for key in ("share_within_18", "total", "over_52"))
    assert list(messages) == [STANDS, CHANGED, EXPECTED]
    assert messages[STANDS].figure == display(share)
    assert sentences.title(total) in messages[STANDS].text
    assert (
        sentences.title(over) in messages[STANDS].text
        or sentences.title(over).lower() in messages[STANDS].text
    )
    change = sentences.short_change(share)
    if change not in ("Not known", "0.0 points"):
        assert messages[CHANGED].figure == change
    expected = messages[EXPECTED]
    passing = display(facts.charts["passing_18_in_4_weeks"].last)
    if facts.weekly and facts.weekly.forecast and "80% interval" in expected.text:
        code = facts.scope.functions[0] if facts.scope.functions else "C_999"
        issued = facts.weekly.forecast.about(facts.weekly.will_breach.ends)[code, PASSING_18]
        assert making.number_read(expected.figure)[0] == pytest.approx(issued.value, abs=0.5)
        assert passing in expected.text
    elif ahead := facts.ahead.get("share_within_18"):
        number, half = making.number_read(expected.figure)
        assert number == pytest.approx(ahead.value, abs=half)
        assert passing in expected.text
    else:
        assert expected.figure == passing
    assert page.asks


def test_an_executive_page_asks_for_what_needs_attention(facts, pack):
    asks = next(page for page in pack.pages if page.messages).asks
    assert len(asks) <= 4
    for item in facts.attention.items:
        if item.kind == "breaches" and item == max(facts.attention.items, key=lambda each: each.size):
            assert any(item.action[1:] in ask for ask in asks)


def test_every_slide_has_its_number_and_the_contents_lead_to_each_page(pack):
    slides = making.slides(pptx_of(pack))
    numbers = [field.find("{*}t").text for slide in slides for field in slide._element.iter("{*}fld")]
    assert numbers == [str(number) for number in range(1, len(slides) + 1)]
    listed = [slide for slide in slides if slide.shapes.title.text.startswith("Contents")]
    rows, targets = [], []
    for slide in listed:
        (table,) = [shape.table for shape in slide.shapes if shape.has_table]
        rows += [[cell.text for cell in row.cells] for row in list(table.rows)[1:]]
        for link in slide._element.iter("{*}hlinkClick"):
            targets.append(
                slide.part.related_part(next(value for value in link.values() if value.startswith("rId")))
            )
    parts = [slide.part for slide in slides]
    assert [words.removeprefix("Appendix: ") for words, _ in rows] == [page.title for page in pack.pages]
    assert [str(parts.index(target) + 1) for target in targets] == [number for _, number in rows]
    for words, number in rows:
        begins = slides[int(number) - 1].shapes.title.text
        assert words.removeprefix("Appendix: ").startswith(begins.rstrip("…")), (words, begins)


def test_every_slide_says_something(pack):
    for slide in making.slides(pptx_of(pack)):
        drawn = [each for each in slide.shapes if each.has_chart or each.has_table]
        words = " ".join(each.text_frame.text for each in slide.shapes if each.has_text_frame).split()
        assert drawn or len(words) > 30, slide.shapes.title.text
        for shape in drawn:
            if shape.has_table and slide.shapes.title.text != "Contents":
                assert shape.height > Inches(0.4)


def test_a_document_lists_its_pages_in_a_field_that_is_filled(pack):
    document = making.document(docx_of(pack))
    instructions = [each.text for each in document.element.iter("{*}instrText")]
    assert sum("TOC" in each for each in instructions) == 1
    links = list(document.element.iter("{*}hyperlink"))
    entries = ["".join(part.text or "" for part in link.iter("{*}t")) for link in links]
    marks = {each.get(qn("w:name")) for each in document.element.iter("{*}bookmarkStart")}
    for entry, link, page in zip(entries, links, pack.pages, strict=True):
        assert re.fullmatch(re.escape(page.title) + r"\d+", entry)
        assert link.get(qn("w:anchor")) in marks
    # A title may end in a digit: what follows it is the number of the page.
    numbers = [int(entry.removeprefix(page.title)) for entry, page in zip(entries, pack.pages, strict=True)]
    assert numbers == sorted(numbers)
    assert numbers[0] == 3


def test_days_in_a_workbook_are_dates_and_its_heads_stay(pack):
    book = making.workbook(xlsx_of(pack))
    days = 0
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                where = (sheet.title, cell.coordinate, cell.value)
                # The names of a chart's series are words.
                outside = sheet.title == "About" or cell.column > DATA_COLUMN
                assert outside or not DAY.fullmatch(str(cell.value)), where
                days += getattr(cell, "is_date", False)
        assert sheet.page_setup.orientation == "landscape"
        if sheet.title != "About":
            assert sheet.freeze_panes, sheet.title
    assert days > 20
    measures = book["Measures"]
    assert measures.freeze_panes.startswith("B"), measures.freeze_panes
