"""What must hold in a copy of the project that has one of the made-up things; run by `test_four_changes`."""

from datetime import date

import pytest

from dashboard.pages import PAGES
from tests.dashboard import months
from tests.dashboard import served_pages as served
from tests.dashboard.commands import Command
from tests.servers import ROOT

EXAMPLE = ROOT / "sample_data" / "examples" / "made-up-record.csv"
MONTH = {"C_100": ({5: 60, 20: 40, 30: 25, 60: 30}, 50, 70, 90), "C_110": ({5: 30, 25: 9}, 5, 7, 9)}


@pytest.fixture
def months_held(tmp_path):
    (tmp_path / "months").mkdir()
    held = dict.fromkeys(months.months_from(date(2026, 5, 31), 2), MONTH)
    engine = months.database(tmp_path / "months", held)
    yield engine
    engine.dispose()


@pytest.fixture
def client(months_held, tmp_path):
    return served.client_of(months_held, tmp_path, today=date(2026, 9, 14))


@pytest.fixture
def rtt(monkeypatch, capsys, tmp_path, months_held):
    monkeypatch.setenv("RTT_HOME", str(tmp_path))
    monkeypatch.setenv("RTT_DATABASE_URL", months_held.url.render_as_string(hide_password=False))
    return Command(monkeypatch, capsys)


def test_the_page_is_in_the_navigation_and_draws_with_its_controls_and_files(client):
    drawn = served.drawn(client, "/slots", "?source=monthly")
    links = {part["props"].get("href", "").partition("?")[0] for part in served.parts(drawn["navigation"])}
    assert links >= {"/slots", *(page.path for page in PAGES if page.path == "/trends")}
    assert "Census" in served.words(drawn["filters"])
    assert [served.words(each) for each in served.of_type(drawn["page"], "H1")] == ["Slots"]
    assert "Theatre 1,12" in client.get("/card.csv?page=/slots&card=slots").text


def test_the_extract_is_recognised_loaded_and_named_to_who_brings_another(rtt, tmp_path):
    checked, loaded, again = rtt("check", EXAMPLE), rtt("load", EXAMPLE), rtt("load", EXAMPLE)
    assert (checked.code, loaded.code, again.code) == (0, 0, 0), checked.err + loaded.err
    assert "unchanged" in again.err
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n")
    refused = rtt("check", other)
    assert refused.code == 3
    assert "A made-up record: plain lines." in refused.err
    assert "A made-up record: plain lines." in " ".join(rtt("load", "--help").out.split())


def test_the_extract_is_named_where_files_are_loaded(client):
    assert "A made-up record: plain lines." in served.words(served.drawn(client, "/status")["page"])


def test_the_pack_is_offered_and_written(client, rtt, tmp_path):
    page = served.drawn(client, "/pack", "?source=monthly")["page"]
    (link,) = [part for part in served.of_type(page, "A") if served.words(part) == "Markdown (.md)"]
    answer = client.get(link["props"]["href"])
    assert (answer.status_code, answer.mimetype) == (200, "text/markdown")
    assert answer.text.startswith("# ")
    titles = [line.removeprefix("## ") for line in answer.text.splitlines() if line.startswith("## ")]
    (executive,) = served.of_type(served.cards(page)["executive"], "H2")
    assert titles[0].startswith(served.words(executive))
    assert titles[-1] == "What each measure means"
    made = rtt("pack", "--census", "2026-06", "--formats", "md", "--out", tmp_path / "out")
    assert [path.suffix for path in (tmp_path / "out").iterdir()] == [".md"], made.err
    assert "md" in rtt("pack", "--help").out


def test_a_card_is_offered_and_written(client):
    cards = served.cards(served.drawn(client, "/", "?source=monthly")["page"])
    offered = {part["props"].get("data-export") for part in served.parts(cards["share-trend"])}
    assert "md" in offered
    assert client.get("/card.md?source=monthly&page=/&card=share-trend").text.startswith("# ")


def test_the_indicator_is_shown_where_it_says(client, rtt, tmp_path):
    name = "Over 26 weeks"
    overview = served.drawn(client, "/", "?source=monthly")["page"]
    others = served.table_of(served.cards(overview)["other-figures"])
    (row,) = [row for row in others if row[0].startswith(name)]
    assert row[1] == "55"
    assert name in " ".join(served.table_of(served.cards(overview)["specialties"])[0])
    trends = served.drawn(client, "/trends", "?source=monthly&measure=over_26")["page"]
    assert name.lower() in served.words(served.of_type(trends, "H2")[0]).lower()
    assert [row for row in served.table_of(served.cards(trends)["measures"]) if row[0].startswith(name)]
    assert name in str(served.drawn(client, "/screens")["page"])
    assert name in served.words(served.drawn(client, "/about")["page"])
    pack = served.cards(served.drawn(client, "/pack", "?source=monthly")["page"])["summary"]
    assert [row for row in served.table_of(pack) if row[0].startswith(name)]
