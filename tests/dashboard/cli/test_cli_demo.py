"""The demo is built beside and put in place as one, marked as a sample, and renewed when it is old."""

import os
from datetime import date, timedelta

import pytest
from sqlalchemy import select, text

import sample_data
from dashboard.cli import builder, clock
from dashboard.cli.serving import serve_dashboard
from dashboard.scope import sample_building
from dashboard.settings.settings import from_environment
from ingest.fetch.journal import only_run
from ingest.loading.load import load_path
from ingest.store.database import make_engine, migrate
from ingest.store.dataset import dataset_of, read_dataset
from ingest.store.schema import extract
from tests import servers
from tests.dashboard.commands import Command

BUILT = date(2026, 3, 1)
MONTHS, WEEKS = 1, 2


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("RTT_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("RTT_DATABASE_URL", raising=False)
    return tmp_path / "home"


@pytest.fixture(scope="module")
def short_sample():
    """short_sample(until=...) -> a sample cut short to a month and two weeks, simulated once."""
    whole, made = sample_data.Sample, {}

    def short(*, until):
        if until not in made:
            made[until] = whole(until=until, months=MONTHS, weeks=WEEKS)
        return made[until]

    return short


@pytest.fixture
def builds(monkeypatch, short_sample):
    """The days for which a sample is built, each cut short."""
    days = []

    def short(*, until):
        days.append(until)
        return short_sample(until=until)

    monkeypatch.setattr(sample_data, "Sample", short)
    return days


@pytest.fixture
def rtt(home, monkeypatch, capsys):
    return Command(monkeypatch, capsys)


def mark(url):
    engine = make_engine(url)
    try:
        return dataset_of(engine)
    finally:
        engine.dispose()


def test_a_demo_is_marked_as_a_sample_in_a_database_of_its_own(rtt, home, builds):
    ran = rtt("demo", "--until", BUILT)
    assert (ran.code, ran.out) == (0, "")
    assert "Sample data: not a real trust" in ran.err
    held = mark(f"sqlite:///{home / 'demo.db'}")
    assert (held.kind, held.built_on, held.extracts) == ("sample", BUILT, MONTHS + 3 * WEEKS)
    assert not (home / "rtt.db").exists()
    assert not (home / "token.key").exists()
    assert "sample data: not a real trust" in rtt("status").out
    assert {row["source"] for row in rtt("figures", "--level", "provider", "--format", "csv").rows} == {
        "monthly",
        "weekly",
    }


def test_a_demo_is_rebuilt_when_it_is_more_than_six_days_old(rtt, home, builds):
    for days, built in [(0, 1), (6, 1), (7, 2), (8, 2)]:
        assert rtt("demo", "--if-stale", "--until", BUILT + timedelta(days=days)).code == 0
        assert len(builds) == built


def test_a_reader_sees_the_old_demo_until_the_new_one_is_whole(rtt, home, builds):
    rtt("demo", "--until", BUILT)
    later = BUILT + timedelta(days=35)
    engine = make_engine(f"sqlite:///{home / 'demo.db'}")
    newest = select(extract.c.census_date).order_by(extract.c.census_date.desc()).limit(1)
    with engine.connect() as reader:
        before = read_dataset(reader)
        census = reader.execute(newest).scalar_one()
        assert rtt("demo", "--until", later).code == 0
        assert (read_dataset(reader), reader.execute(newest).scalar_one()) == (before, census)
        reader.rollback()
        after = read_dataset(reader)
        assert after.built_on == later
        assert after.version > before.version
        assert reader.execute(newest).scalar_one() > census
        assert reader.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"
    engine.dispose()


@pytest.mark.postgresql
def test_on_a_server_old_extracts_make_room_for_the_new(rtt, builds, monkeypatch, postgresql_url):
    monkeypatch.setenv("RTT_DATABASE_URL", postgresql_url)
    rtt("demo", "--until", BUILT)
    before = mark(postgresql_url)
    assert rtt("demo", "--until", BUILT + timedelta(days=70)).code == 0
    after = mark(postgresql_url)
    assert (after.extracts, after.built_on) == (MONTHS + 3 * WEEKS, BUILT + timedelta(days=70))
    assert after.version > before.version


class Served(BaseException):
    """Instead of becoming the server."""


def test_serving_a_real_extract_builds_no_demo(home, monkeypatch, make_extract):
    def become_the_server(*_arguments):
        raise Served

    monkeypatch.setattr(os, "execv", become_the_server)
    monkeypatch.chdir(home.parent)
    monkeypatch.setattr(builder, "see_to_sample", lambda _: pytest.fail("a sample was built"))
    engine = make_engine(f"sqlite:///{home / 'rtt.db'}")
    migrate(engine)
    load_path(engine, make_extract({("RTD", "01A", "2", "C_110"): {0: 30}}, census=date(2025, 3, 31)))
    engine.dispose()
    with pytest.raises(Served):
        serve_dashboard(servers.free_port(), demo_if_empty=True)


@pytest.mark.postgresql
def test_on_a_server_the_sample_is_whole_before_it_is_served(home, builds, monkeypatch, postgresql_url):
    monkeypatch.setenv("RTT_DATABASE_URL", postgresql_url)
    monkeypatch.setattr(clock, "today", lambda: BUILT)
    for _ in range(2):
        assert builder.see_to_sample(from_environment()) == 0
        assert mark(postgresql_url).built_on == BUILT
    assert len(builds) == 1


def test_two_do_not_build_at_once(rtt, home, builds):
    with only_run(sample_building.folder(from_environment())):
        ran = rtt("demo", "--until", BUILT)
    assert (ran.code, builds) == (3, [])
    assert "being built already" in ran.err
