"""`rtt plan` prints what the page shows; `rtt trajectory` keeps a trust's own plan, or says what is wrong."""

from datetime import date

import pytest

from dashboard.store.plans import plan_made_of
from dashboard.store.trajectories import trajectory_of
from ingest.store.database import make_engine, migrate
from rtt.terms.calendar import add_months
from tests.dashboard import served_pages as served
from tests.dashboard import tracked
from tests.dashboard.commands import Command

FIRST = date(2024, 4, 30)


@pytest.fixture
def rtt(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("RTT_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("RTT_DATABASE_URL", raising=False)
    return Command(monkeypatch, capsys)


@pytest.fixture
def nine_months(rtt, make_extract):
    """Nine months of one trust, forecast by `rtt forecast`, which works the plans out too."""
    for month in range(9):
        waiting = {band: round((300 + 3 * month) * 0.95**band) for band in range(70)}
        stops = {band: round(0.19 * n) for band, n in waiting.items() if n > 5}
        facts = {
            ("RTD", "01A", "2", "C_110"): waiting,
            ("RTD", "01A", "1A", "C_110"): stops,
            ("RTD", "01A", "3", "C_110"): 1350,
            ("RTD", "01A", "2", "C_502"): {band: 2 * n for band, n in waiting.items()},
            ("RTD", "01A", "1B", "C_502"): {band: 2 * n for band, n in stops.items()},
            ("RTD", "01A", "3", "C_502"): 2700,
        }
        assert rtt("load", make_extract(facts, census=add_months(FIRST, month))).code == 0
    assert rtt("forecast").code == 0


def engine_of(tmp_path):
    return make_engine(f"sqlite:///{tmp_path / 'home' / 'rtt.db'}")


def test_a_forecast_works_the_plans_out(rtt, nine_months, tmp_path):
    with engine_of(tmp_path).connect() as connection:
        assert plan_made_of(connection).census_date == add_months(FIRST, 8)
    ran = rtt("plan", "--all", "--csv")
    assert "Unchanged: plans of 31 December 2024" in ran.err
    assert {(row["level"], row["treatment_function"]) for row in ran.rows} == {
        (level, function)
        for level in ("commissioner", "england", "icb", "provider", "region")
        for function in ("C_110", "C_502", "C_999")
    }


def test_a_plan_is_a_sentence_and_a_table(rtt, nine_months):
    ran = rtt("plan", "--org", "rtd", "--target", "0.7", "--due", "2025-12-31", "--csv")
    assert ran.code == 0
    assert [row["Specialty"] for row in ran.rows] == ["Gynaecology", "Trauma & orthopaedics"]
    assert "70% within 18 weeks by 31 Dec 2025" in ran.err
    same = rtt("plan", "--org", "RTD", "--target", "70", "--due", "2025-12", "--format", "csv")
    assert same.out == ran.out
    (one,) = rtt("plan", "--org", "RTD", "--tf", "110", "--target", "70", "--due", "2025-12", "--csv").rows
    table = {row["Specialty"]: row for row in ran.rows}
    assert one["More stops a week"] == table["Trauma & orthopaedics"]["More stops a week"]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--org", "ZZZ"], "--org is 'ZZZ'"),
        (["--org", "RTD", "--tf", "C_999X"], "--tf is 'C_999X'"),
        (["--org", "RTD", "--due", "soon"], "“soon” is not a date"),
        (["--org", "RTD", "--due", "2024-12"], "less than four weeks after the newest month"),
        (["--org", "RTD", "--stops", "-80"], "“stops” can be -50 to 100"),
        (["--org", "RTD", "--sprint", "10"], "is not a value for “sprint”"),
        (["--all", "--backtest"], "one at a time"),
        (["--backtest"], "too few large providers"),
    ],
)
def test_wrong_use_is_said_in_a_sentence(rtt, nine_months, options, told):
    ran = rtt("plan", *options)
    assert ran.code == 2
    assert told in ran.err
    assert ran.out == ""


def test_nothing_loaded_is_said(rtt):
    assert "Nothing is loaded" in rtt("plan").err
    assert "nothing to plan from" in rtt("plan", "--all").err


