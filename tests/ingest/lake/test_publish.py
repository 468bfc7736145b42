"""What a publish leaves in the database: whose pathways, which sums, and what comes back after a removal."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, insert, select

from ingest.extracts import LoadOptions
from ingest.lake.build import build
from ingest.lake.engines import engine as engine_named
from ingest.lake.publish import publish
from ingest.lake.stores import open_store
from ingest.loading.load import load_path, remove
from ingest.store import schema
from tests.ingest.lake import trusts
from tests.ingest.lake.tables import rows_of

ALONE = engine_named("local", workers=1)


@pytest.fixture
def store(tmp_path):
    return open_store(str(tmp_path / "lake"))


@pytest.fixture
def files(tmp_path):
    """Two trusts, of which the first sends a list every week."""
    sent = trusts.sent(tmp_path / "sent", 31, trusts=2, weeks=3, people=15, changed_key=False)
    return [each for each in sent if not each.revision]


@pytest.fixture
def lake(store, files):
    trusts.add_all(store, files)
    build(store, ALONE)
    return store


def published(engine, store, **how):
    return list(publish(engine, store, options=LoadOptions(), today=trusts.TODAY, **how))


def lists_with_pathways(engine):
    c = schema.pathway.c
    with engine.connect() as connection:
        return {
            tuple(row) for row in connection.execute(select(c.provider_code, c.census_date).distinct()).all()
        }


def waiting(engine, level, day):
    """How many wait at a level, on the open list."""
    c = schema.pathway_counts.c
    chosen = select(func.sum(c.total)).where(
        c.level == level, c.census_date == day, c.site_code == "", c.part == "2"
    )
    with engine.connect() as connection:
        return connection.execute(chosen).scalar()


def notes_of_sums(engine, day):
    extract, load = schema.extract.c, schema.load.c
    chosen = select(load.problems).join(schema.extract, load.id == extract.load_id)
    with engine.connect() as connection:
        found = connection.execute(chosen.where(extract.section == "sums", extract.census_date == day))
        return json.loads(found.scalar_one())


def test_the_pathways_of_an_older_week_are_never_published(lake, sqlite_engine):
    published(sqlite_engine, lake, census=trusts.FIRST, pathways_of=["R0A"])
    assert lists_with_pathways(sqlite_engine) == set()
    newest = trusts.FIRST + 2 * trusts.WEEK
    published(sqlite_engine, lake, census=newest, pathways_of=["R0A"])
    assert lists_with_pathways(sqlite_engine) == {("R0A", newest)}


def test_england_lacks_the_list_that_was_refused_and_says_so(lake, sqlite_engine, files):
    day = trusts.FIRST
    [own] = [each for each in files if (each.provider, each.census, each.section) == ("R0A", day, "open")]
    other = own.path.with_name(f"other-{own.path.name}")
    other.write_bytes(b"".join(own.path.read_bytes().splitlines(keepends=True)[:-3]))
    [result] = load_path(sqlite_engine, other, options=own.options)
    assert result.state == "loaded"
    loaded = waiting(sqlite_engine, "provider", day)
    assert any(each.refusals for each in published(sqlite_engine, lake))
    assert waiting(sqlite_engine, "england", day) == waiting(sqlite_engine, "provider", day) - loaded
    assert "R0A's open list in the lake was not published." in notes_of_sums(sqlite_engine, day)
    assert not any(each.written for each in published(sqlite_engine, lake)), "nothing is new"
    list(publish(sqlite_engine, lake, options=LoadOptions(replace=True), today=trusts.TODAY))
    assert waiting(sqlite_engine, "england", day) == waiting(sqlite_engine, "provider", day) > loaded
    assert not [note for note in notes_of_sums(sqlite_engine, day) if "R0A" in note]


def test_a_week_that_was_removed_comes_back_with_all_that_follows_from_it(lake, sqlite_engine):
    published(sqlite_engine, lake)
    before, day = rows_of(sqlite_engine), trusts.FIRST
    assert waiting(sqlite_engine, "england", day)
    assert remove(sqlite_engine, schema.WEEKLY, day, provider_code="R0A")
    assert waiting(sqlite_engine, "england", day) is None, "a sum of a trust that is not there"
    published(sqlite_engine, lake)
    assert rows_of(sqlite_engine) == before
    assert waiting(sqlite_engine, "england", day) == waiting(sqlite_engine, "provider", day)


def test_a_manifest_that_cannot_be_read_stops_its_own_week_alone_until_it_is_built(lake, sqlite_engine):
    day, whole = trusts.FIRST + trusts.WEEK, {path: lake.read(path) for path in lake.list("census/")}
    lake.write(f"census/{day}.json", b"{")
    outcomes = {each.census_date: each for each in published(sqlite_engine, lake)}
    assert [when for when, each in outcomes.items() if each.refusals] == [day]
    assert f"Run rtt lake build --census {day}" in outcomes[day].refusals[0]
    assert all(each.written for when, each in outcomes.items() if when != day)
    assert day in build(lake, ALONE).changed
    assert {path: lake.read(path) for path in lake.list("census/")} == whole


@pytest.mark.parametrize(
    "damage", [lambda lake, path: lake.write(path, b"{"), lambda lake, path: lake.remove(path)]
)
def test_an_entry_that_cannot_be_read_stops_its_own_week_alone(lake, sqlite_engine, damage):
    day = trusts.FIRST + trusts.WEEK
    [entry] = lake.list(f"added/census_date={day}/provider_code=R0A/open-")
    damage(lake, entry)
    outcomes = {each.census_date: each for each in published(sqlite_engine, lake)}
    assert [when for when, each in outcomes.items() if each.refusals] == [day]
    assert entry in outcomes[day].refusals[0]
    assert "its list again, at the trust" in outcomes[day].refusals[0]
    assert all(each.written for when, each in outcomes.items() if when != day)


def add_month(engine, month, organisations):
    """A month of the return that says under whom organisations stand: level, code and parent of each."""
    with engine.begin() as connection:
        at = datetime(2026, 12, 1, tzinfo=UTC)
        line = {
            "state": "loaded",
            "file_name": "x",
            "file_sha256": str(month),
            "problems": "[]",
            "seconds": 0,
        }
        line |= {"file_bytes": 0, "rows_read": 0, "rows_left_out": 0, "started_at": at}
        load_id = connection.execute(insert(schema.load).values(line)).inserted_primary_key[0]
        of_month = {"source": schema.MONTHLY, "census_date": month, "provider_code": "", "section": "all"}
        of_month |= {"revision": 0, "open_band": 104, "rows": 0, "providers": 0, "load_id": load_id}
        extract_id = connection.execute(insert(schema.extract).values(of_month)).inserted_primary_key[0]
        for level, code, parent in organisations:
            row = {"level": level, "code": code, "parent_code": parent, "extract_id": extract_id}
            row |= {"name": code, "parent_name": parent, "kind": "nhs" if level == "provider" else ""}
            connection.execute(insert(schema.organisation).values(row))


def test_icbs_are_summed_by_the_newest_month_that_names_a_trust(lake, sqlite_engine):
    both = [("provider", "R0A", "QA1"), ("provider", "R1B", "QA1"), ("icb", "QA1", "Y61")]
    add_month(sqlite_engine, date(2026, 9, 30), both)
    add_month(sqlite_engine, date(2026, 10, 31), [("provider", "R1B", "QA1"), ("icb", "QA1", "Y61")])
    # A month that is not over says nothing of today.
    add_month(
        sqlite_engine, trusts.TODAY + timedelta(30), [("provider", "R0A", "QB2"), ("icb", "QB2", "Y62")]
    )
    published(sqlite_engine, lake)
    day = trusts.FIRST
    every = waiting(sqlite_engine, "provider", day)
    assert every
    assert [waiting(sqlite_engine, level, day) for level in ("icb", "region", "england")] == [every] * 3
    c = schema.pathway_counts.c
    with sqlite_engine.connect() as connection:
        above = set(
            connection.execute(select(c.organisation_code).where(c.level.in_(("icb", "region")))).scalars()
        )
    assert above == {"QA1", "Y61"}
    assert notes_of_sums(sqlite_engine, day) == []


def test_the_ledger_says_who_counts_in_no_icb(lake, sqlite_engine):
    add_month(sqlite_engine, date(2026, 9, 30), [("provider", "R1B", "QA1"), ("icb", "QA1", "Y61")])
    published(sqlite_engine, lake)
    said = "R0A is in no month of the return: it counts in no ICB and no region."
    assert notes_of_sums(sqlite_engine, trusts.FIRST) == [said]
