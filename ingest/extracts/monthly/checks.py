"""The rules that a monthly extract must pass, on typed rows: what is false refuses it, what is odd is noted.

A table holds one row for each provider, commissioner, part and treatment function with the columns of
`ingest.extracts.monthly.table`. Nothing here reads a file or writes to a database.

Source: the identities hold in every published row of April 2024 to February 2026; NHS England, Recording and
reporting RTT waiting times, v5.0, annex B, for what is worth a note.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

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
_TOTALS = ("total", "unknown_clock_start", "total_all")
# SQLite keeps a text that is longer than its column; PostgreSQL stops in the middle of the load. So each
# text is checked here against the column that will keep it.
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


@dataclass(frozen=True, slots=True)
class _Month:
    file: str
    table: pl.DataFrame
    bands: Sequence[str]
    headings: Mapping[str, str]

    def faults(
        self, rows: pl.DataFrame, column: str, expected: str, *, value: str | None = None
    ) -> Iterator[Problem]:
        """A refusal for each of the first rows, with what stands in the column there, or `value`."""
        for row, found in rows.select("row", column).head(_ROWS_SHOWN).iter_rows():
            yield self.fault(expected, row, column, found if value is None else value)

    def fault(self, expected: str, row: int, column: str, found: str | int) -> Problem:
        shown = found if isinstance(found, str) else f"{found:,}"
        # A whole line may have slipped into one cell.
        shown = shown if len(shown) <= _VALUE_SHOWN else f"{shown[:_VALUE_SHOWN]}…"
        field = self.headings.get(column, column)
        return refusal(self.file, expected=expected, row=row, field=field, value=shown)


def check_rows(
    file: str, table: pl.DataFrame, *, bands: Sequence[str], headings: Mapping[str, str], is_old: bool
) -> list[Problem]:
    """The notes that a table earns. Raises `Refused` with every fault when there is one.

    `headings`: what the file calls a column, by its name in the table; a fault is named so.
    `is_old`: extracts with front matter are only known from parsers, so a published total that differs from
    its parts is noted there and refused elsewhere.
    """
    month = _Month(file, table, bands, {**headings, "part_text": headings["part"]})
    _raise([*_whole_file(month), *_identifiers(month), *_too_long(month), *_signs(month)])
    # Counts are 32 bits wide: where they can outgrow that, no sum of theirs can be believed.
    _raise(_too_large(month))
    _raise([*_totals(month), *_bands_of_new_periods(month), *_duplicates(month)])
    groups = list(_published_totals(table, bands))
    field = headings["treatment_function"]
    if not is_old:
        expected = f"{TOTAL} equal to the sum of the other treatment functions"
        _raise([refusal(file, expected=expected, field=field, value=group) for group in groups])
    totals = [
        note(
            file,
            f"{TOTAL} of {group} is not the sum of its parts: the sum was loaded.",
            field=field,
        )
        for group in groups
    ]
    return [*totals, *_unknown_functions(month), *_admission_above_list(file, table)]


def _raise(faults: Sequence[Problem]) -> None:
    if faults:
        raise Refused(faults[: 2 * _ROWS_SHOWN])


def _whole_file(month: _Month) -> Iterator[Problem]:
    file, table = month.file, month.table
    if table.is_empty():
        yield refused_whole(file, "There are headings and no rows below them. Send or save the file again.")
        return
    periods = sorted(table["period"].unique().to_list())
    if len(periods) > 1:
        shown = ", ".join(periods[:5])
        yield refusal(file, expected="one month", field=month.headings["period"], value=shown)
    if table.select(_is_total.all()).item():
        sentence = (
            f"It holds {TOTAL} (total) rows alone. Load the whole extract, with each treatment function."
        )
        yield refused_whole(file, sentence, field=month.headings["treatment_function"])


def _identifiers(month: _Month) -> Iterator[Problem]:
    unknown = month.table.filter(pl.col("part").is_null())
    yield from month.faults(unknown, "part_text", "a part of the return, such as Part_2")
    for name in ("provider", "commissioner", "treatment_function"):
        blank = month.table.filter(pl.col(name) == "")
        yield from month.faults(blank, name, f"a {name.replace('_', ' ')} code", value="blank")


def _too_long(month: _Month) -> Iterator[Problem]:
    """Texts that their columns in the database cannot hold."""
    kept = {name: column for name, column in _KEPT_IN.items() if name in month.table.columns}
    # A NUL is dropped from a name, which stays the same name; a code without it would be another code.
    names = [name for name in kept if name.endswith("_name")]
    table = month.table.with_columns(pl.col(names).str.replace_all(NUL, "", literal=True))
    wrong = table.select(does_not_fit(name, column).any().alias(name) for name, column in kept.items())
    for name, found in wrong.row(0, named=True).items():
        if found:
            odd = table.filter(does_not_fit(name, kept[name]))
            yield from month.faults(odd, name, text_expected(kept[name]))


def _too_large(month: _Month) -> list[Problem]:
    """The largest count, where a total of the counts outgrows its column."""
    table, counts = month.table, (*month.bands, *_TOTALS)
    sums = table.select(pl.col(name).cast(pl.Int64).sum() for name in counts).row(0, named=True)
    column = pathway_counts.c.total
    if sum(sums[name] or 0 for name in month.bands) <= largest(column) >= (sums["total_all"] or 0):
        return []
    name = max(counts, key=lambda each: table[each].max() or 0)
    row, value = table.select("row", name).sort(name, descending=True, nulls_last=True).row(0)
    return [month.fault(f"counts that add up to {number_expected(column)}", row, name, value)]


def _signs(month: _Month) -> Iterator[Problem]:
    for name in (*month.bands, *_TOTALS):
        lowest = month.table[name].min()
        if isinstance(lowest, int) and lowest < 0:
            yield from month.faults(month.table.filter(pl.col(name) < 0), name, "a count, zero or more")


def _totals(month: _Month) -> Iterator[Problem]:
    table = month.table.select("row", "part", *_TOTALS, known=pl.sum_horizontal(month.bands))
    for is_wrong, column, expected, right in _rules():
        wrong = table.filter(is_wrong).select("row", pl.col(column).alias("value"), right.alias("right"))
        for row, value, should in wrong.head(_ROWS_SHOWN).iter_rows():
            # A number beside "blank" would be taken for what to write there.
            right_number = f", {should:,}" if should or not expected.startswith("blank for") else ""
            yield month.fault(f"{expected}{right_number}", row, column, value)


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
        (waiting & (unknown != 0), "unknown_clock_start", "blank for incomplete pathways", none),
        (new & (unknown != 0), "unknown_clock_start", "blank for new periods", none),
    )


def _bands_of_new_periods(month: _Month) -> Iterator[Problem]:
    # A new period has not waited: figures in its bands mean that its row, or its part, slipped.
    bands = month.bands
    new = month.table.filter((pl.col("part") == NEW_PERIODS) & (pl.sum_horizontal(bands) != 0))
    for row in new.select("row", *bands).head(_ROWS_SHOWN).iter_rows(named=True):
        band = next(band for band in bands if row[band])
        yield month.fault("no band for new periods", row["row"], band, row[band])


def _duplicates(month: _Month) -> Iterator[Problem]:
    repeated = month.table.filter(month.table.select(KEY).is_duplicated())
    expected = "one row for each provider, commissioner, part and treatment function"
    for row, *key in repeated.select("row", *KEY).head(_ROWS_SHOWN).iter_rows():
        yield refusal(month.file, expected=expected, row=row, value=" ".join(key))


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


def _unknown_functions(month: _Month) -> list[Problem]:
    # Codes came and went with the specialties (X01 until March 2021): a new one must not stop the month.
    counted = month.table.group_by("treatment_function").len().sort("treatment_function")
    return [
        note(
            month.file,
            f"{code} is not a treatment function of the return: {plural(rows, 'row')} loaded as sent.",
            field=month.headings["treatment_function"],
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
    # Nought to nine rows of each published month are so: no reason to refuse what NHS England published.
    columns = ("row", "provider", "commissioner", "treatment_function", "total_all", "of")
    rows = admission_above_list(table).select(columns).iter_rows()
    return [
        note(
            file,
            f"{provider} {commissioner} {function} has {count:,} waiting with a decision to admit (part "
            f"2A), more than the {of:,} waiting at all (part 2). Both were loaded as sent.",
            row=row,
            field="Part_2A",
        )
        for row, provider, commissioner, function, count, of in rows
    ]
