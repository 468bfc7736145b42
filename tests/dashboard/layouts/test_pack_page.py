"""The page of the board pack: what people write beside exceptions, files, and who may not write."""

import csv
import io
import re
import shutil
import zipfile
from datetime import UTC, date, datetime

import docx
import openpyxl
import pytest
from pptx import Presentation
from sqlalchemy import event

from dashboard.application import create_app
from dashboard.pages import PAGES
from dashboard.settings.settings import Settings
from ingest.store.database import make_engine
from tests.dashboard import served_pages as served

OURS = {"Origin": "http://localhost"}
SCOPE = {"source": "monthly", "level": "england", "organisation_code": "ENG", "treatment_function": "C_999"}
SAID = {
    "opened_on": "2025-12-31",
    "why.share_within_18": "Theatres <closed> & moved",
    "actions.share_within_18": "Two more lists a week",
    "owner.share_within_18": "A. Lead",
    "due.share_within_18": "2026-04-30",
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


def form_of(client, query=QUERY):
    """The form as a browser would send it: every field by its name."""
    (form,) = [
        each
        for each in served.of_type(served.drawn(client, "/pack", query)["page"], "Form")
        if each["props"]["action"] == "/narratives"
    ]
    fields = [part["props"] for part in served.parts(form) if part["props"].get("name")]
    return {field["name"]: field.get("value") or "" for field in fields}


def said_on_slides(client, query=QUERY):
    deck = Presentation(io.BytesIO(client.get(f"/pack.pptx{query}").data))
    shapes = [shape for slide in deck.slides for shape in slide.shapes if shape.has_text_frame]
    return " ".join(shape.text_frame.text for shape in shapes)


def words(client, query=QUERY):
    return " ".join(form_of(client, query).values())


def page_words(client, query=QUERY):
    return served.words(served.drawn(client, "/pack", query)["page"])


def test_what_is_written_stands_on_page_and_slide_is_carried_forward_and_ends_when_emptied(client):
    assert "Missing: why, action, owner and date" in page_words(client)
    form = form_of(client)
    assert {
        "why.share_within_18",
        "actions.share_within_18",
        "why.passing_18_in_4_weeks",
        "why.board_ask",
    } <= set(form)
    assert client.post("/narratives", data={**form, **SAID}, headers=OURS).status_code == 303
    for query in (QUERY, "?source=monthly"):  # the next month too
        assert "Theatres <closed> & moved" in words(client, query)
    assert "18 weeks. Complete." in page_words(client)
    assert "Theatres" not in words(client, "?source=monthly&census=2025-11"), "written later"
    assert "Theatres" not in words(client, "?source=monthly&level=provider&org=R9B"), "of another scope"
    said = said_on_slides(client)
    assert "Theatres <closed> & moved" in said
    assert "Two more lists a week (A. Lead, by 30 Apr 2026; open since" in said

    newer = {**form_of(client), "why.share_within_18": "Staffing", "opened_on": "2026-01-31"}
    assert client.post("/narratives", data=newer, headers=OURS).status_code == 303
    assert "Staffing" in words(client), "opened in December, changed later"
    assert "Theatres" not in words(client)

    empty = {
        name: "" if "share_within_18" in name and "shown" not in name else value
        for name, value in form_of(client).items()
    }
    assert client.post("/narratives", data=empty, headers=OURS).status_code == 303
    assert "Staffing" not in words(client)
    assert "Why" not in said_on_slides(client)


def test_a_part_may_be_left_empty_and_leaves_nothing_in_the_pack(client):
    part = {**form_of(client), "owner.passing_18_in_4_weeks": "B. Lead"}
    assert client.post("/narratives", data=part, headers=OURS).status_code == 303
    assert "Predicted breaches. Missing: why, action and date." in page_words(client)
    said = said_on_slides(client)
    assert "B. Lead. Open since the census of 31 Dec 2025." in said
    assert "Why:" not in said
    undone = {**form_of(client), "owner.passing_18_in_4_weeks": ""}
    assert client.post("/narratives", data=undone, headers=OURS).status_code == 303


def test_a_text_that_its_writer_did_not_change_is_not_written_over_what_somebody_wrote_since(client):
    first, second = form_of(client), form_of(client)
    first["why.share_within_18"] = "By the first"
    second["why.passing_18_in_4_weeks"] = "By the second"
    for each in (first, second):
        assert client.post("/narratives", data=each, headers=OURS).status_code == 303
    assert form_of(client)["why.share_within_18"] == "By the first"
    assert form_of(client)["why.passing_18_in_4_weeks"] == "By the second"
    done = {name: "" if name.startswith("why.") else value for name, value in form_of(client).items()}
    assert client.post("/narratives", data=done, headers=OURS).status_code == 303


def test_what_the_board_is_asked_can_be_written_a_line_each(client):
    before = said_on_slides(client)
    assert "Approve the plan" not in before
    asked = {**form_of(client), "why.board_ask": "Approve the plan\n\n- Note the risk"}
    assert client.post("/narratives", data=asked, headers=OURS).status_code == 303
    assert form_of(client)["why.board_ask"] == "Approve the plan\nNote the risk"
    said = said_on_slides(client)
    assert "\N{BULLET} Approve the plan" in said
    assert "\N{BULLET} Note the risk" in said
    undone = {**form_of(client), "why.board_ask": ""}
    assert client.post("/narratives", data=undone, headers=OURS).status_code == 303
    assert said_on_slides(client) == before


def test_the_page_names_no_command_and_no_variable(client):
    told = page_words(client)
    assert "RTT_" not in told
    assert "rtt pack" not in told


@pytest.mark.parametrize(
    "wrong",
    [
        *({"due.share_within_18": "soon"}, {"why.height": "x"}, {"why.share_within_18": "x" * 1201}),
        *({"owner.share_within_18": "x" * 81}, {"why.share_within_18": "\u200b"}),
        *({"organisation_code": "ZZZ"}, {"level": "provider", "organisation_code": "ZZZ"}),
        {"level": "provider"},  # ENG is none
    ],
)
def test_what_cannot_be_kept_is_refused_in_words(client, wrong):
    answer = client.post("/narratives", data={**SCOPE, **SAID, **wrong}, headers=OURS)
    assert answer.status_code == 400
    assert "Nothing was saved" in answer.text
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


CARDS = {
    "?source=monthly": [page.path for page in PAGES if page.controls and not page.audited],
    "?source=monthly&peers=providers": ("/specialties",),
    "?source=weekly": ("/list", "/breaches"),
}


@pytest.mark.parametrize("query", CARDS)
def test_every_chart_of_every_page_goes_out_from_its_card_in_every_format_it_offers(client, query):
    taken = 0
    for path in CARDS[query]:
        for name, card in served.cards(served.drawn(client, path, query)["page"]).items():
            offered = {part["props"].get("data-export") for part in served.parts(card)} - {None}
            if "pptx" not in offered:
                assert offered <= {"csv"}, "a card without a chart"
                continue
            assert {"csv", "png", "svg", "docx", "xlsx"} < offered
            taken += 1
            _check_card(client, f"{query}&audience=internal&page={path}&card={name}", card)
    assert taken


def _check_card(client, query, card):
    (picture,) = [part["props"] for part in served.parts(card) if part["props"].get("role") == "img"]
    deck = Presentation(io.BytesIO(client.get(f"/card.pptx{query}").data))
    (frame,) = [shape for slide in deck.slides for shape in slide.shapes if shape.has_chart]
    assert next(frame._element.iter("{*}cNvPr")).get("descr") == picture["aria-label"]
    document = docx.Document(io.BytesIO(client.get(f"/card.docx{query}").data))
    assert [each.get("descr") for each in document.element.iter("{*}docPr")] == [picture["aria-label"]]
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"/card.xlsx{query}").data))
    assert [len(sheet._charts) for sheet in book.worksheets] == [0, 1]
    assert client.get(f"/card.csv{query}").status_code == 200


