"""The PDF is tagged, in English, with a text for every picture; what it lacks is named by its package."""

import re
import sys
import zlib
from base64 import b64decode
from dataclasses import replace
from html import unescape

import pytest

from dashboard.packs.contents.page import Page, Table
from dashboard.packs.formats.html.write import html_of
from dashboard.packs.formats.made import made, pictures_of
from dashboard.packs.formats.pdf.write import pdf_of
from tests.dashboard.packs import making


@pytest.fixture(scope="module")
def pack(sample):
    return making.contents(sample, "?source=monthly", draft=("A file was refused",))


def test_the_pdf_is_tagged_with_language_title_headings_tables_and_texts(pack):
    found = made(pack, ("pdf", "html"))
    assert (found.sentences, found.faults) == ([], {})
    files = found.files
    content = _readable(files["pdf"])
    assert b"/Marked true" in content
    assert b"/Lang (en-GB)" in content
    assert b"pdfuaid:part" in content or b"pdfuaid" in content
    for tag in (b"/H1", b"/H2", b"/Table", b"/TH", b"/Figure"):
        assert re.search(rb"/S\s*" + tag + rb"\b", content), tag
    assert len(re.findall(rb"/S\s*/Figure\b", content)) == len(pack.charts)
    assert content.count(b"/Alt ") >= len(pack.charts)
    assert files["html"].count(b"<img ") == len(pack.charts)


def test_charts_are_lines_and_words_in_the_pdf_and_the_html_and_no_browser_has_drawn_them(pack, monkeypatch):
    def refused(*_args, **_options):
        raise AssertionError("a process was started")

    monkeypatch.setattr("subprocess.Popen.__init__", refused)
    files = made(pack, ("pdf", "html")).files
    assert b"/Subtype /Image" not in _readable(files["pdf"])
    pictures = re.findall(r'src="data:image/svg\+xml;base64,([^"]+)" alt="([^"]+)"', files["html"].decode())
    assert [unescape(alt) for _, alt in pictures] == [chart.alt for chart in pack.charts]
    for (picture, _), chart in zip(pictures, pack.charts, strict=True):
        words = re.findall(r"<text [^>]*>([^<]+)</text>", b64decode(picture).decode())
        if chart.plot.kind == "dates":
            assert "Census date" in words


def _readable(pdf):
    """The file with its packed streams unpacked, objects among them."""
    plain = [pdf]
    for found in re.finditer(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        try:
            plain.append(zlib.decompress(found[1].rstrip(b"\r\n")))
        except zlib.error:
            continue
    return b"\n".join(plain)


def test_a_format_that_fails_does_not_stop_the_others(pack, monkeypatch):
    def fails(_pack):
        raise ValueError

    monkeypatch.setattr("dashboard.packs.formats.xlsx.write.xlsx_of", fails)
    found = made(pack, ("pptx", "xlsx", "docx"))
    assert set(found.files) == {"pptx", "docx"}
    assert set(found.faults) == {"xlsx"}


def test_without_pango_the_pdf_is_refused_by_the_packages(pack, monkeypatch):
    class Missing:
        def find_spec(self, name, *_):
            if name == "weasyprint":
                raise OSError("cannot load library 'libpango-1.0-0'")

    for name in [each for each in sys.modules if each.split(".")[0] == "weasyprint"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [Missing(), *sys.meta_path])
    found = made(pack, ("pdf", "html"))
    assert set(found.files) == {"html"}
    assert "libpango-1.0-0 and libpangoft2-1.0-0" in found.refused["pdf"]


def test_the_html_asks_for_nothing_runs_nothing_and_keeps_text_as_text(pack):
    text = html_of(pack, pictures_of(pack))
    assert '<html lang="en-GB">' in text
    assert re.findall(r"https?://|<script|<link|@import", text) == []
    assert "DRAFT" in text
    assert "A file was refused" in text
    assert text.count("<h1>") == 1
    assert text.count('<h2 id="page-') == len(pack.pages)


@pytest.mark.parametrize("name", ["long", "short"])
def test_every_header_cell_of_the_pdf_has_its_scope_and_can_be_found_by_its_name(pack, name):
    """WeasyPrint 70 writes neither /Scope nor /IDTree."""
    pages = pack.pages
    if name == "long":
        rows = tuple((f"Row {row}", str(row)) for row in range(150))
        pages = (*pages[:2], Page("Long", "A long table", tables=(Table("Long", ("Name", "Number"), rows),)))
    pages = tuple(replace(page, chart=None) for page in pages)
    content = _readable(pdf_of(replace(pack, pages=pages), ()))
    cells = re.findall(rb"<<[^<>]*/S /TH\b[^<>]*(?:<<[^<>]*>>[^<>]*)*>>", content)
    tables = [table for page in pages for table in page.tables]
    fewest = sum(len(table.columns) + len(table.rows) for table in tables)
    assert len(cells) >= fewest
    scopes = [re.search(rb"/Scope /(Row|Column)", cell) for cell in cells]
    assert all(scopes)
    assert sum(found[1] == b"Row" for found in scopes) == sum(len(table.rows) for table in tables)
    names = {re.search(rb"/ID \(([^)]*)\)", cell)[1] for cell in cells}
    assert re.search(rb"/IDTree \d+ 0 R", content)
    (tree,) = [each for each in NAMES.findall(content) if re.match(rb"\(\d+-\d+-\d+\)", each)]
    listed = re.findall(rb"\(([^)]*)\) (\d+) 0 R", tree)
    assert {each for each, _ in listed} == names
    assert [each for each, _ in listed] == sorted(names)
    captions = len(re.findall(rb"/S\s*/Caption\b", content))
    assert captions == len(re.findall(rb"/S\s*/Table\b", content))
    if name == "long":
        assert captions > len(tables), "parts of a long table have captions too"


def test_the_pdf_has_an_outline_and_its_contents_name_pages(pack):
    text = html_of(pack, pictures_of(pack), printed=True)
    for number, page in enumerate(pack.pages, 1):
        assert f'href="#page-{number}"' in text
        assert f'<h2 id="page-{number}">' in text
        assert page.title
    content = _readable(pdf_of(replace(pack, pages=tuple(replace(p, chart=None) for p in pack.pages)), ()))
    assert b"/Outlines" in content
    assert content.count(b"/Title (") >= len(pack.pages) or content.count(b"/Title") >= len(pack.pages)


NAMES = re.compile(rb"/Names \[([^\]]*)\]")
