"""One file is one transaction, the same file does nothing, a census is replaced as a whole or not at all."""

import itertools
import json
import tempfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from ingest.loading.load import LoadOptions, OtherDataset, Progress, check_path, load_path, remove
from ingest.store import database, schema
from ingest.store.closures import record_closure
from ingest.store.database import make_engine, migrate
from tests import makers
from tests.spec.damaged_extracts import zipped

FEBRUARY, MARCH, APRIL = date(2025, 2, 28), date(2025, 3, 31), date(2025, 4, 30)
LISTED = ("RAA", "00R", "2", "C_100")
PROVIDERS = [f"R{letter}{digit}" for letter in "ABCD" for digit in range(5)]


def facts(pathways: int = 5, *, providers=PROVIDERS) -> makers.Facts:
    return {(provider, "00R", "2", "C_100"): {3: pathways, 20: 1} for provider in providers}


def ledger(engine) -> list[tuple[str, str]]:
    with engine.connect() as connection:
        rows = connection.execute(select(schema.load).order_by(schema.load.c.id))
        return [(row.file_name, row.state) for row in rows]


def england(engine, census: date = MARCH) -> int | None:
    """All who wait in England at a census."""
    counts = schema.pathway_counts.c
    with engine.connect() as connection:
        return connection.execute(
            select(counts.total).where(
                counts.level == "england", counts.census_date == census, counts.treatment_function == "C_999"
            )
        ).scalar()


def version(engine) -> int | None:
    with engine.connect() as connection:
        return connection.execute(select(schema.dataset.c.version)).scalar()


def write(folder, name, content, census=MARCH):
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(makers.as_csv(makers.table(content, census=census)).encode())
    return path


def test_a_load_says_what_it_did(engine, make_extract):
    [result] = load_path(engine, make_extract(facts(), census=MARCH))
    assert (result.state, result.source, result.census_date) == ("loaded", "monthly", MARCH)
    assert (result.rows_read, result.rows_left_out, result.replaced) == (40, 0, False)
    assert england(engine) == 120
    with engine.connect() as connection:
        row = connection.execute(select(schema.load)).one()
    assert (row.state, row.format, row.section, row.rows_read) == ("loaded", "national", "all", 40)
    assert (len(row.file_sha256), row.file_sha256) == (64, row.content_sha256)
    assert row.seconds > 0
    (note,) = json.loads(row.problems)
    assert "PARTIAL" in note


def test_the_same_file_again_does_nothing(engine, make_extract):
    path = make_extract(facts(), census=MARCH)
    load_path(engine, path)
    before = version(engine)
    [again] = load_path(engine, path)
    assert (again.state, again.census_date) == ("unchanged", MARCH)
    assert (version(engine), ledger(engine)) == (before, [(path.name, "loaded")])


def test_the_csv_of_a_zip_that_is_in_place_does_nothing(engine, make_extract, tmp_path):
    path = make_extract(facts(), census=MARCH)
    packed = tmp_path / "Full-CSV-data-file-Mar25-ZIP-4M.zip"
    packed.write_bytes(zipped(**{path.name: path.read_bytes()}))
    states = [load_path(engine, each)[0].state for each in (packed, path, packed)]
    assert states == ["loaded", "unchanged", "unchanged"]


def test_a_revision_replaces_the_whole_census(engine, tmp_path):
    name = makers.file_name(MARCH)
    load_path(engine, write(tmp_path, name, facts() | {("RZZ", "91Q", "2", "C_130"): {1: 1}}))
    [revised] = load_path(engine, write(tmp_path, makers.file_name(MARCH, revised=True), facts(6)))
    assert (revised.state, revised.replaced) == ("loaded", True)
    assert england(engine) == 20 * 7
    assert ledger(engine) == [(name, "replaced"), (makers.file_name(MARCH, revised=True), "loaded")]
    with engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(schema.extract)).scalar_one() == 1
        kept = connection.execute(select(schema.organisation.c.code))
        assert "RZZ" not in kept.scalars().all()
        first = connection.execute(select(schema.load).order_by(schema.load.c.id)).first()
        assert first.ended_at is not None


