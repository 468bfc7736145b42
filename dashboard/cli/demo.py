"""`rtt demo`: the sample region, simulated, loaded beside and put in place as one.

A demo that is being served is never seen half built: in a file it is loaded beside and copied over in one
transaction; on a server each new extract takes the place of the old one, and what is left over goes last.

Behind a server that has nothing to show (`dashboard.cli.serving`) the months and the newest weekly list are
put in place first: whatever is shown of them stays as it is when the whole sample takes their place.
"""

from __future__ import annotations

import os
import select
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from dashboard.cli import clock
from dashboard.cli.databases import opened, other_dataset
from dashboard.cli.outcomes import DONE, FAULT, REFUSED, WrongUse, say
from dashboard.cli.progress import Bar
from dashboard.scope import sample_building
from dashboard.settings.settings import Settings, from_environment
from dashboard.store.served import holding
from ingest.fetch.journal import JOURNAL, AlreadyRunning, Journal, only_run
from ingest.fetch.stopping import heeding
from ingest.files.temporary import passing_folder, sweep
from ingest.loading.load import LoadOptions, LoadResult, Progress, load_path, load_rows
from ingest.loading.words import in_full
from ingest.store.dataset import Dataset, copy_over, mark_built, remove_others, take_place
from rtt.terms.possible_dates import census_fault
from rtt.terms.wording import date_text

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from sample_data import Sample

# After that the newest weekly list is over a week old, unlike a real list, which arrives every Monday.
DAYS_FRESH = 6
WEEK = timedelta(weeks=1)
NICE = 10
Key = tuple[str, date, str, str]


def build_demo(
    *,
    until: date | None = None,
    seed: int | None = None,
    if_stale: bool = False,
    while_served: bool = False,
) -> int:
    """Build and load the sample; with `if_stale` only where there is none or an old one.

    `while_served`: for a server that waits to show it, and only as long as standard input stays open.
    """
    settings = from_environment()
    day = until or clock.today()
    if fault := census_fault(day, clock.today()):
        raise WrongUse(f"--until: {fault}; a sample of days to come would be shown as the newest data.")
    if not wants_building(settings, day) and if_stale:
        return DONE
    with ExitStack() as stack:
        if while_served:
            stack.enter_context(heeding(_is_left_alone))
        try:
            journal = stack.enter_context(_told(settings))
            _build(settings, day, seed, journal, early=while_served)
        except AlreadyRunning:
            say("The sample is being built already. Wait until that has ended.")
            return REFUSED
        except KeyboardInterrupt:
            if while_served:
                return FAULT  # nobody is there any more to be told
            raise
    say("The demo is ready. Sample data: not a real trust.")
    return DONE


def wants_building(settings: Settings, day: date) -> bool:
    """Whether there is no sample, or one that is old or of which the history is missing.

    Raises `WrongUse` where real extracts stand in its place.
    """
    held = holding(settings.demo_url)
    if held is not None and held.kind != "sample":
        raise WrongUse(other_dataset(settings, holds="real extracts", file="demo.db", command="rtt demo"))
    return held is None or held.built_on is None or (day - held.built_on).days > DAYS_FRESH


def _is_left_alone() -> bool:
    """Whether the server is gone that this is built for: it alone holds the other end open."""
    return bool(select.select([sys.stdin], [], [], 0)[0])


@contextmanager
def _told(settings: Settings) -> Iterator[Journal]:
    """The journal that pages read: gone with the end of the build, unless it ends before the sample does."""
    folder, held = sample_building.folder(settings), holding(settings.demo_url)
    asked = sample_building.NEWER if held and held.built_on else sample_building.HISTORY
    with only_run(folder):
        journal = Journal(folder, asked=asked)
        try:
            yield journal
        except Exception as error:
            journal.end("failed", type(error).__name__)
            raise
        except KeyboardInterrupt:
            (folder / JOURNAL).unlink()
            raise
        (folder / JOURNAL).unlink()


