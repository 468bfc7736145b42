"""Every page says the same from SQLite and from PostgreSQL, to readers with and without access."""

import re
from datetime import date, timedelta

import pytest

from dashboard.pages import PAGES
from ingest.extracts import LoadOptions
from ingest.loading.load import load_path
from ingest.store.database import make_engine
from tests import makers
from tests.dashboard import served_pages as served
from tests.dashboard import tracked
from tests.tracking_lists import CENSUS, KEY, as_csv

MONTHS = (date(2025, 1, 31), date(2025, 2, 28), date(2025, 3, 31))
QUERIES = (
    "?source=weekly",
    "?source=weekly&tf=C_120",
    "?source=weekly&tf=C_120,C_100&site=R9A01&pathway=admitted&priority=2",
    "?source=monthly",
    "?source=monthly&level=icb&org=QE1&tf=C_110",
    "?source=monthly&level=provider&org=RTD&peers=providers",
)
# Moments of loading, which are not the same.
MOMENT = re.compile(r"\d{1,2} \w{3} \d{4}, \d\d:\d\d")


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    for place, month in enumerate(MONTHS):
        facts = {
            ("RTD", "01A", "2", "C_110"): {0: 60 + place, 17: 5, 18: 30, 52: 3},
            ("R1K", "01A", "2", "C_100"): {10: 40, 30: 9},
            ("RTD", "01A", "1A", "C_110"): {12: 20 + place},
            ("RTD", "01A", "3", "C_110"): 50,
        }
        made = folder / makers.file_name(month)
        made.write_bytes(makers.as_csv(makers.table(facts, census=month)).encode())
    for weeks in (1, 0):
        census = CENSUS - timedelta(weeks=weeks)
        text = as_csv(tracked.rows(seed=1 + weeks, census=census), headings={"deprivation": "IMD decile"})
        (folder / f"open-{census:%Y%m%d}.csv").write_bytes(text)
    return sorted(folder.iterdir())


def said(url, files, home, access):
    """Address -> the words of its page, its status line and its filters."""
    engine = make_engine(url)
    for path in files:
        (result,) = load_path(engine, path, options=LoadOptions(token_key=KEY))
        assert result.state == "loaded", result.problems
    client = served.client_of(engine, home, today=CENSUS + timedelta(3), access=access)
    pages = {}
    for page in PAGES:
        for query in QUERIES:
            found = served.drawn(client, page.path, query)
            words = [served.words(found[part]) for part in ("page", "status-line", "filters")]
            pages[page.path, query] = MOMENT.sub("(moment)", " ".join(words))
    engine.dispose()
    return pages


@pytest.mark.postgresql
@pytest.mark.parametrize("access", ["single-user", "none"])
def test_every_page_says_the_same(sqlite_url, postgresql_url, files, tmp_path, access):
    one, other = (said(url, files, tmp_path, access) for url in (sqlite_url, postgresql_url))
    assert one.keys() == other.keys()
    for address, words in one.items():
        assert other[address] == words, address
