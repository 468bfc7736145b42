"""A lake gives what one machine gives that loads the same files: the same rows in every table."""

import os
from collections import Counter

import pytest
from sqlalchemy import select

from ingest.extracts import LoadOptions
from ingest.lake import manifest
from ingest.lake.build import build
from ingest.lake.engines import engine as engine_named
from ingest.lake.layout import digest
from ingest.lake.publish import publish
from ingest.lake.stores import open_store
from ingest.loading.load import load_path
from ingest.store import schema
from ingest.store.database import make_engine, migrate
from tests.ingest.lake import trusts
from tests.ingest.lake.tables import rows_of

OPTIONS = LoadOptions()


@pytest.fixture
def store(tmp_path):
    return open_store(str(tmp_path / "lake"))


def built(store, workers=1, **only):
    return build(store, engine_named("local", workers=workers), **only)


def loaded(url, files):
    """The database of one machine that loads the files."""
    engine = make_engine(url)
    migrate(engine)
    for each in files:
        [result] = load_path(engine, each.path, options=each.options)
        assert result.state == "loaded", result.problems
    return engine


def published(engine, store, **how):
    return list(publish(engine, store, options=OPTIONS, today=trusts.TODAY, **how))


@pytest.mark.parametrize("seed", range(10 if os.environ.get("RTT_SOAK") == "1" else 2))
def test_a_lake_has_in_every_table_what_one_machine_has(store, engine, tmp_path, seed):
    files = trusts.sent(tmp_path / "sent", seed, people=30)
    assert set(trusts.add_all(store, files)) == {"loaded"}
    assert not built(store).refusals
    assert not [why for each in published(engine, store) for why in each.refusals]
    alone = loaded(f"sqlite:///{tmp_path / 'alone.db'}", files)
    expected, found = rows_of(alone), rows_of(engine)
    alone.dispose()
    assert found == expected
    assert all(found.values())
    providers = {row[2] for row in found["movement"]}
    assert len(providers) == 3


def test_processes_give_the_same_manifests_as_none(store, tmp_path):
    files = trusts.sent(tmp_path / "sent", 7, trusts=2, weeks=3, people=20)
    other = open_store(str(tmp_path / "other"))
    for lake, workers in ((store, 1), (other, 2)):
        trusts.add_all(lake, files)
        built(lake, workers)
    assert manifests(store) == manifests(other)
    named = set(store.list("facts/"))
    assert named == set(other.list("facts/"))


def manifests(store):
    return {path: store.read(path) for path in store.list("census/")}


def test_the_movement_stops_where_a_key_is_changed(store, tmp_path):
    trusts.add_all(store, trusts.sent(tmp_path / "sent", 2))
    built(store)
    week = trusts.FIRST + trusts.LATER_KEY * trusts.WEEK
    tables = {part.table for part in manifest.manifest_of(store, week).of("R1B").facts["open"]}
    assert "pathway_counts" in tables
    assert "movement" not in tables


def test_a_late_revision_changes_two_censuses_and_no_more(store, tmp_path):
    files = trusts.sent(tmp_path / "sent", 11, weeks=6)
    trusts.add_all(store, files)
    built(store)
    before = manifests(store)
    [old] = [each for each in files if (each.provider, each.section, each.revision) == ("R0A", "open", 0)
             and each.census == trusts.FIRST + 2 * trusts.WEEK]  # fmt: skip
    lines = old.path.read_bytes().splitlines(keepends=True)
    revised = old.path.with_name(f"again-{old.path.name}")
    revised.write_bytes(b"".join(lines[:-2]))
    late = trusts.Sent(old.provider, old.census, "open", 2, revised, old.key)
    assert trusts.add_all(store, [late]) == ["loaded"]
    again = built(store)
    after = manifests(store)
    assert again.changed == (old.census, old.census + trusts.WEEK)
    assert again.tasks == 2
    changed = [path for path in after if after[path] != before[path]]
    assert changed == [f"census/{day}.json" for day in again.changed]


def test_what_another_build_put_in_place_meanwhile_stays(store, tmp_path):
    files = [each for each in trusts.sent(tmp_path / "sent", 3, trusts=1, weeks=1) if not each.revision]
    trusts.add_all(store, files)
    alone = engine_named("local", workers=1)
    [old] = [each for each in files if each.section == "open"]
    late = old.path.with_name(f"late-{old.path.name}")
    late.write_bytes(b"".join(old.path.read_bytes().splitlines(keepends=True)[:-2]))
    seen = []

    def overtaken(tasks):
        for outcome in alone(tasks):
            trusts.add_all(store, [trusts.Sent(old.provider, old.census, "open", 2, late, old.key)])
            build(store, alone)
            seen.append(manifests(store))
            yield outcome
            seen.append(manifests(store))

    build(store, overtaken)
    first, then = seen
    assert then == first


def test_the_same_file_twice_is_one_list(store, tmp_path):
    files = [each for each in trusts.sent(tmp_path / "sent", 3) if not each.revision]
    trusts.add_all(store, files)
    built(store)
    everything = {path: store.read(path) for path in store.list()}
    assert set(trusts.add_all(store, files)) == {"unchanged"}
    assert built(store).changed == ()
    assert {path: store.read(path) for path in store.list()} == everything


def test_published_again_nothing_is_written(store, sqlite_engine, tmp_path):
    trusts.add_all(store, trusts.sent(tmp_path / "sent", 4))
    built(store)
    assert all(each.written for each in published(sqlite_engine, store))
    before = rows_of(sqlite_engine)
    assert not any(each.written for each in published(sqlite_engine, store))
    assert rows_of(sqlite_engine) == before


