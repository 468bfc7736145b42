"""A trust's weekly patient tracking list, in the shape of the Waiting List Minimum Data Set or a mapped one.

Open pathways, clock stops and clock starts are three files of a week; each is recognised, read and replaced
on its own. This module is the door: names, NHS numbers, birth dates and local identifiers end here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from ingest.extracts import Change, Facts, LoadOptions, Parsed
from ingest.extracts.ptl.fields import FEWEST_KNOWN, FIELDS, OPEN, STARTS, STOPS, WLMDS, plain
from ingest.files.archives import Content
from ingest.files.problems import Problem, Refused, note, refuse_whole
from ingest.store.schema import WEEKLY
from rtt.terms.text_edges import name_or
from rtt.terms.wording import date_text, list_text, plural

# Libraries that take long to import are imported where a list is read: recognising a file must cost nothing.
if TYPE_CHECKING:
    import polars as pl

    from ingest.extracts.ptl.mapping import TrackingList
    from ingest.extracts.ptl.section import Section
    from ingest.extracts.ptl.snapshot import Snapshot
    from ingest.extracts.ptl.table import Table

_FOR_PEOPLE = {OPEN: "open pathways", STOPS: "clock stops", STARTS: "clock starts"}
_SURE = ("clock_start", "treatment_function")


def recognises(content: Content) -> bool:
    """Whether the data set's headings stand in the first lines. Others are known by a mapping alone."""
    if content.is_workbook:
        return _workbook_recognised(content)
    head = plain(content.head()[:20_000])
    return all(any(heading in head for heading, key in WLMDS.items() if key == field) for field in _SURE)


def _workbook_recognised(content: Content) -> bool:
    from ingest.extracts.ptl.sheet import sheets_with

    try:
        return bool(sheets_with(content, lambda row: set(_SURE) <= {WLMDS.get(plain(cell)) for cell in row}))
    except Refused:
        return False


def is_mapped(content: Content, mapping: Path) -> bool:
    """Whether headings that a mapping names stand in the first lines of a text."""
    if content.is_workbook:
        return False
    from ingest.extracts.ptl.cells import first_records
    from ingest.extracts.ptl.mapping import read_mapping

    try:
        columns = read_mapping(mapping).columns
    except Refused:
        return False  # said of each file that is loaded with it
    known = (
        {columns.get(plain(cell)) for cell in record.cells} - {None}
        for record in first_records(content.head().splitlines()[:40], starts=20)
    )
    return any(len(each) >= FEWEST_KNOWN for each in known)


def read(content: Content, options: LoadOptions) -> Parsed:
    """The facts of one file. Raises `Refused`; rows that cannot count are left out, named by a shape."""
    from ingest.extracts.ptl.mapping import read_mapping
    from ingest.extracts.ptl.table import read_table

    mapping = read_mapping(options.mapping)
    return _parsed(content, read_table(content, mapping), mapping, options)


def read_rows(content: Content, rows: pl.DataFrame, options: LoadOptions) -> Parsed:
    """As `read`, of rows that are in memory: text columns, and columns of dates. `content` has their name."""
    from ingest.extracts.ptl.mapping import read_mapping
    from ingest.extracts.ptl.table import table_of_rows

    mapping = read_mapping(options.mapping)
    return _parsed(content, table_of_rows(content, rows, mapping), mapping, options)


def _parsed(content: Content, table: Table, mapping: TrackingList, options: LoadOptions) -> Parsed:
    from ingest.extracts.ptl.dates import without_null_dates
    from ingest.extracts.ptl.snapshot import snapshot_of
    from ingest.files.revisions import revision_of

    table = without_null_dates(table, mapping)
    snapshot = snapshot_of(table, mapping, today=options.today)
    section = read_section(table, snapshot, mapping, options.token_key)
    revision = revision_of([content.file_name, content.name])
    tables = {**section.tables, "organisation": _organisations(snapshot, mapping, section)}
    if options.pathways_from and snapshot.census_date < options.pathways_from:
        tables.pop("pathway", None)
    return Parsed(
        source=WEEKLY,
        census_date=snapshot.census_date,
        provider_code=snapshot.provider_code,
        section=snapshot.section,
        revision=revision if options.revision is None else options.revision,
        providers=1,
        rows_read=table.frame.height,
        rows_left_out=section.scope.left_out.total() + section.scope.duplicates,
        tables=tables,
        problems=[
            *table.notes,
            *section.scope.left_out.problems,
            *_notes(content.file_name, section, snapshot.census_date),
        ],
        message=f"{section.rows.height:,} {_FOR_PEOPLE[snapshot.section]}",
    )


