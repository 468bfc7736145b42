"""What every row of a weekly file is given: specialty, stage, priority, site, basis, days and band.

Each comes from a closed list, so that nothing written in a file by mistake can reach the database by way of a
code. Which rows count is decided elsewhere.
"""

from collections.abc import Sequence
from datetime import date
from fnmatch import fnmatchcase

import polars as pl

from ingest.extracts.ptl.fields import ADMITTED_LISTS, NON_ADMITTED_LISTS, PRIORITIES, PROCEDURE_PRIORITIES
from ingest.extracts.ptl.mapping import TrackingList
from ingest.store.schema import ENGLISH, NONC
from rtt.terms.treatment_functions import return_row
from rtt.terms.waits import OPEN_BAND

ADMITTED, NON_ADMITTED = "admitted", "non-admitted"
UNKNOWN = "unknown"


def with_function(rows: pl.DataFrame) -> pl.DataFrame:
    """`function`: the row of the return, null where the code is not one of the guidance."""
    if "treatment_function" not in rows.columns:
        return rows.with_columns(
            treatment_function=pl.lit(None, dtype=pl.String), function=pl.lit(None, dtype=pl.String)
        )
    # Few codes for many rows: each is looked up once. The return groups 108 with 110 and the like.
    codes = rows["treatment_function"].unique().drop_nulls()
    known = {code: return_row(code) for code in codes}
    function = pl.col("treatment_function").replace_strict(known, default=None, return_dtype=pl.String)
    return rows.with_columns(function=function)


def with_dimensions(rows: pl.DataFrame, provider: str, mapping: TrackingList) -> pl.DataFrame:
    """`site_code`, `treatment_function` (of the return), `priority`, `procedure_priority`, `basis`."""
    return rows.with_columns(
        site_code=_site(rows, provider, mapping),
        treatment_function=pl.col("function").fill_null(UNKNOWN),
        priority=_one_of(rows, "priority", PRIORITIES, UNKNOWN),
        procedure_priority=_one_of(rows, "procedure_priority", PROCEDURE_PRIORITIES, ""),
        basis=_basis(rows, mapping.non_english),
    )


def with_wait(rows: pl.DataFrame, on: pl.Expr | date) -> pl.DataFrame:
    """`days_waited` and `week_band` from the clock start to `on`; null where the start is not known."""
    end = pl.lit(on) if isinstance(on, date) else on
    days = (end - pl.col("clock_start")).dt.total_days()
    # The rule of rtt.terms.waits.week_bands, which a test holds it to: the first band has eight days.
    band = pl.when(days <= 7).then(0).otherwise((days - 1) // 7).clip(0, OPEN_BAND)
    return rows.with_columns(
        days_waited=days.cast(pl.Int32),
        week_band=pl.when(days.is_not_null()).then(band).cast(pl.Int16),
    )


def stage_on_the_list(rows: pl.DataFrame) -> pl.Expr:
    """Admitted part of the list: by its type; where that is not given, by a decision to admit."""
    decided = given(rows, "decision_to_admit")
    by_decision = pl.when(decided).then(pl.lit(ADMITTED)).otherwise(pl.lit(NON_ADMITTED))
    if "list_type" not in rows.columns:
        return by_decision
    return (
        pl.when(pl.col("list_type").is_in(ADMITTED_LISTS))
        .then(pl.lit(ADMITTED))
        .when(pl.col("list_type").is_in(NON_ADMITTED_LISTS))
        .then(pl.lit(NON_ADMITTED))
        .otherwise(by_decision)
    )


def given(rows: pl.DataFrame, field: str) -> pl.Expr:
    """Whether a row has a value in a field; nowhere, if the file has no such column."""
    return pl.col(field).is_not_null() if field in rows.columns else pl.lit(False)


def day(rows: pl.DataFrame, field: str) -> pl.Expr:
    """A date field, null where the file has no such column."""
    return pl.col(field) if field in rows.columns else pl.lit(None, dtype=pl.Date)


def _site(rows: pl.DataFrame, provider: str, mapping: TrackingList) -> pl.Expr:
    """A site of this trust (its code and two characters more) or one that the mapping lists.

    Any other text is not kept: a column that slipped holds local patient numbers of the same length.
    """
    if "site" not in rows.columns:
        return pl.lit("")
    site = pl.col("site")
    own = site.str.contains(rf"^{provider}[A-Z0-9]{{0,2}}$") | site.is_in(list(mapping.sites))
    return pl.when(own.fill_null(False)).then(site).otherwise(pl.lit(UNKNOWN))


def _one_of(rows: pl.DataFrame, field: str, known: Sequence[str], otherwise: str) -> pl.Expr:
    if field not in rows.columns:
        return pl.lit(otherwise)
    code = pl.col(field)
    return pl.when(code.is_in(known).fill_null(False)).then(code).otherwise(pl.lit(otherwise))


def _basis(rows: pl.DataFrame, patterns: Sequence[str]) -> pl.Expr:
    if "commissioner" not in rows.columns:
        return pl.lit(ENGLISH)
    # A PTL has the true code of a Welsh or Scottish board, where the return says NONC.
    codes = rows["commissioner"].unique().drop_nulls()
    outside = [code for code in codes if any(fnmatchcase(code, pattern.upper()) for pattern in patterns)]
    return (
        pl.when(pl.col("commissioner").is_in(outside).fill_null(False))
        .then(pl.lit(NONC))
        .otherwise(pl.lit(ENGLISH))
    )
