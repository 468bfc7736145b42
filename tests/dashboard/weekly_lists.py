"""Weekly lists of a trust, made of people who join and leave: loaded into a database, and counted by hand."""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import Engine

from ingest.extracts import LoadOptions
from ingest.forecasts.rows import Expectation
from ingest.loading.load import load_path
from rtt.terms.treatment_functions import TOTAL
from tests.tracking_lists import KEY, as_csv, pathway

FIRST = date(2026, 9, 6)
WEEK = timedelta(7)
SPECIALTIES = {"C_110": 400, "C_120": 160, "C_130": 9, "C_140": 60}
LIMITS = ((-2.0, 2.0), (-5.0, 5.0), (-20.0, 20.0))


@dataclass(frozen=True)
class Person:
    """Somebody on the lists from week `joins` until before week `leaves`."""

    number: int
    function: str
    clock_start: date
    joins: int
    leaves: int


def people(seed: int = 5) -> list[Person]:
    """Some wait around 18 weeks, some join with an old clock, some of the first list leave within a week.

    Who joins stays: those who join with an old clock and leave again are told by no count kept of a list.
    """
    chance, made = random.Random(seed), []
    for function, size in SPECIALTIES.items():
        for _ in range(size):
            joins = chance.choice([0, 0, 0, 1, 2, 3])
            waited = chance.choice([chance.randrange(1, 500), chance.randrange(80, 140)])
            start = FIRST + joins * WEEK - timedelta(waited)
            leaves = 99 if joins else chance.randrange(1, 9)
            made.append(Person(len(made), function, start, joins, leaves))
    return made


def day(week: int) -> date:
    return FIRST + week * WEEK


def listed(among: Iterable[Person], week: int) -> dict[int, Person]:
    return {each.number: each for each in among if each.joins <= week < each.leaves}


def load(engine: Engine, folder: Path, among: Iterable[Person], *weeks: int, name: str = "open") -> None:
    """Load these weeks' lists as files of the trust."""
    for week in weeks:
        census = day(week)
        rows = [
            pathway(
                pathway_id=f"PERSON{each.number:06d}",
                treatment_function=each.function.removeprefix("C_"),
                clock_start=each.clock_start.isoformat(),
                week_ending=census.isoformat(),
            )
            for each in listed(among, week).values()
        ]
        path = folder / f"{name}-{census:%Y%m%d}.csv"
        path.write_bytes(as_csv(rows))
        (result,) = load_path(engine, path, options=LoadOptions(token_key=KEY))
        assert result.state == "loaded", result.problems


def counted(among: list[Person], measure: str, origin: int, target: int) -> dict[str, float]:
    """What came by specialty and in all, pathway by pathway."""
    before, now = listed(among, origin), listed(among, target)
    found = {}
    for function in (*SPECIALTIES, TOTAL):
        own = [each for each in now.values() if function in (each.function, TOTAL)]
        over = [each for each in own if _waited(each, target) > 126]
        passed = [each for each in over if each.number in before and _waited(each, origin) <= 126]
        figures = {"passing_18": len(passed), "over_18": len(over), "total": len(own)}
        figures["share_within_18"] = 100 * (len(own) - len(over)) / len(own)
        found[function] = float(figures[measure])
    return found


def _waited(each: Person, week: int) -> int:
    return (day(week) - each.clock_start).days


def expected(
    measure: str, origin: int, target: int, values: dict[str, float], naive=None
) -> list[Expectation]:
    """Made-up expectations with intervals of 2, 5 and 20 either way."""
    return [
        Expectation(
            treatment_function=function,
            measure=measure,
            target_date=day(target),
            value=value,
            limits=tuple((value + low, value + high) for low, high in LIMITS),
            naive=None if naive is None else naive[function],
        )
        for function, value in values.items()
    ]
