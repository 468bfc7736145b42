"""The figures that NHS England published for March 2025 are those of every page that shows them.

Sources: RTT Overview Timeseries, May 2026; the incomplete commissioner and provider tables of March 2025.
"""

import csv
import gzip
import io
from datetime import date

import pytest
from sqlalchemy import event

from rtt.terms.wording import number_text, share_text
from tests.dashboard import served_pages as served

pytestmark = [pytest.mark.real_data, pytest.mark.slow]

CENSUS = "&census=2025-03"


@pytest.fixture
def client(twelve_months, tmp_path):
    return served.client_of(twelve_months, tmp_path, today=date(2025, 6, 1))


def published_rows(published, pattern):
    [path] = (published / "reference").glob(pattern)
    data = path.read_bytes()
    return list(
        csv.DictReader(io.StringIO((gzip.decompress(data) if path.suffix == ".gz" else data).decode()))
    )


def shown(client, query):
    """Waiting, within 18 weeks and over 52 weeks as pages show them, each the same on all."""
    page = served.drawn(client, "/", query + CENSUS)["page"]
    share = served.tile_number(page, "Within 18 weeks")
    assert (
        served.tile_number(served.drawn(client, "/quality", query + CENSUS)["page"], "Within 18 weeks")
        == share
    )
    total = served.tile_number(page, "Waiting list")
    shape = served.cards(served.drawn(client, "/list", query + CENSUS)["page"])["shape"]
    assert number_text(served.column_sum(shape, 1)) == total
    trends = served.words(served.drawn(client, "/trends", query + CENSUS)["page"])
    assert share in trends
    assert total in trends
    return total, share, served.tile_number(page, "Over 52 weeks")


def as_shown(row, total, within, over_52):
    counts = {name: int(row[name]) for name in (total, within, over_52)}
    return (
        number_text(counts[total]),
        share_text(counts[within] / counts[total]),
        number_text(counts[over_52]),
    )


def test_england(client):
    # Incomplete 7,418,598, within 18 weeks 4,434,722 (59.8%), over 52 weeks 180,243.
    assert shown(client, "?level=england") == ("7,418,598", "59.8%", "180,243")


def test_a_region_and_an_icb(client, published):
    rows = [
        row
        for row in published_rows(published, "official_region_icb_totals*")
        if row["Date"].startswith("2025-03") and row["Geography Code"] in ("Y56", "QE1")
    ]
    assert len(rows) == 2
    for row in rows:
        query = f"?level={row['Geography Type'].lower()}&org={row['Geography Code']}"
        expected = as_shown(row, "Waiting List", "Within 18 Weeks", "Waits Over 52 Weeks")
        assert shown(client, query) == expected, query


def test_a_specialty_of_an_icb_and_of_a_trust(client, published):
    icb = next(
        row
        for row in published_rows(published, "official_icb_tfc_incomplete*")
        if (row["Period"], row["ICB_Code"], row["TF_Code"]) == ("2025-03", "QE1", "C_101")
    )
    expected = as_shown(icb, "Incomplete_Pathways", "Within_18wks", "Waiters_52plus")
    assert shown(client, "?level=icb&org=QE1&tf=C_101") == expected
    trust = [
        row
        for row in published_rows(published, "official_provider_tfc_incomplete*")
        if (row["provider_code"], row["month"]) == ("R0A", "2025-03") and int(row["total"]) > 500
    ]
    assert len(trust) > 10
    for row in trust:
        query = f"?level=provider&org=R0A&tf={row['tfc']}"
        assert shown(client, query) == as_shown(row, "total", "within18", "over52"), query


def test_about_tells_that_every_month_equals_the_published_figures(client):
    page = served.drawn(client, "/about")["page"]
    assert "Equals the published figure for 12 of 12 months" in served.words(served.cards(page)["published"])
    heading, *rows = served.table_of(served.cards(page)["published"])
    assert len(rows) == 12
    assert {row[heading.index("Different")] for row in rows} == {"0"}
    assert sum(int(row[heading.index("Equal")]) for row in rows) >= 430


def test_the_providers_missing_in_march_2025_and_their_size(client):
    """RV3 had 1,987 pathways in February 2025 and an empty list in March; ADF01 17."""
    page = served.drawn(client, "/quality", CENSUS.replace("&", "?"))["page"]
    assert served.tile_number(page, "Providers that have not reported") == "2"
    rows = served.table_of(served.cards(page)["missing"])[1:]
    assert [row[1] for row in rows] == ["1,987", "17"]


def test_the_overview_of_twelve_months_beside_the_published_series_takes_at_most_ten_statements(
    twelve_months, tmp_path
):
    client = served.client_of(twelve_months, tmp_path, today=date(2025, 6, 1))
    client.get("/_dash-layout")  # a browser asks for it before the page, in a request of its own
    asked = []
    event.listen(twelve_months, "before_cursor_execute", lambda *said: asked.append(said[2]))
    page = served.drawn(client, "/")["page"]
    assert "Equals the published figure for 12 of 12 months" in served.words(page)
    # Making the server has asked already what is held: one statement that a page need not repeat. Two tell
    # which providers did not report and what the target would take; both are kept until the next load.
    asked = served.each_time([each for each in asked if not each.startswith(("PRAGMA", "BEGIN"))])
    assert len(asked) + 1 <= 10, asked
