"""The product has one version: pyproject.toml holds it, and whatever the product makes says the same."""

import io
import re
import tomllib
from datetime import date

import openpyxl
import pytest
from pptx import Presentation

from dashboard.mail.email import Weekly, message
from dashboard.packs.formats.docx.write import docx_of
from dashboard.packs.formats.html.write import html_of
from dashboard.packs.formats.made import pictures_of
from dashboard.packs.formats.pptx.write import pptx_of
from dashboard.packs.formats.xlsx.write import xlsx_of
from dashboard.settings.settings import Mail
from ingest.loading.load import load_path
from tests.dashboard.packs import making
from tests.dashboard.served_pages import client_of, drawn, of_type, words
from tests.servers import ROOT, rtt

VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
PRODUCT = f"RTT dashboard {VERSION}"
FACTS = {("RTD", "01A", "2", "C_110"): {0: 600, 18: 300, 52: 30}}


@pytest.fixture
def engine(sqlite_engine, make_extract):
    load_path(sqlite_engine, make_extract(FACTS, census=date(2025, 3, 31)))
    return sqlite_engine


def test_the_command_prints_the_version_of_the_project():
    assert rtt("--version").stdout == f"rtt {VERSION}\n", "run `make setup` after the version was changed"


def test_the_foot_of_every_page_about_and_status_json_say_it(engine, tmp_path):
    client = client_of(engine, tmp_path)
    (footer,) = of_type(client.get("/_dash-layout").json, "Footer")
    assert PRODUCT in words(footer)
    assert PRODUCT in words(drawn(client, "/about")["page"])
    assert client.get("/status.json").json["product_version"] == VERSION


def test_every_format_of_a_pack_says_it_at_its_foot_and_in_its_properties(engine):
    pack = making.contents(engine)
    assert pack.footer.endswith(f" {PRODUCT}.")
    properties = (
        making.document(docx_of(pack)).core_properties.comments,
        Presentation(io.BytesIO(pptx_of(pack))).core_properties.comments,
        openpyxl.load_workbook(io.BytesIO(xlsx_of(pack))).properties.description,
        re.findall('<meta name="generator" content="([^"]+)">', html_of(pack, pictures_of(pack))),
    )
    assert properties == (PRODUCT, PRODUCT, PRODUCT, [PRODUCT])


def test_an_email_says_it_in_its_header():
    mail = Mail(host="mail", port=25, security="none", sender="rtt@trust", recipients=("board@trust",))
    weekly = Weekly("Subject", headline=(), items=(), more=0, note="", source="")
    assert message(weekly, mail)["X-Mailer"] == PRODUCT


def test_what_changed_has_a_dated_heading_for_it_and_the_newest_stands_first():
    headings = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    released = [heading.split(" - ") for heading in headings if heading != "Unreleased"]
    assert headings.count("Unreleased") == (headings[0] == "Unreleased")
    assert released[0][0] == VERSION
    dates = [date.fromisoformat(day) for _, day in released]
    assert dates == sorted(dates, reverse=True)
