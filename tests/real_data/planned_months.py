"""The twelve published months with the forecast of the newest, and every plan, made once for every run."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

from ingest.forecasts.issue import issue_monthly
from ingest.forecasts.plans import make_plans
from ingest.store.database import make_engine
from tests.kept import kept, mark_of

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


def database(twelve_months: Path) -> Path:
    """The SQLite file: read it or copy it, do not change it."""
    mark = mark_of(("rtt", "ingest"), "planned")
    return kept("planned", mark, lambda home: _plan(twelve_months, home / "planned.db")) / "planned.db"


def _plan(twelve_months: Path, path: Path) -> None:
    shutil.copy(twelve_months, path)
    engine = make_engine(f"sqlite:///{path}")
    issued = issue_monthly(engine, now=NOW)
    planned = make_plans(engine, now=NOW)
    engine.dispose()
    assert issued is not None
    assert planned is not None
