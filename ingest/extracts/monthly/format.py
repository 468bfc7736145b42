"""NHS England's monthly full extract: one row for each provider, commissioner, part and treatment function.

It reads every layout since 2016 and refuses a file that cannot be trusted as a whole. What the rows must add
up to is in `ingest.extracts.monthly.checks`, what is made of them in `ingest.extracts.monthly.rollups`.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from ingest.extracts import Change, Facts, LoadOptions, Parsed
from ingest.extracts.monthly.layout import check_headings, is_heading, layout_of
from ingest.files.archives import Content
from ingest.files.possible import refuse_impossible
from ingest.files.problems import Problem, refuse_whole
from ingest.store.schema import MONTHLY


def recognises(content: Content) -> bool:
    """Whether headings of the monthly extract stand in the first lines, whole or damaged."""
    if content.is_workbook:
        return _workbook_heading(content) is not None
    # Copies differ in the spaces of their headings.
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
    from ingest.extracts.monthly import places as named
    from ingest.extracts.monthly.period import check_name, month_end_of_period
    from ingest.extracts.monthly.table import added_up, as_utf8, read_table, typed
    from ingest.files.revisions import revision_of

    file = content.file_name
    data = as_utf8(file, content.data)
    layout = layout_of(file, data[:65_536].decode("utf-8", errors="replace").splitlines())
    table, notes = added_up(file, typed(read_table(file, data, layout)), layout)
    headings = {"total_all": "Total All"} | layout.headings
    places = named.places_of(table)
    month, more = checks.checked(
        file, table, places, bands=layout.bands, headings=headings, is_old=layout.is_old
    )
    above = checks.admission_above_list(table, month)
    notes += [*more, *checks.admission_notes(file, above)]
    census_date = month_end_of_period(file, table["period"][0], table["year"][0])
    names = (content.file_name, content.name)  # a zip is named otherwise than the csv inside
    refuse_impossible(file, census_date, options.today, field="Period")
    check_name(file, names, census_date)

    places = named.with_parents(places, census_date)
    notes += named.unknown_regions(file, places)
    people = named.organisations(places, census_date)
    facts = rollups.monthly_facts(month, places, census_date=census_date)
    tables = {
        "organisation": Facts(organisations.ORGANISATION_COLUMNS, people),
        "pathway_counts": Facts(rollups.FACT_COLUMNS, list(facts)),
        "commissioned_list": Facts(rollups.COMMISSIONED_COLUMNS, rollups.commissioned_lists(month)),
        "quality": Facts(quality.QUALITY_COLUMNS, quality.within_month(month, above)),
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
        message=f"open band from {layout.open_band} weeks" if layout.open_band != 104 else "",
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
