"""The quick guide: the document's own text as a page of the installed server, linked from About."""

import re
from datetime import date
from pathlib import Path

import pytest

from dashboard.application import create_app
from dashboard.settings.settings import Settings
from ingest.loading.load import load_path
from tests.dashboard.drawing import draw, elements
from tests.servers import ROOT

TEXT = (ROOT / "docs" / "quick-guide.md").read_text()
ADDRESS = "/quick-guide"


@pytest.fixture
def client(sqlite_engine):
    return create_app(sqlite_engine, Settings(home=Path("unused"))).server.test_client()


def words(text):
    return re.findall(r"\w+", text)


def test_it_is_the_text_of_the_document(client):
    page = client.get(ADDRESS)
    assert page.mimetype == "text/html"
    main = page.text.partition("<main")[2].partition(">")[2]
    shown = re.sub(r"<[^>]+>", " ", re.sub(r'<img[^>]*alt="([^"]*)"[^>]*>', r"\1", main))
    written = re.sub(r"\]\([^)]*\)", "]", TEXT)
    written = re.sub(r"^(\d+)\.", "", written, flags=re.MULTILINE)  # numbers of a list are the browser's
    assert words(shown.replace("&quot;", '"').replace("&amp;", "&")) == words(written)


def test_its_pictures_come_from_the_server_itself_and_no_other_file_does(client):
    page = client.get(ADDRESS).text
    pictures = re.findall(r'<img src="([^"]+)"', page)
    assert len(pictures) >= 4
    for picture in pictures:
        with client.get(picture) as answer:
            assert (answer.status_code, answer.mimetype) == (200, "image/png")
    assert "http" not in re.sub(r"<html.*?</title>", "", page, flags=re.DOTALL)
    for name in ("screen-hatched.png", "operations.md", "..%2FREADME.md", "nothing.png"):
        assert client.get(f"{ADDRESS}/{name}").status_code == 404


def test_about_leads_to_it(client, sqlite_engine, make_extract):
    facts = {("RTD", "01A", "2", "C_110"): {0: 600}}
    load_path(sqlite_engine, make_extract(facts, census=date(2025, 3, 31)))
    assert ADDRESS in {link["props"].get("href") for link in elements(draw(client, "/about")["page"], "A")}


def test_it_speaks_of_the_wall_screen_and_of_everything_that_its_foot_can_say():
    script = (ROOT / "dashboard" / "assets" / "watchdog.js").read_text()
    said = set(re.findall(r'"([A-Z]{4,}(?: [A-Z]{4,})?)\b', script))
    assert "CLOSED" in said
    said |= {"Up to date", "Late", "NO CONNECTION"}
    assert '"Up to date: "' in script
    assert '"Late: "' in script
    assert [each for each in said if each not in TEXT] == []
