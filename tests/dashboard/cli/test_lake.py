"""`rtt lake`: a trust adds, one machine builds and publishes, and each says in words what became of it."""

import re

import polars as pl
import pytest
from sqlalchemy import func, select

from dashboard.settings.settings import from_environment
from ingest.lake.stores import open_store
from ingest.store import schema
from ingest.store.database import make_engine
from tests.dashboard.commands import Command
from tests.ingest.lake import trusts
from tests.tracking_lists import as_csv, pathway


@pytest.fixture
def rtt(monkeypatch, capsys, tmp_path):
    (tmp_path / "lake").mkdir()
    monkeypatch.setenv("RTT_LAKE", str(tmp_path / "lake"))
    monkeypatch.setenv("RTT_HOME", str(tmp_path / "centre"))
    return Command(monkeypatch, capsys)


@pytest.fixture
def at(rtt, monkeypatch, tmp_path):
    """at("R0A") runs commands with the home of a trust, and so with its key."""

    def run(trust, *arguments):
        with monkeypatch.context() as own:
            own.setenv("RTT_HOME", str(tmp_path / trust))
            return rtt(*arguments)

    return run


@pytest.fixture
def files(tmp_path):
    return trusts.sent(tmp_path / "sent", 4, weeks=3, people=25, changed_key=False)


def add_all(at, files):
    for each in files:
        ran = at(each.provider, "lake", "add", each.path, "--revision", each.revision)
        assert ran.code == 0, ran.err


def states(rtt):
    ran = rtt("lake", "status", "--format", "csv")
    return {(row["census_date"], row["provider_code"]): row for row in ran.rows}


def test_what_was_added_is_built_published_and_shown(rtt, at, files):
    add_all(at, files)
    assert {row["built"] for row in states(rtt).values()} == {"no"}
    built = rtt("lake", "build", "--engine", "local")
    assert (built.code, "changed: 6 September 2026" in built.err) == (0, True)
    assert {row["published"] for row in states(rtt).values()} == {"no"}
    published = rtt("lake", "publish")
    assert (published.code, "6 September 2026:" in published.err) == (0, True)
    found = states(rtt)
    there = {(str(each.census), each.provider) for each in files if each.section == "open"}
    assert {key for key, row in found.items() if row["state"] in ("present", "revised")} == there
    assert {row["published"] for key, row in found.items() if key in there} == {"yes"}
    missing = {key for key, row in found.items() if row["state"] == "missing"}
    assert missing
    assert "its last list is of" in next(row["words"] for key, row in found.items() if key in missing)
    assert "in place and unchanged" in rtt("lake", "publish").err
    figures = rtt("figures", "--source", "weekly", "--level", "provider", "--format", "csv")
    assert {row["organisation_code"] for row in figures.rows} == {"R0A", "R1B", "R2C"}
    assert rtt("figures", "--source", "weekly", "--format", "csv").rows
    assert not rtt("figures", "--source", "weekly", "--small-numbers", "--format", "csv").rows
    # A forecast of a PTL begins at its pathways.
    assert "There is nothing to forecast from" in rtt("forecast").err


def test_a_newer_list_waits_to_be_built_and_published(rtt, at, files, tmp_path):
    add_all(at, files)
    rtt("lake", "build")
    rtt("lake", "publish")
    newest = max((each for each in files if each.section == "open"), key=lambda each: each.census)
    lines = newest.path.read_bytes().splitlines(keepends=True)
    late = newest.path.with_name(f"later-{newest.path.name}")
    late.write_bytes(b"".join([*lines, lines[-1].replace(b"REF", b"REG")]))
    assert at(newest.provider, "lake", "add", late, "--revision", 9).code == 0
    key = str(newest.census), newest.provider
    row = states(rtt)[key]
    assert (row["state"], row["built"], row["published"]) == ("revised", "older", "older")
    rtt("lake", "build")
    row = states(rtt)[key]
    assert (row["built"], row["published"]) == ("yes", "older")
    rtt("lake", "publish")
    assert states(rtt)[key]["published"] == "yes"


def test_a_list_that_looks_older_can_be_added_by_the_option_alone(at, files):
    first = next(each for each in files if (each.provider, each.section) == ("R0A", "open"))
    assert at("R0A", "lake", "add", first.path, "--revision", 2).code == 0
    ran = at("R0A", "lake", "add", first.path, "--revision", 1)
    assert (ran.code, "To add it anyway, use --replace." in ran.err) == (3, True)
    assert "status page" not in ran.err
    assert at("R0A", "lake", "add", first.path, "--revision", 1, "--replace").code == 0


