"""Which list a file is: open pathways, clock stops or clock starts, of which trust, at which Sunday.

Taken from the columns, the mapping and the file's name; where they leave a doubt the file is refused with the
way to say it. Values of cells are not repeated, for a column may hold something else than its heading says.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from fnmatch import fnmatch

import polars as pl

from ingest.extracts.ptl.dates import refuse_misread
from ingest.extracts.ptl.fields import ONLY_LISTS, ONLY_STOPS, OPEN, SECTIONS, STARTS, STOPS
from ingest.extracts.ptl.mapping import WEEKDAYS, TrackingList
from ingest.extracts.ptl.table import Table
from ingest.extracts.ptl.values import Fault, code, dates, is_written
from ingest.files.possible import refuse_impossible
from ingest.files.problems import refuse_whole
from rtt.terms.possible_dates import EARLIEST
from rtt.terms.wording import date_text, plural

LATEST = date(2098, 12, 31)  # beyond it stands what systems write for "never"
_SHARE_THAT_DECIDES = 0.05  # of rows with an end date: a few stops are left on every open list
_NAMES = {
    STOPS: re.compile(r"stop|(?<!in)complet|removal"),
    STARTS: re.compile(r"start|new.?period"),
    OPEN: re.compile(r"open|incomplete|waiting|(?<![a-z])ptl(?![a-z])"),
}
_DAY = re.compile(r"(?<!\d)(20\d\d)[-_.]?(0[1-9]|1[0-2])[-_.]?([0-2]\d|3[01])(?!\d)")
# Trusts send R0A, R0A00 or R0A01; the first three characters are the trust (South West's production SQL).
_TRUST = r"^R[A-Z0-9]{2}[A-Z0-9]{0,3}$"
_PROVIDER = r"^[A-Z0-9]{3,6}$"
FEWEST_TO_NAME = 10  # rows with a value, for it to be a code and no name or number of a patient
TRUST_LENGTH = 3


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The key of a weekly file: section, census (a Sunday) and provider."""

    section: str
    census_date: date
    provider_code: str


def snapshot_of(table: Table, mapping: TrackingList, *, today: date | None = None) -> Snapshot:
    """What the file is. Raises `Refused` where it does not say, says two things, or is after `today`."""
    # A week that was misread leaves nothing to tell the rest by.
    refuse_misread(table, mapping, ["week_ending"], lambda _: (EARLIEST, LATEST))
    census_date = _census_date(table, mapping)
    refuse_impossible(table.file_name, census_date, today, field=table.heading_of("week_ending"))
    return Snapshot(_section(table, mapping), census_date, _provider_code(table, mapping))


def faults_of_place(table: Table, snapshot: Snapshot, mapping: TrackingList) -> list[Fault]:
    """Rows that lost or gained a cell, and rows whose week or provider is not the file's."""
    faults = [Fault(None, f"{table.width} cells, as the headings have", pl.col("cells") != table.width)]
    if table.has("provider"):
        own = _providers(table, mapping) == snapshot.provider_code
        faults.append(Fault("provider", "the provider code of the PTL", pl.lit(~own.fill_null(False))))
    if table.has("week_ending") and is_written(table.frame["week_ending"]).any():
        own = _weeks(table, mapping) == snapshot.census_date
        faults.append(Fault("week_ending", "the week of the PTL", pl.lit(~own.fill_null(False))))
    return faults


def _section(table: Table, mapping: TrackingList) -> str:
    names = (table.name.lower(), table.file_name.lower())
    mapped = {
        section
        for section, pattern in mapping.files.items()
        if any(fnmatch(name, pattern.lower()) for name in names)
    }
    # The mapping was written for these files: it outranks what their names and columns suggest.
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
    raise refuse_whole(
        table.file_name,
        "Its columns and its name leave open whether these are open pathways, clock stops or clock starts. "
        'Say so in the name, or in the mapping with [files] open = "*open*".',
    )


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


def _weeks(table: Table, mapping: TrackingList) -> pl.Series:
    """The week of each row, null before 2007; a file made the day after belongs to the day before."""
    days = dates(table.frame["week_ending"], mapping.date_formats)
    return pl.select(
        pl.when(days.is_between(EARLIEST, LATEST)).then(
            pl.when(days.dt.weekday() == _next_day(mapping.weekday) + 1)
            .then(days.dt.offset_by("-1d"))
            .otherwise(days)
        )
    ).to_series()


def _census_date(table: Table, mapping: TrackingList) -> date:
    """The column, then the file's name, then the mapping, which is written once for many weeks."""
    census_date = _only_week(table, mapping) if table.has("week_ending") else None
    if census_date is None:
        census_date = _day_in(table.name) or _day_in(table.file_name) or mapping.week_ending
    if census_date is None:
        raise refuse_whole(
            table.file_name,
            "Nothing says which week this is. Say it in this column, in the file's name as 2026-11-15, or "
            "in the mapping with [list] week_ending = 2026-11-15.",
            field=table.heading_of("week_ending"),
        )
    return _last_of_week(table, census_date, mapping.weekday)


def _only_week(table: Table, mapping: TrackingList) -> date | None:
    weeks = _weeks(table, mapping).drop_nulls().value_counts(sort=True)
    if weeks.is_empty():
        return None
    others = int(weeks["count"][1:].sum())
    # A few rows of other weeks are slips, and are left out one by one.
    if others and others * 10 >= table.frame.height:
        raise refuse_whole(
            table.file_name,
            f"It holds {weeks.height} different weeks; one file is one week. Save each week as a file of "
            "its own.",
            field=table.heading_of("week_ending"),
        )
    week: date = weeks.row(0)[0]
    return week


def _day_in(name: str) -> date | None:
    found = _DAY.search(name)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def _last_of_week(table: Table, day: date, weekday: int) -> date:
    last = day - timedelta(1) if day.weekday() == _next_day(weekday) and day > date.min else day
    if last.weekday() == weekday:
        return last
    usual, following = WEEKDAYS[weekday], WEEKDAYS[_next_day(weekday)]
    swapped = ""
    if day.day <= 12 and day.replace(month=day.day, day=day.month).weekday() == weekday:
        swapped = " If month and day stand the other way round, name the format with date_formats."
    raise refuse_whole(
        table.file_name,
        f"{date_text(day)} is a {WEEKDAYS[day.weekday()]}; a PTL is of a {usual}, or made on the "
        f"{following} after it. "
        f'If yours is of another day, set weekday = "{WEEKDAYS[day.weekday()]}" under [list] in the '
        f"mapping.{swapped}",
        field=table.heading_of("week_ending"),
    )


def _next_day(weekday: int) -> int:
    return (weekday + 1) % 7


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
            raise refuse_whole(
                table.file_name,
                "Nothing says which trust this is: add the column, or name it in the mapping with [list] "
                'provider = "R9A".',
                field=table.heading_of("provider"),
            )
        return mapping.provider
    codes = _providers(table, mapping).drop_nulls().value_counts(sort=True)
    # A code or two that stand alone are slips of a row, and left out; they may be no codes at all.
    common = codes.filter((pl.col("count") * 50 >= table.frame.height) | (pl.col("count") >= FEWEST_TO_NAME))
    if common.height == 1:
        return str(common.row(0)[0])
    raise refuse_whole(
        table.file_name,
        f"A PTL is of one provider; this one has {_named(codes)}. Save each as a file of its own, or name "
        "predecessors under [codes.provider] in the mapping.",
        field=table.heading_of("provider"),
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
