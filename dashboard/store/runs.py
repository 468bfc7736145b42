"""What ran unattended, newest first."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from ingest.store.schema import run

RUNS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Run:
    """One round of the watched folder, one board pack, one email, one forecast, one round of alerts or one
    look at the publisher's pages."""

    kind: str  # watch | pack | mail | forecast | alerts | fetch | compare
    started_at: datetime
    seconds: float
    outcome: str  # ok | warned | failed
    message: str


def recent_runs(connection: Connection) -> tuple[Run, ...]:
    """The last runs; one statement. Not remembered: a run need not change the facts."""
    columns = (run.c.kind, run.c.started_at, run.c.seconds, run.c.outcome, run.c.message)
    rows = connection.execute(select(*columns).order_by(run.c.id.desc()).limit(RUNS_SHOWN))
    return tuple(Run(*row) for row in rows)
