"""`rtt lake add`, `build`, `publish` and `status`: a line for each file or week on standard error."""

from __future__ import annotations

import sys
from collections.abc import Collection, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dashboard.cli.clock import today
from dashboard.cli.databases import opened, other_dataset
from dashboard.cli.loading import files_of, options, tell
from dashboard.cli.outcomes import DONE, FAULT, REFUSED, WrongUse, days_of, say
from dashboard.cli.printing import write_rows
from dashboard.cli.progress import Bar
from dashboard.settings.settings import from_environment
from ingest.extracts.ptl.tokens import key_of
from ingest.files.temporary import sweep
from ingest.lake import entries
from ingest.lake.adding import add_file
from ingest.lake.build import build
from ingest.lake.engines import EngineLost, UnusableEngine, engine
from ingest.lake.in_place import marks_in_place
from ingest.lake.parquet import NotOfThisLake
from ingest.lake.publish import Published, publish
from ingest.lake.retention import prune
from ingest.lake.state import COLUMNS, rows, trust_weeks, unplaced_refusals
from ingest.lake.stores import NotThere, Store, UnusableLake, open_store
from ingest.loading.load import OtherDataset
from ingest.loading.words import in_full
from ingest.store.closures import recorded
from ingest.store.database import is_made
from rtt.terms.text_edges import file_name
from rtt.terms.wording import list_text, plural

if TYPE_CHECKING:
    from collections.abc import Iterator


def add_all(address: str, paths: Sequence[Path], **said: Any) -> int:
    """Add each file; a refused one does not stop the others. 3 if any was refused."""
    settings = from_environment()
    sweep(settings.home)
    key = key_of(settings.home, settings.token_key)
    how, code = options(settings, token_key=key, **said), DONE
    with _lake(address) as store:
        files = files_of(paths, how.mapping)
        with Bar(files=len(files)) as bar:
            for file in files:
                try:
                    result = add_file(store, file, how, bar.report)
                except PermissionError as fault:
                    if fault.filename != str(file):
                        raise
                    say(f"{file_name(file.name)}: refused; it cannot be read: {fault.strerror}")
                    code = REFUSED
                    continue
                bar.finished()
                tell(result)
                code = REFUSED if result.state == "refused" else code
    return code


def build_lake(
    address: str,
    engine_name: str,
    *,
    workers: int | None,
    census: str | None,
    provider: str | None,
    again: bool,
) -> int:
    day, who = _day(census), _code(provider)
    with _lake(address) as store:
        _must_be_listed(store, providers=[who] if who else [], census=day)
        try:
            run = engine(engine_name, workers=workers)
            found = build(
                store,
                run,
                census=day,
                provider=who,
                again=again,
                report=_progress,
            )
            is_empty = not found.tasks and not entries.names_in_place(store)
        except UnusableEngine as fault:
            raise WrongUse(str(fault)) from None
        except EngineLost as fault:
            lost = str(fault).rstrip(".")
            say(f"The build was cut short: {lost}. Run it again: what was done is not done again.")
            return FAULT
    for when, trust, why in found.refusals:
        say(f"{trust} {in_full(when)}: refused. {why}")
    if is_empty:
        say("Nothing is added in this lake.")
        return DONE
    weeks = list_text([in_full(when) for when in found.changed]) if found.changed else "no week"
    say(f"{plural(found.tasks, 'task')} run; changed: {weeks}.")
    return REFUSED if found.refusals else DONE


def publish_lake(address: str, *, census: str | None, pathways: Sequence[str], replace: bool) -> int:
    settings = from_environment()
    sweep(settings.home)
    how, code = options(settings, replace=replace), DONE
    day, named = _day(census), frozenset(each.strip().upper() for each in pathways)
    is_empty = True
    try:
        with _lake(address) as store, opened(settings.real_url) as database, Bar(files=0) as bar:
            _must_be_listed(store, providers=named, census=day)
            for each in publish(
                database, store, options=how, today=today(), census=day, pathways_of=named, report=bar.report
            ):
                is_empty = False
                _tell_published(each)
                code = REFUSED if each.refusals or each.waiting else code
    except OtherDataset:
        command = "rtt lake publish"
        raise WrongUse(other_dataset(settings, holds="sample data", file="rtt.db", command=command)) from None
    if is_empty:
        say(f"Nothing is built {'for this week ' if census else ''}in this lake.")
    return code


