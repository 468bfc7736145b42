"""Whom a pack is made for decides what it shows, is printed on it, and what is internal is written down."""

import io
import re
from datetime import date

import openpyxl
import pytest
from pptx import Presentation
from sqlalchemy import select, text

from dashboard.analysis import pack
from dashboard.filters import from_query
from dashboard.packs.contents import audience
from dashboard.packs.contents.pack import contents_of
from dashboard.packs.formats.all import FORMATS
from dashboard.packs.formats.html.write import html_of
from dashboard.packs.formats.made import pictures_of
from dashboard.scope.scope import resolve
from dashboard.server.access import ANYBODY, Reader
from dashboard.settings.areas import Area
from dashboard.store.cache import reading
from ingest.store.database import make_engine
from ingest.store.schema import audit, pack_issue
from tests.dashboard import enquiries
from tests.dashboard import served_pages as served
from tests.dashboard.commands import Command
from tests.dashboard.packs import making

EVERYTHING = Reader("booking", may_see_pathways=True)
WEEKLY, INTERNAL = "?source=weekly", "?source=weekly&audience=internal"


def contents(engine, query, reader):
    with reading(engine) as connection:
        scope = resolve(connection, from_query(query)[0], enquiries.by(reader, date(2026, 3, 1)))
        found = pack.load(connection, audience.for_audience(scope), whole=True)
    return contents_of(found)


def cells(pack_):
    return [cell for page in pack_.pages for table in page.tables for row in table.rows for cell in row]


@pytest.fixture
def here(demo, tmp_path):
    return served.client_of(demo, tmp_path, today=date(2026, 3, 1))


def lines(engine):
    """What was taken out; that somebody looked at pathways is another line."""
    taken = select(audit.c.action, audit.c.scope, audit.c.purpose).where(audit.c.action != "viewed")
    with engine.connect() as connection:
        return connection.execute(taken).all()


def test_a_pack_is_public_unless_it_is_said_otherwise_whoever_makes_it(sample):
    """Fault 10: what is not marked as internal may go anywhere."""
    public = contents(sample, WEEKLY, EVERYTHING)
    for other in (
        contents(sample, WEEKLY, ANYBODY),
        contents(sample, f"{WEEKLY}&audience=public", EVERYTHING),
    ):
        assert cells(public) == cells(other)
    assert any("withheld" in cell.lower() or cell == "under 8" for cell in cells(public))


def test_an_internal_pack_shows_what_its_maker_sees_and_no_more(sample):
    """Fault 10: the board that may see its own figures was given "withheld"; who may not is given no more."""
    whole, nobody = contents(sample, INTERNAL, EVERYTHING), contents(sample, INTERNAL, ANYBODY)
    shown = " ".join(cells(whole)).lower()
    assert "withheld" not in shown
    assert "under 8" not in shown
    assert cells(nobody) == cells(contents(sample, WEEKLY, ANYBODY))
    assert (whole.audience.label, nobody.audience.label) == ("Internal: not for publication",) * 2
    assert "small numbers" in whole.audience.sentence
    assert "small numbers" not in nobody.audience.sentence


def test_a_service_leads_internal_pack_of_the_whole_trust_hides_what_the_lead_may_not_see(sample):
    lead = Reader("lead", areas=(Area(frozenset({"C_120"}), None),))
    theirs, public = cells(contents(sample, INTERNAL, lead)), cells(contents(sample, WEEKLY, ANYBODY))
    different = [(own, other) for own, other in zip(theirs, public, strict=True) if own != other]
    # The lead's own specialty is one row; nothing else may differ from what everybody sees.
    assert 0 < len(different) < 12
    hidden = re.compile("under 8|withheld|about .+|Not known", re.IGNORECASE)
    assert [other for _, other in different if not hidden.fullmatch(other)] == []


def test_the_audience_is_printed_on_every_file_and_stands_in_its_properties_and_name(here):
    """Fault 10: whoever holds a file, or finds it, sees for whom it is."""
    for query, label, name in (
        (WEEKLY, "Public", "public"),
        (INTERNAL, "Internal: not for publication", "internal"),
    ):
        files = {kind: here.get(f"/pack.{kind}{query}") for kind in ("pptx", "docx", "xlsx")}
        for kind, answer in files.items():
            assert f"-{name}.{kind}" in answer.headers["Content-Disposition"]
        deck = Presentation(io.BytesIO(files["pptx"].data))
        assert deck.core_properties.category == label
        for slide in deck.slides:
            assert any(
                shape.has_text_frame and f"{label}. " in shape.text_frame.text for shape in slide.shapes
            )
        document = making.document(files["docx"].data)
        assert document.core_properties.category == label
        assert f"{label}. " in document.sections[0].footer.paragraphs[-1].text
        book = openpyxl.load_workbook(io.BytesIO(files["xlsx"].data))
        assert book.properties.category == label
        assert all(label in (sheet.oddFooter.left.text or "") for sheet in book.worksheets[1:])


