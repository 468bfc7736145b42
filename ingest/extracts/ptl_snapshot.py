"""Which list a file is: open pathways, clock stops or clock starts, of which trust, at which Sunday.

Taken from the columns, the mapping and the file's name; where they leave a doubt the file is refused with the
way to say it. Values of cells are not repeated, for a column may hold something else than its heading says.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from fnmatch import fnmatch

import polars as pl

from ingest.extracts.ptl_fields import ONLY_LISTS, ONLY_STOPS, OPEN, SECTIONS, STARTS, STOPS
from ingest.extracts.ptl_mapping import TrackingList
from ingest.extracts.ptl_table import Table
from ingest.extracts.ptl_values import Fault, code, dates
from ingest.problems import Refused, refuse
from rtt.wording import plural

MONDAY, SUNDAY = 0, 6
EARLIEST, LATEST = date(2007, 1, 1), date(2099, 12, 31)
_SHARE_THAT_DECIDES = 0.05
_NAMES = {
    STOPS: re.compile(r"stop|(?<!in)complet|removal"),
    STARTS: re.compile(r"start|new.?period"),
    OPEN: re.compile(r"open|incomplete|waiting|(?<![a-z])ptl(?![a-z])"),
}
_DAY = re.compile(r"(?<!\d)(20\d\d)[-_.]?(0[1-9]|1[0-2])[-_.]?([0-2]\d|3[01])(?!\d)")
# Trusts send R0A, R0A00 or R0A01; the first three characters are the trust (South West's production SQL).
_TRUST = r"^R[A-Z0-9]{2}[A-Z0-9]{0,3}$"
_PROVIDER = r"^[A-Z0-9]{3,6}$"
FEWEST_TO_NAME = 10  # rows
TRUST_LENGTH = 3


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The key of a weekly file: section, census (a Sunday) and provider."""

    section: str
    census_date: date
    provider_code: str


def snapshot_of(table: Table, mapping: TrackingList) -> Snapshot:
    """What the file is. Raises `Refused` where it does not say, or says two things."""
    return Snapshot(_section(table, mapping), _census_date(table, mapping), _provider_code(table, mapping))


def faults_of_place(table: Table, snapshot: Snapshot, mapping: TrackingList) -> list[Fault]:
    """Rows that lost or gained a cell, and rows whose week or provider is not the file's."""
    faults = [Fault(None, f"{table.width} cells, as the headings have", pl.col("cells") != table.width)]
    if table.has("provider"):
        own = _providers(table, mapping) == snapshot.provider_code
        faults.append(Fault("provider", "the provider code of the list", pl.lit(~own.fill_null(False))))
    if table.has("week_ending") and (table.frame["week_ending"].str.strip_chars() != "").any():
        own = _weeks(table, mapping) == snapshot.census_date
        faults.append(Fault("week_ending", "the week of the list", pl.lit(~own.fill_null(False))))
    return faults


def _section(table: Table, mapping: TrackingList) -> str:
    names = (table.name.lower(), table.file_name.lower())
    mapped = {
        section
        for section, pattern in mapping.files.items()
        if any(fnmatch(name, pattern.lower()) for name in names)
    }
    if len(mapped) == 1:
        return mapped.pop()
    by_name = {section for section in SECTIONS if _NAMES[section].search(names[0])}
    by_columns = _section_by_columns(table)
    if by_columns == STOPS and by_name <= {STOPS}:
        return STOPS
    if len(by_name) == 1 and by_columns != STOPS:
        return by_name.pop()
    if not by_name and by_columns is not None:
        return by_columns
    raise _refuse_section(table)


def _section_by_columns(table: Table) -> str | None:
    """A guess from what is there; None where end dates are neither absent nor everywhere."""
    if table.headings & ONLY_STOPS or table.has("completed_type"):
        return STOPS
    if not any(table.has(field) for field in ONLY_LISTS):
        return STARTS
    ended = table.frame["clock_stop"].count() / table.frame.height if table.has("clock_stop") else 0.0
    if ended > 1 - _SHARE_THAT_DECIDES:
        return STOPS
    return OPEN if ended < _SHARE_THAT_DECIDES else None


