"""The rules that a monthly extract must pass, on typed rows: what is false refuses it, what is odd is noted.

A table holds one row for each provider, commissioner, part and treatment function with the columns of
`ingest.extracts.monthly.table`. Nothing here reads a file or writes to a database.

Source: the identities hold in every published row of April 2024 to February 2026; NHS England, Recording and
reporting RTT waiting times, v5.0, annex B, for what is worth a note.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress

import numpy as np
import polars as pl

from ingest.extracts.monthly.cells import Cells, cells_of, summed
from ingest.extracts.monthly.sums import Month, combined, month_of
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
class _Extract:
    file: str
    table: pl.DataFrame
    places: pl.DataFrame
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


def checked(
    file: str,
    table: pl.DataFrame,
    places: pl.DataFrame,
    *,
    bands: Sequence[str],
    headings: Mapping[str, str],
    is_old: bool,
) -> tuple[Month, list[Problem]]:
    """The table as a month that can be added up, and the notes that it earns. Raises `Refused` with every
    fault when there is one.

    `places`: see `ingest.extracts.organisations`. `headings`: what the file calls a column, by its name in
    the table; a fault is named so. `is_old`: extracts with front matter are only known from parsers, so a
    published total that differs from its parts is noted there and refused elsewhere.

    Each rule asks first, of the cells that are not zero, whether anything is wrong, and only then where.
    """
    extract = _Extract(file, table, places, bands, {**headings, "part_text": headings["part"]})
    cells = cells_of(table, bands)
    _raise([*_whole_file(extract), *_identifiers(extract), *_too_long(extract), *_signs(extract, cells)])
    # Counts are 32 bits wide: where they can outgrow that, no sum of theirs can be believed.
    _raise(_too_large(extract, cells))
    month = month_of(table, cells)
    _raise([*_totals(extract, cells), *_bands_of_new_periods(extract, month), *_duplicates(extract, month)])
    groups = [] if _balances(month) else list(_unlike_their_parts(table, bands))
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
    return month, [*totals, *_unknown_functions(extract, month)]


def _raise(faults: Sequence[Problem]) -> None:
    if faults:
        raise Refused(faults[: 2 * _ROWS_SHOWN])


def _whole_file(extract: _Extract) -> Iterator[Problem]:
    file, table = extract.file, extract.table
    if table.is_empty():
        yield refused_whole(file, "There are headings and no rows below them. Send or save the file again.")
        return
    periods = sorted(table["period"].unique().to_list())
    if len(periods) > 1:
        shown = ", ".join(periods[:5])
        yield refusal(file, expected="one month", field=extract.headings["period"], value=shown)
    if table.select(_is_total.all()).item():
        sentence = (
            f"It holds {TOTAL} (total) rows alone. Load the whole extract, with each treatment function."
        )
        yield refused_whole(file, sentence, field=extract.headings["treatment_function"])


def _identifiers(extract: _Extract) -> Iterator[Problem]:
    table = extract.table
    if table["part"].null_count():
        unknown = table.filter(pl.col("part").is_null())
        yield from extract.faults(unknown, "part_text", "a part of the return, such as Part_2")
    for name in ("provider", "commissioner", "treatment_function"):
        if not table.select((pl.col(name) == "").any()).item():
            continue
        blank = table.filter(pl.col(name) == "")
        yield from extract.faults(blank, name, f"a {name.replace('_', ' ')} code", value="blank")


def _too_long(extract: _Extract) -> Iterator[Problem]:
    """Texts that their columns in the database cannot hold."""
    kept = {name: column for name, column in _KEPT_IN.items() if name in extract.table.columns}
    functions = extract.table.select(pl.col("treatment_function").unique())
    for name, column in kept.items():
        texts = functions if name in functions.columns else extract.places
        if _fitting(texts.select(name)).select(does_not_fit(name, column).any()).item():
            odd = _fitting(extract.table.select("row", name)).filter(does_not_fit(name, column))
            yield from extract.faults(odd, name, text_expected(column))


def _fitting(table: pl.DataFrame) -> pl.DataFrame:
    # A NUL is dropped from a name, which stays the same name; a code without it would be another code.
    names = [name for name in table.columns if name.endswith("_name")]
    return table.with_columns(pl.col(names).str.replace_all(NUL, "", literal=True))


def _too_large(extract: _Extract, cells: Cells) -> list[Problem]:
    """The largest count, where a total of the counts outgrows its column."""
    table, counts = extract.table, (*extract.bands, *_TOTALS)
    column = pathway_counts.c.total
    if cells.total() <= largest(column) >= table["total_all"].cast(pl.Int64).sum():
        return []
    name = max(counts, key=lambda each: table[each].max() or 0)
    row, value = table.select("row", name).sort(name, descending=True, nulls_last=True).row(0)
    return [extract.fault(f"counts that add up to {number_expected(column)}", row, name, value)]


def _signs(extract: _Extract, cells: Cells) -> Iterator[Problem]:
    if cells.lowest() >= 0 and extract.table.select((pl.col(_TOTALS) >= 0).all()).row(0) == (True,) * 3:
        return
    for name in (*extract.bands, *_TOTALS):
        lowest = extract.table[name].min()
        if isinstance(lowest, int) and lowest < 0:
            yield from extract.faults(extract.table.filter(pl.col(name) < 0), name, "a count, zero or more")


def _totals(extract: _Extract, cells: Cells) -> Iterator[Problem]:
    known = pl.Series("known", cells.row_sums()).cast(pl.Int64)
    table = extract.table.select("row", "part", *_TOTALS).with_columns(known)
    rules = _rules()
    broken = table.select(is_wrong.any().alias(str(at)) for at, (is_wrong, *_) in enumerate(rules)).row(0)
    for is_wrong, column, expected, right in compress(rules, broken):
        wrong = table.filter(is_wrong).select("row", pl.col(column).alias("value"), right.alias("right"))
        for row, value, should in wrong.head(_ROWS_SHOWN).iter_rows():
            # A number beside "blank" would be taken for what to write there.
            right_number = f", {should:,}" if should or not expected.startswith("blank for") else ""
            yield extract.fault(f"{expected}{right_number}", row, column, value)


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


def _bands_of_new_periods(extract: _Extract, month: Month) -> Iterator[Problem]:
    # A new period has not waited: figures in its bands mean that its row, or its part, slipped.
    is_new = np.array([part == NEW_PERIODS for part in month.names[-2]])
    if not month.rows.cells.stand_in(is_new[month.rows.keys[-2]]):
        return
    bands = extract.bands
    new = extract.table.filter((pl.col("part") == NEW_PERIODS) & (pl.sum_horizontal(bands) != 0))
    for row in new.select("row", *bands).head(_ROWS_SHOWN).iter_rows(named=True):
        band = next(band for band in bands if row[band])
        yield extract.fault("no band for new periods", row["row"], band, row[band])


def _duplicates(extract: _Extract, month: Month) -> Iterator[Problem]:
    provider, commissioner, _, part, function = month.rows.sized
    keys = np.sort(combined((provider, commissioner, part, function)))
    if (keys[1:] != keys[:-1]).all():
        return
    repeated = extract.table.filter(extract.table.select(KEY).is_duplicated())
    expected = "one row for each provider, commissioner, part and treatment function"
    for row, *key in repeated.select("row", *KEY).head(_ROWS_SHOWN).iter_rows():
        yield refusal(extract.file, expected=expected, row=row, value=" ".join(key))


def _balances(month: Month) -> bool:
    """Whether each group of rows has one C_999, the sum of its other functions; or none has."""
    rows, is_total = month.rows, month.is_total
    if not is_total.any():
        return True
    provider, commissioner, _, part, _ = rows.sized
    found, group = np.unique(combined((provider, commissioner, part)), return_inverse=True)
    if (np.bincount(group[is_total], minlength=len(found)) != 1).any():
        return False
    sign = np.where(is_total, -1, 1)
    cells = rows.cells.times(sign).grouped(group, len(found))
    return not cells.stand_in(np.ones(len(found), dtype=np.bool_)) and not any(
        summed(group, each * sign, len(found)).any() for each in (rows.total, rows.unknown)
    )


def _unlike_their_parts(table: pl.DataFrame, bands: Sequence[str]) -> Iterator[str]:
    """Where C_999 is not the sum of the other functions, each column compared."""
    counts = ["unknown_clock_start", "total_all", *bands]
    published = table.filter(_is_total).select(*_GROUP, pl.col(counts).fill_null(0))
    sums = table.filter(~_is_total).group_by(_GROUP).agg(pl.col(counts).sum())
    both = sums.join(published, on=_GROUP, how="full", coalesce=True, suffix="_published")
    wrong = both.filter(
        pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"{name}_published")) for name in counts)
    )
    groups = wrong.select(_GROUP).sort(_GROUP).head(_ROWS_SHOWN).iter_rows()
    return (" ".join(group) for group in groups)


def _unknown_functions(extract: _Extract, month: Month) -> list[Problem]:
    # Codes came and went with the specialties (X01 until March 2021): a new one must not stop the month.
    unknown = [code for code in month.names[-1] if return_row(code) != code]
    table = (
        extract.table.filter(pl.col("treatment_function").is_in(unknown))
        if unknown
        else extract.table.clear()
    )
    counted = table.group_by("treatment_function").len().sort("treatment_function")
    return [
        note(
            extract.file,
            f"{code} is not a treatment function of the return: {plural(rows, 'row')} loaded as sent.",
            field=extract.headings["treatment_function"],
        )
        for code, rows in counted.iter_rows()
    ]


def admission_above_list(table: pl.DataFrame, month: Month) -> pl.DataFrame:
    """The rows, totals included, that say more have a decision to admit (2A) than wait at all (2: `of`)."""
    provider, commissioner, _, _, function = month.rows.sized
    key = combined((provider, commissioner, function))
    waiting, admission = month.of_part(INCOMPLETE), month.of_part(WITH_DECISION_TO_ADMIT)
    waiting = waiting[np.argsort(key[waiting])]
    at = np.searchsorted(key[waiting], key[admission])
    own = np.append(waiting, 0)[at]
    found = (at < len(waiting)) & (key[own] == key[admission])
    of = np.where(found, month.rows.total[own], 0).astype(np.int64)
    above = month.rows.total[admission] > of
    columns = ("row", "provider", "commissioner", "treatment_function", "total_all")
    return table.select(columns)[admission[above]].with_columns(of=pl.Series(of[above])).sort("row")


def admission_notes(file: str, above: pl.DataFrame) -> list[Problem]:
    """`above`: the rows of `admission_above_list`."""
    # Nought to nine rows of each published month are so: no reason to refuse what NHS England published.
    columns = ("row", "provider", "commissioner", "treatment_function", "total_all", "of")
    rows = above.select(columns).iter_rows()
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