def test_a_refused_file_says_so_in_the_lake_and_stops_no_other(rtt, at, files, tmp_path):
    bad = tmp_path / "open-R1B-20260906.csv"
    row = {"provider": "R1B", "week_ending": "2026-09-06"}
    bad.write_bytes(as_csv([pathway(**row, treatment_function="999") for _ in range(12)]))
    web = tmp_path / "open.csv"
    web.write_text("<html>sign in</html>")
    good = next(each for each in files if each.provider == "R0A" and each.section == "open")
    ran = at("R1B", "lake", "add", bad, web)
    assert (ran.code, "refused; nothing of it was written" in ran.err) == (3, True)
    assert at("R0A", "lake", "add", good.path).code == 0
    assert rtt("lake", "build").code == 0
    shown = rtt("lake", "status", "--format", "csv")
    assert [row["state"] for row in shown.rows if row["provider_code"] == "R1B"] == ["refused"]
    assert "a web page" in shown.err
    kept = open_store(str(tmp_path / "lake"))
    assert not [path for path in kept.list("refused/") if b"open-R1B" in kept.read(path)], "the file's name"
    # A better one takes the refusal away.
    better = next(
        each for each in files if (each.provider, each.section, each.census) == ("R1B", "open", trusts.FIRST)
    )
    assert at("R1B", "lake", "add", better.path).code == 0
    assert states(rtt)["2026-09-06", "R1B"]["state"] == "present"


def test_two_trusts_cannot_use_one_key(at, files):
    first = next(each for each in files if each.provider == "R0A" and each.section == "open")
    other = next(each for each in files if each.provider == "R1B" and each.section == "open")
    assert at("R0A", "lake", "add", first.path).code == 0
    ran = at("R0A", "lake", "add", other.path)
    assert (ran.code, "in a lake each trust has a key of its own" in ran.err) == (3, True)
    assert at("R1B", "lake", "add", other.path).code == 0


def test_a_key_that_a_wrong_trust_used_first_is_freed_as_the_message_says(at, files, tmp_path):
    first = next(each for each in files if each.provider == "R0A" and each.section == "open")
    other = next(each for each in files if each.provider == "R1B" and each.section == "open")
    assert at("R0A", "lake", "add", first.path).code == 0
    said = " ".join(at("R0A", "lake", "add", other.path).err.split())
    (named,) = re.findall(r"remove (keys/\S+) from the lake", said)
    (tmp_path / "lake" / named).unlink()
    assert at("R0A", "lake", "add", other.path).code == 0


def test_wrong_use_is_told_in_words(rtt, tmp_path, monkeypatch):
    assert "is no engine" in rtt("lake", "build", "--engine", "cloud").err
    assert "a lake lies in a folder" in rtt("lake", "status", "--lake", "ftp://x/y").err
    monkeypatch.delenv("RTT_LAKE")
    ran = rtt("lake", "status")
    assert (ran.code, "--lake" in ran.err) == (2, True)
    (tmp_path / "lake" / "census").mkdir()
    (tmp_path / "lake" / "census" / "2026-09-06.json").write_text("{}")
    ran = rtt("lake", "publish", "--lake", tmp_path / "lake")
    assert (ran.code, "is not what this version wrote" in ran.err) == (3, True)


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("no lake", "there is no such folder"),
        ("file", "is not a folder"),
        ("", "The address of the lake is empty"),
    ],
)
@pytest.mark.parametrize("command", ["build", "publish", "status", "prune"])
def test_an_address_where_no_lake_is_ends_the_command(rtt, tmp_path, command, address, why):
    (tmp_path / "file").touch()
    ran = rtt("lake", command, "--lake", tmp_path / address if address else "")
    assert (ran.code, why in ran.err, "--lake or RTT_LAKE" in ran.err) == (2, True, True), ran.err
    assert not (tmp_path / "no lake").exists()


def test_an_empty_lake_says_so(rtt):
    assert "Nothing is added in this lake." in rtt("lake", "build").err
    assert "Nothing is built in this lake." in rtt("lake", "publish").err


def test_a_file_that_nobody_foresaw_is_refused_by_add_too(at, files, monkeypatch, tmp_path):
    path = next(each.path for each in files if each.provider == "R0A")
    for error in (pl.exceptions.PanicException("9434765919"), RuntimeError("9434765919")):

        def fails(*_, error=error):
            raise error

        with monkeypatch.context() as patch:
            patch.setattr("ingest.loading.reading.parsed_by_its_format", fails)
            patch.setattr("ingest.extracts.ptl.format.snapshot_in", fails)
            ran = at("R0A", "lake", "add", path)
        assert ran.code == 3, ran.err
        assert type(error).__name__ in ran.err
        assert "9434765919" not in ran.err


