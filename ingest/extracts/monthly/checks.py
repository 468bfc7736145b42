"""The rules that a monthly extract must pass, on typed rows: what is false refuses it, what is odd is noted.

A table holds one row for each provider, commissioner, part and treatment function with the columns of
`ingest.extracts.monthly.table`. Nothing here reads a file or writes to a database.

Source: the identities hold in every published row of April 2024 to February 2026; NHS England, Recording and
reporting RTT waiting times, v5.0, annex B, for what is worth a note.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from ingest.files.problems import Problem, Refused, note, refusal, refused_whole
from ingest.store.columns import NUL, does_not_fit, largest, number_expected, text_expected
from ingest.store.schema import organisation, pathway_counts
from rtt.terms.parts import COMPLETED, INCOMPLETE, NEW_PERIODS, WAITING, WITH_DECISION_TO_ADMIT
from rtt.terms.treatment_functions import TOTAL, return_row
from rtt.terms.wording import plural

KEY = ("provider", "commissioner", "part", "treatment_function")
_GROUP = KEY[:3]
_ROWS_SHOWN = 20

_VALUE_SHOWN = 40
# Where each text of a row is kept. What its column cannot hold, one of the two databases would keep all the
# same and the other not.
_KEPT_IN = {
    "provider": pathway_counts.c.organisation_code,
    "provider_name": organisation.c.name,
    "provider_parent": organisation.c.parent_code,
    "provider_parent_name": organisation.c.parent_name,
    "commissioner": pathway_counts.c.organisation_code,
    "commissioner_name": organisation.c.name,
    "commissioner_parent": organisation.c.parent_code,
    "commissioner_parent_name": organisation.c.parent_name,
    "treatment_function": pathway_counts.c.treatment_function,
}

_is_total = pl.col("treatment_function") == TOTAL


def check_rows(
    file: str, table: pl.DataFrame, *, bands: Sequence[str], headings: Mapping[str, str], is_old: bool
) -> list[Problem]:
    """The notes that a table earns. Raises `Refused` with every fault when there is one.

    `headings`: what the file calls a column, by its name in the table; a fault is named so.
    `is_old`: extracts with front matter are only known from parsers, so a published total that differs from
    its parts is noted there and refused elsewhere.
    """
    faults = [
        *_whole_file(file, table, headings),
        *_identifiers(file, table, headings),
        *_too_long(file, table, headings),
        *_signs(file, table, bands, headings),
    ]
    if not faults:
        # Counts are 32 bits wide: where they can outgrow that, no sum of theirs can be believed.
        faults = list(_too_large(file, table, bands, headings))
    if faults:
        raise Refused(faults[: 2 * _ROWS_SHOWN])
    faults = [
        *_totals(file, table, bands, headings),
        *_bands_of_new_periods(file, table, bands, headings),
        *_duplicates(file, table),
    ]
    if faults:
        raise Refused(faults[: 2 * _ROWS_SHOWN])
    groups = list(_published_totals(table, bands))
    field = headings["treatment_function"]
    if groups and not is_old:
        expected = f"{TOTAL} equal to the sum of the other treatment functions"
        raise Refused([_fault(file, expected, field=field, value=group) for group in groups])
    totals = [
        note(file, f"{TOTAL} of {group} is not the sum of its parts: the parts were counted.", field=field)
        for group in groups
    ]
    return [*totals, *_unknown_functions(file, table, headings), *_admission_above_list(file, table)]


def _fault(
    file: str, expected: str, *, row: int | None = None, field: str | None = None, value: str | None = None
) -> Problem:
    return refusal(file, expected=expected, row=row, field=field, value=value)


def _whole_file(file: str, table: pl.DataFrame, headings: Mapping[str, str]) -> list[Problem]:
    if table.is_empty():
        return [
            refused_whole(file, "There are headings and no rows below them. Send or save the file again.")
        ]
    faults = []
    periods = sorted(table["period"].unique().to_list())
    if len(periods) > 1:
        faults.append(_fault(file, "one month", field=headings["period"], value=", ".join(periods[:5])))
    if table.select(_is_total.all()).item():
        sentence = (
            f"It holds {TOTAL} (total) rows alone. Load the whole extract, with each treatment function."
        )
        faults.append(refused_whole(file, sentence, field=headings["treatment_function"]))
    return faults


def _identifiers(file: str, table: pl.DataFrame, headings: Mapping[str, str]) -> list[Problem]:
    faults = [
        _fault(file, "a part of the return, such as Part_2", row=row, field=headings["part"], value=value)
        for row, value in _rows(table.filter(pl.col("part").is_null()), "row", "part_text")
    ]
    for name in ("provider", "commissioner", "treatment_function"):
        blank = table.filter(pl.col(name) == "")
        expected = f"a {name.replace('_', ' ')} code"
        faults += [
            _fault(file, expected, row=row, field=headings[name], value="blank")
            for (row,) in _rows(blank, "row")
        ]
    return faults


def _too_long(file: str, table: pl.DataFrame, headings: Mapping[str, str]) -> list[Problem]:
    """Texts that their columns in the database cannot hold."""
    kept = {name: column for name, column in _KEPT_IN.items() if name in table.columns}
    # Names lose what no text has where they are kept; a code with it is another code.
    names = [name for name in kept if name.endswith("_name")]
    table = table.with_columns(pl.col(names).str.replace_all(NUL, "", literal=True))
    wrong = table.select(does_not_fit(name, column).any().alias(name) for name, column in kept.items())
    return [
        _fault(
            file,
            text_expected(kept[name]),
            row=row,
            field=headings.get(name, name),
            value=value if len(value) <= _VALUE_SHOWN else f"{value[:_VALUE_SHOWN]}…",
        )
        for name, found in wrong.row(0, named=True).items()
        if found
        for row, value in _rows(table.filter(does_not_fit(name, kept[name])), "row", name)
    ]


def _too_large(
    file: str, table: pl.DataFrame, bands: Sequence[str], headings: Mapping[str, str]
) -> list[Problem]:
    """Counts of which a total outgrows its column: the largest of them, by its row."""
    counts = (*bands, "total", "unknown_clock_start", "total_all")
    sums = table.select(pl.col(name).cast(pl.Int64).sum() for name in counts).row(0, named=True)
    column = pathway_counts.c.total
    if sum(sums[name] or 0 for name in bands) <= largest(column) >= (sums["total_all"] or 0):
        return []
    name = max(counts, key=lambda each: table[each].max() or 0)
    row, value = table.select("row", name).sort(name, descending=True, nulls_last=True).row(0)
    expected = f"counts that add up to {number_expected(column)}"
    return [_fault(file, expected, row=row, field=headings[name], value=f"{value:,}")]


def _signs(
    file: str, table: pl.DataFrame, bands: Sequence[str], headings: Mapping[str, str]
) -> list[Problem]:
    faults = []
    for name in (*bands, "total", "unknown_clock_start", "total_all"):
        lowest = table[name].min()
        if isinstance(lowest, int) and lowest < 0:
            negative = table.filter(pl.col(name) < 0)
            faults += [
                _fault(file, "a count, zero or more", row=row, field=headings[name], value=str(value))
                for row, value in _rows(negative, "row", name)
            ]
    return faults


def _totals(
    file: str, table: pl.DataFrame, bands: Sequence[str], headings: Mapping[str, str]
) -> list[Problem]:
    table = table.select(
        "row", "part", "total", "unknown_clock_start", "total_all", known=pl.sum_horizontal(bands)
    )
    faults = []
    for is_wrong, column, expected, right in _rules():
        wrong = table.filter(is_wrong).select("row", pl.col(column).alias("value"), right.alias("right"))
        faults += [
            _fault(file, f"{expected}, {should:,}", row=row, field=headings[column], value=f"{value:,}")
            for row, value, should in wrong.head(_ROWS_SHOWN).iter_rows()
        ]
    return faults


def _rules() -> Sequence[tuple[pl.Expr, str, str, pl.Expr]]:
    """What the totals of each part must be: which rows break it, column, words, the right number."""
    part, known, total = pl.col("part"), pl.col("known"), pl.col("total")
    unknown, total_all = pl.col("unknown_clock_start"), pl.col("total_all")
    completed, waiting, new = part.is_in(COMPLETED), part.is_in(WAITING), part == NEW_PERIODS
    both, none = "the sum of the bands and the unknown clock starts", pl.lit(0)
    return (
        (completed & (total != known), "total", "the sum of the bands", known),
        (completed & (total_all != known + unknown), "total_all", both, known + unknown),
        (waiting & (total_all != known), "total_all", "the sum of the bands", known),
        # Blank in every published row of these parts: a number there must at least not contradict the others.
        (waiting & (total != 0) & (total != known), "total", "blank or the sum of the bands", known),
        (new & (total != 0) & (total != total_all), "total", "blank or the number of new periods", total_all),
        (waiting & (unknown != 0), "unknown_clock_start", "blank for pathways that still wait", none),
        (new & (unknown != 0), "unknown_clock_start", "blank for new periods", none),
    )


def _bands_of_new_periods(
    file: str, table: pl.DataFrame, bands: Sequence[str], headings: Mapping[str, str]
) -> list[Problem]:
    new = table.filter((pl.col("part") == NEW_PERIODS) & (pl.sum_horizontal(bands) != 0))
    counts = new.select("row", *bands).head(_ROWS_SHOWN).rows(named=True)
    filled = ((row, next(band for band in bands if row[band])) for row in counts)
    return [
        _fault(file, "no band for new periods", row=row["row"], field=headings[band], value=f"{row[band]:,}")
        for row, band in filled
    ]


def _duplicates(file: str, table: pl.DataFrame) -> list[Problem]:
    repeated = table.filter(table.select(KEY).is_duplicated())
    expected = "one row for each provider, commissioner, part and treatment function"
    return [
        _fault(file, expected, row=row, value=" ".join(key)) for row, *key in _rows(repeated, "row", *KEY)
    ]


def _published_totals(table: pl.DataFrame, bands: Sequence[str]) -> list[str]:
    """Where C_999 is not the sum of the other functions; a file without any C_999 row is as good."""
    counts = ["unknown_clock_start", "total_all", *bands]
    if not table.select(_is_total.any()).item() or _balances(table, counts):
        return []
    published = table.filter(_is_total).select(*_GROUP, pl.col(counts).fill_null(0))
    sums = table.filter(~_is_total).group_by(_GROUP).agg(pl.col(counts).sum())
    both = sums.join(published, on=_GROUP, how="full", coalesce=True, suffix="_published")
    wrong = both.filter(
        pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"{name}_published")) for name in counts)
    )
    groups = wrong.select(_GROUP).sort(_GROUP).head(_ROWS_SHOWN).iter_rows()
    return [" ".join(group) for group in groups]


def _balances(table: pl.DataFrame, counts: Sequence[str]) -> bool:
    """Whether every C_999 row is the sum of its parts: of one weighted sum of all counts in each row.

    Sums of weighted sums are weighted sums of sums, so equal counts give equal numbers; counts that differ do
    so but once in 2^64. Adding up a hundred columns for each group takes five times as long.
    """
    weights = np.random.default_rng(18).integers(1, 2**63 - 1, size=len(counts))
    terms = (
        pl.col(name).fill_null(0).cast(pl.Int64) * weight
        for name, weight in zip(counts, weights.tolist(), strict=True)
    )
    rows = table.select(*_GROUP, is_total=_is_total, weighted=pl.sum_horizontal(terms))
    signed = pl.when("is_total").then(-pl.col("weighted")).otherwise("weighted").alias("balance")
    groups = rows.with_columns(signed).group_by(_GROUP).agg(pl.col("balance", "is_total").sum())
    return groups.select(((pl.col("balance") == 0) & (pl.col("is_total") == 1)).all()).item() is True


def _unknown_functions(file: str, table: pl.DataFrame, headings: Mapping[str, str]) -> list[Problem]:
    counted = table.group_by("treatment_function").len().sort("treatment_function")
    return [
        note(
            file,
            f"{code} is no treatment function of the return; {plural(rows, 'row')} loaded under that code.",
            field=headings["treatment_function"],
        )
        for code, rows in counted.iter_rows()
        if return_row(code) != code
    ]


def admission_above_list(table: pl.DataFrame) -> pl.DataFrame:
    """The rows, totals included, that say more have a decision to admit (2A) than wait at all (2)."""
    key = ("provider", "commissioner", "treatment_function")
    table = table.select("row", *key, "part", "total_all")
    waiting = table.filter(pl.col("part") == INCOMPLETE).select(*key, of="total_all")
    admission = table.filter(pl.col("part") == WITH_DECISION_TO_ADMIT)
    both = admission.join(waiting, on=key, how="left")
    return both.with_columns(pl.col("of").fill_null(0)).filter(pl.col("total_all") > pl.col("of")).sort("row")


def _admission_above_list(file: str, table: pl.DataFrame) -> list[Problem]:
    rows = admission_above_list(table).select(
        "row", "provider", "commissioner", "treatment_function", "total_all", "of"
    )
    return [
        note(
            file,
            f"{provider} {commissioner} {function} has {count:,} waiting with a decision to admit (part "
            f"2A), more than the {of:,} waiting at all (part 2). Both were loaded as sent.",
            row=row,
            field="Part_2A",
        )
        for row, provider, commissioner, function, count, of in rows.iter_rows()
    ]


def _rows(table: pl.DataFrame, *columns: str) -> list[tuple[Any, ...]]:
    return table.select(columns).head(_ROWS_SHOWN).rows()
