"""NHS England's monthly full extract: one row for each provider, commissioner, part and treatment function.

It reads every layout since 2016 and refuses a file that cannot be trusted as a whole. What the rows must add
up to is in `ingest.extracts.monthly.checks`, what is made of them in `ingest.extracts.monthly.rollups`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from ingest.extracts import Change, Facts, LoadOptions, Parsed
from ingest.extracts.monthly.layout import Layout, check_headings, is_heading, layout_of
from ingest.files.archives import Content
from ingest.files.possible import refuse_impossible
from ingest.files.problems import Problem, note, refuse_whole
from ingest.store.schema import MONTHLY

if TYPE_CHECKING:
    import polars as pl

_IDENTIFIERS = (
    "provider_parent",
    "provider_parent_name",
    "provider",
    "provider_name",
    "commissioner_parent",
    "commissioner_parent_name",
    "commissioner",
    "commissioner_name",
    "treatment_function",
)


def recognises(content: Content) -> bool:
    """Whether headings of the monthly extract stand in the first lines, whole or damaged."""
    if content.is_workbook:
        return _workbook_heading(content) is not None
    head = "".join(content.head()[:20_000].lower().split())
    return "providerorgcode" in head and any(
        part in head for part in ("rttparttype", "rttpartname", "rttpartdescription")
    )


def read(content: Content, options: LoadOptions) -> Parsed:
    """The month as facts at every level. Raises `Refused` with each reason."""
    if content.is_workbook:
        _refuse_workbook(content)
    from ingest.extracts import organisations
    from ingest.extracts.monthly import checks, quality, rollups
    from ingest.extracts.monthly.period import check_name, month_end_of_period
    from ingest.extracts.monthly.table import as_utf8, read_table
    from ingest.extracts.row_tuples import row_tuples
    from ingest.files.revisions import revision_of

    file = content.file_name
    data = as_utf8(file, content.data)
    layout = layout_of(file, data[:65_536].decode("utf-8", errors="replace").splitlines())
    table = _typed(read_table(file, data, layout))
    table, notes = _added_up(file, table, layout)
    headings = {"total_all": "Total All"} | layout.headings
    notes += checks.check_rows(file, table, bands=layout.bands, headings=headings, is_old=layout.is_old)
    census_date = month_end_of_period(file, table["period"][0], table["year"][0])
    names = (content.file_name, content.name)
    refuse_impossible(file, census_date, options.today, field="Period")
    check_name(file, names, census_date)

    table = organisations.with_parents(table, census_date)
    notes += organisations.unknown_regions(file, table)
    facts = rollups.monthly_facts(table, census_date=census_date, bands=layout.bands)
    people = organisations.organisations(table, census_date)
    tables = {
        "organisation": Facts(organisations.ORGANISATION_COLUMNS, people),
        "pathway_counts": Facts(rollups.FACT_COLUMNS, row_tuples(facts)),
        "commissioned_list": Facts(
            rollups.COMMISSIONED_COLUMNS,
            row_tuples(rollups.commissioned_lists(table, bands=layout.bands)),
        ),
        "quality": Facts(quality.QUALITY_COLUMNS, quality.within_month(table, bands=layout.bands)),
    }
    return Parsed(
        source=MONTHLY,
        census_date=census_date,
        rows_read=table.height,
        tables=tables,
        revision=options.revision if options.revision is not None else revision_of(names),
        open_band=layout.open_band,
        providers=table["provider"].n_unique(),
        problems=notes,
        message=_message(layout),
    )


def changed(connection: Connection, change: Change, options: LoadOptions) -> Iterable[Problem]:
    """Beside the month before: names, missing parts, big changes; and how far it is from a whole one."""
    from ingest.extracts.monthly.compositions import whole_notes
    from ingest.extracts.monthly.month_before import compare_months

    notes = compare_months(connection, change.census_date)
    if change.extract_id is not None and options.kind == "real":
        notes += whole_notes(connection, f"{change.census_date:%B %Y}", change.census_date)
    return notes


def foreseen(connection: Connection, file: str, parsed: Parsed) -> Iterable[Problem]:
    """What `changed` would say of a month that is only checked."""
    from ingest.extracts.monthly.compositions import composition_of, whole_notes
    from ingest.extracts.monthly.month_before import foreseen

    month = parsed.census_date
    mine = composition_of(parsed.tables)
    return [
        *foreseen(connection, file, parsed),
        *whole_notes(connection, f"{month:%B %Y}", month, mine),
    ]


def _added_up(file: str, table: pl.DataFrame, layout: Layout) -> tuple[pl.DataFrame, list[Problem]]:
    """The table with a Total All, which a file may lack; new periods left without a number are out."""
    import polars as pl

    from rtt.terms.parts import COMPLETED, NEW_PERIODS
    from rtt.terms.wording import plural

    if "total_all" in table.columns:
        return table, []
    bands = pl.sum_horizontal(layout.bands)
    unknown = pl.when(pl.col("part").is_in(COMPLETED)).then(pl.col("unknown_clock_start")).otherwise(0)
    new = pl.col("part") == NEW_PERIODS
    total = pl.when(new).then(pl.col("total")).otherwise(bands + unknown)
    table = table.with_columns(total_all=total.cast(pl.Int32))
    empty = table.filter(new & (pl.col("total_all") == 0)).height
    if empty and not layout.is_old:
        # Since October 2017 every published file has the column: without it this is a damaged copy.
        raise refuse_whole(
            file,
            f"The column Total All is missing, and {plural(empty, 'row')} of new periods (part 3) have no "
            "other number. Load the csv as published, or its zip.",
        )
    said = "There is no column Total All: each row was added up from its bands and its unknown clock starts."
    if empty:
        have = "has no number without it and was" if empty == 1 else "have no number without it and were"
        said += f" {plural(empty, 'row')} of new periods (part 3) {have} left out."
    return table.filter(~(new & (pl.col("total_all") == 0))), [note(file, said)]


def _message(layout: Layout) -> str:
    return f"open band from {layout.open_band} weeks" if layout.open_band != 104 else ""


def _typed(table: pl.DataFrame) -> pl.DataFrame:
    """Codes in one spelling, absent columns empty, `part` by its code and as it was written."""
    import polars as pl

    from rtt.terms.parts import part_of
    from rtt.terms.treatment_functions import as_published

    absent = [name for name in (*_IDENTIFIERS, "year") if name not in table.columns]
    table = table.with_columns(pl.lit("").alias(name) for name in absent)
    table = _stripped(table, (*_IDENTIFIERS, "part", "period"))
    parts = {text: part_of(text) for text in table["part"].unique().to_list()}
    functions = {text: as_published(text) for text in table["treatment_function"].unique().to_list()}
    return table.with_columns(
        part_text=pl.col("part"),
        part=pl.col("part").replace_strict(parts, return_dtype=pl.String()),
        treatment_function=pl.col("treatment_function").replace_strict(functions),
    )


def _stripped(table: pl.DataFrame, texts: Iterable[str]) -> pl.DataFrame:
    import polars as pl

    def is_padded(text: pl.Expr) -> pl.Expr:
        return (text.str.starts_with(" ") | text.str.ends_with(" ")).any()

    # Published files have no spaces to strip, and to look is a tenth of the work.
    padded = table.select(is_padded(pl.col(name)) for name in texts).row(0, named=True)
    return table.with_columns(pl.col(name).str.strip_chars() for name, found in padded.items() if found)


def _workbook_heading(content: Content) -> list[str] | None:
    import io

    from python_calamine import CalamineError, CalamineWorkbook

    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content.data))
        rows = workbook.get_sheet_by_index(0).to_python(nrows=30)
    except CalamineError:
        return None
    texts = ([str(cell) for cell in row] for row in rows)
    return next((cells for cells in texts if is_heading(cells)), None)


def _refuse_workbook(content: Content) -> None:
    check_headings(content.file_name, _workbook_heading(content) or [])
    raise refuse_whole(
        content.file_name,
        "This is a monthly extract saved as a workbook, where codes such as 14E may have become numbers. "
        "Load the csv as published, or its zip.",
    )
