"""Every format of a pack opens, whatever the names, notes and file names in it hold."""

import io
import shutil
import subprocess
import zipfile
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pptx import Presentation
from sqlalchemy import update

from dashboard.figures.bars import Bar, bar_chart
from dashboard.packs.contents.pack import Contents
from dashboard.packs.contents.page import Box, Page, Table
from dashboard.packs.formats.docx.write import docx_of
from dashboard.packs.formats.html.write import html_of
from dashboard.packs.formats.made import pictures_of
from dashboard.packs.formats.pdf.write import pdf_of
from dashboard.packs.formats.pptx.write import pptx_of
from dashboard.packs.formats.xlsx.write import xlsx_of
from ingest.store import schema
from ingest.store.database import make_engine
from rtt.terms.text_edges import xml_text
from tests import allowances
from tests.dashboard import served_pages as served
from tests.dashboard.packs import making
from tests.rtt.terms.test_text_edges import ANYTHING, BREAKERS

MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
LONG = "Tameford and the Vale Hospitals " * 12 + "NHS Trust"  # 393 characters
NAMES = {
    "every control character": "Tame" + "".join(map(chr, range(32))) + "ford\x7f\x85 Trust",
    "400 characters": LONG,
    "400 characters without a space": "Tameford" * 50,
    "noncharacters and what turns lines": "Tame\ufffe\uffff\u202eford\u2028 Trust",
    "a formula": '=HYPERLINK("http://x.example","Tameford Trust")',
    "markup": "<b>Tameford</b> & 'Trust' ]]> {{x}} %(y)s",
    "other scripts": "Tameford 病院 Ysbyty Tŷ 🏥 مستشفى Trust",
    "an escape of Excel": "Tameford _x000D_ _x0041_ Trust",
}


def pack_of(words: str, second: str) -> Contents:
    bars = [Bar(words, words, 0.5, "50.0%", ""), Bar(second, second, None, words, "")]
    chart = bar_chart(
        bars, unit="share", title=words, caption=second, what=words, columns=("Specialty", words)
    )
    table = Table(second, ("Name", words), ((words, second), (second, words)))
    pages = (
        Page(words, words, (words, second), chart, tables=(table,)),
        Page(second, second, (), boxes=(Box(words, second), Box(second, words))),
        Page(words, second, tables=(table,)),
    )
    return Contents(words, second, words, second, pages, (words,), MOMENT)


