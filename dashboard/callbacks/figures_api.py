"""/api/figures.csv and .json: what `rtt figures` prints, with the same parameters, for Excel and BI tools."""

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

from flask import Flask, Response, request
from sqlalchemy import Engine

from dashboard.scope.rights import with_trusts
from dashboard.server import guard
from dashboard.store.cache import reading
from dashboard.store.figures import FigureScope
from rtt.terms.text_edges import csv_cell
from rtt.terms.treatment_functions import as_published

PARAMETERS = (
    "source",
    "census",
    "level",
    "organisation",
    "part",
    "treatment_function",
    "include_nonc",
    "history",
)

_CODES = {"organisation": str.upper, "treatment_function": as_published}


def register(server: Flask, engine: Engine) -> None:
    @server.get("/api/figures.csv")
    def figures_csv() -> Response:
        return _answered(engine, as_json=False)

    @server.get("/api/figures.json")
    def figures_json() -> Response:
        return _answered(engine, as_json=True)


def _answered(engine: Engine, *, as_json: bool) -> Response:
    from dashboard.analysis.figures_table import scope_from

    try:
        scope = scope_from(_asked())
    except ValueError as wrong:
        return guard.answer(400, "This request cannot be understood", str(wrong))
    rows = list(_rows(engine, scope.until(guard.enquiry().today)))
    if not rows:
        return guard.answer(404, "No figures", "No loaded figures match; /status.json lists what is loaded.")
    # Columns are those of a frame, and pandas is imported by those who ask for one: no page needs its 36 MB.
    from dashboard.analysis.figures_table import COLUMNS

    return _json(COLUMNS, rows) if as_json else _csv(COLUMNS, rows)


def _asked() -> dict[str, str]:
    """The parameters by our names, codes as published: treatment-function=110 asks as `rtt figures` does."""
    asked: dict[str, str] = {}
    for written, value in request.args.items(multi=True):
        name = written.replace("-", "_")
        if name not in PARAMETERS:
            raise ValueError(f"{written!r} is not a parameter; expected {', '.join(PARAMETERS)}")
        if name in asked:
            raise ValueError(f"{name!r} is given more than once")
        asked[name] = _CODES.get(name, str)(value)
    return {name: value for name, value in asked.items() if value}


def _rows(engine: Engine, scope: FigureScope) -> list[Sequence[Any]]:
    from dashboard.analysis.disclosure.small_figures import suppressed_by_census
    from dashboard.analysis.figures_table import figures_by_census, rows_of

    with reading(engine) as connection:
        reader = with_trusts(connection, guard.enquiry()).reader
        frames = (
            figures_by_census(connection, scope)
            if reader.may_see_pathways
            else suppressed_by_census(connection, scope, reader.areas)
        )
        return list(rows_of(frames))


def _csv(columns: Sequence[str], rows: list[Sequence[Any]]) -> Response:
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(columns)
    # A name from a file must not become a formula in a spreadsheet.
    writer.writerows([csv_cell(value) if isinstance(value, str) else value for value in row] for row in rows)
    answer = Response(written.getvalue(), mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="figures.csv"'
    return answer


def _json(columns: Sequence[str], rows: list[Sequence[Any]]) -> Response:
    records = [dict(zip(columns, row, strict=True)) for row in rows]
    return Response(json.dumps(records, default=str, ensure_ascii=False), mimetype="application/json")
