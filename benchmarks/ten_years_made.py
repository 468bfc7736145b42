"""Ten years of monthly extracts made of the twelve published ones, each in the layout of its time.

The figures are those of the same month of 2024-25; what changes is what a loader and the pages have to
survive: two lines of front matter and a Year until September 2017, other headings in July 2016, an open band
at 52 weeks and one "Other" specialty until March 2021, regions and STPs where ICBs stand today, months in
capitals.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import polars as pl

from ingest.extracts.monthly.layout import OPEN_BANDS
from ingest.extracts.organisations import region_names, region_of
from rtt.terms.calendar import add_months

FIRST, LAST = date(2016, 4, 30), date(2026, 3, 31)
FRONT_MATTER_UNTIL = date(2017, 9, 30)
HEADINGS_SWAPPED_IN = date(2016, 7, 31)
OPEN_AT_52_UNTIL = date(2021, 3, 31)
REGIONS_UNTIL, STPS_UNTIL = date(2020, 3, 31), date(2022, 6, 30)
CAPITALS_UNTIL = date(2023, 12, 31)
OTHERS, OTHER, OTHER_NAME = ("X02", "X03", "X04", "X05", "X06"), "X01", "Other"

PERIOD, PART = "Period", "RTT Part Type"
FUNCTION, FUNCTION_NAME = "Treatment Function Code", "Treatment Function Name"
PARENTS = ("Provider Parent", "Commissioner Parent")


def months(first: date = FIRST, last: date = LAST) -> list[date]:
    """Month ends, oldest first."""
    found = [first]
    while found[-1] < last:
        found.append(add_months(found[-1], 1))
    return found


def published_months(folder: Path) -> dict[int, Path]:
    """Month of the year -> the zip of that month, by the date in its name."""
    return {int(path.name[4:6]): path for path in sorted(folder.glob("*.zip"))}


def make(sources: dict[int, Path], wanted: Sequence[date], folder: Path) -> list[Path]:
    """A zip for each wanted month, in the order of `wanted`. Each source is read once."""
    made: dict[date, Path] = {}
    for number, source in sources.items():
        own = [month for month in wanted if month.month == number]
        if own:
            table = read(source)
            for month in own:
                made[month] = folder / zip_name(month)
                with zipfile.ZipFile(made[month], "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
                    archive.writestr(csv_name(month), dated(table, month))
    return [made[month] for month in wanted]


def read(source: Path) -> pl.DataFrame:
    """A published month as texts, null where a cell is blank."""
    with zipfile.ZipFile(source) as archive:
        data = archive.read(archive.namelist()[0])
    return pl.read_csv(data, infer_schema=False)


def dated(table: pl.DataFrame, month: date) -> bytes:
    """The csv of a published month as that of another one, as it would have been published then."""
    table = _with_parents(table, month)
    if month <= OPEN_AT_52_UNTIL:
        table = _others_together(_open_at_52(table))
    name = f"{month:%B}".upper() if month <= CAPITALS_UNTIL else f"{month:%B}"
    table = table.with_columns(pl.lit(f"RTT-{name}-{month.year}").alias(PERIOD))
    if month > FRONT_MATTER_UNTIL:
        return _csv(table)
    year = month.year - (month.month < 4)
    table = table.with_columns(pl.lit(f"{month:%B}").alias(PERIOD)).select(
        pl.lit(f"{year}-{(year + 1) % 100:02d}").alias("Year"), pl.all(), pl.lit("Final").alias("Status")
    )
    names = {PERIOD: "Period Name", PART: "RTT Part Name"}
    if month == HEADINGS_SWAPPED_IN:
        names |= {FUNCTION: FUNCTION_NAME, FUNCTION_NAME: "Treatment Function Description"}
    return b"18 weeks RTT monthly extract\r\n\r\n" + _csv(table.rename(names))


def zip_name(month: date) -> str:
    return f"Full-CSV-data-file-{month:%b%y}-ZIP-3M-{month:%Y%m}.zip"


def csv_name(month: date) -> str:
    if month <= FRONT_MATTER_UNTIL:
        return f"18wksRTT - Monthly EXTRACTS - {month:%b%y}.csv"
    name = f"{month:%B}".upper() if month <= CAPITALS_UNTIL else f"{month:%B}"
    return f"{month:%Y%m%d}-RTT-{name}-{month.year}-full-extract.csv"


def _csv(table: pl.DataFrame) -> bytes:
    return table.write_csv(line_terminator="\r\n").encode()


def _with_parents(table: pl.DataFrame, month: date) -> pl.DataFrame:
    """Regions above trusts and commissioners until March 2020, STPs until June 2022."""
    if month > STPS_UNTIL:
        return table
    if month > REGIONS_UNTIL:
        stp = (pl.col(f"{who} Name").str.replace(" INTEGRATED CARE BOARD", " STP") for who in PARENTS)
        return table.with_columns(stp)
    for who in PARENTS:
        code = pl.col(f"{who} Org Code")
        above = {each: region_of(each, month) for each in table[f"{who} Org Code"].drop_nulls().unique()}
        names = {each: name.upper() for each, name in region_names().items()}
        table = table.with_columns(code.replace_strict(above, default=None)).with_columns(
            code.replace_strict(names, default=None).alias(f"{who} Name")
        )
    return table


def _open_at_52(table: pl.DataFrame) -> pl.DataFrame:
    first, last = OPEN_BANDS
    beyond = [name for week in range(first, last + 1) for name in _band(table, week)]
    counts = pl.sum_horizontal(pl.col(beyond).cast(pl.Int32))
    blank = pl.all_horizontal(pl.col(beyond).is_null())
    together = pl.when(~blank).then(counts.cast(pl.String))
    at = table.columns.index(beyond[0])
    return table.with_columns(together.alias(beyond[0])).select(
        *table.columns[:at],
        pl.col(beyond[0]).alias(f"Gt {first} Weeks SUM 1"),
        *table.columns[at + len(beyond) :],
    )


def _band(table: pl.DataFrame, week: int) -> Iterator[str]:
    return (name for name in table.columns if name.startswith((f"Gt {week:02d} To", f"Gt {week:02d} Weeks")))


def _others_together(table: pl.DataFrame) -> pl.DataFrame:
    """The five rows of other specialties as the one that they were until March 2021."""
    at = table.columns.index(FUNCTION_NAME) + 1
    keys, counts = table.columns[:at], table.columns[at:]
    is_other = pl.col(FUNCTION).is_in(OTHERS)
    relabelled = table.filter(is_other).with_columns(
        pl.lit(OTHER).alias(FUNCTION), pl.lit(OTHER_NAME).alias(FUNCTION_NAME)
    )
    sums = relabelled.group_by(keys, maintain_order=True).agg(
        pl.when(pl.col(counts).is_not_null().any()).then(pl.col(counts).cast(pl.Int32).sum().cast(pl.String))
    )
    return pl.concat([table.filter(~is_other), sums])
