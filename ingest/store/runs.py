"""What ran unattended, and how it ended: one row for each run, which the status page shows."""

import logging
from datetime import UTC, datetime

from sqlalchemy import Engine, insert, select

from ingest.store import database, schema

log = logging.getLogger("rtt.runs")

WATCH, PACK, MAIL, FORECAST, ALERTS, FETCH = "watch", "pack", "mail", "forecast", "alerts", "fetch"
COMPARE = "compare"  # with the published figures
OK, WARNED, FAILED = "ok", "warned", "failed"


def record_run(
    engine: Engine,
    kind: str,
    *,
    started_at: datetime,
    outcome: str,
    message: str,
    patience: float = database.BUSY_SECONDS,
) -> None:
    """Write down a run that has just ended; `message` is one line without any patient's data.

    `patience`: seconds to wait for another writer.
    """
    seconds = (datetime.now(UTC) - started_at).total_seconds()
    # The message names files, and a file may be named after a person: it stays in the database.
    log.info("%s ended %s after %.1f s", kind, outcome, seconds)
    with database.writing(engine, patience=patience) as connection:
        connection.execute(
            insert(schema.run).values(
                kind=kind,
                started_at=started_at,
                seconds=seconds,
                outcome=outcome,
                message=message,
            )
        )


def last_message(engine: Engine, kind: str) -> str | None:
    """What the newest run of a kind wrote down."""
    run = schema.run.c
    newest = select(run.message).where(run.kind == kind).order_by(run.id.desc()).limit(1)
    with engine.connect() as connection:
        return connection.execute(newest).scalar()
