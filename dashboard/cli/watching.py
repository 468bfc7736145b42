"""`rtt watch`: take complete files out of a folder, then forecast once, for as long as it is left running."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine

from dashboard.cli.databases import opened
from dashboard.cli.forecasting import issue_all
from dashboard.cli.outcomes import DONE, REFUSED, WrongUse, say
from dashboard.load_words import result_line
from dashboard.settings import Settings, from_environment
from ingest.extracts import LoadOptions
from ingest.forecasts import Moved
from ingest.load import OtherDataset
from ingest.runs import OK, WARNED, WATCH, record_run
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
    """Watch until stopped, or with `once` until the folder is quiet. 3 if anything was refused."""
    settings = from_environment()
    options = _options(settings, mapping)
    refused = False
    try:
        with opened(settings.real_url) as engine, only_watcher(folder):
            before: dict[Path, Look] = {}
            while True:
                now = looks(folder)
                taken = _take_all(engine, complete(before, now), options, list_days)
                refused = refused or any(each.reasons is not None for each in taken)
                forget_lists(folder, list_days=list_days, now=datetime.now(UTC))
                if once and not taken and now == before:
                    return REFUSED if refused else DONE
                before = looks(folder)
                time.sleep(seconds)
    except AlreadyWatched as other:
        raise WrongUse(str(other)) from None
    except OtherDataset as other:
        raise WrongUse(str(other)) from None
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
    taken = []
    for path in paths:
        taken.append(take(engine, path, options=options, list_days=list_days))
        _tell(taken[-1])
    forecast = _forecast(engine) if any(each.loaded for each in taken) else "no forecast was due"
    refused = sum(each.reasons is not None for each in taken)
    loaded = sum(each.loaded for each in taken)
    words = (
        f"{loaded} loaded, {refused} refused, {len(taken) - loaded - refused} already in place; {forecast}"
    )
    record_run(engine, WATCH, started_at=started, outcome=WARNED if refused else OK, message=words)
    return taken


def _tell(taken: Taken) -> None:
    if taken.result is not None:
        say(result_line(taken.result))
    if taken.reasons is not None:
        say(f"{taken.name}: refused, and moved to refused/ with its reasons")


def _forecast(engine: Engine) -> str:
    try:
        issued = issue_all(engine)
    except Moved:
        return "the forecast was put off: something else was loaded meanwhile"
    return f"{len(issued)} forecast{'' if len(issued) == 1 else 's'} made"