def test_a_trajectory_is_loaded_from_a_csv(rtt, nine_months, tmp_path):
    file = tmp_path / "plan.csv"
    file.write_text("month,measure,value\n2025-03,within 18,66.5\n2025-03,list,17000\n", encoding="utf-8-sig")
    ran = rtt("trajectory", file, "--org", "RTD")
    assert (ran.code, ran.err.strip()) == (0, ran.err.strip())
    assert "2 values" in ran.err
    with engine_of(tmp_path).connect() as connection:
        found = trajectory_of(connection, "provider", "RTD").values
    assert found == {
        "share_within_18": {date(2025, 3, 31): 66.5},
        "total": {date(2025, 3, 31): 17000.0},
    }


def test_a_file_with_a_line_that_cannot_be_read_is_refused_whole(rtt, nine_months, tmp_path):
    file = tmp_path / "plan.csv"
    file.write_text("2025-03,within 18,66.5\n2025-04,waiting,3\n")
    ran = rtt("trajectory", file, "--org", "RTD")
    assert ran.code == 3
    assert (
        ran.err == "plan.csv: refused. Line 2: “waiting” is no measure. Write within 18, list or over 52.\n"
    )
    file.write_bytes(b"\xff\xfe\x00")
    assert "no csv" in rtt("trajectory", file, "--org", "RTD").err
    with engine_of(tmp_path).connect() as connection:
        assert trajectory_of(connection, "provider", "RTD").values == {}


def test_a_trajectory_is_taken_back_by_who_loaded_it(rtt, nine_months, tmp_path):
    file = tmp_path / "plan.csv"
    file.write_text("2025-03,within 18,66.5\n2025-03,list,17000\n")
    assert rtt("trajectory", file, "--org", "RTD").code == 0
    for wrong in (["--org", "RTD"], [file, "--org", "RTD", "--withdraw"]):
        assert rtt("trajectory", *wrong).code == 2
    ran = rtt("trajectory", "--org", "rtd", "--withdraw")
    assert (ran.code, ran.err.strip()) == (0, "Withdrawn: 2 values of the plan of " + name_in(ran.err))
    with engine_of(tmp_path).connect() as connection:
        assert trajectory_of(connection, "provider", "RTD").values == {}
    again = rtt("trajectory", "--org", "RTD", "--withdraw")
    assert again.code == 3
    assert "withdrawn already" in again.err


def name_in(text):
    return text.strip().split(" the plan of ")[1]


def test_a_commissioner_is_planned_by_its_code(rtt, nine_months):
    ran = rtt("plan", "--org", "01A", "--target", "70", "--due", "2025-12", "--csv")
    assert ran.code == 0
    assert "one list for each specialty of the commissioner, not from the lists of its trusts" in ran.err
    assert len(ran.rows) == 2


def with_list(tmp_path):
    """The command's database with a PTL of some hundred pathways."""
    (tmp_path / "home").mkdir()
    engine = engine_of(tmp_path)
    migrate(engine)
    tracked.load(engine, tmp_path)
    return engine


def test_the_plan_of_a_list_is_that_of_its_page(rtt, tmp_path):
    engine = with_list(tmp_path)
    client = tracked.served(engine, tmp_path)
    for query, given in (
        ("?source=weekly", ()),
        ("?source=weekly&tf=C_120&slots=3", ("--tf", "120", "--slots", "3")),
        (
            "?source=weekly&order=next&left=2&threshold=52&due=2026-12-20",
            ("--org", "r9a", "--next-first", "--left", "2", "--threshold", "52", "--due", "2026-12-20"),
        ),
    ):
        page = served.drawn(client, "/plan", query)["page"]
        head, *rows = served.whole_table_of(served.cards(page)["slots-rows"])
        ran = rtt("plan", "--list", *given, "--csv")
        assert ran.code == 0
        assert [list(row.values()) for row in ran.rows] == rows
        assert list(ran.rows[0]) == head
        assert served.words(served.of_type(served.cards(page)["answer"], "H2")[0]) in ran.err


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (("--list", "--target", "0.7"), "no targets or dials"),
        (("--slots", "3"), "belong to --list"),
        (("--list", "--threshold", "19"), "not a choice"),
        (("--list", "--org", "RXX"), "no trust of the newest PTL"),
        (("--list", "--tf", "999999"), "no specialty of the newest PTL"),
    ],
)
def test_what_a_plan_of_a_list_cannot_be_asked_is_refused(rtt, tmp_path, given, why):
    with_list(tmp_path)
    ran = rtt("plan", *given)
    assert ran.code != 0
    assert why in " ".join(ran.err.replace("│", " ").split())


def test_without_a_list_there_is_no_plan_of_one(rtt, nine_months):
    assert "No PTL is loaded yet" in rtt("plan", "--list").err
