"""The commands do what they say, end with the code they promise, and keep figures and messages apart."""

import csv
import errno
import json
import os
import re
import subprocess
import sys
from datetime import date

import pytest
from sqlalchemy import insert, inspect

from dashboard.settings import SettingError
from dashboard.settings.settings import from_environment
from ingest.loading.load import load_path
from ingest.store.database import make_engine, migrate
from ingest.store.schema import dataset, metadata
from tests import servers
from tests.dashboard.commands import Command
from tests.ingest import workbooks

MARCH, FEBRUARY = date(2025, 3, 31), date(2025, 2, 28)
FACTS = {("RTD", "01A", "2", "C_110"): {0: 60, 20: 30, 60: 10}, ("RTD", "01A", "3", "C_110"): 7}
PRINTED = {(workbooks.INCOMPLETE, workbooks.WAITING): 100, (workbooks.INCOMPLETE, workbooks.WITHIN): 60}


@pytest.fixture
def home(tmp_path, monkeypatch):
    """An RTT_HOME of its own, and no other setting."""
    for name in [name for name in os.environ if name.startswith("RTT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("RTT_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def rtt(home, monkeypatch, capsys):
    return Command(monkeypatch, capsys)


@pytest.fixture
def damaged(tmp_path):
    path = tmp_path / "damaged.csv"
    path.write_text("<html><body>Just a moment</body></html>")
    return path


def published(tmp_path, figures=PRINTED):
    return workbooks.save(tmp_path / "series.xlsx", {workbooks.first(MARCH): figures})


def test_load_puts_figures_in_and_figures_prints_them_alone(rtt, make_extract):
    loaded = rtt("load", make_extract(FACTS, census=MARCH))
    assert (loaded.code, loaded.out) == (0, "")
    assert "monthly 31 March 2025" in loaded.err
    ran = rtt("figures", "--format", "csv")
    assert (ran.code, ran.err) == (0, "")
    assert {(row["part"], row["treatment_function_code"], row["total"]) for row in ran.rows} == {
        ("2", "C_110", "100"),
        ("2", "C_999", "100"),
        ("3", "C_110", "7"),
        ("3", "C_999", "7"),
    }


def test_a_refused_file_does_not_stop_the_others(rtt, make_extract, damaged):
    ran = rtt("load", damaged, make_extract(FACTS, census=MARCH))
    assert ran.code == 3
    assert "damaged.csv: refused; nothing of it was written" in ran.err
    assert "a web page" in ran.err
    assert rtt("figures", "--format", "csv").rows


def test_a_folder_is_loaded_file_by_file(rtt, make_extract, tmp_path):
    make_extract(FACTS, census=FEBRUARY)
    make_extract(FACTS, census=MARCH)
    assert rtt("load", tmp_path).code == 0
    assert {row["census_date"] for row in rtt("figures", "--format", "csv").rows} == {
        "2025-02-28",
        "2025-03-31",
    }


def test_a_file_that_is_in_place_is_left_alone(rtt, make_extract):
    path = make_extract(FACTS, census=MARCH)
    rtt("load", path)
    again = rtt("load", path)
    assert (again.code, "already loaded and unchanged" in again.err) == (0, True)


def test_a_file_that_is_in_place_costs_no_import(rtt, home, make_extract):
    path = make_extract(FACTS, census=MARCH)
    rtt("load", path)
    code = (
        "import sys; from dashboard.cli.commands import app\n"
        "try: app()\nexcept SystemExit as end: assert not end.code\n"
        "print([name for name in ('pandas', 'polars', 'rich', 'dash', 'plotly', 'python_calamine') "
        "if name in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, "load", path],
        cwd=servers.ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.strip() == "[]", ran.stderr


def test_check_says_what_load_would_and_writes_nothing(rtt, home, make_extract, damaged):
    assert rtt("check", make_extract(FACTS, census=MARCH)).code == 0
    assert rtt("check", damaged).code == 3
    assert not home.exists()


def test_check_holds_a_file_against_what_is_in_place(rtt, make_extract):
    rtt("load", make_extract(FACTS, census=MARCH, revised=True))
    other = make_extract({**FACTS, ("RTD", "01A", "3", "C_110"): 8}, census=MARCH)
    ran = rtt("check", other)
    assert (ran.code, "--replace" in ran.err) == (3, True)
    assert rtt("check", other, "--replace").code == 0


def test_check_makes_no_database(rtt, monkeypatch, make_extract, tmp_path):
    absent = tmp_path / "folder" / "absent.db"
    monkeypatch.setenv("RTT_DATABASE_URL", f"sqlite:///{absent}")
    assert rtt("check", make_extract(FACTS, census=MARCH)).code == 0
    assert not absent.parent.exists()


@pytest.mark.postgresql
def test_check_makes_no_tables(rtt, monkeypatch, make_extract, postgresql_url):
    monkeypatch.setenv("RTT_DATABASE_URL", postgresql_url)
    engine = make_engine(postgresql_url)
    with engine.begin() as connection:
        metadata.drop_all(connection)
        connection.exec_driver_sql("DROP TABLE alembic_version")
    assert rtt("check", make_extract(FACTS, census=MARCH)).code == 0
    assert inspect(engine).get_table_names() == []
    engine.dispose()


def test_remove_takes_a_census_out_and_status_keeps_that_it_was_there(rtt, make_extract):
    path = make_extract(FACTS, census=MARCH)
    rtt("load", path)
    assert rtt("remove", "--source", "monthly", "--census", "2025-03").code == 0
    assert rtt("figures", "--format", "csv").rows == []
    assert f"removed   {path.name}" in rtt("status").out
    again = rtt("remove", "--source", "monthly", "--census", "2025-03")
    assert (again.code, "No monthly extract of 31 March 2025 is loaded" in again.err) == (2, True)


def test_status_says_what_is_held_and_what_is_due(rtt, make_extract, tmp_path, damaged):
    rtt(
        "load",
        make_extract(FACTS, census=FEBRUARY),
        make_extract(FACTS, census=MARCH),
        published(tmp_path),
        damaged,
    )
    ran = rtt("status")
    assert ran.code == 0
    assert "Monthly extracts: 2, from 28 February 2025 to 31 March 2025, next due 12 June 2025" in ran.out
    assert "Published time series: 2025-03" in ran.out
    assert "refused   damaged.csv" in ran.out


def test_status_of_nothing_says_how_to_load(rtt):
    assert "rtt load PATH" in rtt("status").out


@pytest.mark.parametrize(
    ("figures", "code", "words"),
    [
        (PRINTED, 0, "Equals the published figure for 1 of 1 month."),
        (
            PRINTED | {(workbooks.INCOMPLETE, workbooks.WITHIN): 61},
            4,
            "Equals the published figure for 0 of 1 month.",
        ),
    ],
)
def test_reconcile_ends_with_whether_all_is_equal(rtt, make_extract, tmp_path, figures, code, words):
    rtt("load", make_extract(FACTS, census=MARCH), published(tmp_path, figures))
    for layout in ("table", "csv", "json"):
        ran = rtt("reconcile", "--format", layout)
        assert (ran.code, words in ran.err) == (code, True)
    rows = rtt("reconcile", "--format", "csv").rows
    assert [(row["month"], row["measure"], row["ours"]) for row in rows] == [
        ("2025-03-31", "total", "100"),
        ("2025-03-31", "within_18", "60"),
    ]


def test_reconcile_without_a_workbook_claims_nothing(rtt, make_extract):
    rtt("load", make_extract(FACTS, census=MARCH))
    ran = rtt("reconcile")
    assert (ran.code, "rtt load" in ran.err) == (2, True)


@pytest.mark.parametrize(
    "arguments",
    [
        ("load",),
        ("load", "nowhere.csv"),
        ("figures", "--level", "ward"),
        ("figures", "--census", "March 2025"),
        ("figures", "--census", "2025-13"),
        ("figures", "--part", "4"),
        ("remove", "--source", "monthly"),
        ("tokens",),
        ("demo", "--until", "yesterday"),
        ("fly",),
        (),
    ],
    ids=" ".join,
)
def test_wrong_use_ends_with_2_and_says_why(rtt, arguments):
    ran = rtt(*arguments)
    assert (ran.code, ran.out if arguments else "") == (2, "")
    assert ran.err or not arguments
    assert "Traceback" not in ran.err


def test_a_folder_without_extracts_is_wrong_use(rtt, tmp_path):
    (tmp_path / "empty").mkdir()
    assert rtt("load", tmp_path / "empty").code == 2


@pytest.mark.parametrize("verb", ["load", "check"])
def test_a_folder_says_what_it_took_and_what_it_left(rtt, tmp_path, make_extract, verb):
    """Fault 34: what was not taken was passed over in silence."""
    folder = tmp_path / "month"
    folder.mkdir()
    extract = make_extract(FACTS, census=MARCH)
    (folder / "march.txt").write_bytes(extract.read_bytes())
    (folder / "letter.pdf").write_bytes(b"%PDF-1.7")
    (folder / "older").mkdir()
    ran = rtt(verb, folder)
    assert ran.code == 0
    assert "month: 1 file taken, 2 left" in ran.err
    assert "left: letter.pdf (none of its headings is known)" in ran.err
    assert "left: older (a folder; name it to load what is in it)" in ran.err
    assert "march.txt: monthly 31 March 2025" in ran.err


def test_a_fault_of_ours_is_a_sentence_and_its_log_holds_no_value(rtt, home, make_extract, monkeypatch):
    def broken(*_arguments, **_options):
        raise RuntimeError("found 9434765919 in a row")

    monkeypatch.setattr("dashboard.cli.loading.load_path", broken)
    ran = rtt("load", make_extract(FACTS, census=MARCH))
    assert (ran.code, ran.out) == (1, "")
    assert "Traceback" not in ran.err
    log = (home / "logs" / "rtt.log").read_text()
    assert "RuntimeError" in log
    assert "9434765919" not in log + ran.err


def test_a_fault_that_cannot_be_logged_is_a_sentence_too(rtt, home, make_extract, monkeypatch):
    def broken(*_arguments, **_options):
        raise RuntimeError("found 9434765919 in a row")

    home.mkdir()
    (home / "logs").write_text("in the way")
    monkeypatch.setattr("dashboard.cli.loading.load_path", broken)
    ran = rtt("load", make_extract(FACTS, census=MARCH))
    assert (ran.code, ran.out) == (1, "")
    line, sentence = ran.err.splitlines()
    assert "error=RuntimeError" in line
    assert re.search(r"Reference (\w+) above", sentence)[1] in line
    assert ".py" not in ran.err


@pytest.mark.parametrize("below", ["", "deeper"])
@pytest.mark.parametrize("arguments", [("load",), ("status",), ("figures",)], ids=" ".join)
def test_a_home_that_is_a_file_is_wrong_use(rtt, monkeypatch, make_extract, tmp_path, arguments, below):
    (tmp_path / "file").write_text("mine")
    monkeypatch.setenv("RTT_HOME", str(tmp_path / "file" / below))
    ran = rtt(*arguments, *([make_extract(FACTS, census=MARCH)] if arguments == ("load",) else []))
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (2, "", 1)
    assert "RTT_HOME is" in ran.err
    assert "not a folder" in ran.err


def test_a_full_disk_is_said_to_be_full(rtt, home, monkeypatch, make_extract):
    def no_room(*_arguments, **_options):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("dashboard.cli.loading.load_path", no_room)
    ran = rtt("load", make_extract(FACTS, census=MARCH))
    assert (ran.code, "The disk is full" in ran.err) == (1, True)
    assert not (home / "logs").exists()


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("postgresql://someone:secret@127.0.0.1:1/nothing", 1),
        ("no such address secret", 2),
        ("oracle+nothing://someone:secret@127.0.0.1/x", 2),
        ("mysql://someone:secret@127.0.0.1/x", 2),
        ("mssql+pyodbc://someone:secret@127.0.0.1/x", 2),
    ],
)
def test_an_unusable_database_is_said_without_its_address(rtt, monkeypatch, make_extract, url, code):
    monkeypatch.setenv("RTT_DATABASE_URL", url)
    ran = rtt("load", make_extract(FACTS, census=MARCH))
    assert ran.code == code
    assert "atabase" in ran.err
    assert "secret" not in ran.err


@pytest.mark.parametrize(
    ("name", "value"),
    [("RTT_ACCESS", "everyone"), ("RTT_SNAPSHOTS_KEPT", "-1"), ("RTT_MONTHLY_DUE_NTH", "second")],
)
def test_a_setting_that_cannot_be_meant_is_named(rtt, monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    ran = rtt("status")
    assert (ran.code, name in ran.err, value in ran.err) == (2, True, True)
    with pytest.raises(SettingError):
        from_environment()


def test_settings_are_not_shown_with_their_secrets():
    settings = from_environment({"RTT_TOKEN_KEY": "hush", "RTT_DATABASE_URL": "postgresql://a:hush@b/c"})
    assert "hush" not in repr(settings)


def test_real_extracts_never_join_sample_data(rtt, home, make_extract):
    home.mkdir()
    _mark(f"sqlite:///{home / 'rtt.db'}", "sample")
    for verb in ("load", "check"):
        ran = rtt(verb, make_extract(FACTS, census=MARCH))
        assert (ran.code, "sample data" in ran.err, "rtt load" in ran.err) == (2, True, True)


def test_real_extracts_never_join_sample_data_of_a_named_database(
    rtt, monkeypatch, make_extract, database_url
):
    monkeypatch.setenv("RTT_DATABASE_URL", database_url)
    _mark(database_url, "sample")
    ran = rtt("load", make_extract(FACTS, census=MARCH))
    assert (ran.code, "unset RTT_DATABASE_URL" in ran.err) == (2, True)


def test_sample_data_never_joins_real_extracts(rtt, monkeypatch, make_extract, database_url):
    engine = make_engine(database_url)
    load_path(engine, make_extract(FACTS, census=MARCH))
    engine.dispose()
    monkeypatch.setenv("RTT_DATABASE_URL", database_url)
    for options in ((), ("--if-stale",)):
        ran = rtt("demo", *options)
        assert (ran.code, "real extracts" in ran.err, "rtt demo" in ran.err) == (2, True, True)


@pytest.mark.parametrize("code", ["C_110", "c_110", "110", " 110 "])
def test_codes_are_taken_in_the_spellings_that_pages_take(rtt, make_extract, code):
    rtt("load", make_extract({**FACTS, ("R1K", "01A", "2", "C_120"): {3: 2}}, census=MARCH))
    asked = ("figures", "--level", "provider", "--format", "csv", "--organisation")
    rows = rtt(*asked, "rtd", "--treatment-function", code).rows
    assert rows == rtt(*asked, "RTD", "--treatment-function", "C_110").rows
    assert {row["treatment_function_code"] for row in rows} == {"C_110"}


def test_what_nhs_england_commissions_itself_keeps_its_code_in_csv(rtt, make_extract):
    rtt("load", make_extract({("RTD", "13Q", "2", "C_110"): {3: 2}}, census=MARCH))
    for level in ("icb", "region"):
        assert {r["organisation_code"] for r in rtt("figures", "--level", level, "--format", "csv").rows} == {
            "-"
        }


def test_the_hint_speaks_of_tracking_lists_only_where_one_is_held(rtt, make_extract):
    rtt("load", make_extract(FACTS, census=MARCH))
    hint, none = "A PTL has figures at level provider only", ("figures", "--census", "2026-11")
    assert "Nothing that is held matches" in rtt(*none).err
    assert hint not in rtt(*none).err
    (path,) = (servers.ROOT / "sample_data" / "examples").glob("*-open-pathways.csv")
    rtt("load", path)
    assert hint in rtt(*none).err
    assert hint not in rtt(*none, "--source", "monthly").err


def test_json_csv_and_table_say_the_same(rtt, make_extract):
    rtt("load", make_extract(FACTS, census=MARCH))
    from_csv = rtt("figures", "--format", "csv").rows
    from_json = json.loads(rtt("figures", "--format", "json").out)
    assert [
        {name: "" if value is None else str(value) for name, value in row.items()} for row in from_json
    ] == from_csv
    header, *lines = rtt("figures").out.splitlines()
    assert header.split() == list(from_csv[0])
    # A name has single spaces, columns stand two apart.
    assert [re.split(r" {2,}", line.strip()) for line in lines] == [
        [cell for cell in row.values() if cell] for row in from_csv
    ]


def rows_of(path):
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def _mark(url, kind):
    engine = make_engine(url)
    migrate(engine)
    with engine.begin() as connection:
        connection.execute(insert(dataset).values(id=1, kind=kind, version=1))
    engine.dispose()


@pytest.fixture
def key(monkeypatch):
    monkeypatch.setenv("RTT_TOKEN_KEY", "a secret of the trust's own")


def test_tokens_go_to_a_file_that_its_owner_alone_can_read(rtt, key, tmp_path):
    (path,) = (servers.ROOT / "sample_data" / "examples").glob("*-open-pathways.csv")
    everybody, two = tmp_path / "everybody.csv", tmp_path / "two.csv"
    ran = rtt("tokens", path, "--out", everybody)
    assert (ran.code, ran.out, everybody.stat().st_mode & 0o777) == (0, "", 0o600)
    listed = rows_of(everybody)
    first, second, *_ = [row["token"] for row in listed]
    # Tokens after the first arrive among the files; a comma does as well.
    assert rtt("tokens", path, "--only", first, second, "--out", two).code == 0
    assert [row["token"] for row in rows_of(two)] == [first, second]
    assert listed[0]["local_patient_id"] not in ran.err


def test_tokens_without_the_key_of_the_list_are_refused_and_no_key_is_made(rtt, home, tmp_path):
    (path,) = (servers.ROOT / "sample_data" / "examples").glob("*-open-pathways.csv")
    ran = rtt("tokens", path, "--out", tmp_path / "list.csv")
    assert (ran.code, str(home / "token.key") in ran.err, "rtt load" in ran.err) == (2, True, True)
    assert not (tmp_path / "list.csv").exists()
    assert not home.exists()


def test_tokens_that_were_not_found_are_named_and_what_is_none_is_counted(rtt, key, tmp_path):
    (path,) = (servers.ROOT / "sample_data" / "examples").glob("*-open-pathways.csv")
    ran = rtt("tokens", path, "--only", "ABC-ABCDEFGHIJKLMNOP,9434765919", "--out", tmp_path / "list.csv")
    assert ran.code == 0
    assert "2 of the 2 asked for (ABC-ABCDEFGHIJKLMNOP, 1 that cannot be a token" in ran.err
    assert "9434765919" not in ran.err
    assert rows_of(tmp_path / "list.csv") == []


def test_tokens_are_not_written_where_they_would_be_served_or_lost(rtt, home, key, tmp_path):
    (path,) = (servers.ROOT / "sample_data" / "examples").glob("*-open-pathways.csv")
    assert rtt("tokens", path, "--out", home / "list.csv").code == 2
    (tmp_path / "kept.csv").write_text("mine")
    assert rtt("tokens", path, "--out", tmp_path / "kept.csv").code == 2
    assert rtt("tokens", tmp_path / "nowhere.csv", "--out", tmp_path / "list.csv").code == 2
    assert (tmp_path / "kept.csv").read_text() == "mine"


def test_tokens_of_a_file_that_is_refused_are_not_written(rtt, key, tmp_path, damaged):
    ran = rtt("tokens", damaged, "--out", tmp_path / "list.csv")
    assert (ran.code, "refusal" in ran.err, (tmp_path / "list.csv").exists()) == (3, True, False)


def test_a_key_that_others_can_read_is_not_used(rtt, home, tmp_path, make_extract):
    home.mkdir()
    (home / "token.key").write_text("0" * 64)
    (home / "token.key").chmod(0o644)
    ran = rtt("load", make_extract(FACTS, census=MARCH))
    assert (ran.code, "chmod 600" in ran.err) == (2, True)
