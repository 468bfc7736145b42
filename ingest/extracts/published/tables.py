"""NHS England's workbooks of one month by provider or commissioner: figures as published, of organisations.

They stand beside ours (`ingest.reconcile.tables`), and lengthen trends where no extract of the month is held.
Every sheet with a table is read: England, region or SHA, area team, ICB, commissioner or PCT, or providers.
Layouts from 2009 on, xls and xlsx; a sheet without such a table (Notes, Data Completeness) is passed by.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

from ingest.extracts import Facts, Format, LoadOptions, Parsed
from ingest.extracts.published.front import FRONT_ROWS, front_of, heading_row, speaks_of_waits, text
from ingest.extracts.published.organisation_table import OrganisationTable, Row
from ingest.extracts.published.published_measures import table_measure
from ingest.extracts.published.sheets import Grid, sheets
from ingest.files.archives import Content
from ingest.files.problems import Problem, note, refuse, refuse_whole
from ingest.files.revisions import revision_of
from ingest.store.schema import PUBLISHED
from rtt.terms.wording import list_text, plural

COLUMNS = (
    "month",
    "level",
    "organisation_code",
    "treatment_function",
    "part",
    "measure",
    "value",
    "shown",
    "decimals",
)
_LEVEL_WORDS = {"area_team": "area team", "icb": "ICB", "sha": "SHA", "england": "England"}

ADJUSTED = (
    "This table is adjusted for pauses of the clock, which ended in 2015, so it was not read: no extract "
    "holds such figures."
)


def recognises(content: Content) -> bool:
    """Whether a sheet has the headings of such a table below lines that speak of referral to treatment."""
    if not content.is_workbook:
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content.data)) as archive:
            names = {name for name in archive.namelist() if name.startswith("xl/")}
            texts = {"xl/sharedStrings.xml"} & names or {name for name in names if "/worksheets/" in name}
            # Looking for the words costs a thousandth of reading the cells of a large tracking list.
            if not any(b"treatment function" in archive.read(name).lower() for name in texts):
                return False
    except zipfile.BadZipFile:
        pass  # a workbook of the older kind, which has to be opened to see its words
    return any(_is_table(grid) for _, grid in sheets(content, rows=FRONT_ROWS))


def read(content: Content, options: LoadOptions) -> Parsed:
    """Every figure of every table. Raises `Refused` where one is not understood."""
    file = content.file_name
    rows: list[Row] = []
    notes: list[Problem] = []
    tables: list[OrganisationTable] = []
    for name, grid in sheets(content):
        if not _is_table(grid):
            continue
        front = front_of(file, name, grid)
        if front.is_adjusted:
            notes.append(note(file, ADJUSTED, field=f"sheet {name}"))
            continue
        tables.append(OrganisationTable(file, name, grid, front, notes))
        _refuse_another_month(tables)
        rows += tables[-1].figures()
    if not tables:
        raise refuse_whole(file, f"{ADJUSTED} Load the workbook of unadjusted pathways instead.")
    _refuse_twice(file, rows)
    first = tables[0]
    levels = [_LEVEL_WORDS.get(each.level, each.level) for each in tables]
    revision = max(revision_of([file]), int(first.front.is_revised))
    return Parsed(
        source=PUBLISHED,
        census_date=first.front.month,
        section=f"{first.part} {first.basis}",
        revision=revision if options.revision is None else options.revision,
        open_band=first.open_band,
        rows_read=len({row[1:5] for row in rows}),
        tables={"published_figure": Facts(COLUMNS, rows)},
        providers=len({row[1:3] for row in rows}),
        problems=notes,
        message=f"{plural(len(rows), 'published figure')} of {first.front.month:%B %Y}, "
        f"{first.front.vintage}, by {list_text(list(dict.fromkeys(levels)))}",
    )


def _is_table(grid: Grid) -> bool:
    head = heading_row(grid)
    if head is None:
        return False
    # A tracking list may have a title and the treatment function code of a patient: it has no figures.
    return any(table_measure(text(cell)) for cell in grid[head]) and speaks_of_waits(grid, head)


def _refuse_another_month(tables: Sequence[OrganisationTable]) -> None:
    """Every sheet is of one month, one part of the return and one set of bands."""
    first, last = tables[0], tables[-1]
    for field, said, expected in (
        ("Period", f"{last.front.month:%B %Y}", f"{first.front.month:%B %Y}"),
        ("treatment functions", f"part {last.part}", f"part {first.part}"),
        ("bands", f"up to {last.open_band} plus", f"up to {first.open_band} plus"),
    ):
        if said != expected:
            raise refuse(
                last.file,
                field=f"{field} on sheet {last.name}",
                value=said,
                expected=f"{expected}, as on sheet {first.name}",
            )


def _refuse_twice(file: str, rows: Sequence[Row]) -> None:
    seen: set[Row] = set()
    for row in rows:
        if row[:6] in seen:
            raise refuse(
                file, value=" ".join(map(str, row[1:6])), expected="each organisation and function once"
            )
        seen.add(row[:6])


FORMAT = Format(
    name="published",
    title="NHS England's tables of a month by provider or commissioner",
    accepted="workbook",
    recognises=recognises,
    read=read,
)