def test_a_bridge_goes_out_with_the_numbers_of_its_table(client):
    query = "?source=weekly&page=/breaches&card=movement"
    lines = client.get(f"/card.csv{query}").text.splitlines()
    told = dict(csv.reader(lines[1 : lines.index("")]))
    deck = Presentation(io.BytesIO(client.get(f"/card.pptx{query}").data))
    (chart,) = [shape.chart for slide in deck.slides for shape in slide.shapes if shape.has_chart]
    names = [each.label for each in chart.plots[0].categories]
    foot, *drawn = [list(series.values) for part in chart.plots for series in part.series]
    printed = {name: _number(words) for name, words in told.items()}
    assert names == list(printed)
    for row, name in enumerate(names):
        (value,) = [series[row] for series in drawn if series[row] is not None]
        assert value == abs(printed[name]), name
    before, *steps, after = printed.values()
    assert before + sum(steps) == after
    assert foot[0] is foot[-1] is None


def _number(words):
    # A spreadsheet would take a sign for a formula's, so the file has a mark before it.
    return int(words.lstrip("'").replace(",", "").replace("−", "-"))


def test_the_bands_of_a_fan_end_where_its_table_says(client):
    query = "?source=monthly&page=/breaches&card=projection"
    lines = list(csv.reader(client.get(f"/card.csv{query}").text.splitlines()))
    head, last = lines[0], [row for row in lines if len(row) > 1 and row[1] == "Scenario"][-1]
    deck = Presentation(io.BytesIO(client.get(f"/card.pptx{query}").data))
    (chart,) = [shape.chart for slide in deck.slides for shape in slide.shapes if shape.has_chart]
    series = chart.plots[0].series
    drawn = {each.name: [value for value in each.values if value is not None][-1] for each in series}
    assert f"{drawn['Scenario']:.1%}" == last[2]
    for name in head[3:]:
        assert f"{drawn[f'{name}, lower end']:.1%} to {drawn[name]:.1%}" == last[head.index(name)]