def print_lake(address: str, layout: str, *, census: str | None, provider: str | None) -> int:
    """The table; what is refused and of no known week on standard error."""
    settings = from_environment()
    with _lake(address) as store:
        marks: dict[str, tuple[str, date]] = {}
        closed: dict[str, date] = {}
        if is_made(settings.real_url):
            with opened(settings.real_url) as database, database.connect() as connection:
                marks = marks_in_place(connection)
                closed = {row.provider_code: row.closed_on for row in connection.execute(recorded())}
        found = trust_weeks(store, marks, closed=closed, census=_day(census), provider=_code(provider))
        if not write_rows(layout, COLUMNS, rows(found)):
            say("Nothing was added to this lake that matches; add a list with: rtt lake add FILE...")
        for refusal in [] if census or provider else unplaced_refusals(store):
            say(f"Refused: {refusal.reasons[0] if refusal.reasons else 'for no reason that was kept'}")
    return DONE


def prune_lake(address: str, keep: int | None) -> int:
    with _lake(address) as store:
        gone = prune(store, keep=keep or from_environment().snapshots_kept)
    say(f"{plural(gone, 'file')} of single pathways removed.")
    return DONE


def _tell_published(published: Published) -> None:
    day = in_full(published.census_date)
    if published.waiting:
        say(f"{day}: not complete, so left as it was. Not built: {list_text(list(published.waiting))}.")
        return
    said = f"{plural(published.written, 'part')} written" if published.written else "in place and unchanged"
    say(f"{day}: {said}")
    for why in published.refusals:
        say(f"  {why}")


@contextmanager
def _lake(address: str) -> Iterator[Store]:
    """The store at an address, and its faults in words."""
    try:
        _refuse_no_folder(address)
        yield open_store(address)
    except UnusableLake as fault:
        raise WrongUse(str(fault)) from None
    except NotOfThisLake as fault:
        raise WrongUse(f"This lake cannot be used: {fault}.") from None
    except NotThere as fault:
        raise WrongUse(f"This lake lacks {fault}, which it names: build it again, or add it anew.") from None
    except OSError as fault:
        if not str(fault.filename or "").startswith(str(Path(address).absolute())):
            raise
        raise WrongUse(f"{address}: this lake cannot be read or written: {fault.strerror}.") from None


def _refuse_no_folder(address: str) -> None:
    """A folder that is not there is more often misspelt than new."""
    if "://" in address or (address and Path(address).is_dir()):
        return
    shown = f"The lake {address}" if address else "The address of the lake"
    reason = "is not a folder" if Path(address).exists() else "there is no such folder"
    said = f"{shown}: {reason}" if address else f"{shown} is empty"
    raise WrongUse(f"{said}. Make the folder of a new lake first (mkdir), or correct --lake or RTT_LAKE.")


def _day(census: str | None) -> date | None:
    """Raises `WrongUse` for a month too: a lake has weeks."""
    if not census:
        return None
    first, last = days_of(census)
    if first != last:
        raise WrongUse(
            f"--census is {census!r}; a lake has weeks: name the last day of one, as in 2026-11-15."
        )
    return last


def _code(provider: str | None) -> str | None:
    return provider.strip().upper() if provider else None


def _must_be_listed(store: Store, *, providers: Collection[str], census: date | None) -> None:
    """Raise `WrongUse` for a trust or a week that is named and has no list: it is misspelt."""
    trusts, no_week = entries.unknown(store, providers=providers, census=census)
    if trusts:
        raise WrongUse(f"No list of {list_text(trusts)} is in this lake; rtt lake status says whose are.")
    if no_week and census:
        raise WrongUse(
            f"No list of {in_full(census)} is in this lake; rtt lake status says of which weeks there are."
        )


def _progress(done: int, of: int) -> None:
    if of and sys.stderr.isatty():
        sys.stderr.write(f"\r{done:,} of {plural(of, 'task')}" + ("\n" if done == of else ""))
        sys.stderr.flush()
