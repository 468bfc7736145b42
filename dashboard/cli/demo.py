"""`rtt demo`: the sample region, built in a folder, loaded beside and put in place as one.

A demo that is being served is never seen half built: in a file it is loaded beside and copied over in one
transaction; on a server each new extract takes the place of the old one, and what is left over goes last.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from dashboard.cli import clock
from dashboard.cli.databases import opened, other_dataset
from dashboard.cli.outcomes import DONE, WrongUse, say
from dashboard.cli.progress import Bar
from dashboard.settings.settings import Settings, from_environment
from dashboard.store.served import holding
from ingest.files.temporary import passing_folder, sweep
from ingest.loading.load import LoadOptions, load_path
from ingest.loading.words import in_full
from ingest.store.dataset import Dataset, carry_writing, copy_over, mark_built, remove_others
from rtt.terms.possible_dates import census_fault

if TYPE_CHECKING:
    from sqlalchemy import Engine

# After that the newest weekly list is over a week old, unlike a real list, which arrives every Monday.
DAYS_FRESH = 6


def build_demo(*, until: date | None = None, seed: int | None = None, if_stale: bool = False) -> int:
    """Build and load the sample; with `if_stale` only where there is none or an old one."""
    settings = from_environment()
    held = holding(settings.demo_url)
    if held is not None and held.kind != "sample":
        raise WrongUse(other_dataset(settings, holds="real extracts", file="demo.db", command="rtt demo"))
    day = until or clock.today()
    if fault := census_fault(day, clock.today()):
        raise WrongUse(f"--until: {fault}; a sample of days to come would be shown as the newest data.")
    if if_stale and held is not None and not _stale(held, day):
        return DONE
    say(f"Building the sample data up to {in_full(day)}.")
    sweep(settings.home)
    with passing_folder(settings.home, "demo") as folder:
        files, mapping = _built(folder, day, seed)
        if settings.demo_url.startswith("sqlite"):
            aside = f"sqlite:///{folder}/demo.db"
            _load(aside, files, mapping, settings, day, above=held)
            if held is not None:
                carry_writing(settings.demo_url, aside)
            copy_over(aside, settings.demo_url)
        else:
            _load(settings.demo_url, files, mapping, settings, day, above=held)
    say("The demo is ready. Sample data: not a real trust.")
    return DONE


def _stale(held: Dataset, day: date) -> bool:
    return held.built_on is None or (day - held.built_on).days > DAYS_FRESH


def _built(folder: Path, day: date, seed: int | None) -> tuple[list[Path], Path]:
    """The files in the order of loading, and the mapping of the lists."""
    from sample_data import build

    files = build(folder, until=day) if seed is None else build(folder, until=day, seed=seed)
    # Starts and stops first, so that each list finds what happened in its week.
    weeks = zip(files.starts, files.stops, files.open, strict=True)
    return [*files.monthly, *(path for week in weeks for path in week)], files.mapping


def _load(
    url: str, files: list[Path], mapping: Path, settings: Settings, day: date, *, above: Dataset | None
) -> None:
    from dashboard.cli.forecasting import issue_all

    # On a server the sample is loaded in place; a file is loaded beside, and nobody misses half of one.
    with opened(url, passing=True) as engine, Bar(files=len(files)) as bar:
        loaded = list(_each(engine, files, mapping, settings, bar))
    with opened(url) as engine:
        remove_others(engine, loaded)
        say("Making the forecasts.")
        # Once, after the last file: forecasts of every earlier month would be written in hindsight.
        issue_all(engine)
        mark_built(engine, day, above_version=above.version if above else 0)


def _each(
    engine: Engine, files: list[Path], mapping: Path, settings: Settings, bar: Bar
) -> Iterator[tuple[str, date, str, str]]:
    how = LoadOptions(
        kind="sample",
        replace=True,
        snapshots_kept=settings.snapshots_kept,
        token_key=_sample_key(),
        mapping=mapping,
        today=clock.today(),
    )
    for file in files:
        for result in load_path(engine, file, options=how, report=bar.report):
            bar.finished()
            if result.state == "refused" or result.source is None or result.census_date is None:
                raise RuntimeError(f"a file of the sample was refused: {result.problems[0]}")
            yield result.source, result.census_date, result.provider_code, result.section


def _sample_key() -> bytes:
    # Sample tokens stand for no real identifier; a fixed key keeps the real one out of the demo.
    return b"the sample's own key: nobody is behind it"
