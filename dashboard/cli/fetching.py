"""`rtt fetch`: NHS England's published files, loaded, reconciled and forecast by one command."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from dashboard.cli import clock
from dashboard.cli.databases import opened, other_dataset
from dashboard.cli.forecasting import issue_all
from dashboard.cli.outcomes import DIFFERS, DONE, REFUSED, WrongUse, say
from dashboard.scope.feeds import published_at
from dashboard.scope.fetched import publisher_of
from dashboard.settings.settings import Settings, from_environment
from ingest.extracts import LoadOptions
from ingest.fetch.find import Asked, since
from ingest.fetch.held import loaded_months
from ingest.fetch.journal import GOOD, NEW, AlreadyRunning, Item, Journal, Run, counted, last_run, only_run
from ingest.fetch.publisher import Unreachable
from ingest.fetch.run import check, run, wanted
from ingest.fetch.stopping import heeding
from ingest.files.temporary import keep_temporary_files_in
from ingest.forecasts.issue import Moved
from ingest.loading.incoming import LoadResult
from ingest.loading.words import result_line
from ingest.reconcile.england import reconcile, summary
from ingest.store.database import dataset_kind, is_made
from ingest.store.faults import DatabaseFault, in_words
from ingest.store.runs import FAILED, FETCH, OK, WARNED, last_message, record_run
from rtt.terms.calendar import LONDON, add_months

if TYPE_CHECKING:
    from sqlalchemy import Engine

CANCELLED = "cancelled"
PATIENCE = 2.0  # seconds; whoever stops a run does not wait for another
A_DAY = timedelta(days=1)
AGAIN = "The next run asks again for what was refused"


def asked_for(months: int, first: str | None, *, series: bool) -> Asked:
    """Raises `WrongUse` for a month that is none."""
    try:
        today = clock.today()
        return Asked(months, None if first is None else since(first, today), series, today)
    except ValueError:
        raise WrongUse(
            f"--since is {first!r}; expected a month from 2016-04 on, such as 2024-04, and none to come"
        ) from None


def fetch_all(asked: Asked, *, if_due: bool = False) -> int:
    """Load what the publisher offers. 3 if anything is refused, not found or out of reach, 4 if our figures
    differ from the published ones.
    """
    settings = from_environment()
    publisher = publisher_of(settings)
    keep_temporary_files_in(settings.home)
    try:
        with _only_run(publisher.cache), opened(settings.real_url) as engine:
            _refuse_sample(settings, engine)
            if if_due and not _is_due(settings, engine):
                return DONE
            return _run(settings, engine, asked, for_timer=if_due)
    except AlreadyRunning as other:
        say(str(other))
        return REFUSED


@contextmanager
def _only_run(folder: Path) -> Iterator[None]:
    """Hold the cache; raises `AlreadyRunning`, and `WrongUse` for a folder that cannot be written to."""
    with ExitStack() as held:
        try:
            held.enter_context(only_run(folder))
        except OSError as fault:
            if fault.errno in (errno.ENOSPC, errno.EDQUOT):
                raise
            raise WrongUse(
                f"Downloads are kept in {folder} (RTT_FETCH_CACHE), which cannot be written to: set it to a "
                "folder that you can write to"
            ) from None
        yield


def _refuse_sample(settings: Settings, engine: Engine) -> None:
    """Before anybody is asked for anything."""
    with engine.connect() as connection:
        if dataset_kind(connection) == "sample":
            told = other_dataset(settings, holds="sample data", file="rtt.db", command="rtt fetch")
            raise WrongUse(told)


def check_all(asked: Asked) -> int:
    """Print what would be done; 3 if something is not found."""
    settings = from_environment()
    publisher = publisher_of(settings)
    try:
        with (
            _only_run(publisher.cache),
            opened(settings.real_url if is_made(settings.real_url) else "sqlite://") as engine,
        ):
            items = check(engine, publisher, asked)
    except AlreadyRunning as other:
        say(str(other))
        return REFUSED
    except Unreachable as fault:
        say(str(fault))
        return REFUSED
    for item in items:
        say(_line(item))
    say(f"Nothing was loaded: {counted(items)}.")
    return DONE if _good(items) else REFUSED


def _is_due(settings: Settings, engine: Engine) -> bool:
    """Whether the month after the newest is published by now, or a run was stopped before its end."""
    before = last_run(publisher_of(settings).cache)
    # This run holds the lock: a journal without an end is that of one that was killed.
    if before is not None and (not before.ended or before.forecast_due or _is_to_be_tried_again(before)):
        return True
    newest = _newest(engine)
    if newest is None or clock.now() >= published_at(settings, newest):
        return True
    say(f"Nothing is due before {published_at(settings, newest).astimezone(LONDON):%d %B %Y, %H:%M}.")
    return False


def _is_to_be_tried_again(before: Run) -> bool:
    """Whether a run a day ago or more left a file that was not as it should be: it may be mended by now."""
    ended = before.ended_at
    return bool(before.count("refused")) and ended is not None and clock.now() - ended >= A_DAY


def _newest(engine: Engine) -> date | None:
    with engine.connect() as connection:
        return max(loaded_months(connection), default=None)


def _late(settings: Settings, engine: Engine) -> str:
    """What should be published by now and is not loaded, in words."""
    newest = _newest(engine)
    if newest is None or clock.now() < published_at(settings, newest):
        return ""
    return f"{add_months(newest, 1):%B %Y} is not published yet"


def _run(settings: Settings, engine: Engine, asked: Asked, *, for_timer: bool) -> int:
    publisher = publisher_of(settings)
    journal = Journal(publisher.cache, asked=wanted(asked))
    say(f"Looking for {wanted(asked)} at {publisher.base}")
    if not publisher.contact:
        say("RTT_FETCH_CONTACT is not set: the publisher has nobody to write to.")
    options = LoadOptions(snapshots_kept=settings.snapshots_kept, today=clock.today())
    with _recorded(engine, journal, for_timer=for_timer) as ending, heeding(journal.is_cancelled):
        run(engine, publisher, asked, journal, options=options, tell=_tell)
        items, words, differs = journal.run.items, [], False
        if journal.run.forecast_due:
            journal.at("forecasting")
            sentence, differs = _reconciled(engine)
            words += [sentence] if sentence else []
            words.append(_forecast(engine, journal))
        late = _late(settings, engine)
        ending.message = "; ".join(filter(None, [counted(items), *words, late]))
        good = _good(items) and not (late and for_timer)
        if not good or differs:
            ending.outcome = WARNED
        ending.code = REFUSED if not good else DIFFERS if differs else DONE
    return ending.code


class _Ending:
    """How the run ends, as it says while it goes on."""

    outcome, message, code = OK, "", DONE


@contextmanager
def _recorded(engine: Engine, journal: Journal, *, for_timer: bool) -> Iterator[_Ending]:
    """The end of the run in its journal and in the row of unattended runs, however it ends.

    A run that nobody is out of reach for or stops is no fault of ours: its exit code says so.
    """
    started, ending = datetime.now(UTC), _Ending()
    told = last_message(engine, FETCH)
    raised: BaseException | None = None
    try:
        yield ending
    except Unreachable as fault:
        before = f"{counted(journal.run.items)}; " if journal.run.items else ""
        ending.outcome, ending.message, ending.code = FAILED, f"{before}{fault}", REFUSED
    except KeyboardInterrupt:
        kept = f"{counted(journal.run.items)}, and stays" if journal.run.items else "nothing was loaded"
        ending.outcome, ending.message, ending.code = CANCELLED, f"stopped by a person: {kept}", REFUSED
    except BaseException as error:
        known = in_words(error) if isinstance(error, Exception) else None
        # The class alone: the message may quote what was read.
        ending.outcome = FAILED
        ending.message = known.words if known else f"unexpected fault ({type(error).__qualname__})"
        raised = error
    with suppress(OSError):  # a full disk: the next run takes this one for one that was killed
        journal.end(ending.outcome, ending.message)
    say(f"{ending.message[0].upper()}{ending.message[1:]}.".replace("..", "."))
    if any(each.fate == "refused" for each in journal.run.items):
        say(f"{AGAIN}. You can also save it in a browser and load that file: rtt load FILE.")
    # An hourly look at pages on which nothing is new is not told every hour.
    is_new = any(each.fate in NEW for each in journal.run.items)
    if is_new or not for_timer or ending.message != told:
        _note(engine, started, ending)
    if raised is not None:
        raise raised


def _note(engine: Engine, started: datetime, ending: _Ending) -> None:
    """The row of unattended runs. The journal tells the same, so a database that is busy or full is no fault
    of the run.
    """
    outcome = WARNED if ending.outcome == CANCELLED else ending.outcome
    try:
        record_run(
            engine, FETCH, started_at=started, outcome=outcome, message=ending.message, patience=PATIENCE
        )
    except DatabaseFault as fault:
        known = in_words(fault)
        say(f"It is not among the unattended runs. {known.words if known else ''}".rstrip())


def _reconciled(engine: Engine) -> tuple[str, bool]:
    """Our figures beside the published series in a sentence, "" without one; and whether any differs."""
    with engine.connect() as connection:
        told = summary(reconcile(connection))
    if not told.compared:
        return "", False
    return told.sentence[0].lower() + told.sentence[1:], bool(told.differing)


def _forecast(engine: Engine, journal: Journal) -> str:
    try:
        issued = issue_all(engine)
    except Moved:
        return "the forecast was put off: more data was loaded meanwhile"
    journal.forecast_due(False)
    return f"{len(issued)} forecast{'' if len(issued) == 1 else 's'} made"


def _good(items: list[Item]) -> bool:
    return bool(items) and all(each.fate in GOOD for each in items)


def _tell(item: Item, result: LoadResult | None) -> None:
    say(_line(item))
    if result is not None and item.fate in NEW:
        say(f"  {result_line(result)}")


def _line(item: Item) -> str:
    where = f" ({item.address})" if item.fate not in GOOD else ""
    return f"{item.what}: {item.fate}. {item.reason}".rstrip() + where
