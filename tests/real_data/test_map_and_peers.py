"""The map of ICBs and the peers of an ICB, held to what NHS England published of each."""

from datetime import date

import pytest

from dashboard.figures.icb_tiles import tiles
from dashboard.filters import Filters
from dashboard.scope.scope import resolve
from dashboard.server.access import ANYBODY, Enquiry
from dashboard.settings.settings import Settings
from dashboard.store.cache import reading
from rtt.terms.organisation_names import short_label
from rtt.terms.wording import number_text, share_text
from tests.dashboard import served_pages as served
from tests.rtt.benchmark.test_peers import naive_decile

from .test_published_on_pages import CENSUS, published_rows

pytestmark = [pytest.mark.real_data, pytest.mark.slow]


@pytest.fixture
def client(twelve_months, tmp_path):
    return served.client_of(twelve_months, tmp_path, today=date(2025, 6, 1))


@pytest.fixture
def march(published):
    """ICB -> its published row of March 2025, all specialties."""
    return {
        row["Geography Code"]: row
        for row in published_rows(published, "official_region_icb_totals*")
        if row["Date"].startswith("2025-03")
        and row["Geography Type"] == "ICB"
        and row["Geography Code"] != "-"
    }


def test_every_icb_of_every_month_has_one_square(twelve_months, tmp_path):
    settings = Settings(home=tmp_path)
    with reading(twelve_months) as connection:
        scope = resolve(connection, Filters(), Enquiry(ANYBODY, date(2025, 6, 1), settings))
        assert len(scope.dates) == 12
        for day in scope.dates:
            asked = resolve(connection, Filters(census=day), Enquiry(ANYBODY, date(2025, 6, 1), settings))
            icbs = {each.code: each.name for each in asked.organisations if each.level == "icb"}
            icbs.pop("-", None)
            placed = tiles(icbs, day)
            assert sorted(tile.code for tile in placed) == sorted(icbs)
            assert len(icbs) == 42
            assert len({(tile.column, tile.row) for tile in placed}) == 42
            assert max(tile.row for tile in placed) == 8, "none stands apart"


def test_the_map_has_the_published_figures(client, march):
    cards = served.cards(served.drawn(client, "/", "?level=england" + CENSUS)["page"])
    _, *rows = served.table_of(cards["icb-map"])
    assert len(rows) == len(march) == 42
    shown = {row[0]: row[1:3] for row in rows}
    for row in march.values():
        total, within = int(row["Waiting List"]), int(row["Within 18 Weeks"])
        assert shown[short_label(row["Geography Name"])] == [share_text(within / total), number_text(total)]


def test_the_peers_of_an_icb_have_the_published_figures_and_their_deciles(client, march):
    cards = served.cards(served.drawn(client, "/specialties", "?level=icb&org=QVV" + CENSUS)["page"])
    rates = {code: int(row["Within 18 Weeks"]) / int(row["Waiting List"]) for code, row in march.items()}
    _, *rows = served.whole_table_of(cards["peer-table"])
    assert {row[0].rpartition("(")[2].rstrip(")"): row[1] for row in rows} == {
        code: share_text(rate) for code, rate in rates.items()
    }
    _, newest, *_ = served.table_of(cards["peers"])
    peers = [rate for code, rate in rates.items() if code != "QVV"]
    assert newest[2:11] == [share_text(naive_decile(peers, percent)) for percent in range(10, 100, 10)]
