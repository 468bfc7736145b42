"""Small multiples: every measure of the scope at a glance, each with its history, and a way to its charts."""

from typing import Any

from dashboard.analysis.control_charts import Charted, findings_beside, first_of
from dashboard.analysis.findings import Figures
from dashboard.filters import to_query
from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html
from dashboard.layouts.frame.history import history
from dashboard.layouts.frame.signals import signal_line
from dashboard.layouts.trends.choices import MEASURES
from dashboard.scope.scope import Scope
from rtt.findings import sentences
from rtt.findings.findings import display, remarks_of
from rtt.spc.reading import limits_note

Component = Any


def multiples(scope: Scope, figures: Figures, charts: dict[str, Charted]) -> Component:
    """A small card for each measure; the caveat about trial limits once for all."""
    notes = [note for chart in charts.values() if (note := limits_note(chart.reading))]
    return html.Div(
        [
            html.P(show.link("One measure at a time", to_query(scope.filters, view="") or "?")),
            *([html.P(notes[0], className="rtt-small")] if notes else []),
            html.H2("Every measure", className="nhsuk-u-visually-hidden"),
            html.Ul([_one(scope, figures, charts[key]) for key in MEASURES], className="rtt-multiples"),
        ]
    )


def _one(scope: Scope, figures: Figures, chart: Charted) -> Component:
    last = chart.judged
    first = first_of(findings_beside(figures, chart))
    whole = sentences.since_words(chart.last, first) if first else ""
    change = sentences.change_words(chart.last)
    return show.tile(
        sentences.name(last),
        display(last),
        [
            f"{change[:1].upper()}{change[1:]}",
            signal_line(last) if remarks_of(last, "signal") else whole,
        ],
        href=to_query(scope.filters, view="", measure=chart.indicator.key),
        history=history(figures, chart),
    )