def _build(settings: Settings, day: date, seed: int | None, journal: Journal, *, early: bool) -> None:
    # Lists of six thousand rows: threads would wait for each other longer than they work.
    os.environ.setdefault("POLARS_MAX_THREADS", "1")
    from sample_data import Sample

    say(f"Building the sample data up to {in_full(day)}.")
    sweep(settings.home)
    with passing_folder(settings.home, "demo") as folder:
        sample = Sample(until=day) if seed is None else Sample(until=day, seed=seed)
        is_file = settings.demo_url.startswith("sqlite")
        # On a server the sample is loaded in place; a file is loaded beside, and nobody misses half of one.
        url = f"sqlite:///{folder}/demo.db" if is_file else settings.demo_url
        load = _Load(sample, folder, settings, journal, quiet=early)
        with opened(url, passing=True) as engine:
            load.months(engine)
            if early and is_file and holding(settings.demo_url) is None:
                load.show_first(url)
            if early:
                os.nice(NICE)  # from now on somebody looks at pages
            load.lists(engine)
        with opened(url) as engine:
            _finish(engine, load.loaded, day, journal, above=holding(settings.demo_url))
        if is_file:
            put = copy_over if holding(settings.demo_url) is None else take_place
            put(url, settings.demo_url)


def _finish(engine: Engine, loaded: list[Key], day: date, journal: Journal, *, above: Dataset | None) -> None:
    from dashboard.cli.forecasting import issue_all

    remove_others(engine, loaded)
    say("Making the forecasts.")
    journal.at("forecasting")
    # Once, after the last list: forecasts of every earlier month would be written in hindsight.
    issue_all(engine)
    mark_built(engine, day, above_version=above.version if above else 0)


@dataclass(frozen=True, slots=True)
class _Load:
    """The parts of a sample on their way into a database."""

    sample: Sample
    folder: Path
    settings: Settings
    journal: Journal
    quiet: bool
    loaded: list[Key] = field(default_factory=list)

    def months(self, engine: Engine) -> None:
        files = self.sample.months(self.folder)
        how = self._how()
        with Bar(files=len(files), quiet=self.quiet) as bar:
            for file in files:
                self._keep(load_path(engine, file, options=how, report=bar.report)[0])
                bar.finished()

    def lists(self, engine: Engine) -> None:
        """Every week, oldest first, so that each is counted against the one before."""
        ends = self.sample.ends()
        kept = min(self.settings.snapshots_kept, len(ends))
        how = self._how()
        self.journal.run.of = len(ends)
        with Bar(files=len(ends), quiet=self.quiet) as bar:
            for done, (week, end) in enumerate(zip(self.sample.weeks, ends, strict=True), start=1):
                bar.report(Progress(f"list of {date_text(end)}", "writing"))
                self._week(engine, week, how)
                bar.finished()
                self.journal.at("loading", date_text(end), done=done)
                # Those of the first stay: no list before it tells when they may go.
                how = replace(how, pathways_from=ends[-kept])

    def show_first(self, url: str) -> None:
        """Put what is loaded so far in place, and the newest list with it."""
        first = f"sqlite:///{self.folder}/first.db"
        copy_over(url, first)
        with opened(first, passing=True) as engine:
            self._week(engine, self.sample.weeks[-1], self._how())
        copy_over(first, self.settings.demo_url)
        self.journal.at("loading")

    def _week(self, engine: Engine, week: int, how: LoadOptions) -> None:
        # Starts and stops first, so that the list finds what happened in its week.
        for name, rows in self.sample.lists(week):
            self._keep(load_rows(engine, rows, name, format_name="tracking list", options=how))

    def _how(self) -> LoadOptions:
        return LoadOptions(
            kind="sample",
            replace=True,
            snapshots_kept=self.settings.snapshots_kept,
            token_key=_sample_key(),
            mapping=self.sample.mapping(self.folder),
            today=clock.today(),
        )

    def _keep(self, result: LoadResult) -> None:
        if result.state == "refused" or result.source is None or result.census_date is None:
            raise RuntimeError(f"a part of the sample was refused: {result.problems[0]}")
        self.loaded.append((result.source, result.census_date, result.provider_code, result.section))


def _sample_key() -> bytes:
    # Sample tokens stand for no real identifier; a fixed key keeps the real one out of the demo.
    return b"the sample's own key: nobody is behind it"