def snapshot_in(content: Content, options: LoadOptions) -> Snapshot:
    """Which list a file is, whether or not its rows can be used. Raises `Refused`."""
    from ingest.extracts.ptl.dates import without_null_dates
    from ingest.extracts.ptl.mapping import read_mapping
    from ingest.extracts.ptl.snapshot import snapshot_of
    from ingest.extracts.ptl.table import read_table

    mapping = read_mapping(options.mapping)
    table = without_null_dates(read_table(content, mapping), mapping)
    return snapshot_of(table, mapping, today=options.today)


def read_section(table: Table, snapshot: Snapshot, mapping: TrackingList, key: bytes | None) -> Section:
    """The rows of a file by the rules of its section. Raises `Refused` without clock starts or a key."""
    from ingest.extracts.ptl.waiting import waiting_list
    from ingest.extracts.ptl.week import clock_starts, clock_stops

    for field in ("clock_start", *(("clock_stop",) if snapshot.section == STOPS else ())):
        if not table.has(field):
            heading = FIELDS[field].headings[0]
            sentence = (
                f'There is no such column. Name yours in a mapping: [columns] {field} = "Your heading".'
            )
            raise refuse_whole(table.file_name, sentence, field=heading)
    if snapshot.section == STARTS:
        return clock_starts(table, snapshot, mapping)
    if not key:
        raise refuse_whole(table.file_name, "There is no token key, without which no pathway is kept.")
    build = waiting_list if snapshot.section == OPEN else clock_stops
    return build(table, snapshot, mapping, key)


def changed(connection: Connection, change: Change, options: LoadOptions) -> Iterable[Problem]:
    """Count the movement anew where it may differ, keep the key's first day, and let old pathways go."""
    from ingest.extracts.ptl.movements import refresh
    from ingest.extracts.ptl.retention import prune
    from ingest.extracts.ptl.tokens import note_use

    if change.section == STARTS:
        return ()
    if change.extract_id is not None and options.token_key:
        note_use(connection, options.token_key)
    refresh(connection, change.provider_code, change.census_date)
    prune(connection, change.provider_code, keep=options.snapshots_kept)
    return ()


def spared(connection: Connection, parsed: Parsed, options: LoadOptions) -> Collection[str]:
    """The single pathways of a list that is older than those of which they are kept."""
    from ingest.extracts.ptl.retention import is_beyond

    of_list = connection, parsed.provider_code, parsed.census_date
    beyond = parsed.section == OPEN and is_beyond(*of_list, keep=options.snapshots_kept)
    return ("pathway",) if beyond else ()


def _organisations(snapshot: Snapshot, mapping: TrackingList, section: Section) -> Facts:
    """The trust and its sites. The data set has no names: they are the mapping's, or the codes."""
    from ingest.extracts.organisations import ORGANISATION_COLUMNS, kind_of

    code = snapshot.provider_code
    name = name_or(mapping.provider_name or "", code)
    rows = [("provider", code, name, "", "", kind_of(code, snapshot.census_date))]
    for site in sorted(set(section.rows["site_code"]) - {""}):
        rows.append(("site", site, name_or(mapping.sites.get(site, ""), site), code, name, ""))
    return Facts(ORGANISATION_COLUMNS, rows)


def _notes(file: str, section: Section, census_date: date) -> list[Problem]:
    """What a reader of the figures should know, in sentences."""
    scope = section.scope
    said = [f"{plural(count, 'row')} excluded: {why}." for count, why in scope.set_aside]
    if scope.duplicates:
        whose = "its" if scope.duplicates == 1 else "their"
        repeated = f"a later row repeats {whose} issuer, pathway identifier, referral and clock start"
        said.append(f"{plural(scope.duplicates, 'row')} excluded: {repeated}.")
    if section.nonc:
        # Every published figure leaves them out, and the trust treats them all the same.
        nonc = f"{plural(section.nonc, 'row')} of non-English commissioners (NONC)"
        said.append(f"{nonc}: loaded, and not in the headline figures.")
    if section.outside_the_week:
        week = f"the week that ends on {date_text(census_date)}"
        said.append(f"{plural(section.outside_the_week, 'row')} not counted: outside {week}.")
    if scope.skipped:
        fields = list_text([FIELDS[field].headings[0] for field in scope.skipped])
        one = len(scope.skipped) == 1
        rules = "the rule that uses it was" if one else "the rules that use them were"
        said.append(f"The file has no {'column' if one else 'columns'} {fields}: {rules} not applied.")
    return [note(file, sentence) for sentence in said]