def _refuse_section(table: Table) -> Refused:
    return refuse(
        table.file_name,
        expected=(
            "a file that is plainly open pathways, clock stops or clock starts: say so in its name, or "
            'in the mapping with [files] open = "*open*"'
        ),
        value="columns and name that leave it open",
    )


def _weeks(table: Table, mapping: TrackingList) -> pl.Series:
    """The Sunday of each row, null before 2007; a file made on a Monday belongs to the day before."""
    days = dates(table.frame["week_ending"], mapping.date_formats)
    return pl.select(
        pl.when(days.is_between(EARLIEST, LATEST)).then(
            pl.when(days.dt.weekday() == 1).then(days.dt.offset_by("-1d")).otherwise(days)
        )
    ).to_series()


def _census_date(table: Table, mapping: TrackingList) -> date:
    """The column, then the file's name, then the mapping, which is written once for many weeks."""
    census_date = _only_week(table, mapping) if table.has("week_ending") else None
    if census_date is None:
        census_date = _day_in(table.name) or _day_in(table.file_name) or mapping.week_ending
    if census_date is None:
        raise refuse(
            table.file_name,
            field=table.heading_of("week_ending"),
            expected="the week: in its column, in the file's name as 2026-11-15, or in the mapping",
            value="none",
        )
    return _sunday(table, census_date)


def _only_week(table: Table, mapping: TrackingList) -> date | None:
    weeks = _weeks(table, mapping).drop_nulls().value_counts(sort=True)
    if weeks.is_empty():
        return None
    others = int(weeks["count"][1:].sum())
    if others and others * 10 >= table.frame.height:
        raise refuse(
            table.file_name,
            field=table.heading_of("week_ending"),
            expected="one week in the whole file",
            value=f"{weeks.height} different dates",
        )
    week: date = weeks.row(0)[0]
    return week


def _day_in(name: str) -> date | None:
    found = _DAY.search(name)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def _sunday(table: Table, day: date) -> date:
    sunday = day - timedelta(1) if day.weekday() == MONDAY and day > EARLIEST else day
    of_this_age = EARLIEST <= sunday <= LATEST
    if sunday.weekday() != SUNDAY or not of_this_age:
        raise refuse(
            table.file_name,
            field=table.heading_of("week_ending"),
            expected="a Sunday, or the Monday after it, since 2007",
            value=f"a {day:%A}" if of_this_age else f"a day of the year {day.year}",
        )
    return sunday


def _providers(table: Table, mapping: TrackingList) -> pl.Series:
    """The code of each row, trusts cut to three characters; null for what cannot be one."""
    own = pl.col("provider")
    return (
        table.frame.select(code("provider", mapping))
        .select(
            pl.when(own.str.contains(_TRUST))
            .then(own.str.slice(0, 3))
            .when(own.str.contains(_PROVIDER) & own.str.contains(r"\d"))
            .then(own)
        )
        .to_series()
    )


def _provider_code(table: Table, mapping: TrackingList) -> str:
    if not table.has("provider"):
        if mapping.provider is None:
            raise refuse(
                table.file_name,
                field=table.heading_of("provider"),
                expected="the column, or the trust in the mapping with [list] provider",
                value="neither",
            )
        return mapping.provider
    codes = _providers(table, mapping).drop_nulls().value_counts(sort=True)
    # A code or two that stand alone are slips of a row, and left out; they may be no codes at all.
    common = codes.filter((pl.col("count") * 50 >= table.frame.height) | (pl.col("count") >= FEWEST_TO_NAME))
    if common.height == 1:
        return str(common.row(0)[0])
    raise refuse(
        table.file_name,
        field=table.heading_of("provider"),
        expected="one provider in a list; name predecessors under [codes.provider] in the mapping",
        value=_named(codes),
    )


def _named(codes: pl.DataFrame) -> str:
    """A trust's three characters tell nothing; a longer value in a few rows may be a name or a number."""
    if codes.is_empty():
        return "no provider code"
    short = pl.col("provider").str.len_chars() == TRUST_LENGTH
    common = codes.filter(short | (pl.col("count") >= FEWEST_TO_NAME)).head(10)
    rare = codes.height - common.height
    named = ", ".join(f"{code} in {plural(count, 'row')}" for code, count in common.iter_rows())
    return "; ".join(part for part in (named, f"{plural(rare, 'other')} in few rows" if rare else "") if part)
