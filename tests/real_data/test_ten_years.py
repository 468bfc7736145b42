"""Months in the layouts since April 2016 load in one run, which can be stopped and begun again, and tell of
England what the published months tell that they were made of.
"""

import os
import subprocess
import time
import zipfile
from datetime import date

import pytest
from sqlalchemy import func, select

from benchmarks import ten_years_made as made
from ingest.store.database import make_engine
from ingest.store.schema import ENGLAND, ENGLISH, extract, load, organisation, pathway_counts
from rtt.terms.parts import PARTS
from tests.servers import PROGRAM, ROOT

pytestmark = [pytest.mark.real_data, pytest.mark.slow]

# One of each layout, and one with STPs in the older and in the newer bands.
MONTHS = (
    date(2016, 4, 30),
    date(2016, 7, 31),
    date(2018, 4, 30),
    date(2020, 4, 30),
    date(2021, 4, 30),
)
OTHERS = ("X02", "X03", "X04", "X05", "X06")
COUNTED = ("total", "unknown_clock_start", "within_18", "over_18", "over_52")


@pytest.fixture(scope="module")
def sources(published):
    return made.published_months(published / "national")


@pytest.fixture(scope="module")
def loaded(sources, tmp_path_factory):
    """A database of these months, from a run that was killed in its second and in its fourth month."""
    home = tmp_path_factory.mktemp("ten-years")
    files = made.make(sources, MONTHS, home)
    assert len(set(files)) == len(MONTHS)
    engine = make_engine(f"sqlite:///{home / 'rtt.db'}")
    for number in (2, 4):
        _killed_in(home, number)
    assert _load(home).wait() == 0
    yield engine
    engine.dispose()


def _load(home):
    settings = {name: value for name, value in os.environ.items() if not name.startswith("RTT_")}
    log = (home / "log").open("a")
    with log:
        return subprocess.Popen(
            [PROGRAM, "load", str(home)],
            env=settings | {"RTT_HOME": str(home)},
            cwd=ROOT,
            stdout=log,
            stderr=log,
        )


def _killed_in(home, number):
    """Kill the load once it has loaded `number` - 1 months in all: it is at work on the next."""
    process = _load(home)
    while process.poll() is None and (home / "log").read_text().count(" rows loaded in ") < number - 1:
        time.sleep(0.02)
    time.sleep(0.3)
    process.kill()
    process.wait()


def england(engine, month, part, *functions):
    counts, names = pathway_counts.c, (*COUNTED, "over_65", "over_104", "w051", "w052")
    with engine.connect() as connection:
        return connection.execute(
            select(*(func.sum(counts[name]).label(name) for name in names)).where(
                counts.source == "monthly",
                counts.level == "england",
                counts.organisation_code == ENGLAND,
                counts.census_date == month,
                counts.part == part,
                counts.basis == ENGLISH,
                counts.treatment_function.in_(functions or ("C_999",)),
            )
        ).one()


def test_a_month_in_its_own_layout_is_the_published_file(sources):
    with zipfile.ZipFile(sources[3]) as archive:
        published = archive.read(archive.namelist()[0])
    assert made.dated(made.read(sources[3]), date(2025, 3, 31)) == published


def test_a_load_that_was_killed_and_begun_again_has_every_month_once(loaded):
    with loaded.connect() as connection:
        held = connection.execute(select(extract.c.census_date, extract.c.open_band)).all()
        states = connection.execute(select(load.c.state)).scalars().all()
    assert dict(held) == {month: 52 if month <= made.OPEN_AT_52_UNTIL else 104 for month in MONTHS}
    assert states == ["loaded"] * len(MONTHS)


@pytest.mark.parametrize("month", MONTHS)
def test_england_is_what_the_published_month_tells(month, loaded, twelve_months_engine):
    source = date(2024 if month.month > 3 else 2025, month.month, month.day)
    for part in PARTS:
        own, published = england(loaded, month, part), england(twelve_months_engine, source, part)
        assert own[: len(COUNTED)] == published[: len(COUNTED)]
        if month <= made.OPEN_AT_52_UNTIL:
            # Beyond 52 weeks nothing is known: not even that nobody waits.
            assert own.over_65 is own.over_104 is None
            assert own.w051 == published.w051
            assert own.w052 == published.over_52
            others = england(twelve_months_engine, source, part, *OTHERS)
            assert england(loaded, month, part, "X01")[: len(COUNTED)] == others[: len(COUNTED)]
            assert england(loaded, month, part, *OTHERS).total is None
        else:
            assert own == published


def test_the_regions_of_every_month_are_the_seven_of_england(loaded, twelve_months_engine):
    """The parents of commissioners were regions until March 2020 and STPs until June 2022."""

    def regions(engine, month):
        with engine.connect() as connection:
            held = select(organisation.c.code).join(extract, extract.c.id == organisation.c.extract_id)
            asked = held.where(
                organisation.c.level == "region",
                extract.c.census_date == month,
                extract.c.source == "monthly",
            )
            return set(connection.execute(asked).scalars())

    expected = regions(twelve_months_engine, date(2024, 4, 30))
    assert len(expected - {"-"}) == 7
    for month in MONTHS:
        assert regions(loaded, month) == expected, month
