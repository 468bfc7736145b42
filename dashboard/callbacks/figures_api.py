"""/api/figures.csv and .json: what `rtt figures` prints, with the same parameters, for Excel and BI tools."""

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

from flask import Flask, Response, request
from sqlalchemy import Engine

from dashboard.analysis.disclosure.small_figures import suppressed_by_census
from dashboard.analysis.figures_table import COLUMNS, figures_by_census, rows_of, scope_from
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
    try:
        scope = scope_from(_asked())
    except ValueError as wrong:
        return guard.answer(400, "This request cannot be understood", str(wrong))
    rows = list(_rows(engine, scope.until(guard.enquiry().today)))
    if not rows:
        return guard.answer(404, "No figures", "No loaded figures match; /status.json lists what is loaded.")
    return _json(rows) if as_json else _csv(rows)


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
    reader = guard.enquiry().reader
    with reading(engine) as connection:
        frames = (
            figures_by_census(connection, scope)
            if reader.may_see_pathways
            else suppressed_by_census(connection, scope, reader.areas)
        )
        return list(rows_of(frames))


def _csv(rows: list[Sequence[Any]]) -> Response:
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(COLUMNS)
    # A name from a file must not become a formula in a spreadsheet.
    writer.writerows([csv_cell(value) if isinstance(value, str) else value for value in row] for row in rows)
    answer = Response(written.getvalue(), mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="figures.csv"'
    return answer


def _json(rows: list[Sequence[Any]]) -> Response:
    records = [dict(zip(COLUMNS, row, strict=True)) for row in rows]
    return Response(json.dumps(records, default=str, ensure_ascii=False), mimetype="application/json")
