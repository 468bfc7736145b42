"""What looks odd about a month, counted by provider: within the month, and beside the month before.

None of it refuses a file and all of it stays in the figures. The return's guidance names the questions and no
thresholds; ours are the constants below. Rows stand under a provider where something was found and under
England always, so that a page can tell "none of 445" from "not asked".

Source: NHS England, Recording and reporting RTT waiting times, v5.0, annex B.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

import polars as pl
from sqlalchemy import Connection, delete, func, select

from ingest import schema
from ingest.checks import admission_above_list
from ingest.database import insert_rows
from ingest.problems import Problem
from ingest.schema import ENGLAND, MONTHLY
from rtt.parts import COMPLETED, INCOMPLETE, NEW_PERIODS, PARTS, WITH_DECISION_TO_ADMIT
from rtt.treatment_functions import TOTAL
from rtt.waits import BAND_COLUMNS

QUALITY_COLUMNS = ("check_key", "organisation_code", "treatment_function", "failed", "checked", "counted")
# Keys of checks; those beside the month before are made again when either month changes.
UNKNOWN_START, FIRST_WEEK = "unknown_clock_start", "first_week"
ADMISSION_ABOVE_LIST, FEW_STARTS = "dta_above_list", "new_periods_below_first_bands"
PART_MISSING, IDENTICAL, BIG_CHANGE = "part_missing", "identical_to_last_month", "big_change"
BESIDE_LAST_MONTH = (PART_MISSING, IDENTICAL, BIG_CHANGE)

LARGE_LIST = 1_000  # pathways in either month, for a change of the list to be worth a word
BIG_FACTOR = 2.0  # doubled or halved
FIRST_BANDS = 4  # weeks: who joined in the month should be a new period of it
NOTES_SHOWN = 20
# Two months that agree in all of these are the same return sent twice.
_TELLING = ("total", "unknown_clock_start", "over_18", "over_52", *BAND_COLUMNS[:18])

Row = tuple[str, str, str, int, int, int]


def within_month(table: pl.DataFrame, *, bands: Sequence[str]) -> list[Row]:
    """Rows of `quality` from the rows of one extract, in the order of QUALITY_COLUMNS."""
    counts = ("unknown_clock_start", "total_all", *bands[:FIRST_BANDS])
    parts = table.select("provider", "part", "treatment_function", *counts).filter(
        pl.col("treatment_function") != TOTAL
    )
    sums = parts.group_by("provider", "part").agg(
        pl.col("unknown_clock_start").sum(),
        pl.col("total_all").sum(),
        first=pl.col(bands[0]).sum(),
        first_bands=pl.sum_horizontal(pl.col(bands[:FIRST_BANDS]).sum()),
    )
    completed = sums.filter(pl.col("part").is_in(COMPLETED))
    return [
        *_counted(UNKNOWN_START, completed, failed="unknown_clock_start", checked="total_all"),
        *_counted(FIRST_WEEK, completed, failed="first", checked="total_all"),
        *_counted(FEW_STARTS, _few_starts(sums), failed="failed", checked="checked"),
        *_counted(ADMISSION_ABOVE_LIST, _above_list(table), failed="failed", checked="checked"),
    ]


def _few_starts(sums: pl.DataFrame) -> pl.DataFrame:
    waiting = sums.filter(pl.col("part") == INCOMPLETE)
    starts = sums.filter(pl.col("part") == NEW_PERIODS).select("provider", starts="total_all")
    return waiting.join(starts, on="provider", how="left").select(
        "provider",
        failed=(pl.col("starts").fill_null(0) < pl.col("first_bands")).cast(pl.Int64),
        checked=pl.lit(1),
    )


def _above_list(table: pl.DataFrame) -> pl.DataFrame:
    failed = admission_above_list(table).group_by("provider").agg(failed=pl.len())
    rows = table.filter(pl.col("part") == WITH_DECISION_TO_ADMIT).group_by("provider").agg(checked=pl.len())
    return rows.join(failed, on="provider", how="left").with_columns(pl.col("failed").fill_null(0))


def _counted(key: str, table: pl.DataFrame, *, failed: str, checked: str) -> list[Row]:
    rows = table.group_by("provider").agg(pl.col(failed).sum(), pl.col(checked).sum()).sort("provider").rows()
    england = (key, ENGLAND, TOTAL, sum(row[1] for row in rows), sum(row[2] for row in rows), 1)
    return [england, *((key, provider, TOTAL, bad, of, 1) for provider, bad, of in rows if bad)]


def compare_months(connection: Connection, census_date: date) -> list[Problem]:
    """Put beside its predecessor the month of `census_date`, and the month that follows it beside it.

    The answer does not depend on the order in which months came. The notes are of the month itself.
    """
    notes = []
    for month in (census_date, _next_month_end(census_date)):
        extract = _extract(connection, month)
        if extract is None:
            continue
        _forget(connection, extract.id)
        before = _extract(connection, _previous_month_end(month))
        if before is not None:
            found = _compare(connection, extract, before)
            if month == census_date:
                notes = [*_changed_names(connection, extract, before), *found]
    return notes


def _extract(connection: Connection, census_date: date) -> Any | None:
    extract = schema.extract.c
    return connection.execute(
        select(schema.extract, schema.load.c.file_name)
        .join(schema.load, schema.load.c.id == extract.load_id)
        .where(extract.source == MONTHLY, extract.census_date == census_date)
    ).first()


def _forget(connection: Connection, extract_id: int) -> None:
    quality = schema.quality.c
    connection.execute(
        delete(schema.quality).where(
            quality.extract_id == extract_id, quality.check_key.in_(BESIDE_LAST_MONTH)
        )
    )


def _compare(connection: Connection, extract: Any, before: Any) -> list[Problem]:
    now, then = (_providers(connection, each.census_date) for each in (extract, before))
    found: dict[str, dict[str, int]] = {key: {} for key in BESIDE_LAST_MONTH}
    notes = []
    for provider, part in sorted(now.keys() | then.keys()):
        total, was = (counts.get((provider, part), (0,))[0] for counts in (now, then))
        if was and not total:
            _count(found[PART_MISSING], provider)
        elif total and now[provider, part] == then.get((provider, part)):
            _count(found[IDENTICAL], provider)
        if part == INCOMPLETE and _is_big_change(total, was):
            _count(found[BIG_CHANGE], provider)
            notes.append((provider, total, was))
    insert_rows(connection, "quality", ("extract_id", *QUALITY_COLUMNS), _rows(extract.id, found, now, then))
    return [_big_change(extract.file_name, *note) for note in notes[:NOTES_SHOWN]]


def _count(found: dict[str, int], provider: str) -> None:
    found[provider] = found.get(provider, 0) + 1


def _rows(
    extract_id: int,
    found: dict[str, dict[str, int]],
    now: dict[tuple[str, str], tuple[int, ...]],
    then: dict[tuple[str, str], tuple[int, ...]],
) -> Iterable[tuple[Any, ...]]:
    lists = {provider for provider, part in then if part == INCOMPLETE}
    checked = {PART_MISSING: len(then), IDENTICAL: len(now), BIG_CHANGE: len(lists)}
    for key, providers in found.items():
        yield (extract_id, key, ENGLAND, TOTAL, sum(providers.values()), checked[key], 1)
        for provider, failed in providers.items():
            yield (extract_id, key, provider, TOTAL, failed, failed, 1)


def _providers(connection: Connection, census_date: date) -> dict[tuple[str, str], tuple[int, ...]]:
    """(provider, part) -> the counts of _TELLING, all commissioners together."""
    counts = schema.pathway_counts.c
    sums = [func.sum(counts[name]) for name in _TELLING]
    rows = connection.execute(
        select(counts.organisation_code, counts.part, *sums)
        .where(
            counts.source == MONTHLY,
            counts.level == "provider",
            counts.census_date == census_date,
            counts.part.in_(PARTS),
            counts.treatment_function == TOTAL,
        )
        .group_by(counts.organisation_code, counts.part)
    )
    return {(row[0], row[1]): tuple(int(value) for value in row[2:]) for row in rows}


def _is_big_change(total: int, was: int) -> bool:
    if max(total, was) < LARGE_LIST or not was:
        return False
    return total > BIG_FACTOR * was or total * BIG_FACTOR < was


def _big_change(file: str, provider: str, total: int, was: int) -> Problem:
    return Problem(
        file,
        "note",
        f"a list near the {was:,} of the month before",
        "it was loaded",
        field=f"Part_2 of {provider}",
        value=f"{total:,}",
    )


def _changed_names(connection: Connection, extract: Any, before: Any) -> list[Problem]:
    organisation = schema.organisation
    earlier = organisation.alias()
    rows = connection.execute(
        select(organisation.c.level, organisation.c.code, organisation.c.name, earlier.c.name)
        .join(
            earlier,
            (earlier.c.level == organisation.c.level) & (earlier.c.code == organisation.c.code),
        )
        .where(
            organisation.c.extract_id == extract.id,
            earlier.c.extract_id == before.id,
            organisation.c.name != earlier.c.name,
        )
        .order_by(organisation.c.level, organisation.c.code)
        .limit(NOTES_SHOWN)
    )
    return [
        Problem(
            extract.file_name,
            "note",
            f"the name of the month before, {was}",
            "each month keeps its own name",
            field=f"name of {level} {code}",
            value=name,
        )
        for level, code, name, was in rows
    ]


def _next_month_end(month_end: date) -> date:
    return (month_end + timedelta(days=33)).replace(day=1) - timedelta(days=1)


def _previous_month_end(month_end: date) -> date:
    return month_end.replace(day=1) - timedelta(days=1)
