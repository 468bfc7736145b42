"""What happened between two weekly snapshots of a trust's list, as counts that are kept for ever.

Each pathway of the first snapshot was treated, stopped otherwise, removed (gone without a reported stop),
moved (to another site, specialty, stage, priority, or out of English commissioning) or is still there; each
of the second was there, moved in or joined. For every site, specialty, stage and priority
    at risk - treated - other stop - removed - moved out + moved in + joined = at risk of the next week.
Counts stand under what was true at the first snapshot, but for those that moved in or joined. Non-English
commissioners are left out, as of every headline. Nothing is estimated here; `rtt.forecast.weekly.hazards`
learns from it.
"""

from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import Connection, delete, func, select

from ingest.extracts.ptl.booking import ADMISSIONS, NO_DISTANCE, booking_distance
from ingest.extracts.ptl.list_image import kept_list
from ingest.extracts.ptl.tokens import PREFIX
from ingest.extracts.row_tuples import row_tuples
from ingest.store import database, schema
from ingest.store.frames import frame
from ingest.store.schema import columns_of

_PLACE = ("site_code", "treatment_function", "stage", "priority", "basis")
_OF_A_WEEK = ("provider_code", "census_date")
_KEY = tuple(column.name for column in schema.movement.primary_key.columns if column.name not in _OF_A_WEEK)
MEASURES = tuple(
    name for name in columns_of(schema.movement) if name not in (*_OF_A_WEEK, "previous_census", *_KEY)
)
UNKNOWN_BAND = -1
_DAYS_18, _DAYS_52 = 18 * 7, 52 * 7  # the last days within; the next day is over

STOPPED: dict[str, Any] = {"token": pl.String, "stopped_on": pl.Date, "kind": pl.String}


def refresh(connection: Connection, provider: str, census: date) -> None:
    """Count anew the movements that the lists or stops of this census take part in.

    That is the one that ends at the first list from `census` on, and the one that ends at the list after it.
    One whose pathways are no longer held keeps its counts, unless a list that it rests on was taken out.
    """
    lists = _lists(connection, provider)
    later = sorted(day for day in lists if day >= census)[:2]
    for day in later:
        earlier = [other for other in lists if other < day]
        _count_again(connection, provider, lists, max(earlier, default=None), day)


def movement(
    before: pl.DataFrame, after: pl.DataFrame, stops: pl.DataFrame, *, previous: date, census: date
) -> pl.DataFrame:
    """The movement between two lists as counts by _KEY; columns LISTED (of `list_image`) and STOPPED."""
    before = before.with_columns(booking_distance=booking_distance(previous))
    after = after.with_columns(booking_distance=booking_distance(census))
    # A stop that was sent twice, or corrected, is one stop: the last; of one day, a treatment.
    ended = stops.sort("stopped_on", "kind").unique("token", keep="last")
    both = before.join(ended, on="token", how="left").join(after, on="token", how="left", suffix="_now")
    leaving = both.with_columns(_fate()).with_columns(_counts_of_leaving(previous, census))
    arriving = after.join(
        leaving.filter(pl.col("fate") == "there").select("token", *_PLACE),
        on="token",
        how="left",
        suffix="_was",
    ).with_columns(_counts_of_arriving())
    # Who left English commissioning has moved out of the headline; what happens there is not counted here.
    english = [rows.filter(pl.col("basis") == schema.ENGLISH) for rows in (leaving, arriving)]
    counts = pl.concat([rows.select(*_KEY, *MEASURES) for rows in english])
    counts = counts.with_columns(pl.col("week_band").fill_null(UNKNOWN_BAND))
    summed = counts.group_by(_KEY).agg(pl.col(MEASURES).cast(pl.Int64).sum()).sort(_KEY)
    return summed.filter(pl.any_horizontal(pl.col(MEASURES) > 0))


def _fate() -> pl.Expr:
    """What became of each pathway of the first list.

    A stop counts where the pathway is gone, or is back with a new clock that started on or after the stop
    (status 11). On the list with its old clock, it waits: the stop was written down too early.
    """
    there = pl.col("site_code_now").is_not_null()
    new_clock = (pl.col("clock_start_now") >= pl.col("stopped_on")) & (
        pl.col("clock_start_now") != pl.col("clock_start")
    )
    return (
        pl.when(there & ~new_clock.fill_null(False))
        .then(pl.lit("there"))
        .when(pl.col("kind") == "treated")
        .then(pl.lit("treated"))
        .when(pl.col("kind") == "other")
        .then(pl.lit("other"))
        .otherwise(pl.lit("removed"))
        .alias("fate")
    )


