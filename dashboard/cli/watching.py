"""`rtt watch`: take complete files out of a folder, then forecast once, for as long as it is left running."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine

from dashboard.cli import clock
from dashboard.cli.databases import opened
from dashboard.cli.forecasting import issue_all
from dashboard.cli.outcomes import DONE, REFUSED, WrongUse, say
from dashboard.load_words import result_line
from dashboard.settings import Settings, from_environment
from ingest.extracts import LoadOptions
from ingest.forecasts import Moved
from ingest.load import OtherDataset
from ingest.runs import OK, WARNED, WATCH, last_message, record_run
from ingest.tokens import key_of
from ingest.watch import (
    AlreadyWatched,
    Look,
    Taken,
    complete,
    forget_lists,
    looks,
    only_watcher,
    take,
)


def watch_folder(folder: Path, *, seconds: float, once: bool, mapping: Path | None, list_days: int) -> int:
    """Watch until stopped, or with `once` until the folder is quiet. 3 if anything was refused or left."""
    settings = from_environment()
    options = _options(settings, mapping)
    refused = False
    try:
        with opened(settings.real_url) as engine, only_watcher(folder):
            before: dict[Path, Look] = {}
            while True:
                now = looks(folder)
                # A watcher runs for months: the day by which a census is judged is that of each look.
                today = replace(options, today=clock.today())
                taken = _take_all(engine, complete(before, now), today, list_days)
                refused = refused or any(each.reasons is not None or each.left for each in taken)
                forget_lists(folder, list_days=list_days, now=datetime.now(UTC))
                if once and now == before and all(each.left for each in taken):
                    return REFUSED if refused else DONE
                before = looks(folder)
                time.sleep(seconds)
    except AlreadyWatched as other:
        raise WrongUse(str(other)) from None
    except OtherDataset as other:
        raise WrongUse(str(other)) from None
    except PermissionError as denied:
        # Of the folder itself: what a file denies is told of that file.
        raise WrongUse(f"{folder} cannot be watched: {denied.filename}: {denied.strerror}") from None
    except KeyboardInterrupt:
        return DONE


def _options(settings: Settings, mapping: Path | None) -> LoadOptions:
    return LoadOptions(
        token_key=key_of(settings.home, settings.token_key),
        snapshots_kept=settings.snapshots_kept,
        mapping=mapping,
    )


def _take_all(engine: Engine, paths: list[Path], options: LoadOptions, list_days: int) -> list[Taken]:
    if not paths:
        return []
    started = datetime.now(UTC)
    told = last_message(engine, WATCH) or ""
    taken = []
    for path in paths:
        taken.append(take(engine, path, options=options, list_days=list_days))
        # What was left the last time too is not told every ten seconds.
        if not (taken[-1].left and _left(taken[-1]) in told):
            _tell(taken[-1])
    forecast = _forecast(engine) if any(each.loaded for each in taken) else "no forecast was due"
    words = f"{_counted(taken)}; {forecast}{_left_behind(taken)}"
    if words != told or not all(each.left for each in taken):
        good = all(each.reasons is None and each.left is None for each in taken)
        record_run(engine, WATCH, started_at=started, outcome=OK if good else WARNED, message=words)
    return taken


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


def _forecast(engine: Engine) -> str:
    try:
        issued = issue_all(engine)
    except Moved:
        return "the forecast was put off: something else was loaded meanwhile"
    return f"{len(issued)} forecast{'' if len(issued) == 1 else 's'} made"
