"""/status.json: what the status page says, for machines that watch whether data came."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime

from flask import Flask, Response, jsonify
from sqlalchemy import Engine

from dashboard.scope.feeds import data_status
from dashboard.server import guard
from dashboard.store.cache import data_kind, data_version, reading


def register(server: Flask, engine: Engine) -> None:
    """Put the address on this server."""

    @server.get("/status.json")
    def status_json() -> Response:
        with reading(engine) as connection:
            found = data_status(connection, guard.enquiry())
            return jsonify(
                kind=data_kind(connection),
                version=data_version(connection),
                state="OK" if not found.late else found.late[0].state,
                feeds=[_plain(asdict(feed)) for feed in found.feeds],
                loads=[_plain(asdict(line)) for line in found.loads],
                screens=[
                    {"name": each.name, "state": each.state(datetime.now(UTC))} for each in found.screens
                ],
            )


def _plain(record: dict[str, object]) -> dict[str, object]:
    # Dates as 2025-03-31, not as the web's own words for them.
    return {
        name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in record.items()
    }