RANKS = [
    # first file's name    second's              --revision  what becomes of the second
    ("a.csv", "a-revised.csv", None, "loaded"),
    ("a-revised.csv", "a-revised-2.csv", None, "loaded"),
    ("a-revised-2.csv", "a-revised.csv", None, "refused"),
    ("a-revised.csv", "a.csv", None, "refused"),
    ("a-revision.csv", "b-revised.csv", None, "refused"),  # equal rank, other content
    ("a.csv", "b.csv", None, "refused"),
    ("a.csv", "b.csv", 1, "loaded"),
    ("a-revised-2.csv", "b.csv", 2, "refused"),
    ("a-revised-2.csv", "b.csv", 3, "loaded"),
    ("a-revised.csv", "b-revised.csv", 0, "refused"),
]


@pytest.mark.parametrize(("first", "second", "revision", "state"), RANKS)
def test_ranks(first, second, revision, state, sqlite_engine, tmp_path):
    load_path(sqlite_engine, write(tmp_path / "1", first, facts(5)))
    options = LoadOptions(revision=revision)
    [result] = load_path(sqlite_engine, write(tmp_path / "2", second, facts(6)), options=options)
    assert result.state == state
    assert england(sqlite_engine) == (140 if state == "loaded" else 120)
    if state == "refused":
        assert "--replace" in str(result.problems[0])
        [replaced] = load_path(sqlite_engine, tmp_path / "2" / second, options=LoadOptions(replace=True))
        assert (replaced.state, england(sqlite_engine)) == ("loaded", 140)


SHORT = [
    ("under 90 % of the providers", facts(providers=PROVIDERS[:17]), "17 providers"),
    ("90 % of the providers", facts(providers=PROVIDERS[:18]), None),
    (
        "under 90 % of the rows",
        facts(),
        "40 rows",
    ),
]


@pytest.mark.parametrize(("content", "words"), [line[1:] for line in SHORT], ids=[line[0] for line in SHORT])
def test_a_file_that_lost_a_part_is_refused(content, words, sqlite_engine, tmp_path):
    held = facts() | ({("RA0", "91Q", "2", f"C_{n}"): {0: 1} for n in range(100, 105)} if words else {})
    load_path(sqlite_engine, write(tmp_path, "a.csv", held))
    [result] = load_path(sqlite_engine, write(tmp_path, "a-revised.csv", content))
    assert result.state == ("refused" if words else "loaded")
    if words:
        assert words in str(result.problems[0])


def test_remove_takes_a_census_out_and_stays_in_the_ledger(engine, tmp_path):
    for census in (FEBRUARY, MARCH):
        load_path(engine, write(tmp_path, makers.file_name(census), facts(), census))
    before = version(engine)
    assert remove(engine, "monthly", FEBRUARY) == 1
    assert remove(engine, "monthly", FEBRUARY) == 0
    assert (england(engine, FEBRUARY), england(engine, MARCH), version(engine)) == (None, 120, before + 1)
    assert [state for _, state in ledger(engine)] == ["removed", "loaded"]
    [again] = load_path(engine, tmp_path / makers.file_name(FEBRUARY))
    assert (again.state, england(engine, FEBRUARY)) == ("loaded", 120)


def test_sample_and_real_never_mix(engine, tmp_path):
    path = write(tmp_path, "a.csv", facts())
    load_path(engine, path, options=LoadOptions(kind="sample"))
    with pytest.raises(OtherDataset, match="sample data"):
        load_path(engine, path)
    assert ledger(engine) == [("a.csv", "loaded")]


def test_every_change_of_facts_raises_the_version(engine, tmp_path):
    versions = [version(engine)]
    for name, pathways in (("a.csv", 1), ("a-revised.csv", 2), ("a-revised-2.csv", 3)):
        load_path(engine, write(tmp_path, name, facts(pathways)))
        versions.append(version(engine))
    load_path(engine, write(tmp_path, "b.csv", facts(9)))  # refused
    assert versions == [None, 1, 2, 3]
    assert version(engine) == 3


