"""A month beside the month before: names that changed, parts that are missing, lists that jumped.

None of it refuses a file and all of it stays in the figures; the thresholds are ours. A month that is held is
compared in the transaction that changed it; one that is only checked is compared without a word written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, delete, func, select

from ingest.extracts import Parsed
from ingest.extracts.monthly.quality import (
    BESIDE_LAST_MONTH,
    BIG_CHANGE,
    IDENTICAL,
    PART_MISSING,
    QUALITY_COLUMNS,
)
from ingest.files.problems import Problem, note
from ingest.store import schema
from ingest.store.database import insert_rows
from ingest.store.schema import ENGLAND, MONTHLY
from rtt.terms.calendar import add_months
from rtt.terms.parts import INCOMPLETE, PARTS
from rtt.terms.treatment_functions import TOTAL
from rtt.terms.waits import BAND_COLUMNS

LARGE_LIST = 1_000  # pathways in either month, for a change of the list to be worth a word
BIG_FACTOR = 2.0  # doubled or halved
NOTES_SHOWN = 20
# Two months that agree in all of these are the same return sent twice.
_TELLING = ("total", "unknown_clock_start", "over_18", "over_52", *BAND_COLUMNS[:18])

Counts = Mapping[tuple[str, str], tuple[int, ...]]  # (provider, part) -> the counts of _TELLING
Names = Mapping[tuple[str, str], str]  # (level, code) -> name


@dataclass(frozen=True, slots=True)
class Found:
    """What a comparison found."""

    by_check: Mapping[str, Mapping[str, int]]  # check -> provider -> how often
    jumps: list[tuple[str, int, int]]  # provider, list now, list then


def compare_months(connection: Connection, census_date: date) -> list[Problem]:
    """Put beside its predecessor the month of `census_date`, and the month that follows it beside it.

    The answer does not depend on the order in which months came. The notes are of the month itself.
    """
    notes = []
    for month in (census_date, add_months(census_date, 1)):
        extract = _extract(connection, month)
        if extract is None:
            continue
        _forget(connection, extract.id)
        before = _extract(connection, add_months(month, -1))
        if before is not None:
            now, then = _counts(connection, month), _counts(connection, before.census_date)
            found = _compared(now, then)
            rows = _rows(extract.id, found, now, then)
            insert_rows(connection, "quality", ("extract_id", *QUALITY_COLUMNS), rows)
            if month == census_date:
                names = _names(connection, extract.id), _names(connection, before.id)
                notes = [*_changed_names(extract.file_name, *names), *_jumps(extract.file_name, found)]
    return notes


def foreseen(connection: Connection, file: str, parsed: Parsed) -> list[Problem]:
    """The notes that `compare_months` would give of a month that is not held; nothing is written."""
    before = _extract(connection, add_months(parsed.census_date, -1))
    if before is None:
        return []
    found = _compared(_counts_of(parsed), _counts(connection, before.census_date))
    return [*_changed_names(file, _names_of(parsed), _names(connection, before.id)), *_jumps(file, found)]


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


def _counts(connection: Connection, census_date: date) -> Counts:
    """Of a month that is held, all commissioners together."""
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


def _counts_of(parsed: Parsed) -> Counts:
    """Of a month that was only read."""
    facts = parsed.tables["pathway_counts"]
    at = {name: place for place, name in enumerate(facts.columns)}
    counts: dict[tuple[str, str], tuple[int, ...]] = {}
    for row in facts.rows:
        if row[at["level"]] == "provider" and row[at["treatment_function"]] == TOTAL:
            key = (row[at["organisation_code"]], row[at["part"]])
            own = tuple(int(row[at[name]]) for name in _TELLING)
            counts[key] = tuple(map(sum, zip(counts[key], own, strict=True))) if key in counts else own
    return counts


def _names(connection: Connection, extract_id: int) -> Names:
    held = schema.organisation.c
    rows = connection.execute(select(held.level, held.code, held.name).where(held.extract_id == extract_id))
    return {(level, code): name for level, code, name in rows}


def _names_of(parsed: Parsed) -> Names:
    facts = parsed.tables["organisation"]
    level, code, name = (facts.columns.index(column) for column in ("level", "code", "name"))
    return {(row[level], row[code]): row[name] for row in facts.rows}


def _compared(now: Counts, then: Counts) -> Found:
    by_check: dict[str, dict[str, int]] = {key: {} for key in BESIDE_LAST_MONTH}
    jumps = []
    for provider, part in sorted(now.keys() | then.keys()):
        total, was = (counts.get((provider, part), (0,))[0] for counts in (now, then))
        if was and not total:
            _count(by_check[PART_MISSING], provider)
        elif total and now[provider, part] == then.get((provider, part)):
            _count(by_check[IDENTICAL], provider)
        if part == INCOMPLETE and _is_big_change(total, was):
            _count(by_check[BIG_CHANGE], provider)
            jumps.append((provider, total, was))
    return Found(by_check, jumps)


def _count(found: dict[str, int], provider: str) -> None:
    found[provider] = found.get(provider, 0) + 1


def _is_big_change(total: int, was: int) -> bool:
    if max(total, was) < LARGE_LIST or not was:
        return False
    return total > BIG_FACTOR * was or total * BIG_FACTOR < was


def _rows(extract_id: int, found: Found, now: Counts, then: Counts) -> Iterable[tuple[Any, ...]]:
    lists = {provider for provider, part in then if part == INCOMPLETE}
    checked = {PART_MISSING: len(then), IDENTICAL: len(now), BIG_CHANGE: len(lists)}
    for key, providers in found.by_check.items():
        yield (extract_id, key, ENGLAND, TOTAL, sum(providers.values()), checked[key], 1)
        for provider, failed in providers.items():
            yield (extract_id, key, provider, TOTAL, failed, failed, 1)


def _jumps(file: str, found: Found) -> list[Problem]:
    return [
        note(
            file,
            f"The list is {total:,}; the month before it was {was:,}. It was loaded as sent.",
            field=f"Part_2 of {provider}",
        )
        for provider, total, was in found.jumps[:NOTES_SHOWN]
    ]


def _changed_names(file: str, now: Names, then: Names) -> list[Problem]:
    changed = [key for key in sorted(now.keys() & then.keys()) if now[key] != then[key]]
    return [
        note(
            file,
            f"It is now {now[level, code]}; the month before it was {then[level, code]}. Each month keeps "
            "its name.",
            field=f"name of {level} {code}",
        )
        for level, code in changed[:NOTES_SHOWN]
    ]