def test_a_chart_from_a_card_says_which_data_and_which_version(client):
    deck = Presentation(io.BytesIO(client.get("/card.pptx?source=monthly&page=/&card=share-trend").data))
    feet = [shape.text_frame.text for slide in deck.slides for shape in slide.shapes if shape.has_text_frame]
    assert [bool(re.search(r" Data [0-9a-f]{12}\. RTT dashboard \d", text)) for text in feet].count(True) == 2


CARD = "?source=monthly&page=/&card=share-trend"


def test_a_chart_of_late_data_is_stamped_from_its_card_as_in_the_pack(engine, tmp_path, client):
    late = served.client_of(engine, tmp_path, today=date(2027, 1, 1))
    for kind in ("pptx", "docx", "xlsx"):
        assert "DRAFT" in _said(late.get(f"/card.{kind}{CARD}").data, kind), kind
        assert "DRAFT" not in _said(client.get(f"/card.{kind}{CARD}").data, kind), kind
    reasons = re.compile("the next was due on [^.]*")
    of_pack = reasons.search(_said(late.get("/pack.docx?source=monthly").data, "docx"))
    assert of_pack[0] in _said(late.get(f"/card.docx{CARD}").data, "docx")


def _said(content, kind):
    if kind == "pptx":
        deck = Presentation(io.BytesIO(content))
        shapes = [shape for slide in deck.slides for shape in slide.shapes if shape.has_text_frame]
        return " ".join(shape.text_frame.text for shape in shapes)
    if kind == "docx":
        document = docx.Document(io.BytesIO(content))
        head = document.sections[0].header.paragraphs
        return " ".join(each.text for each in (*head, *document.paragraphs))
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = [str(cell.value) for sheet in book for row in sheet for cell in row]
    return " ".join((*cells, *(str(sheet.oddHeader.center.text) for sheet in book)))


def test_a_chart_from_a_card_bears_the_time_that_the_settings_say(engine, tmp_path, client):
    settings = Settings(home=tmp_path, made_at=datetime(2020, 1, 1, tzinfo=UTC))
    fixed = create_app(engine, settings, today=lambda: date(2026, 3, 1)).server.test_client()
    for kind in ("pptx", "docx", "xlsx"):
        core = _core(fixed.get(f"/card.{kind}{CARD}").data)
        assert core == _core(fixed.get(f"/pack.{kind}?source=monthly").data) == {"2020-01-01T00:00:00Z"}
        assert core != _core(client.get(f"/card.{kind}{CARD}").data)


def _core(content):
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return set(
            re.findall(
                r"<dcterms:(?:created|modified)[^>]*>([^<]*)", package.read("docProps/core.xml").decode()
            )
        )


def test_a_standard_that_allows_nobody_is_told_apart_from_none(client):
    table = served.table_of(served.cards(served.drawn(client, "/pack", QUERY)["page"])["summary"])
    at, assured = table[0].index("Standard"), table[0].index("Assurance")
    told = {row[0]: (row[at], row[assured]) for row in table[1:]}
    assert any(standard == "0 allowed" and "met in" in words for standard, words in told.values())
    assert {words for standard, words in told.values() if standard == "–"} == {"No standard"}


def test_files_of_the_page_are_made_in_the_templates_of_the_settings(engine, tmp_path):
    template, broken = docx.Document(), tmp_path / "trust.pptx"
    template.sections[0].header.paragraphs[0].text = "The trust"
    template.save(tmp_path / "trust.docx")
    broken.write_text("no slides")
    settings = Settings(home=tmp_path, pack_templates=(tmp_path / "trust.docx", broken))
    client = create_app(engine, settings, today=lambda: date(2026, 3, 1)).server.test_client()
    document = docx.Document(io.BytesIO(client.get(f"/pack.docx{QUERY}").data))
    assert document.sections[0].header.paragraphs[0].text == "The trust"
    answer = client.get(f"/pack.pptx{QUERY}")
    assert answer.status_code == 501
    assert "trust.pptx is not a PowerPoint template" in answer.text


def test_a_file_that_no_card_can_give_is_not_found(client):
    answer = client.get("/card.pptx?source=monthly&page=/&card=share-trend")
    assert "overview-share-trend-public.pptx" in answer.headers["Content-Disposition"]
    for query in ("page=/&card=none", "page=/nowhere&card=share-trend", ""):
        assert client.get(f"/card.pptx?{query}").status_code == 404
    assert client.get("/pack.exe").status_code == 404


@pytest.mark.parametrize("query", ["?source=monthly", "?source=weekly", "?source=weekly&census=2024-03-10"])
def test_the_page_takes_at_most_ten_statements(demo_template, tmp_path, query):
    """It took up to fourteen: the first week has nobody whose wait is near its end, and was asked twice."""
    engine = make_engine(f"sqlite:///{demo_template}")  # a new engine remembers nothing
    client = served.client_of(engine, tmp_path, access="none")
    made = []
    event.listen(engine, "before_cursor_execute", lambda *said: made.append(said[2]))
    served.drawn(client, "/pack", query)
    engine.dispose()
    asked = served.each_time([text for text in made if not text.startswith(("PRAGMA", "BEGIN"))])
    assert len(asked) + 1 <= 10, asked  # and one that making the server asked
