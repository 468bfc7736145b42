"""The twelve real months and the published series by one command, from a publisher on this machine."""

import re
from datetime import date

import pytest

from ingest.fetch.journal import last_run
from tests.publisher import UPLOADS, File, Publisher, served
from tests.servers import rtt

pytestmark = pytest.mark.real_data

SERIES = "RTT-Overview-Timeseries-May26.VALUES-AFTER-MARCH-2025-REMOVED.xlsx"


@pytest.mark.soak
def test_the_real_months_are_fetched_equal_the_published_series_and_are_forecast(published, tmp_path):
    site, home = Publisher(), tmp_path / "home"
    for path in sorted((published / "national").glob("*.zip")):
        year, month, day = re.match(r"(\d{4})(\d\d)(\d\d)", path.name).groups()
        site.publish(date(int(year), int(month), int(day)), path.read_bytes(), revised=True)
    words = "RTT Overview Timeseries Including Estimates for Missing Trusts May26 (XLSX, 101K)"
    data = (published / "workbooks" / SERIES).read_bytes()
    site.series.append(File(date(2026, 5, 31), words, f"{UPLOADS}/2026/07/RTT-Overview.xlsx", data))
    with served(site):
        settings = {"RTT_HOME": str(home), "RTT_FETCH_BASE": site.base, "RTT_FETCH_PAUSE_MS": "0"}
        rtt("fetch", "--months", "12", "--series", **settings)
        site.requests.clear()
        rtt("fetch", "--months", "12", "--series", **settings)
    assert site.asked() == {304: 15}
    run = last_run(home / "fetch")
    assert run.count("in place") == 13
    told = rtt("reconcile", **settings)
    assert "Equals the published figure for 12 of 12 months." in told.stderr