def test_files_of_other_names_are_passed_over(rtt, at, files, tmp_path):
    first = next(each for each in files if (each.provider, each.section) == ("R0A", "open"))
    own = f"added/census_date={first.census}/provider_code=R0A"
    strange = (
        *("census/notes.txt", "census/20260906.json", "census/2026-09-31.json", "census/old/2026-09-06.json"),
        *("added/notes.txt", f"{own}/open-notes.json", f"{own}/open-000001-0123456789abcdef.json.bak"),
        "added/census_date=2026-09-31/provider_code=R0A/open-000001-0123456789abcdef.json",
    )
    for path in strange:
        (tmp_path / "lake" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "lake" / path).write_text("not of the lake")
    add_all(at, files)
    for command in ("build", "publish", "prune"):
        ran = rtt("lake", command)
        assert ran.code == 0, ran.err
    assert states(rtt)[str(first.census), "R0A"]["published"] == "yes"


def test_a_census_whose_lists_are_not_all_built_is_left(rtt, at, files):
    add_all(at, files)
    assert rtt("lake", "build", "--provider", "r0a").code == 0
    ran = rtt("lake", "publish")
    assert (ran.code, "Not built:" in ran.err) == (3, True)


def test_old_pathways_are_removed(rtt, at, files):
    add_all(at, files)
    rtt("lake", "build")
    ran = rtt("lake", "prune", "--keep", 2)
    assert (ran.code, "of single pathways removed" in ran.err) == (0, True)
    assert not ran.err.startswith("0 ")


def test_the_pathways_of_the_newest_list_are_published_for_a_trust_that_is_named(rtt, at, files):
    add_all(at, files)
    rtt("lake", "build")
    rtt("lake", "publish")
    engine = make_engine(from_environment().real_url)

    def held():
        c = schema.pathway.c
        with engine.connect() as connection:
            chosen = select(c.provider_code, c.census_date, func.count()).group_by(
                c.provider_code, c.census_date
            )
            return [tuple(row) for row in connection.execute(chosen)]

    assert held() == []
    rtt("lake", "publish", "--pathways", "R0A")
    newest = max(each.census for each in files if (each.provider, each.section) == ("R0A", "open"))
    [(provider, census, number)] = held()
    assert (provider, census) == ("R0A", newest)
    assert number > 0
    with engine.connect() as connection:
        [line] = connection.execute(select(schema.audit)).all()
    assert (line.reader, line.action, line.rows) == ("rtt lake publish", "loaded", number)
    assert "org=R0A" in line.scope
    engine.dispose()


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("build", "--provider", "zzz9"), "No list of ZZZ9 is in this lake"),
        (("publish", "--pathways", "ZZZ9"), "No list of ZZZ9 is in this lake"),
        (("build", "--census", "2025-01-05"), "No list of 5 January 2025 is in this lake"),
        (("publish", "--census", "2025-01-05"), "No list of 5 January 2025 is in this lake"),
        (("publish", "--census", "2026-09"), "a lake has weeks"),
        (("status", "--census", "2026-09"), "a lake has weeks"),
    ],
)
def test_a_trust_or_week_that_the_lake_does_not_know_is_told(rtt, at, files, command, said):
    add_all(at, files[:1])
    ran = rtt("lake", *command)
    assert (ran.code, said in ran.err) == (2, True), ran.err


def test_a_trust_that_is_noted_to_have_closed_is_not_missing(rtt, at, files):
    add_all(at, files)
    rtt("lake", "build")
    rtt("lake", "publish")
    day, who = next(key for key, row in states(rtt).items() if row["state"] == "missing")
    assert rtt("closed", who, day).code == 0
    assert (day, who) not in states(rtt)


def test_a_refusal_of_no_known_week_is_told_of_the_whole_lake_alone(rtt, at, files, tmp_path):
    web = tmp_path / "open.csv"
    web.write_text("<html>sign in</html>")
    add_all(at, files[:1])
    at("R1B", "lake", "add", web)
    assert "a web page" in rtt("lake", "status").err
    assert "a web page" not in rtt("lake", "status", "--provider", files[0].provider).err


def test_a_list_whose_entry_is_damaged_can_be_added_over_it(at, rtt, files, tmp_path):
    listed = next(each for each in files if each.provider == "R0A" and each.section == "open")
    assert at("R0A", "lake", "add", listed.path).code == 0
    (entry,) = (tmp_path / "lake" / "added").rglob("open-*.json")
    entry.write_text("{")
    ran = at("R0A", "lake", "add", listed.path)
    assert (ran.code, "use --replace" in " ".join(ran.err.split())) == (3, True)
    assert at("R0A", "lake", "add", listed.path, "--replace").code == 0
    assert rtt("lake", "build").code == 0
