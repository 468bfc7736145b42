"""The page of the board pack: what people write beside exceptions, files, and who may not write."""

import io
import shutil
from datetime import date

import pytest
from pptx import Presentation

from ingest.database import make_engine
from tests.app import served_pages as served

OURS = {"Origin": "http://localhost"}
SCOPE = {"source": "monthly", "level": "england", "organisation_code": "ENG", "treatment_function": "C_999"}
SAID = {
    "measure": "share_within_18",
    "opened_on": "2025-12-31",
    "why": "Theatres <closed> & moved",
    "actions": "Two more lists a week",
    "owner": "A. Lead",
    "due": "2026-04-30",
    "back": "/pack?source=monthly",
}
QUERY = "?source=monthly&census=2025-12"


@pytest.fixture(scope="module")
def engine(demo_template, tmp_path_factory):
    """One copy for all tests here: whoever writes also closes."""
    path = tmp_path_factory.mktemp("packs") / "demo.db"
    shutil.copy(demo_template, path)
    engine = make_engine(f"sqlite:///{path}")
    yield engine
    engine.dispose()


@pytest.fixture
def client(engine, tmp_path):
    return served.client_of(engine, tmp_path, today=date(2026, 3, 1))


def words(client, query=QUERY):
    return served.words(served.cards(served.drawn(client, "/pack", query)["page"])["exceptions"])


def test_what_is_written_stands_on_page_and_slide_is_carried_forward_and_ends_when_closed(client):
    assert "Not written yet." in words(client)
    assert client.post("/narratives", data={**SCOPE, **SAID}, headers=OURS).status_code == 303
    for query in (QUERY, "?source=monthly"):  # the next month too
        assert "Theatres <closed> & moved" in words(client, query)
        assert "Two more lists a week (A. Lead, by 30 Apr 2026; open since" in words(client, query)
    assert "Theatres" not in words(client, "?source=monthly&census=2025-11"), "written later"
    assert "Theatres" not in words(client, "?source=monthly&level=provider&org=R9B"), "of another scope"
    deck = Presentation(io.BytesIO(client.get(f"/pack.pptx{QUERY}").data))
    said = [shape.text_frame.text for slide in deck.slides for shape in slide.shapes if shape.has_text_frame]
    assert any("Theatres <closed> & moved" in text for text in said)

    newer = {**SCOPE, **SAID, "why": "Staffing", "opened_on": "2026-01-31"}
    assert client.post("/narratives", data=newer, headers=OURS).status_code == 303
    assert "Staffing" in words(client), "opened in December, changed later"
    assert "Theatres" not in words(client)

    forms = served.of_type(served.drawn(client, "/pack", QUERY)["page"], "Form")
    (closing,) = [form["props"]["action"] for form in forms if "withdraw" in form["props"]["action"]]
    assert client.post(closing, data={"back": "/pack"}, headers=OURS).status_code == 303
    assert "Staffing" not in words(client)


@pytest.mark.parametrize(
    "wrong", [{"why": ""}, {"due": "soon"}, {"measure": "height"}, {"why": "x" * 1201}, {"owner": " "}]
)
def test_what_cannot_be_kept_is_refused_in_words(client, wrong):
    answer = client.post("/narratives", data={**SCOPE, **SAID, **wrong}, headers=OURS)
    assert answer.status_code == 400
    assert "Nothing was written" in answer.text
    assert "Theatres" not in words(client)


def test_who_may_not_write_sees_no_form_and_is_denied(engine, tmp_path):
    client = served.client_of(engine, tmp_path, access="none")
    page = served.drawn(client, "/pack", QUERY)["page"]
    assert served.of_type(page, "Form") == []
    assert client.post("/narratives", data={**SCOPE, **SAID}, headers=OURS).status_code == 403


def test_small_numbers_are_kept_back_from_everybody(client):
    """The reader may see pathways; what goes to a board may not show them."""
    table = served.table_of(
        served.cards(served.drawn(client, "/pack", "?source=weekly&tf=C_130")["page"])["summary"]
    )
    at = table[0].index("Latest")
    counts = {row[at] for row in table[1:] if row[0].startswith(("Over", "Waiting", "Will"))}
    assert not counts & set("1234567")


def test_any_chart_goes_out_from_its_card_in_every_office_format(client):
    for kind in ("pptx", "docx", "xlsx"):
        answer = client.get(f"/card.{kind}?source=monthly&page=/&card=share-trend")
        assert answer.status_code == 200
        assert answer.data[:2] == b"PK"
        assert f"overview-share-trend.{kind}" in answer.headers["Content-Disposition"]
    deck = Presentation(io.BytesIO(client.get("/card.pptx?source=monthly&page=/&card=share-trend").data))
    assert any(shape.has_chart for slide in deck.slides for shape in slide.shapes)
    for query in ("page=/&card=none", "page=/nowhere&card=share-trend", ""):
        assert client.get(f"/card.pptx?{query}").status_code == 404
    assert client.get("/pack.exe").status_code == 404
