"""Lists of made-up trusts, written straight into a lake as Parquet: no file is read, and nobody is meant.

Pathways begin at random and wait for random weeks; each is on every list between, some change, and most that
leave have a stop. Everything follows from the seed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from ingest.extracts.ptl.booking import booked_in, booking_state
from ingest.extracts.ptl.rows import with_wait
from ingest.lake import parquet
from ingest.lake.layout import digest, rows_path
from ingest.lake.stores import Store, open_store
from ingest.lake.tasks import FACTS_OF_LISTS, MOVEMENT, Part, Task
from ingest.store.schema import ENGLISH, NONC

FIRST = date(2026, 1, 4)
AVERAGE_WAIT, LONGEST_WAIT = 17, 160  # weeks
FUNCTIONS = ("100", "101", "110", "120", "130", "140", "160", "301", "320", "330", "340", "400", "410", "502")


@dataclass(frozen=True, slots=True)
class Trust:
    """A trust whose lists have about `size` pathways."""

    provider: str
    size: int


def trusts(number: int, *, average: int) -> list[Trust]:
    """Trusts as unlike in size as England's: the largest has four times the average."""
    shares = np.random.default_rng(1).lognormal(0, 0.6, number)
    sizes = (shares / shares.mean() * average).astype(int) + 1
    return [Trust(f"R{at // 26}{chr(65 + at % 26)}", int(size)) for at, size in enumerate(sizes)]


def tasks(address: str, made: Sequence[Trust], *, weeks: int) -> list[Task]:
    """Write the lists of so many weeks and the one before them; the task of each week and trust."""
    store = open_store(address)
    return [task for trust in made for task in _tasks_of(store, trust, weeks)]


def _tasks_of(store: Store, trust: Trust, weeks: int) -> Iterator[Task]:
    people = _people(trust, weeks)
    days = [FIRST + timedelta(7 * week) for week in range(weeks + 1)]
    lists = [_kept(store, trust, day, "pathway", _listed(people, week, day)) for week, day in enumerate(days)]
    for week, day in enumerate(days[1:], start=1):
        stops = _kept(store, trust, day, "clock_stop", _stopped(people, week, day))
        yield Task(
            kinds=(FACTS_OF_LISTS, MOVEMENT),
            census=day,
            provider=trust.provider,
            lake=store.address,
            pathways=lists[week],
            before=lists[week - 1],
            previous=days[week - 1],
            stops=(stops,),
        )


def _people(trust: Trust, weeks: int) -> pl.DataFrame:
    """Everybody who is on a list of these weeks: `begun` and `gone` in weeks from the first list."""
    chance = np.random.default_rng([int.from_bytes(trust.provider.encode()), 20260104])
    number = trust.size * (LONGEST_WAIT + weeks) // AVERAGE_WAIT
    begun = chance.uniform(-LONGEST_WAIT, weeks, number)
    gone = begun + chance.exponential(AVERAGE_WAIT, number)
    begun, gone = begun[gone > 0], gone[gone > 0]
    size = len(begun)
    marks = chance.bytes(8 * size).hex()
    decided = chance.random(size) < 0.2
    return pl.DataFrame(
        {
            # By chance, as tokens are: nothing that would make a file small.
            "token": [f"{trust.provider}-{marks[at : at + 16]}" for at in range(0, 16 * size, 16)],
            "begun": begun,
            "gone": gone,
            "site_code": chance.choice([f"{trust.provider}{site}" for site in ("01", "02", "03")], size),
            "treatment_function": chance.choice([f"C_{code}" for code in FUNCTIONS], size),
            "stage": np.where(decided, "admitted", "non-admitted"),
            "priority": chance.choice(["1", "2", "3", "unknown"], size, p=[0.7, 0.2, 0.08, 0.02]),
            "basis": chance.choice([ENGLISH, NONC], size, p=[0.99, 0.01]),
            "decided": decided,
            "unknown": chance.random(size) < 0.005,  # when the clock started
            "booked": chance.integers(-300, 200, size),  # days from the clock start, below 0: not booked
            "changes": chance.integers(0, 400, size),  # the week in which something about it changes
            "kind": chance.choice(["treated", "other", "none"], size, p=[0.6, 0.25, 0.15]),
        }
    )


def _listed(people: pl.DataFrame, week: int, census: date) -> pl.DataFrame:
    """The list of a week, with the columns of the table and those of the product's own rules among them."""
    here = people.filter(pl.col("begun") <= week, pl.col("gone") > week)
    started = pl.lit(FIRST) + pl.duration(days=(pl.col("begun") * 7).floor().cast(pl.Int32))
    changed = pl.col("changes") == week
    booked = pl.when(pl.col("booked") >= 0).then(started + pl.duration(days=pl.col("booked") + 7 * changed))
    here = here.with_columns(
        clock_start=pl.when(~pl.col("unknown")).then(started),
        site_code=pl.when(changed).then(pl.col("site_code").str.slice(0, 3) + "04").otherwise("site_code"),
        decision_to_admit=pl.when("decided").then(started),
        tci_date=pl.when("decided").then(booked),
        next_appointment=pl.when(~pl.col("decided") & (booked >= census)).then(booked),
    )
    here = with_wait(here, census).with_columns(
        booking_state=booking_state(census), booked_in=booked_in(census), urgency=pl.lit(5)
    )
    here = here.with_columns(wait_order=pl.col("days_waited").fill_null(-1))
    kinds = parquet.table_schema("pathway")
    given = [pl.col(name) if name in here.columns else _empty(name, kind) for name, kind in kinds.items()]
    return here.select(given).cast(dict(kinds)).sort("urgency", -pl.col("wait_order"), "token")


def _empty(name: str, kind: pl.DataType) -> pl.Expr:
    return pl.lit("" if kind == pl.String else None, dtype=kind).alias(name)


def _stopped(people: pl.DataFrame, week: int, census: date) -> pl.DataFrame:
    """The stops of those that left in the week before a list."""
    left = people.filter(pl.col("gone") <= week, pl.col("gone") > week - 1, pl.col("kind") != "none")
    return left.select("token", pl.lit(census - timedelta(1)).alias("stopped_on"), "kind", "stage").cast(
        dict(parquet.table_schema("clock_stop"))
    )


def _kept(store: Store, trust: Trust, census: date, table: str, rows: pl.DataFrame) -> Part:
    data = parquet.written(rows)
    path = rows_path(table, census, trust.provider, digest(data))
    store.write(path, data)
    return Part(table, path, digest(data), rows.height)
