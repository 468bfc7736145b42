"""`rtt status`: what is held, what was loaded last, what is due, and since when tokens are made."""

import sys
from collections.abc import Iterator, Sequence
from datetime import date

from dashboard.cli import clock
from dashboard.cli.databases import reading
from dashboard.cli.outcomes import DONE
from dashboard.scope.feeds import due_date
from dashboard.scope.fetched import fetch_run, progress_words
from dashboard.settings.settings import Settings, from_environment
from dashboard.store.ledger import LedgerLine, recent_loads, token_keys
from dashboard.store.loaded_extracts import LoadedExtract, LoadedExtracts, loaded_extracts
from dashboard.store.served import served_url
from ingest.loading.words import in_full
from ingest.store.schema import ORGANISATIONS
from rtt.terms.calendar import LONDON
from rtt.terms.possible_dates import census_fault
from rtt.terms.wording import plural


def print_status() -> int:
    settings = from_environment()
    with reading(settings) as connection:
        held, today = loaded_extracts(connection), clock.today()
        lines = [
            *_database(settings, held),
            *_sources(settings, held.until(today)),
            *_ahead(held, today),
            *_fetched(settings),
            *_loads(recent_loads(connection, 10)),
            *_keys(token_keys(connection)),
        ]
    sys.stdout.write("\n".join(lines) + "\n")
    return DONE


def _database(settings: Settings, held: LoadedExtracts) -> Iterator[str]:
    where = "the database of RTT_DATABASE_URL"
    if settings.database_url is None:
        where = served_url(settings).removeprefix("sqlite:///")
    kind = {"sample": "sample data: not a real trust", "real": "real extracts"}
    yield f"Database: {where}"
    yield f"Holds:    {kind.get(held.kind or '', 'nothing yet; load an extract with: rtt load PATH...')}"


def _sources(settings: Settings, held: LoadedExtracts) -> Iterator[str]:
    for source in held.sources:
        extracts = held.of(source)
        for provider in sorted({each.provider_code for each in extracts}):
            mine = [each for each in extracts if each.provider_code == provider]
            due = due_date(settings, source, mine[-1].census_date)
            assert due is not None
            yield f"{_named(source, provider)} {_span(mine)}, next due {in_full(due)}"
    published = [each for each in held.extracts if each.source == "published"]
    vintages = [each.section for each in published if " " not in each.section]
    if vintages:
        yield f"Published time series: {', '.join(sorted(vintages))}"
    facts = [each.census_date for each in held.extracts if each.source == ORGANISATIONS]
    if facts:
        yield f"Mergers of organisations: as of {in_full(max(facts))}"
    if tables := list(_tables(published)):
        yield f"Published tables: {', '.join(tables)}"


def _tables(published: Sequence[LoadedExtract]) -> Iterator[str]:
    """ "2025-03 part 2 provider", or "2009-04 to 2016-03 part 2 provider (84 months)"."""
    for section in sorted({each.section for each in published if " " in each.section}):
        months = sorted(each.census_date for each in published if each.section == section)
        span = f"{months[0]:%Y-%m}" + (f" to {months[-1]:%Y-%m}" if len(months) > 1 else "")
        yield f"{span} part {section}" + (f" ({plural(len(months), 'month')})" if len(months) > 1 else "")


def _ahead(held: LoadedExtracts, today: date) -> Iterator[str]:
    for each in held.ahead(today):
        if fault := census_fault(each.census_date, today):
            remedy = f"rtt remove --source {each.source} --census {each.census_date.isoformat()}"
            yield f"Dated after today: {each.file_name}, not shown. {fault}. Take it out with: {remedy}"


def _named(source: str, provider: str) -> str:
    return f"Weekly PTL of {provider}:" if source == "weekly" else "Monthly extracts:"


def _span(extracts: list[LoadedExtract]) -> str:
    newest = in_full(extracts[-1].census_date)
    if len(extracts) == 1:
        return newest
    return f"{len(extracts)}, from {in_full(extracts[0].census_date)} to {newest}"


def _fetched(settings: Settings) -> Iterator[str]:
    run = fetch_run(settings)
    if run is not None and run.is_running:
        yield f"Published files: being fetched. {progress_words(run)}"
    elif run is not None and run.ended_at is not None:
        yield f"Published files: last looked {run.ended_at.astimezone(LONDON):%Y-%m-%d %H:%M}: {run.message}"
    elif run is not None:
        yield "Published files: the last rtt fetch was cut short; the next goes on where it was"


def _loads(lines: list[LedgerLine]) -> Iterator[str]:
    if lines:
        yield "Last loads:"
    for line in lines:
        at = line.started_at.astimezone(LONDON)
        rows = f", {plural(line.rows_read, 'row')}" if line.rows_read else ""
        left_out = f", {line.rows_left_out:,} left out" if line.rows_left_out else ""
        reason = f": {line.message}" if line.state == "refused" and line.message else ""
        yield f"  {at:%Y-%m-%d %H:%M}  {line.state:<8}  {line.file_name}{rows}{left_out}{reason}"


def _keys(keys: list[tuple[str, date]]) -> Iterator[str]:
    if keys:
        fingerprint, since = keys[-1]
        yield f"Tokens are made with key {fingerprint} since {in_full(since)}."
    if len(keys) > 1:
        yield "The key has changed: lists loaded before that day have other tokens for the same pathways."
