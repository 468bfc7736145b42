"""`rtt watch`: take complete files out of a folder, then forecast once, for as long as it is left running."""

import logging
import time
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine

from dashboard.cli import clock
from dashboard.cli.alerting import alert_round
from dashboard.cli.databases import opened
from dashboard.cli.forecasting import issue_all
from dashboard.cli.outcomes import DONE, REFUSED, WrongUse, say
from dashboard.settings.settings import Settings, from_environment
from ingest.extracts import LoadOptions
from ingest.extracts.ptl.tokens import key_of
from ingest.files.temporary import sweep
from ingest.forecasts.issue import Moved
from ingest.loading.load import OtherDataset
from ingest.loading.watch import (
    AlreadyWatched,
    Look,
    Taken,
    complete,
    forget_lists,
    looks,
    only_watcher,
    take,
)
from ingest.loading.words import result_line
from ingest.store.faults import ADDRESS, DatabaseFault, in_words
from ingest.store.runs import OK, WARNED, WATCH, last_message, record_run
from rtt.terms.text_edges import file_name

log = logging.getLogger("rtt.watch")


@dataclass(slots=True)
class _State:
    refused: bool = False  # anything, since it began; or left in the folder
    forecast_due: bool = False  # something was loaded and no forecast followed yet
    trouble: str = ""  # what keeps it from working, as it was said


def watch_folder(folder: Path, *, seconds: float, once: bool, mapping: Path | None, list_days: int) -> int:
    """Watch until stopped, or with `once` until the folder is quiet. 3 if anything was refused or left.

    While the database is down, or the folder's share away, a watcher waits and tries again; with `once` it
    ends, for its timer tries again.
    """
    settings = from_environment()
    sweep(settings.home)
    state = _State()
    try:
        with only_watcher(folder), ExitStack() as stack:
            engine = _engine(stack, settings, state, seconds=seconds, once=once)
            options = LoadOptions(
                token_key=key_of(settings.home, settings.token_key),
                snapshots_kept=settings.snapshots_kept,
                mapping=mapping,
            )
            before: dict[Path, Look] = {}
            while True:
                try:
                    now = looks(folder)
                    # A watcher runs for months: the day by which a census is judged is that of each look.
                    today = replace(options, today=clock.today())
                    taken = _take_all(engine, complete(before, now), today, list_days, state, settings)
                    forget_lists(folder, list_days=list_days, now=datetime.now(UTC))
                    if once and now == before and all(each.left for each in taken):
                        return REFUSED if state.refused else DONE
                    before = looks(folder)
                    state.trouble = ""
                except Exception as error:
                    _wait_out(error, state, once=once or (not before and not state.trouble))
                time.sleep(seconds)
    except (AlreadyWatched, OtherDataset) as other:
        raise WrongUse(str(other)) from None
    except PermissionError as denied:
        # Of the folder itself: what a file denies is told of that file.
        raise WrongUse(f"{folder} cannot be watched: {denied.filename}: {denied.strerror}") from None
    except KeyboardInterrupt:
        return DONE


def _engine(stack: ExitStack, settings: Settings, state: _State, *, seconds: float, once: bool) -> Engine:
    while True:
        try:
            return stack.enter_context(opened(settings.real_url))
        except DatabaseFault as error:
            _wait_out(error, state, once=once)
            time.sleep(seconds)


def _wait_out(error: Exception, state: _State, *, once: bool) -> None:
    """Say once why the watcher waits. Raises faults that waiting does not mend."""
    fault = in_words(error)
    if once or isinstance(error, OtherDataset) or fault is ADDRESS:
        raise error
    if fault is not None:
        words = fault.words
    elif isinstance(error, OSError):
        words = f"The folder cannot be read: {error.strerror}."
    else:
        words = f"Unexpected fault ({type(error).__name__})."
    if words != state.trouble:
        log.warning("the watcher waits", exc_info=error)
        say(f"{words} No file was moved; the watcher waits and tries again.")
    state.trouble = words


def _take_all(
    engine: Engine,
    paths: list[Path],
    options: LoadOptions,
    list_days: int,
    state: _State,
    settings: Settings,
) -> list[Taken]:
    if not paths and not state.forecast_due:
        return []
    started = datetime.now(UTC)
    told = last_message(engine, WATCH) or ""
    taken: list[Taken] = []
    for path in paths:
        taken.append(_taken(engine, path, options, list_days))
        state.refused |= taken[-1].reasons is not None or taken[-1].left is not None
        state.forecast_due |= taken[-1].loaded
        # What was left the last time too is not told every ten seconds.
        if not (taken[-1].left and _left(taken[-1]) in told):
            _tell(taken[-1])
    forecast, made = _forecast(engine) if state.forecast_due else ("no forecast was due", True)
    alerts, mailed = _alerts(engine, settings) if state.forecast_due else ("", True)
    state.forecast_due = False
    words = f"{_counted(taken)}; {forecast}{alerts}{_left_behind(taken)}"
    if words != told or not all(each.left for each in taken):
        good = made and mailed and all(each.reasons is None and each.left is None for each in taken)
        record_run(engine, WATCH, started_at=started, outcome=OK if good else WARNED, message=words)
    return taken


def _taken(engine: Engine, path: Path, options: LoadOptions, list_days: int) -> Taken:
    """Take one file. Its own faults do not stop the others; faults that stop all of them are raised."""
    try:
        return take(engine, path, options=options, list_days=list_days)
    except (DatabaseFault, OSError, OtherDataset):
        raise
    except Exception as error:
        log.error("a file could not be taken", exc_info=error)
        return Taken(file_name(path.name), None, left=f"could not be taken: {type(error).__name__}")


def _counted(taken: list[Taken]) -> str:
    loaded = sum(each.loaded for each in taken)
    refused = sum(each.reasons is not None for each in taken)
    known = sum(each.result is not None and each.result.state == "unchanged" for each in taken)
    return f"{loaded} loaded, {refused} refused, {known} already in place"


def _left_behind(taken: list[Taken]) -> str:
    left = [_left(each) for each in taken if each.left]
    return f"; left in the folder: {', '.join(left)}" if left else ""


def _left(taken: Taken) -> str:
    return f"{taken.name} ({taken.left})"


def _tell(taken: Taken) -> None:
    if taken.result is not None:
        say(result_line(taken.result))
    if taken.left:
        say(f"{taken.name}: left in the folder; it {taken.left}")
    elif taken.reasons is not None:
        say(f"{taken.name}: refused, and moved to refused/ with its reasons")


def _forecast(engine: Engine) -> tuple[str, bool]:
    """What became of the forecast, and whether it went well. A failed forecast never stops the watcher.

    Raises the faults of a database that is down: the forecast is then made when it answers.
    """
    try:
        issued = issue_all(engine)
    except Moved:
        return "the forecast was put off: more data was loaded meanwhile", True
    except Exception as error:
        if in_words(error) is not None:
            raise
        log.error("the forecast failed", exc_info=error)
        return f"the forecast failed ({type(error).__name__})", False
    return f"{len(issued)} forecast{'' if len(issued) == 1 else 's'} made", True


def _alerts(engine: Engine, settings: Settings) -> tuple[str, bool]:
    """What became of the alerts after a load, and whether it went well. They never stop the watcher.

    What waits is sent by the next round, or by `rtt alerts`.
    """
    if not settings.sends_alerts:
        return "", True
    try:
        words, good = alert_round(engine, settings)
    except Exception as error:
        log.error("the alerts failed", exc_info=error)
        return f"; the alerts failed ({type(error).__name__})", False
    return f"; alerts: {words}", good
