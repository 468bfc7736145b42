"""What a waiting pathway is booked for, and how far away it is, from the dates of its row.

Which date counts, and what is in time, is the rule of `rtt.terms.booking`. Which date a pathway should have
is not judged here.
"""

from datetime import date

import polars as pl

from rtt.terms.booking import BEFORE_CENSUS, WITHOUT_DATE, bookings

IN_TIME, LATE, UNDATED = "tci in time", "tci late", "tci"  # UNDATED: the clock start is not known
PAST, APPOINTMENT, NONE = "tci past", "appointment", "none"
ADMISSIONS = (IN_TIME, LATE, UNDATED)

LAST_DAY_WITHIN_18_WEEKS = 126  # the breach is on day 127 (the guidance, section 10.1.7)
FURTHEST = 12  # weeks: dates further away are counted together, for they change little in one week
NO_DISTANCE = -1


def booked_in(census_date: date) -> pl.Expr:
    """Days to the date that counts, of rows with decision_to_admit, tci_date and next_appointment."""
    date_that_counts = pl.when(_decided()).then(pl.col("tci_date")).otherwise(pl.col("next_appointment"))
    days = (date_that_counts - census_date).dt.total_days()
    return (
        pl.when(days.is_null())
        .then(pl.lit(WITHOUT_DATE))
        .when(days < 0)
        .then(pl.lit(BEFORE_CENSUS))
        .otherwise(days)
        .cast(pl.Int32)
    )


def booking_state(census_date: date) -> pl.Expr:
    """The state of rows with clock_start and the columns of `booked_in`."""
    ahead = booked_in(census_date)
    in_time, too_late, *_ = bookings(
        days_waited=(census_date - pl.col("clock_start")).dt.total_days(),
        decided=_decided(),
        booked_in=ahead,
        last_day=LAST_DAY_WITHIN_18_WEEKS,
    )
    # Nobody knows of a wait without a start whether it ends in time: both are null, and neither is chosen.
    return (
        pl.when(in_time)
        .then(pl.lit(IN_TIME))
        .when(too_late)
        .then(pl.lit(LATE))
        .when(ahead >= 0)
        .then(pl.when(_decided()).then(pl.lit(UNDATED)).otherwise(pl.lit(APPOINTMENT)))
        .when(_decided() & (ahead == BEFORE_CENSUS))
        .then(pl.lit(PAST))
        .otherwise(pl.lit(NONE))
    )


def booking_distance(census_date: date) -> pl.Expr:
    """Whole weeks from the census to the booked date, at most 12; -1 without one.

    0 is the week that ends with the next weekly census, the census day itself included.
    """
    state = pl.col("booking_state")
    booked = (
        pl.when(state.is_in(ADMISSIONS))
        .then(pl.col("tci_date"))
        .when(state == APPOINTMENT)
        .then(pl.col("next_appointment"))
    )
    weeks = ((booked - census_date).dt.total_days() - 1).clip(0) // 7
    return weeks.clip(0, FURTHEST).fill_null(NO_DISTANCE).cast(pl.Int16)


def _decided() -> pl.Expr:
    return pl.col("decision_to_admit").is_not_null()
