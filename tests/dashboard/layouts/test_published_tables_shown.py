"""What the comparison with the publisher's tables found is printed and stands on About."""

import json

import pytest
from sqlalchemy import update

from dashboard.scope.feeds import _feeds
from dashboard.settings.settings import Settings
from dashboard.store.cache import reading
from dashboard.store.loaded_extracts import loaded_extracts
from ingest.loading.load import load_path
from ingest.store.database import make_engine
from ingest.store.schema import pathway_counts
from tests.dashboard.commands import Command
from tests.dashboard.months import drawn, table_rows, text_of
from tests.ingest import published_workbooks as workbooks
from tests.ingest.extracts.published.test_published_tables import FACTS, MARCH, SHEETS

TITLE = "Against the published tables, by level, part and specialty"


@pytest.fixture
def url(sqlite_url, tmp_path):
    book = workbooks.save(tmp_path / "Incomplete-Provider-Mar25.xlsx", SHEETS)
    engine = make_engine(sqlite_url)
    assert load_path(engine, book)[0].state == "loaded"
    engine.dispose()
    return sqlite_url


@pytest.fixture
def with_month(url, make_extract):
    engine = make_engine(url)
    assert load_path(engine, make_extract(FACTS, census=MARCH))[0].state == "loaded"
    yield engine
    engine.dispose()


@pytest.fixture
def rtt(url, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("RTT_DATABASE_URL", url)
    monkeypatch.setenv("RTT_HOME", str(tmp_path))
    return Command(monkeypatch, capsys)


def test_equal_tables_are_counted_by_level_part_and_specialty(rtt, with_month):
    ran = rtt("reconcile", "--tables", "--format", "json")
    assert ran.code == 0
    rows = json.loads(ran.out)
    assert {(row["level"], row["part"], row["treatment_function"]): row["figures"] for row in rows} == {
        ("provider", "2", "C_110"): 20, ("provider", "2", "C_120"): 10, ("provider", "2", "C_999"): 20,
        ("provider", "2A", "C_110"): 10, ("provider", "2A", "C_999"): 10,
    }  # fmt: skip
    assert {row["differs"] for row in rows} == {0}
    assert "70 of 70 figures of published tables are equal." in ran.err
    page = drawn(with_month, "/about")[2]
    assert len(table_rows(page, TITLE)) == 5
    assert "70 of 70 figures of published tables are equal." in text_of(page)


def test_a_figure_that_differs_is_listed_with_its_reason_and_ends_in_4(rtt, with_month):
    c = pathway_counts.c
    with with_month.begin() as connection:
        connection.execute(
            update(pathway_counts)
            .where(c.organisation_code == "RTD", c.part == "2", c.treatment_function == "C_110")
            .where(c.basis == "english")
            .values(total=c.total - 1)
        )
    ran = rtt("reconcile")
    assert ran.code == 4
    assert "RTD" in ran.out
    assert "one is a later revision" in ran.out
    # Data status keeps what it found: organisation, month, measure and both values.
    (run,) = table_rows(drawn(with_month, "/status")[2], "Unattended runs")
    assert run[1:3] == ["Against the published figures", "Needs attention"]
    assert "RTD Trauma & orthopaedics, March 2025, total: ours 49.0, published 50.0" in run[3]
    page = drawn(with_month, "/about")[2]
    (row,) = table_rows(page, "Figures of tables that differ")
    assert row[2:5] == ["RTD", "Trauma & orthopaedics", "total"]


def test_a_table_whose_month_is_not_loaded_says_so(rtt, url, tmp_path):
    ran = rtt("reconcile", "--tables")
    assert ran.code == 0
    assert "No extract loaded for March 2025: the published table of part 2 by provider" in ran.err
    engine = make_engine(url)
    with reading(engine) as connection:
        (feed,) = _feeds(loaded_extracts(connection), (), Settings(home=tmp_path), MARCH)
    assert feed.name == "Published table of part 2 by provider"
    engine.dispose()
    assert "Published tables: 2025-03 part 2 provider" in rtt("status").out
