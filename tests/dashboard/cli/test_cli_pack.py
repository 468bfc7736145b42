"""`rtt pack`: which scope and census, which files, how it ends, and what the next pack says was revised."""

import io
import shutil
from datetime import date

import docx
import pytest
from pptx import Presentation
from pptx.util import Emu, Inches
from sqlalchemy import func, select, update

from dashboard.packs.formats.format import NotHere
from dashboard.scope.pack_scope import scope_of_pack
from ingest.store.database import make_engine
from ingest.store.schema import load, pack_issue, pathway_counts, run
from tests.dashboard import enquiries
from tests.dashboard.commands import Command


@pytest.fixture
def rtt(monkeypatch, capsys):
    return Command(monkeypatch, capsys)


@pytest.fixture(scope="module")
def copied(demo_template, tmp_path_factory):
    """One copy for all tests here: packs add a row about themselves, and the last test alone revises."""
    path = tmp_path_factory.mktemp("packs") / "x.db"
    shutil.copy(demo_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def database(copied, monkeypatch):
    monkeypatch.setenv("RTT_DATABASE_URL", copied)
    engine = make_engine(copied)
    yield engine
    engine.dispose()


def said(path):
    deck = Presentation(io.BytesIO(path.read_bytes()))
    return "\n".join(
        text
        for slide in deck.slides
        for shape in slide.shapes
        for text in (
            [shape.text_frame.text]
            if shape.has_text_frame
            else [cell.text for row in shape.table.rows for cell in row.cells]
            if shape.has_table
            else []
        )
    )


@pytest.mark.parametrize(
    ("code", "days", "expected"),
    [
        (None, None, ("weekly", "R9A", date(2026, 2, 22))),
        ("R9B", None, ("monthly", "R9B", None)),
        ("England", None, ("monthly", "ENG", None)),
        ("r9b", None, ("monthly", "R9B", None)),
        ("r9a", None, ("weekly", "R9A", date(2026, 2, 22))),
        ("QZ9", None, ("monthly", "QZ9", None)),
        (None, (date(2025, 3, 1), date(2025, 3, 31)), ("monthly", "ENG", date(2025, 3, 31))),
        ("R9A", (date(2025, 3, 1), date(2025, 3, 31)), ("monthly", "R9A", date(2025, 3, 31))),
        ("R9A", (date(2026, 2, 15), date(2026, 2, 15)), ("weekly", "R9A", date(2026, 2, 15))),
    ],
)
def test_the_scope_is_the_one_asked_for(database, code, days, expected):
    with database.connect() as connection:
        scope = scope_of_pack(connection, code, days, "public", enquiries.by())
    source, organisation, census = expected
    assert (scope.source, scope.organisation.code) == (source, organisation)
    assert census in (None, scope.census)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--scope", "XXX"), "--scope is 'XXX'; no organisation"),
        (("--census", "2019-01"), "No census of 31 Jan 2019 is loaded"),
        (("--census", "soon"), "expected a month"),
        (("--formats", "pptx,odp"), "'odp'"),
    ],
)
def test_what_cannot_be_meant_is_said_and_nothing_is_written(rtt, database, tmp_path, options, words):
    ran = rtt("pack", *options, "--out", tmp_path / "out")
    assert (ran.code, ran.out) == (2, "")
    assert words in ran.err
    assert not (tmp_path / "out").exists()
    outcome, message = last_run(database)
    assert outcome == "failed"
    assert words in message


def last_run(engine):
    with engine.connect() as connection:
        row = connection.execute(select(run).where(run.c.kind == "pack").order_by(run.c.id.desc())).first()
    return row.outcome, row.message


def packs_sent(engine):
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(pack_issue)).scalar_one()


def test_a_folder_that_cannot_be_written_to_is_wrong_use_and_no_pack_was_sent(rtt, database, tmp_path):
    (tmp_path / "file").write_text("in the way")
    before = packs_sent(database)
    ran = rtt("pack", "--scope", "QZ9", "--formats", "xlsx", "--out", tmp_path / "file" / "out")
    assert (ran.code, ran.out) == (2, "")
    assert "--out is" in ran.err
    assert "cannot be written to" in ran.err
    outcome, message = last_run(database)
    assert outcome == "failed"
    assert "cannot be written to" in message
    assert packs_sent(database) == before


def test_without_pango_the_run_says_which_format_is_missing(rtt, database, tmp_path, monkeypatch):
    def missing(_pack, _pictures):
        raise NotHere("PDF needs Pango")

    monkeypatch.setattr("dashboard.packs.formats.pdf.write.pdf_of", missing)
    before = packs_sent(database)
    order = ("pack", "--scope", "QZ9", "--census", "2025-04", "--out", tmp_path)
    ran = rtt(*order, "--formats", "pdf")
    assert ran.code == 3
    assert last_run(database)[0] == "warned"
    assert "no file; PDF was not made" in last_run(database)[1]
    assert packs_sent(database) == before
    ran = rtt(*order, "--formats", "html,pdf")
    assert ran.code == 3
    assert "PDF was not made. PDF needs Pango." in ran.err
    assert last_run(database)[0] == "warned"
    assert packs_sent(database) == before + 1


def test_a_format_that_fails_leaves_the_others_and_a_failed_run(rtt, database, tmp_path, monkeypatch):
    def fails(_pack):
        raise RuntimeError("secret")

    monkeypatch.setattr("dashboard.packs.formats.xlsx.write.xlsx_of", fails)
    order = ("pack", "--scope", "QZ9", "--census", "2025-04", "--out", tmp_path / "out")
    ran = rtt(*order, "--formats", "xlsx,docx")
    assert ran.code == 1
    assert "XLSX was not made" in ran.err
    assert [path.suffix for path in (tmp_path / "out").iterdir()] == [".docx"]
    outcome, message = last_run(database)
    assert (outcome, "docx; XLSX failed (RuntimeError)" in message) == ("failed", True)
    assert "secret" not in ran.err + message