def test_progress_ends_with_every_row_written(sqlite_engine, tmp_path):
    seen: list[Progress] = []
    load_path(sqlite_engine, write(tmp_path, "a.csv", facts()), report=seen.append)
    assert seen[0].step == "reading"
    assert all(progress.rows == progress.of > 0 for progress in seen[1:])


def test_names_that_changed_are_noted_and_each_month_keeps_its_own(engine, tmp_path):
    february = makers.table(facts(), census=FEBRUARY)
    for row in february:
        row[4] = row[4].replace("RA0 HOSPITALS NHS TRUST", "RA0 UNIVERSITY HOSPITALS")
    path = tmp_path / "feb.csv"
    path.write_text(makers.as_csv(february), newline="")
    load_path(engine, path)
    [result] = load_path(engine, write(tmp_path, "mar.csv", facts()))
    assert "name of provider RA0" in str(result.problems[0])
    assert "RA0 UNIVERSITY HOSPITALS" in str(result.problems[0])
    organisation = schema.organisation.c
    with engine.connect() as connection:
        names = connection.execute(
            select(organisation.name).where(organisation.code == "RA0").order_by(organisation.extract_id)
        )
        assert names.scalars().all() == ["RA0 UNIVERSITY HOSPITALS", "RA0 HOSPITALS NHS TRUST"]


def test_beside_the_month_before(engine, tmp_path):
    february = facts() | {("RA0", "00R", "2", "C_100"): {3: 4000}, ("RA1", "00R", "3", "C_100"): 7}
    march = facts(6) | {("RA0", "00R", "2", "C_100"): {3: 1999}, ("RA2", "00R", "2", "C_100"): {3: 5, 20: 1}}
    load_path(engine, write(tmp_path, "feb.csv", february, FEBRUARY))
    [result] = load_path(engine, write(tmp_path, "mar.csv", march))
    assert "Part_2 of RA0: The waiting list is 1,999; the month before it was 4,000." in str(
        result.problems[0]
    )
    assert oddities(engine, MARCH) == {
        ("big_change", "ENG", 1, 20),
        ("big_change", "RA0", 1, 1),
        ("part_missing", "ENG", 1, 21),
        ("part_missing", "RA1", 1, 1),
        ("identical_to_last_month", "ENG", 1, 20),
        ("identical_to_last_month", "RA2", 1, 1),
    }


def test_a_merger_that_is_known_is_no_jump_and_no_missing_part(engine, tmp_path):
    february = facts() | {("RX8", "00R", "2", "C_100"): {3: 4000}, ("RX9", "00R", "2", "C_100"): {3: 5000}}
    march = facts(6) | {("RX8", "00R", "2", "C_100"): {3: 9100}}
    record_closure(engine, "RX9", date(2025, 3, 1), ["RX8"])
    load_path(engine, write(tmp_path, "feb.csv", february, FEBRUARY))
    path = write(tmp_path, "mar.csv", march)
    [checked] = check_path(engine, path)
    [result] = load_path(engine, path)
    assert list(checked.problems) == list(result.problems)
    assert not [problem for problem in result.problems if problem.field == "Part_2 of RX8"]
    found = {row[:2] for row in oddities(engine, MARCH)}
    assert not {("big_change", "RX8"), ("part_missing", "RX9")} & found


