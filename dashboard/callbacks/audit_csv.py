"""The whole audit trail as a file, for auditors; that it was taken is a line of the trail itself."""

from datetime import UTC, datetime

from flask import Flask, Response
from sqlalchemy import Engine

from dashboard.callbacks.csv_text import csv_text
from dashboard.server import guard
from dashboard.server.access import check_audits
from dashboard.store.audit import whole_trail
from dashboard.store.cache import reading
from dashboard.store.writing import NotRecorded, write_audit

COLUMNS = ("at", "reader", "action", "scope", "purpose", "rows")


def register(server: Flask, engine: Engine) -> None:
    @server.get("/audit.csv", endpoint="audit-csv")
    def trail() -> Response:
        reader = guard.enquiry().reader
        check_audits(reader)
        with reading(engine) as connection:
            lines = whole_trail(connection)
        try:
            write_audit(
                engine,
                reader,
                action="exported",
                scope="the audit trail",
                rows=len(lines),
                at=datetime.now(UTC),
            )
        except NotRecorded:
            said = "It could not be recorded that you take the trail, so it is not given. Try again, or"
            return guard.try_again("Nothing was exported", said, link="/audit")
        rows = [
            (
                f"{each.at:%Y-%m-%dT%H:%M:%SZ}",
                each.reader,
                each.action,
                each.scope,
                each.purpose,
                str(each.rows),
            )
            for each in lines
        ]
        answer = Response(csv_text([COLUMNS, *rows]), mimetype="text/csv")
        answer.headers["Content-Disposition"] = 'attachment; filename="audit-trail.csv"'
        return answer