def test_a_pack_that_went_well_leaves_a_row_that_says_so(rtt, database, tmp_path):
    assert rtt(*OLD, "--out", tmp_path).code == 0
    assert last_run(database) == ("ok", "rtt-pack-qz9-2025-02-28-public: pptx, docx")


@pytest.fixture
def templates(tmp_path):
    slides, document = Presentation(), docx.Document()
    slides.slide_width = Emu(9_000_000)
    document.sections[0].header.paragraphs[0].text = "The trust"
    slides.save(tmp_path / "trust.pptx")
    document.save(tmp_path / "trust.DOCX")
    return tmp_path / "trust.pptx", tmp_path / "trust.DOCX"


OLD = ("pack", "--scope", "QZ9", "--census", "2025-02", "--formats", "pptx,docx")


def _looks(folder):
    slides = Presentation(folder / "rtt-pack-qz9-2025-02-28-public.pptx")
    document = docx.Document(folder / "rtt-pack-qz9-2025-02-28-public.docx")
    return slides.slide_width, document.sections[0].header.paragraphs[0].text


def test_a_template_goes_to_the_format_that_its_name_ends_with(rtt, database, templates, tmp_path):
    slides, document = templates
    assert rtt(*OLD, "--template", slides, "--template", document, "--out", tmp_path / "both").code == 0
    assert _looks(tmp_path / "both") == (9_000_000, "The trust")
    assert rtt(*OLD, "--template", document, "--out", tmp_path / "word").code == 0
    assert _looks(tmp_path / "word") == (Inches(13.333), "The trust")


def test_a_setting_names_the_templates_where_no_option_does(rtt, database, templates, tmp_path, monkeypatch):
    slides, document = templates
    monkeypatch.setenv("RTT_PACK_TEMPLATES", f"{slides}, {document}")
    assert rtt(*OLD, "--out", tmp_path / "set").code == 0
    assert _looks(tmp_path / "set") == (9_000_000, "The trust")
    assert rtt(*OLD, "--template", slides, "--out", tmp_path / "option").code == 0
    assert _looks(tmp_path / "option") == (9_000_000, "")
    monkeypatch.setenv("RTT_PACK_TEMPLATES", str(tmp_path / "gone.docx"))
    ran = rtt(*OLD, "--out", tmp_path / "none")
    assert (ran.code, ran.out) == (2, "")
    assert "RTT_PACK_TEMPLATES names 'gone.docx'" in ran.err


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["trust.potx"], "trust.potx is no template for a pack: expected .pptx or .docx"),
        (["broken.pptx"], "broken.pptx is not a PowerPoint template, or damaged"),
        (["broken.docx"], "broken.docx is not a Word template, or damaged"),
        (["slides.docx"], "slides.docx is not a Word template"),
        (["trust.pptx", "other.pptx"], "trust.pptx and other.pptx are both for PowerPoint"),
    ],
)
def test_a_template_that_cannot_be_used_is_refused_by_name(rtt, database, templates, tmp_path, names, words):
    slides, _ = templates
    for name in ("other.pptx", "slides.docx", "trust.potx"):
        shutil.copy(slides, tmp_path / name)
    for name in ("broken.pptx", "broken.docx"):
        (tmp_path / name).write_text("not an office file")
    options = [each for name in names for each in ("--template", tmp_path / name)]
    # The broken one is refused even where no file would be made from it.
    ran = rtt("pack", "--formats", "xlsx", *options, "--out", tmp_path / "out")
    assert (ran.code, ran.out) == (2, "")
    assert words in ran.err
    assert not (tmp_path / "out").exists()


def test_late_data_are_packed_as_a_draft_with_code_4_and_the_same_bytes_again(rtt, database, tmp_path):
    # The sample ends in February 2026: whatever today is, the next list was due long before.
    ran = rtt("pack", "--formats", "pptx,docx,xlsx", "--out", tmp_path / "one")
    assert ran.code == 4
    assert "DRAFT: " in ran.err
    assert ran.out == ""
    again = rtt("pack", "--formats", "pptx,docx,xlsx", "--out", tmp_path / "two")
    assert again.code == 4
    names = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert names == [f"rtt-pack-r9a-2026-02-22-public.{kind}" for kind in ("docx", "pptx", "xlsx")]
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes(), name
    assert "DRAFT" in said(tmp_path / "one" / "rtt-pack-r9a-2026-02-22-public.pptx")


def test_an_old_census_is_no_draft_and_the_next_pack_says_what_was_revised(rtt, database, tmp_path):
    order = ("pack", "--scope", "R9B", "--census", "2025-03", "--formats", "pptx", "--out", tmp_path)
    path = tmp_path / "rtt-pack-r9b-2025-03-31-public.pptx"
    assert rtt(*order).code == 0
    assert "last pack" not in said(path)
    c = pathway_counts.c
    with database.begin() as connection:
        # As a revised file would: another hash, other counts.
        connection.execute(update(load).values(file_sha256="0" * 64))
        connection.execute(
            update(pathway_counts)
            .where(c.organisation_code == "R9B", c.census_date == date(2025, 3, 31), c.part == "2")
            .values(total=c.total + 1, unknown_clock_start=c.unknown_clock_start + 1)
        )
    assert rtt(*order).code == 0
    assert "for 31 Mar 2025 revised since" in said(path)
