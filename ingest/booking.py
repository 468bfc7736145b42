"""Whether a waiting pathway has a date, and how far away it is: the booking state at a census.

With a decision to admit, a date means admission (TCI); without one, a future out-patient appointment counts
too, and is named apart, for it may not be treatment. A date before the census is no booking. "In time" is on
or before the last day within 18 weeks. Which date a pathway should have is not judged here.
"""

from __future__ import annotations

from datetime import date

import polars as pl

IN_TIME, LATE, UNDATED = "tci in time", "tci late", "tci"  # UNDATED: the clock start is not known
PAST, APPOINTMENT, NONE = "tci past", "appointment", "none"
STATES = (IN_TIME, LATE, UNDATED, PAST, APPOINTMENT, NONE)
ADMISSIONS = (IN_TIME, LATE, UNDATED)

LAST_DAY_WITHIN_18_WEEKS = 126
FURTHEST = 12  # weeks: dates further away are counted together, for they change little in one week
NO_DISTANCE = -1


def booking_state(census_date: date) -> pl.Expr:
    """The state of rows with clock_start, decision_to_admit, tci_date and next_appointment."""
    tci, start = pl.col("tci_date"), pl.col("clock_start")
    wait_at_tci = (tci - start).dt.total_days()
    booked = tci >= census_date
    return (
        pl.when(booked & start.is_null())
        .then(pl.lit(UNDATED))
        .when(booked & (wait_at_tci <= LAST_DAY_WITHIN_18_WEEKS))
        .then(pl.lit(IN_TIME))
        .when(booked)
        .then(pl.lit(LATE))
        .when(pl.col("decision_to_admit").is_null() & (pl.col("next_appointment") >= census_date))
        .then(pl.lit(APPOINTMENT))
        .when(tci.is_not_null())
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
