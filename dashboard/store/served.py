"""Which database a request is shown: the real one as soon as it holds an extract, else the sample.

Where both are there the real one is shown, and the sample to whoever's address says `data=sample`, to look at
and no more. A server need not be started again for that: the next request sees the first file that loads.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from flask import g, has_request_context
from sqlalchemy.engine import make_url

from ingest.store.database import make_engine
from ingest.store.dataset import Dataset, dataset_of

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from dashboard.settings.settings import Settings
    from dashboard.store.ledger import LedgerLine

SAMPLE = "sample"


def served_engine(settings: Settings) -> Engine:
    """A migrated engine on the database to show; of two, on the one that each request is shown."""
    if not settings.database_url:
        both = EitherEngine(settings)
        dataset_of(both.shown())
        return cast("Engine", both)
    engine = make_engine(settings.database_url)
    dataset_of(engine)
    return engine


def served_url(settings: Settings) -> str:
    """RTT_DATABASE_URL if it is set; else rtt.db if it holds an extract or no demo exists; else demo.db."""
    real = holding(settings.real_url)
    if settings.database_url or (real and real.extracts) or not holding(settings.demo_url):
        return settings.real_url
    return settings.demo_url


class EitherEngine:
    """Stands for the engine of the real database or of the sample, whichever the request under way is shown.

    Whatever is asked of it is asked of that engine.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._engines: dict[str, Engine] = {}
        self._is_real = False  # for good: a real database that is gone is missed, not replaced by a sample
        self._looked: dict[str, tuple[Any, Dataset | None]] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self.shown(), name)

    def shown(self) -> Engine:
        """The engine of this request; outside of one, that of whoever asks for nothing in particular."""
        asked = has_request_context() and g.get("sample", False)
        return self._engine(self._settings.demo_url if asked and self.both() else self._usual())

    def both(self) -> bool:
        """Whether the real database holds extracts and a sample lies beside it."""
        return self._usual() == self._settings.real_url and self._held(self._settings.demo_url) is not None

    def _usual(self) -> str:
        if not self._is_real:
            real = self._held(self._settings.real_url)
            self._is_real = bool(real and real.extracts)
        if self._is_real or self._held(self._settings.demo_url) is None:
            return self._settings.real_url
        return self._settings.demo_url

    def _held(self, url: str) -> Dataset | None:
        """As `holding`, looked up again only when something was written."""
        stamp = _stamp(url)
        if url not in self._looked or self._looked[url][0] != stamp:
            self._looked[url] = (stamp, holding(url) if stamp else None)
            # Looking may have moved what was written from the log into the file.
            self._looked[url] = (_stamp(url), self._looked[url][1])
        return self._looked[url][1]

    def _engine(self, url: str) -> Engine:
        if url not in self._engines:
            self._engines[url] = make_engine(url)
        return self._engines[url]


def may_choose(engine: Engine) -> bool:
    """Whether readers of this server have a choice between their own data and the sample."""
    return isinstance(engine, EitherEngine) and engine.both()


def kind_shown(engine: Engine) -> str:
    """'real' or 'sample': what is shown to whoever asks for neither; '' on an empty database."""
    shown = dataset_of(engine.shown() if isinstance(engine, EitherEngine) else engine)
    return shown.kind if shown else ""


def changes_by_itself(engine: Engine) -> bool:
    """Whether a first real extract is shown without starting the server again."""
    return isinstance(engine, EitherEngine)


def writable_engine(engine: Engine, settings: Settings) -> Engine:
    """Where a real extract goes: the database that is shown, or, while that is the demo's, the real one."""
    if isinstance(engine, EitherEngine):
        engine = engine.shown()
    shown = dataset_of(engine)
    if settings.database_url or shown is None or shown.kind == "real":
        return engine
    real = make_engine(settings.real_url)
    dataset_of(real)
    return real


def loads_of_own_data(settings: Settings, limit: int) -> list[LedgerLine]:
    """What became of the files loaded while the sample is shown: the ledger of the real database has them."""
    from dashboard.store.ledger import recent_loads

    if settings.database_url or holding_file(settings.real_url) is None:
        return []
    engine = make_engine(settings.real_url)
    try:
        dataset_of(engine)
        with engine.connect() as connection:
            return recent_loads(connection, limit)
    finally:
        engine.dispose()


def holding(url: str) -> Dataset | None:
    """What the database at `url` holds, None if nothing. Looking does not make a file."""
    if make_url(url).get_backend_name() == "sqlite" and holding_file(url) is None:
        return None
    engine = make_engine(url)
    try:
        return dataset_of(engine)
    finally:
        engine.dispose()


def holding_file(url: str) -> Path | None:
    """The file of a SQLite database, None where there is none."""
    path = Path(make_url(url).database or "")
    return path if path.is_file() else None


def _stamp(url: str) -> tuple[Any, ...]:
    """When file and log of a SQLite database were last written; () where there is no file."""
    file = holding_file(url)
    if file is None:
        return ()
    log = file.with_name(file.name + "-wal")
    return tuple((each.stat().st_mtime_ns, each.stat().st_size) for each in (file, log) if each.is_file())