def check_parts(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        for name in package.namelist():
            if name.endswith((".xml", ".rels")):
                ElementTree.fromstring(package.read(name))


class Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.said, self.open = [], []

    def handle_starttag(self, tag, attrs):
        if tag not in ("meta", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.said.append(data)


@settings(max_examples=25)
@given(ANYTHING, st.one_of(ANYTHING, st.just(LONG)))
def test_every_format_opens_and_holds_what_is_visible_of_any_text(words, second):
    """Fault 7: control characters gave a 500 in PowerPoint and Word, and a damaged workbook."""
    pack = pack_of(words, second)
    slides, document, book = pptx_of(pack), docx_of(pack), xlsx_of(pack)
    for content in (slides, document, book):
        check_parts(content)
    titles = [slide.shapes.title.text_frame.text for slide in Presentation(io.BytesIO(slides)).slides]
    assert len(titles) > len(pack.pages)
    plain = xml_text(words)
    assert making.document(document).paragraphs[0].text == plain
    sheets = openpyxl.load_workbook(io.BytesIO(book)).worksheets
    assert len(sheets) == 4
    assert (sheets[0]["A1"].value or "") == plain
    assert not any(cell.data_type == "f" for sheet in sheets for row in sheet.iter_rows() for cell in row)
    read = Words()
    read.feed(html_of(pack, pictures_of(pack)))
    assert read.open == []
    assert plain in "".join(read.said)


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
def test_a_pdf_is_made_of_any_name_and_has_its_visible_text(name, tmp_path):
    if shutil.which("pdftotext") is None:
        allowances.skip_without_package("poppler-utils")
    pack = pack_of(name, "Second")
    (tmp_path / "pack.pdf").write_bytes(pdf_of(pack, pictures_of(pack)))
    said = subprocess.run(
        ["pdftotext", "-layout", tmp_path / "pack.pdf", "-"], capture_output=True, check=True
    )
    assert "ford" in said.stdout.decode()


def test_no_word_of_a_table_is_broken_for_the_sake_of_a_long_name(sample, tmp_path):
    if shutil.which("pdftotext") is None:
        allowances.skip_without_package("poppler-utils")
    pack = making.contents(sample, "?source=weekly")
    (tmp_path / "pack.pdf").write_bytes(pdf_of(pack, pictures_of(pack)))
    said = subprocess.run(
        ["pdftotext", "-layout", tmp_path / "pack.pdf", "-"], capture_output=True, check=True
    )
    for word in ("Ophthalmology", "Gastroenterology", "Standard"):
        assert word in said.stdout.decode()


@pytest.fixture(scope="module")
def renamed(demo_template, tmp_path_factory):
    """A database whose organisations have the name of a test: as one may hold that was loaded long ago."""
    path = tmp_path_factory.mktemp("odd") / "demo.db"
    shutil.copy(demo_template, path)
    engine = make_engine(f"sqlite:///{path}")

    def rename(name: str):
        with engine.begin() as connection:
            connection.execute(update(schema.organisation).values(name=name, parent_name=name))
            connection.execute(update(schema.dataset).values(version=schema.dataset.c.version + 1))
        return engine

    yield rename
    engine.dispose()


@pytest.mark.parametrize(
    "query", ["?source=weekly&audience=internal", "?source=monthly&level=provider&org=R9B"]
)
@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
def test_the_pack_of_an_organisation_of_any_name_is_given_in_every_format(renamed, tmp_path, name, query):
    """Fault 7: what a scope is called decides nothing about whether its pack can be made."""
    client = served.client_of(renamed(name), tmp_path, today=date(2026, 3, 1))
    for kind in ("pptx", "docx", "xlsx"):
        answer = client.get(f"/pack.{kind}{query}")
        assert answer.status_code == 200, (kind, answer.text[:300])
        check_parts(answer.data)
    assert served.drawn(client, "/pack", query)["page"]


def test_the_pack_of_all_specialties_ticked_one_by_one_is_given_with_a_title_cut_by_an_ellipsis(
    renamed, tmp_path
):
    """Fault 7: 16 or more specialties outgrew the 255 characters of a document property: a bare 500."""
    client = served.client_of(renamed("Tameford"), tmp_path, today=date(2026, 3, 1))
    query = "?source=monthly&tf=" + ",".join(f"C_{code}" for code in CODES)
    slides = Presentation(io.BytesIO(client.get(f"/pack.pptx{query}").data))
    document = making.document(client.get(f"/pack.docx{query}").data)
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"/pack.xlsx{query}").data))
    for title in (slides.core_properties.title, document.core_properties.title, book.properties.title):
        assert len(title) == 255
        assert title.endswith("…")
    assert document.paragraphs[1].text.endswith("Urology") or len(document.paragraphs[1].text) > 255


CODES = (
    *(
        "100",
        "101",
        "110",
        "120",
        "130",
        "140",
        "150",
        "160",
        "170",
        "300",
        "301",
        "320",
        "330",
        "340",
        "400",
    ),
    *("410", "430", "502", "X01", "X02", "X03", "X04", "X05", "X06"),
)

OFFICE = {"pptx": "libreoffice-impress", "docx": "libreoffice-writer"}


@pytest.mark.parametrize("kind", OFFICE)
def test_libreoffice_opens_a_pack_of_every_breaker_and_shows_its_name(kind, tmp_path):
    if shutil.which("soffice") is None:
        allowances.skip_without_package(OFFICE[kind])
    name = f"Tameford {''.join(each for each in BREAKERS if not 0xD800 <= ord(each) < 0xE000)} Trust"
    path = tmp_path / f"pack.{kind}"
    path.write_bytes({"pptx": pptx_of, "docx": docx_of}[kind](pack_of(name, LONG)))
    said = pages_of(path)
    assert said.count("Tameford") > 5


def pages_of(path: Path) -> str:
    """The text of an office file as LibreOffice draws it."""
    profile = f"-env:UserInstallation=file://{path.parent}/profile"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", path.parent, path],
        check=True,
        capture_output=True,
        timeout=300,
    )
    pdf = path.with_suffix(".pdf")
    return subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True).stdout.decode()
