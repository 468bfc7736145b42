"""The feeds: what was expected, what arrived, in what state, and the last loads with their reasons.

One verdict for the page and for machines. A refused file never takes away the last good one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Literal

from sqlalchemy import Connection

from dashboard.scope.fetched import fetch_run
from dashboard.scope.rights import with_trusts
from dashboard.server.access import Enquiry, Reader
from dashboard.settings.settings import Settings
from dashboard.store.ledger import LedgerLine, in_utc, recent_loads
from dashboard.store.loaded_extracts import LoadedExtract, LoadedExtracts, loaded_extracts
from dashboard.store.outbox import NO_ALERTS, Counts, counts
from dashboard.store.runs import Run, recent_runs
from dashboard.store.screens import Screen, screens
from ingest.fetch.journal import Run as Fetch
from ingest.store.schema import MONTHLY, ORGANISATIONS, SUMS, WEEKLY
from rtt.disclosure.small_numbers import UNDER, about_rows, small
from rtt.terms.calendar import LONDON, next_due_monthly, next_due_weekly
from rtt.terms.possible_dates import census_fault, has_come

State = Literal["OK", "LATE", "FAILED"]
LOADS_SHOWN = 30

_SECTIONS = {"open": "open list", "stops": "clock stops", "starts": "clock starts"}


@dataclass(frozen=True, slots=True)
class Feed:
    """One series of extracts and its newest; `due` None: nothing is expected of it."""

    name: str
    source: str
    provider_code: str
    section: str
    census_date: date
    due: date | None
    arrived: datetime  # UTC
    rows: int
    rows_left_out: int
    version: str
    file_name: str
    state: State
    ahead: date | None = None  # a census after today that is held by mistake


@dataclass(frozen=True, slots=True)
class DataStatus:
    """Everything the status page and /status.json say."""

    feeds: tuple[Feed, ...]
    loads: tuple[LedgerLine, ...]
    screens: tuple[Screen, ...] = ()
    runs: tuple[Run, ...] = ()
    alerts: Counts = NO_ALERTS  # of emails, and nobody's name
    fetch: Fetch | None = None  # the run of `rtt fetch` under way, or the last
    fetch_due: datetime | None = None  # when the month after the newest is published

    @property
    def late(self) -> tuple[Feed, ...]:
        """The feeds that are not as they should be."""
        return tuple(feed for feed in self.feeds if feed.state != "OK")


def data_status(connection: Connection, enquiry: Enquiry) -> DataStatus:
    """What this visitor may know of it; five statements."""
    loads = tuple(recent_loads(connection, LOADS_SHOWN))
    held = loaded_extracts(connection)
    feeds = _feeds(held, loads, enquiry.settings, enquiry.today)
    enquiry = with_trusts(connection, enquiry)
    told = tuple(_told(line, enquiry.reader) for line in loads)
    return DataStatus(
        feeds,
        told,
        screens(connection),
        recent_runs(connection),
        counts(connection, until=enquiry.today),
        fetch_run(enquiry.settings),
        _fetch_due(held, feeds, enquiry.settings),
    )


def _fetch_due(held: LoadedExtracts, feeds: Sequence[Feed], settings: Settings) -> datetime | None:
    # Nobody publishes the month after a made-up one.
    months = [feed.census_date for feed in feeds if feed.source == MONTHLY and held.kind == "real"]
    return published_at(settings, max(months)) if months else None


def rows_shown(of: Feed | LedgerLine, rows: int, reader: Reader) -> tuple[int | str, int | str]:
    """The rows of a file and those left out, as this reader may see them: numbers, or words for small ones.

    The rows of a PTL less the list itself are the patients of other commissioners.
    """
    left_out = of.rows_left_out
    if _sees_rows(of, reader):
        return rows, left_out
    return about_rows(rows), UNDER if small(left_out) else left_out


def _sees_rows(of: Feed | LedgerLine, reader: Reader) -> bool:
    if of.source != WEEKLY or reader.may_write:
        return True
    return reader.at((of.provider_code or "",)).may_see_pathways


def _told(line: LedgerLine, reader: Reader) -> LedgerLine:
    # Notes on a PTL that was loaded count its rows, down to one.
    if _sees_rows(line, reader) or line.state == "refused" or not line.problems:
        return line
    note = "Notes on a PTL are shown to those who can load it or see its pathways."
    return replace(line, message=note, problems=())


def due_date(settings: Settings, source: str, census: date) -> date:
    """When the monthly extract or the list after that of `census` is due."""
    if source == WEEKLY:
        return next_due_weekly(census, days_after=settings.weekly_due_days)
    return next_due_monthly(
        census,
        nth=settings.monthly_due_nth,
        weekday=settings.monthly_due_weekday,
        months_after=settings.monthly_due_months,
    )


def published_at(settings: Settings, newest: date) -> datetime:
    """When NHS England publishes the month after `newest`: on the day it is due, half past nine in London."""
    return datetime.combine(due_date(settings, MONTHLY, newest), time(9, 30), LONDON)


def _feeds(
    held: LoadedExtracts, loads: Sequence[LedgerLine], settings: Settings, today: date
) -> tuple[Feed, ...]:
    newest: dict[tuple[str, str, str], LoadedExtract] = {}
    ahead: dict[tuple[str, str, str], date] = {}
    for each in held.extracts:
        if each.section == SUMS:  # nobody's list: what trusts have together
            continue
        # Workbooks of a kind are one feed: the time series, whose section is the month it was published in,
        # and the tables, whose section is their part and basis.
        is_table = each.source == "published" and " " in each.section
        section = each.section if each.source == "weekly" or is_table else ""
        key = each.source, each.provider_code, section
        if has_come(each.census_date, today):
            newest[key] = each
        elif census_fault(each.census_date, today):
            ahead[key] = each.census_date
            newest.setdefault(key, each)
    return tuple(
        _judged(_feed(each, key[2], loads, settings, today), ahead.get(key))
        for key, each in sorted(newest.items())
    )


def _judged(feed: Feed, ahead: date | None) -> Feed:
    """A feed that holds a list of a day to come is never as it should be."""
    return feed if ahead is None else replace(feed, state="FAILED", ahead=ahead)


def _feed(
    held: LoadedExtract, section: str, loads: Sequence[LedgerLine], settings: Settings, today: date
) -> Feed:
    # Nobody is due to publish a workbook, or facts of organisations.
    due = None
    if held.source not in ("published", ORGANISATIONS):
        due = due_date(settings, held.source, held.census_date)
    arrived = in_utc(held.loaded_at)
    failed = any(
        line.state == "refused"
        and (line.source, line.provider_code, line.section if section else "")
        == (held.source, held.provider_code, section)
        and line.started_at > arrived
        for line in loads
    )
    return Feed(
        name=_name(held, section),
        source=held.source,
        provider_code=held.provider_code,
        section=section,
        census_date=held.census_date,
        due=due,
        arrived=arrived,
        rows=held.rows_read,
        rows_left_out=held.rows_left_out,
        # A time series has no revisions: its section is the month that it was published in.
        version=held.section if held.source == "published" and not section else held.vintage,
        file_name=held.file_name,
        state="FAILED" if failed else "LATE" if due is not None and due < today else "OK",
    )


def _name(held: LoadedExtract, section: str) -> str:
    if held.source == "weekly":
        return f"Weekly PTL of {held.provider_code}, {_SECTIONS.get(section, section)}"
    if held.source == "monthly":
        return "Monthly return"
    if held.source == ORGANISATIONS:
        return "Mergers of organisations"
    if section:
        part, _, basis = section.partition(" ")
        return f"Published table of part {part} by {basis}"
    return "Published time series"