def test_the_html_says_the_audience_at_its_head_and_foot(sample):
    pack = contents(sample, INTERNAL, EVERYTHING)
    made = html_of(pack, pictures_of(pack))
    head, _, foot = made.partition("<footer>")
    assert audience.HOLDS_SMALL in head
    assert "Internal: not for publication." in foot
    assert '<meta name="keywords" content="Internal: not for publication">' in head


def test_what_holds_small_numbers_is_written_into_the_audit_trail_before_it_is_given(demo, here):
    """Fault 10: an internal pack of a tracking list is an export of what could point at patients."""
    here.get(f"/pack.pptx{WEEKLY}")
    here.get("/pack.pptx?source=monthly&audience=internal")
    here.get(f"/card.pptx{WEEKLY}&page=/list&card=shape")
    assert lines(demo) == [], "public packs and published figures hold none"
    assert here.get(f"/pack.docx{INTERNAL}").status_code == 200
    ((action, scope, purpose),) = lines(demo)
    assert (action, purpose) == ("exported small numbers", "internal, pack.docx")
    assert scope.startswith("/pack?")
    assert "audience=internal" in scope
    assert "census=2026-02-22" in scope
    with demo.begin() as connection:
        connection.execute(text("drop table audit"))
    answer = here.get(f"/pack.docx{INTERNAL}")
    assert answer.status_code == 503
    assert answer.mimetype == "text/html"


def test_the_file_of_a_single_chart_is_public_unless_it_is_said_otherwise(demo, here):
    """Fault 10: a chart leaves its page as a pack does."""
    query = f"{WEEKLY}&tf=C_130&page=/list&card="
    name = next(name for name in served.cards(served.drawn(here, "/list", f"{WEEKLY}&tf=C_130")["page"]))
    public = here.get(f"/card.xlsx{query}{name}")
    internal = here.get(f"/card.xlsx{query}{name}&audience=internal")
    # The week bands of a specialty are shown to nobody without access.
    assert (public.status_code, "This chart is not public" in public.text) == (404, True)
    assert "-internal.xlsx" in internal.headers["Content-Disposition"]
    whole = here.get(f"/card.xlsx{WEEKLY}&page=/list&card=shape")
    assert "-public.xlsx" in whole.headers["Content-Disposition"]
    values = [
        [str(cell.value) for row in openpyxl.load_workbook(io.BytesIO(each.data)).worksheets[1].iter_rows()
         for cell in row]
        for each in (whole, internal)
    ]  # fmt: skip
    assert any("ithheld" in cell or "under 8" in cell for cell in values[0])
    assert not any("ithheld" in cell or "under 8" in cell for cell in values[1])
    assert [action for action, *_ in lines(demo)] == ["exported small numbers"]


def test_a_table_taken_as_csv_warns_where_its_reader_sees_small_numbers(here, demo, tmp_path):
    query = f"/card.csv{WEEKLY}&page=/pack&card=summary"
    assert audience.HOLDS_SMALL in here.get(query).text.replace('"', "")
    assert audience.HOLDS_SMALL not in served.client_of(demo, tmp_path, access="none").get(query).text


def test_the_page_shows_what_the_files_hold_and_offers_the_choice(here):
    for query, name in ((WEEKLY, "Public"), (INTERNAL, "Internal")):
        drawn = served.drawn(here, "/pack", query)
        files = served.cards(drawn["page"])["files"]
        assert f"{name}" in served.words(files).partition(".")[0]
        links = [part["props"]["href"] for part in served.of_type(files, "A") if "download" in part["props"]]
        assert len(links) == len(FORMATS)
        assert all(("audience=internal" in link) is (name == "Internal") for link in links)
        assert "Files for" in served.words(drawn["filters"])


def test_the_command_makes_either_audits_the_internal_one_and_never_compares_the_two(
    demo_url, monkeypatch, capsys, tmp_path
):
    """Fault 10: a public pack must not print "in the last pack: 3" of an internal one."""
    monkeypatch.setenv("RTT_DATABASE_URL", demo_url)
    rtt = Command(monkeypatch, capsys)
    engine = make_engine(demo_url)
    order = ("pack", "--formats", "xlsx", "--out", tmp_path)
    assert rtt(*order, "--audience", "internal").code == 4
    assert [(action, purpose) for action, _, purpose in lines(engine)] == [
        ("exported small numbers", "internal, rtt pack (xlsx)")
    ]
    with engine.begin() as connection:
        connection.execute(pack_issue.update().values(data_hash="0" * 64))
    assert rtt(*order).code == 4
    assert len(lines(engine)) == 1
    public, internal = (
        openpyxl.load_workbook(tmp_path / f"rtt-pack-r9a-2026-02-22-{name}.xlsx")
        for name in audience.AUDIENCES
    )
    for first in (public, internal):
        assert "last pack" not in str(list(first["Data quality"].values))
        assert "Changes" not in first.sheetnames
    assert rtt(*order, "--audience", "internal").code == 4
    again = openpyxl.load_workbook(tmp_path / "rtt-pack-r9a-2026-02-22-internal.xlsx")
    assert "have not been revised" in str(list(again["Data quality"].values))
    with engine.connect() as connection:
        kept = connection.execute(select(pack_issue.c.audience)).scalars().all()
    assert sorted(kept) == ["internal", "internal", "public"]
    engine.dispose()
