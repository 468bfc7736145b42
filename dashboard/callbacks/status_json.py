"""/status.json: what the status page says, for machines that watch whether data came."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from flask import Flask, Response, jsonify
from sqlalchemy import Engine

from dashboard import __version__
from dashboard.scope.feeds import DataStatus, data_status, rows_shown
from dashboard.server import guard
from dashboard.store.cache import data_kind, data_version, reading


def register(server: Flask, engine: Engine) -> None:
    @server.get("/status.json")
    def status_json() -> Response:
        with reading(engine) as connection:
            found = data_status(connection, guard.enquiry())
            return jsonify(
                kind=data_kind(connection),
                version=data_version(connection),
                product_version=__version__,
                state="OK" if not found.late else found.late[0].state,
                feeds=[_plain(asdict(feed), "rows") for feed in found.feeds],
                loads=[_plain(asdict(line), "rows_read") for line in found.loads],
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


def _plain(record: dict[str, Any], rows: str) -> dict[str, Any]:
    """The record with dates as 2025-03-31; `rows` names its count of rows, as this reader may see it."""
    reader = guard.enquiry().reader
    shown = rows_shown(record["source"], record[rows], record["rows_left_out"], reader)
    record |= zip((rows, "rows_left_out"), shown, strict=True)
    return {
        name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in record.items()
    }
