"""The card of unattended runs on the status page."""

from collections.abc import Sequence
from typing import Any

from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html
from dashboard.store.runs import RUNS_SHOWN, Run
from rtt.terms.calendar import moment_text
from rtt.terms.wording import number_text

Component = Any
_KINDS = {
    "watch": "Watched folder",
    "pack": "Board pack",
    "mail": "Weekly email",
    "forecast": "Forecast",
    "alerts": "Alerts by email",
    "fetch": "NHS England’s files",
    "compare": "Against the published figures",
}
_OUTCOMES = {"ok": "OK", "warned": "Needs attention", "failed": "FAILED"}


def runs_section(runs: Sequence[Run]) -> show.Part:
    """The last runs of the watched folder, the board pack, the weekly email and the forecast."""
    if not runs:
        return show.section(
            "Unattended runs",
            html.P(["None yet. ", html.Code("rtt watch DIR"), " loads files placed in a folder."]),
            name="runs",
        )
    rows = [
        [
            moment_text(run.started_at),
            _KINDS.get(run.kind, run.kind),
            _OUTCOMES.get(run.outcome, run.outcome),
            run.message,
            f"{number_text(run.seconds, 1)} s",
        ]
        for run in runs
    ]
    columns = ("When", "What", "Result", "What it did", "Time taken")
    older = ", the newest; older ones are not shown" if len(rows) == RUNS_SHOWN else ""
    label = "Unattended runs, table"
    table = show.Table(f"Unattended runs{older}", columns, rows, label=label, text_columns=4)
    return show.table_card("Unattended runs", table, name="runs")
