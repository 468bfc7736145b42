"""/status.json: what the status page says, for machines that watch whether data came."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from flask import Flask, Response, jsonify
from sqlalchemy import Engine

from dashboard import __version__
from dashboard.scope.feeds import DataStatus, Feed, data_status, rows_shown
from dashboard.scope.rights import with_trusts
from dashboard.server import guard
from dashboard.server.access import Reader
from dashboard.store.cache import data_kind, data_version, reading
from dashboard.store.ledger import LedgerLine


def register(server: Flask, engine: Engine) -> None:
    @server.get("/status.json")
    def status_json() -> Response:
        with reading(engine) as connection:
            enquiry = with_trusts(connection, guard.enquiry())
            found, reader = data_status(connection, enquiry), enquiry.reader
            return jsonify(
                kind=data_kind(connection),
                version=data_version(connection),
                product_version=__version__,
                state="OK" if not found.late else found.late[0].state,
                feeds=[_plain(feed, "rows", reader) for feed in found.feeds],
                loads=[_plain(line, "rows_read", reader) for line in found.loads],
                alerts={
                    "waiting": found.alerts.waiting,
                    "sent": found.alerts.sent,
                    "unsure": found.alerts.unsure,
                    "failed": found.alerts.failed,
                },
                fetch=_fetch(found),
                screens=[
                    {"name": each.name, "state": each.state(datetime.now(UTC))} for each in found.screens
                ],
            )


def _fetch(found: DataStatus) -> dict[str, Any] | None:
    """The run of `rtt fetch` under way or the last one."""
    run = found.fetch
    if run is None:
        return None
    return {
        "started": run.started,
        "ended": run.ended or None,
        "running": run.is_running,
        "asked": run.asked,
        "looked_for": run.looked_for,
        "outcome": run.outcome or None,
        "message": run.message,
        "next_due": found.fetch_due.isoformat() if found.fetch_due else None,
        "files": [asdict(item) for item in run.items],
    }


def _plain(of: Feed | LedgerLine, rows: str, reader: Reader) -> dict[str, Any]:
    """The record with dates as 2025-03-31; `rows` names its count of rows, as this reader may see it."""
    record = asdict(of)
    shown = rows_shown(of, record[rows], reader)
    record |= zip((rows, "rows_left_out"), shown, strict=True)
    return {
        name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in record.items()
    }