def _counts_of_leaving(previous: date, census: date) -> list[pl.Expr]:
    fate = pl.col("fate")
    there, treated = fate == "there", fate == "treated"
    moved = pl.any_horizontal(pl.col(name) != pl.col(f"{name}_now") for name in _PLACE)
    had_tci = pl.col("booking_state").is_in(ADMISSIONS)
    due = had_tci & (pl.col("tci_date") <= census)
    changed = had_tci & (pl.col("tci_date_now").is_null() | (pl.col("tci_date_now") != pl.col("tci_date")))
    booked_now = pl.col("booking_distance_now") != NO_DISTANCE
    # Days at the later snapshot by the clock of the first, whether or not validation has since corrected it.
    days = pl.col("days_waited") + (census - previous).days
    return [
        pl.lit(True).alias("at_risk"),
        treated.alias("treated"),
        (fate == "removed").alias("removed"),
        (fate == "other").alias("other_stop"),
        (there & moved).alias("moved_out"),
        pl.lit(False).alias("moved_in"),
        pl.lit(False).alias("joined"),
        (due & treated).alias("tci_kept"),
        (there & (due | changed)).fill_null(False).alias("tci_cancelled"),
        (there & (pl.col("days_waited") <= _DAYS_18) & (days > _DAYS_18)).fill_null(False).alias("passed_18"),
        (there & (pl.col("days_waited") <= _DAYS_52) & (days > _DAYS_52)).fill_null(False).alias("passed_52"),
        (there & (pl.col("booking_distance") != NO_DISTANCE) & ~booked_now).alias("lost_date"),
    ]


def _counts_of_arriving() -> list[pl.Expr]:
    known = pl.col("site_code_was").is_not_null()
    moved = pl.any_horizontal(pl.col(name) != pl.col(f"{name}_was") for name in _PLACE)
    own = {"moved_in": known & moved.fill_null(False), "joined": ~known}
    return [own.get(name, pl.lit(False)).alias(name) for name in MEASURES]


def _lists(connection: Connection, provider: str) -> dict[date, int]:
    """The weekly lists of a trust that are in place: census to extract id."""
    extract = schema.extract.c
    rows = connection.execute(
        select(extract.census_date, extract.id).where(
            extract.source == schema.WEEKLY, extract.provider_code == provider, extract.section == "open"
        )
    )
    return {row.census_date: row.id for row in rows}


def _count_again(
    connection: Connection, provider: str, lists: dict[date, int], previous: date | None, census: date
) -> None:
    table = schema.movement.c
    here = (table.provider_code == provider, table.census_date == census)
    counted_from = connection.execute(select(func.min(table.previous_census)).where(*here)).scalar()
    before = None if previous is None else kept_list(connection, lists[previous])
    after = None if before is None else kept_list(connection, lists[census])
    if previous is None or before is None or after is None:
        if counted_from is not None and counted_from not in lists:
            connection.execute(delete(schema.movement).where(*here))
        return
    connection.execute(delete(schema.movement).where(*here))
    if not comparable(before, after):
        return
    stops = _stops(connection, provider, previous, census)
    counts = movement(before, after, stops, previous=previous, census=census)
    week = pl.lit(provider), pl.lit(f"{census}"), pl.lit(f"{previous}")
    names = (*_OF_A_WEEK, "previous_census")
    head = [text.alias(name) for name, text in zip(names, week, strict=True)]
    rows = counts.select(*head, *_KEY, *MEASURES)
    database.insert_rows(connection, "movement", rows.columns, row_tuples(rows), extract_id=lists[census])


def _stops(connection: Connection, provider: str, previous: date, census: date) -> pl.DataFrame:
    stop = schema.clock_stop.c
    chosen = select(stop.token, stop.stopped_on, stop.kind).where(
        stop.provider_code == provider, stop.census_date > previous, stop.census_date <= census
    )
    return frame(connection, chosen, STOPPED)


def comparable(before: pl.DataFrame, after: pl.DataFrame) -> bool:
    """Whether the lists hold anybody, by tokens of one key.

    Tokens of two keys have nothing in common: everyone would seem to have left and come.
    """
    return not before.is_empty() and not after.is_empty() and _key_of(before) == _key_of(after)


def _key_of(pathways: pl.DataFrame) -> str:
    return str(pathways["token"][0][:PREFIX])
