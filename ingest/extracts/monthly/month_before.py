"""A month beside the month before: names that changed, parts that are missing, lists that jumped.

None of it refuses a file and all of it stays in the figures; the thresholds are ours. A month that is held is
compared in the transaction that changed it; one that is only checked is compared without a word written.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
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
from ingest.store.successions import successions_held
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
Found = Mapping[str, Counter[str]]  # check -> provider -> how often


def compare_months(connection: Connection, census_date: date) -> list[Problem]:
    """Put beside its predecessor the month of `census_date`, and the month that follows it beside it.

    The answer does not depend on the order in which months came. The notes are of the month itself.
    """
    notes = []
    for month in (census_date, add_months(census_date, 1)):
        extract = _extract(connection, month)
        if extract is None:
            continue
        quality = schema.quality.c
        of_this = (quality.extract_id == extract.id, quality.check_key.in_(BESIDE_LAST_MONTH))
        connection.execute(delete(schema.quality).where(*of_this))
        before = _extract(connection, add_months(month, -1))
        if before is not None:
            now = _counts(connection, month)
            then = _merged(connection, _counts(connection, before.census_date), now, month)
            rows = _rows(extract.id, _compared(now, then), now, then)
            insert_rows(connection, "quality", ("extract_id", *QUALITY_COLUMNS), rows)
            if month == census_date:
                names = _names(connection, extract.id), _names(connection, before.id)
                notes = _notes(extract.file_name, names, now, then)
    return notes


def foreseen(connection: Connection, file: str, parsed: Parsed) -> list[Problem]:
    """The notes that `compare_months` would give of a month that is not held; nothing is written."""
    before = _extract(connection, add_months(parsed.census_date, -1))
    if before is None:
        return []
    names = _names_of(parsed), _names(connection, before.id)
    now, then = _counts_of(parsed), _counts(connection, before.census_date)
    return _notes(file, names, now, _merged(connection, then, now, parsed.census_date))


def _extract(connection: Connection, census_date: date) -> Any | None:
    extract = schema.extract.c
    return connection.execute(
        select(schema.extract, schema.load.c.file_name)
        .join(schema.load, schema.load.c.id == extract.load_id)
        .where(extract.source == MONTHLY, extract.census_date == census_date)
    ).first()


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


def _merged(connection: Connection, then: Counts, now: Counts, month: date) -> Counts:
    """The month before with each provider that has ended since under the one that it became: a merger that is
    known is neither a list that jumped nor a part that is missing.
    """
    facts, before = successions_held(connection).successions, add_months(month, -1)
    there = {provider for provider, _ in now}
    merged: dict[tuple[str, str], tuple[int, ...]] = {}
    for (provider, part), counts in then.items():
        owner = facts.whose(provider, before, month)
        key = (owner if owner in there and provider not in there else provider), part
        merged[key] = tuple(map(sum, zip(merged[key], counts, strict=True))) if key in merged else counts
    return merged


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
    found: dict[str, Counter[str]] = {key: Counter() for key in BESIDE_LAST_MONTH}
    for provider, part in sorted(now.keys() | then.keys()):
        total, was = (counts.get((provider, part), (0,))[0] for counts in (now, then))
        if was and not total:
            found[PART_MISSING][provider] += 1
        elif total and now[provider, part] == then.get((provider, part)):
            found[IDENTICAL][provider] += 1
        if part == INCOMPLETE and _is_big_change(total, was):
            found[BIG_CHANGE][provider] += 1
    return found


def _is_big_change(total: int, was: int) -> bool:
    # Lists do jump for real (RDR doubled in December 2024), so a jump is told and never refused.
    if max(total, was) < LARGE_LIST or not was:
        return False
    return total > BIG_FACTOR * was or total * BIG_FACTOR < was


def _rows(extract_id: int, found: Found, now: Counts, then: Counts) -> Iterable[tuple[Any, ...]]:
    lists = {provider for provider, part in then if part == INCOMPLETE}
    checked = {PART_MISSING: len(then), IDENTICAL: len(now), BIG_CHANGE: len(lists)}
    for key, providers in found.items():
        yield (extract_id, key, ENGLAND, TOTAL, providers.total(), checked[key], 1)
        for provider, failed in providers.items():
            yield (extract_id, key, provider, TOTAL, failed, failed, 1)


def _notes(file: str, names: tuple[Names, Names], now: Counts, then: Counts) -> list[Problem]:
    """Names that changed under one code, and lists that jumped: the first of each."""
    named, named_before = names
    changed = [key for key in sorted(named.keys() & named_before.keys()) if named[key] != named_before[key]]
    jumped = list(_compared(now, then)[BIG_CHANGE])
    return [
        *(
            note(
                file,
                f"The name is now {named[key]}; the month before it was {named_before[key]}. Each month "
                "keeps its name.",
                field=f"name of {' '.join(key)}",
            )
            for key in changed[:NOTES_SHOWN]
        ),
        *(
            note(
                file,
                f"The waiting list is {now.get((provider, INCOMPLETE), (0,))[0]:,}; the month before it was "
                f"{then[provider, INCOMPLETE][0]:,}. It was loaded as sent.",
                field=f"Part_2 of {provider}",
            )
            for provider in jumped[:NOTES_SHOWN]
        ),
    ]