def test_a_revision_is_published_in_place_of_what_was(store, sqlite_engine, tmp_path):
    files = trusts.sent(tmp_path / "sent", 5)
    first = [each for each in files if not each.revision]
    trusts.add_all(store, first)
    built(store)
    published(sqlite_engine, store)
    revisions = [each for each in files if each.revision]
    assert revisions
    trusts.add_all(store, revisions)
    changed = built(store).changed
    written = [each.census_date for each in published(sqlite_engine, store) if each.written]
    assert tuple(written) == changed
    alone = loaded(f"sqlite:///{tmp_path / 'alone.db'}", files)
    assert rows_of(sqlite_engine) == rows_of(alone)
    alone.dispose()


def test_england_is_the_sum_of_its_trusts_and_names_the_missing(store, sqlite_engine, tmp_path):
    trusts.add_all(store, trusts.sent(tmp_path / "sent", 6))
    built(store)
    published(sqlite_engine, store)
    c, extract = schema.pathway_counts.c, schema.extract.c
    measures = [column for column in c if str(column.type) == "INTEGER" and column.name != "extract_id"]
    key = [c.census_date, c.treatment_function, c.part, c.stage, c.priority, c.basis]
    naive, sums = {}, {}
    with sqlite_engine.connect() as connection:
        for level, into in (("provider", naive), ("england", sums)):
            for row in connection.execute(select(*key, *measures).where(c.level == level, c.site_code == "")):
                added = Counter(dict(enumerate(row[len(key) :])))
                into[tuple(row[: len(key)])] = into.get(tuple(row[: len(key)]), Counter()) + added
        notes = dict(
            connection.execute(
                select(extract.census_date, schema.load.c.problems)
                .join(schema.load, schema.load.c.id == extract.load_id)
                .where(extract.section == "sums")
            ).all()
        )
        assert not connection.execute(
            select(c.site_code).where(c.level == "england", c.site_code != "")
        ).all()
    assert sums == naive
    assert sums
    absent = {
        day: {each.provider_code for each in manifest.manifest_of(store, day).missing}
        for day in manifest.censuses(store)
    }
    assert any(absent.values())
    for day, who in absent.items():
        assert {code for code in ("R0A", "R1B", "R2C") if code in notes[day]} == who


def test_one_trust_can_be_built_alone_and_then_no_census_is_complete(store, sqlite_engine, tmp_path):
    files = trusts.sent(tmp_path / "sent", 8)
    trusts.add_all(store, files)
    built(store, provider="R0A")
    left = published(sqlite_engine, store)
    assert any(each.waiting for each in left)
    assert not any(each.written for each in left if each.waiting)
    built(store)
    other = open_store(str(tmp_path / "other"))
    trusts.add_all(other, files)
    built(other)
    assert manifests(store) == manifests(other)


def test_a_trust_whose_rows_were_damaged_stops_no_other(store, sqlite_engine, tmp_path):
    files = [each for each in trusts.sent(tmp_path / "sent", 9) if each.section == "open"]
    trusts.add_all(store, files)
    day = trusts.FIRST
    [path] = [path for path in store.list("rows/pathway/") if f"{day}/provider_code=R1B/" in path][:1]
    sound = store.read(path)
    store.write(path, sound[:-20] + b"x" * 20)
    outcome = built(store)
    assert {(when, who) for when, who, _ in outcome.refusals} >= {(day, "R1B")}
    found = manifest.manifest_of(store, day)
    assert found.is_complete
    assert found.of("R1B").refusal
    assert not found.of("R1B").facts
    assert found.of("R0A").facts
    published(sqlite_engine, store)
    counts = schema.pathway_counts.c
    with sqlite_engine.connect() as connection:
        there = set(
            connection.execute(
                select(counts.organisation_code).where(counts.census_date == day, counts.level == "provider")
            ).scalars()
        )
    assert there == {"R0A", "R2C"}
    store.write(path, sound)
    assert not built(store).refusals
    other = open_store(str(tmp_path / "other"))
    trusts.add_all(other, files)
    built(other)
    assert manifests(store) == manifests(other)


def test_a_manifest_names_files_that_are_there_by_their_hash(store, tmp_path):
    trusts.add_all(store, trusts.sent(tmp_path / "sent", 10))
    built(store)
    for day in manifest.censuses(store):
        found = manifest.manifest_of(store, day)
        for trust in found.trusts:
            for parts in trust.facts.values():
                assert {digest(store.read(part.path)) for part in parts} == {part.sha256 for part in parts}


def test_a_census_of_which_a_file_is_damaged_is_left_as_it_was_and_the_others_are_published(
    store, sqlite_engine, tmp_path
):
    files = [each for each in trusts.sent(tmp_path / "sent", 13, weeks=4, people=20) if not each.revision]
    trusts.add_all(store, files)
    built(store)
    day = trusts.FIRST + trusts.WEEK
    [damaged, *_] = [path for path in store.list("facts/pathway_counts/") if str(day) in path][1:]
    sound = store.read(damaged)
    store.write(damaged, sound[:100])
    outcomes = {each.census_date: each for each in published(sqlite_engine, store)}
    [said] = outcomes[day].refusals
    assert damaged in said
    assert "rtt lake build --again" in said
    assert [when for when, each in outcomes.items() if not each.written] == [day]
    assert day not in {row[1] for row in rows_of(sqlite_engine)["extract"]}
    built(store, again=True)
    assert store.read(damaged) == sound
    published(sqlite_engine, store)
    alone = loaded(f"sqlite:///{tmp_path / 'alone.db'}", files)
    assert rows_of(sqlite_engine) == rows_of(alone)
    alone.dispose()