def test_check_gives_the_notes_that_load_will_give_and_waits_for_nobody(engine, tmp_path):
    big, new = {3: 4000}, {("RA2", "00R", "2A", "C_100"): {3: 9}}
    table = makers.table(
        facts() | {("RA0", "00R", "2", "C_100"): big, ("RA1", "NONC", "2", "C_100"): big}, census=FEBRUARY
    )
    renamed = [[cell.replace("RA3 HOSPITALS", "RA3 UNIVERSITY") for cell in row] for row in table]
    (tmp_path / "feb.csv").write_text(makers.as_csv(renamed), newline="")
    load_path(engine, tmp_path / "feb.csv")
    march = write(tmp_path, "mar.csv", facts(6) | new)
    before = (ledger(engine), version(engine), everything(engine))
    with database.writing(engine):
        [checked] = check_path(engine, march)
    assert (ledger(engine), version(engine), everything(engine)) == before
    [loaded] = load_path(engine, march)
    assert list(checked.problems) == list(loaded.problems)
    assert [problem.field for problem in loaded.problems] == [
        "Part_2A",
        "Part_2A",
        "name of provider RA3",
        "Part_2 of RA0",
        "Part_2 of RA1",
        None,  # that it is no whole month of England
    ]
    assert list(check_path(engine, march)[0].problems) == list(loaded.problems)


def oddities(engine, census: date) -> set[tuple[str, str, int, int]]:
    quality = schema.quality.c
    beside = ("big_change", "part_missing", "identical_to_last_month")
    with engine.connect() as connection:
        rows = connection.execute(
            select(quality.check_key, quality.organisation_code, quality.failed, quality.checked)
            .join(schema.extract, schema.extract.c.id == quality.extract_id)
            .where(schema.extract.c.census_date == census, quality.check_key.in_(beside))
        )
        return {tuple(row) for row in rows}


def everything(engine) -> list[set[tuple]]:
    """All facts of a database, without the numbers that extracts and loads were given."""
    tables = (schema.pathway_counts, schema.organisation, schema.quality)
    with engine.connect() as connection:
        census = dict(connection.execute(select(schema.extract.c.id, schema.extract.c.census_date)).all())
        return [
            {(census[row.extract_id], *row[1:]) for row in connection.execute(select(table))}
            for table in tables
        ]


def test_loading_in_any_order_gives_the_same_facts(sqlite_template, tmp_path):
    months = {FEBRUARY: facts(5), MARCH: facts(6) | {LISTED: {9: 4000}}, APRIL: facts(6) | {LISTED: {9: 5}}}
    for census, content in months.items():
        write(tmp_path, makers.file_name(census), content, census)
    found = []
    for number, order in enumerate(itertools.permutations(months)):
        engine = copied(sqlite_template, tmp_path / f"{number}.db")
        for census in order:
            load_path(engine, tmp_path / makers.file_name(census))
        found.append(everything(engine))
        engine.dispose()
    assert all(each == found[0] for each in found)
    assert len(found[0][2]) > 20


STEPS = {
    "feb": (FEBRUARY, "feb.csv", facts(5)),
    "mar": (MARCH, "mar.csv", facts(6)),
    "mar-revised": (MARCH, "mar-revised.csv", facts(4)),
}


@given(st.lists(st.sampled_from([*STEPS, "without feb", "without mar"]), max_size=6))
def test_after_any_history_the_facts_are_those_of_a_fresh_load(sqlite_template, history):
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        lived = copied(sqlite_template, here / "lived.db")
        held: dict[date, str] = {}
        for step in history:
            if step.startswith("without"):
                census = FEBRUARY if step.endswith("feb") else MARCH
                assert remove(lived, "monthly", census) == (held.pop(census, None) is not None)
                continue
            census, name, content = STEPS[step]
            [result] = load_path(lived, write(here, name, content, census))
            if result.state != "refused":
                held[census] = step
            assert (result.state == "refused") == (step == "mar" and held.get(MARCH) == "mar-revised")
        fresh = copied(sqlite_template, here / "fresh.db")
        for step in held.values():
            census, name, content = STEPS[step]
            load_path(fresh, write(here, name, content, census))
        assert everything(lived) == everything(fresh)
        lived.dispose()
        fresh.dispose()


def copied(template, path):
    path.write_bytes(template.read_bytes())
    return make_engine(f"sqlite:///{path}")


def test_an_empty_database_has_no_kind(engine):
    migrate(engine)
    with engine.connect() as connection:
        assert database.dataset_kind(connection) is None
