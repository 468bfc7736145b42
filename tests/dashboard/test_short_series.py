"""With one census, or two, or none: every format of pack and cards is made, none with a bare chart."""

import io
from datetime import date

import openpyxl
import pytest
from pptx import Presentation

from dashboard.packs.formats.all import FORMATS
from dashboard.pages import PAGES
from tests.dashboard import months, weekly_lists
from tests.dashboard import served_pages as served
from tests.dashboard.commands import Command

TODAY = date(2026, 9, 14)
OFFICE = ("pptx", "docx", "xlsx")
PATHS = [page.path for page in PAGES if not page.audited]
MONTH = {"C_100": ({5: 60, 20: 40, 60: 3}, 50, 70, 90), "C_110": ({5: 30, 25: 9}, 5, 7, 9)}


@pytest.fixture(params=["no census", "one month", "two months", "one list", "two lists"])
def held(request, tmp_path):
    """An engine, and the query of the source that it holds."""
    count, kind = request.param.split()
    number = {"no": 0, "one": 1, "two": 2}[count]
    if kind.startswith("month"):
        (tmp_path / "months").mkdir()
        held = dict.fromkeys(months.months_from(date(2026, 6, 30), number), MONTH)
        engine = months.database(tmp_path / "months", held)
        yield engine, "?source=monthly", number
        engine.dispose()
        return
    engine = request.getfixturevalue("sqlite_engine")
    weekly_lists.load(engine, tmp_path, weekly_lists.people(), *range(number))
    yield engine, "?source=weekly", number


def test_the_pack_is_made_in_every_format(held, tmp_path):
    engine, query, censuses = held
    client = served.client_of(engine, tmp_path, today=TODAY)
    for kind in FORMATS:
        answer = client.get(f"/pack.{kind}{query}")
        assert answer.status_code == (200 if censuses else 404), kind
    if censuses:
        _check_charts(client, f"/pack.{{}}{query}")


def test_every_card_goes_out_in_every_format_it_offers(held, tmp_path):
    engine, query, _ = held
    client = served.client_of(engine, tmp_path, today=TODAY)
    for path in PATHS:
        for name, card in served.cards(served.drawn(client, path, query)["page"]).items():
            offered = {part["props"].get("data-export") for part in served.parts(card)} - {None, "png", "svg"}
            # What everybody may see is less: a chart of which nothing is left is not made for them.
            of_card = f"/card.{{}}{query}&page={path}&card={name}&audience=internal"
            for kind in offered:
                assert client.get(of_card.format(kind)).status_code == 200, of_card.format(kind)
            if "xlsx" in offered:
                _check_charts(client, of_card)


def _check_charts(client, address):
    """No chart is empty, and the workbook has those of the slides."""
    deck = Presentation(io.BytesIO(client.get(address.format("pptx")).data))
    drawn = [shape.chart for slide in deck.slides for shape in slide.shapes if shape.has_chart]
    for chart in drawn:
        values = [value for part in chart.plots for series in part.series for value in series.values]
        assert any(value is not None for value in values), address
    book = openpyxl.load_workbook(io.BytesIO(client.get(address.format("xlsx")).data))
    assert sum(len(sheet._charts) for sheet in book.worksheets) == len(drawn), address


@pytest.mark.parametrize("order", [("--scope", "RTD"), ("--scope", "ENG", "--census", "2026-06"), ()])
def test_the_first_month_that_is_loaded_makes_a_pack(order, tmp_path, monkeypatch, capsys):
    engine = months.database(tmp_path, {date(2026, 6, 30): MONTH})
    engine.dispose()
    monkeypatch.setenv("RTT_DATABASE_URL", f"sqlite:///{tmp_path / 'rtt.db'}")
    rtt = Command(monkeypatch, capsys)
    ran = rtt("pack", *order, "--formats", ",".join(OFFICE), "--out", tmp_path / "out")
    assert ran.code in (0, 4), ran.err
    assert {path.suffix for path in (tmp_path / "out").iterdir()} == {f".{kind}" for kind in OFFICE}
