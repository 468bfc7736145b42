"""Trends: signal or noise, and can this process meet its standard?

One chart of one measure, the table of all measures, and the measures of every specialty or organisation of
the scope. Icon, table and chart come from one result (`queries.control_charts`, `queries.parts_over_time`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dash import html
from sqlalchemy import Connection

from dashboard.analysis.control_charts import Charted, findings_beside
from dashboard.analysis.findings import Figures
from dashboard.analysis.report import report
from dashboard.analysis.scope_parts import Parts, parts_of
from dashboard.figures.chart import Chart
from dashboard.figures.control_chart import control_chart
from dashboard.figures.level_chart import level_chart
from dashboard.figures.notes import Note
from dashboard.layouts.frame import components as show
from dashboard.layouts.frame.attributes import attributes
from dashboard.layouts.frame.controls import select
from dashboard.layouts.frame.empty import nothing_loaded
from dashboard.layouts.frame.spc_notes import rules_section
from dashboard.layouts.trends.note_forms import notes_section
from dashboard.layouts.trends.tables import parts_section, summary_section
from dashboard.scope.nearest import step_back
from dashboard.scope.scope import Scope
from dashboard.store.written import Annotation
from rtt.findings import sentences
from rtt.findings.findings import Finding
from rtt.measures.indicators import INDICATORS, shown_in

Component = Any

MEASURES, SUMMARY = shown_in("trends"), shown_in("summary")
POINTS = ("12", "24", "36")
USUAL_POINTS = "24"


@dataclass(frozen=True, slots=True)
class Trends:
    """The scope's charts by measure, the figures behind them, what people wrote, and the parts."""

    figures: Figures
    charts: dict[str, Charted]
    notes: tuple[Annotation, ...]
    parts: Parts


def measure_of(scope: Scope) -> str:
    """The measure of the chart: the one asked for, if it is charted at all."""
    return scope.filters.measure if scope.filters.measure in MEASURES else MEASURES[0]


def load(connection: Connection, scope: Scope) -> Trends | None:
    """None on an empty database; four statements beside those of the shell."""
    if scope.census is None:
        return None
    own = report(connection, scope, (*SUMMARY, measure_of(scope)))
    return Trends(own.figures, own.charts, own.notes, parts_of(connection, scope))


def draw(scope: Scope, found: Trends | None) -> Component:
    """The page."""
    if found is None:
        return nothing_loaded()
    chart = found.charts[measure_of(scope)]
    where = sentences.scope_words(chart.last.scope)
    return html.Div(
        [
            html.H1(f"Trends: {where}"),
            html.P(
                "Is a change real or just variation, and is the standard met? "
                + sentences.source_line(chart.last),
                className="rtt-question",
            ),
            _settings(scope, chart),
            *show.placed(parts(scope, found), scope.filters),
            rules_section(scope, list(found.charts.values()), found.parts.signals),
        ]
    )


def parts(scope: Scope, found: Trends) -> list[show.Part]:
    """The cards that files can be taken from, and what stands between them."""
    chart = found.charts[measure_of(scope)]
    notes = [each for each in found.notes if each.series.measure in ("", measure_of(scope))]
    return [
        show.card("control-chart", _drawn(scope, found, chart, notes), height=380),
        notes_section(chart, notes),
        summary_section(scope, [(found.charts[each], _year_before(found, each)) for each in SUMMARY]),
        *([] if scope.conceals and scope.is_part else [parts_section(scope, found.parts)]),
    ]


def _settings(scope: Scope, chart: Charted) -> Component:
    filters = scope.filters
    monthly = scope.source == "monthly"
    views = [
        ("change", "Monthly change" if monthly else "Weekly change"),
        ("level", "Level"),
        ("limits", "Level with process limits"),
    ]
    controls = [
        select("measure", "Measure", [(key, INDICATORS[key].name) for key in MEASURES], measure_of(scope)),
        *([select("view", "View", views, filters.view or "change")] if chart.reading.kind == "stock" else []),
        select("points", "Points", [(each, each) for each in POINTS], filters.points or USUAL_POINTS),
    ]
    return html.Section(
        html.Div(controls, className="rtt-filters"), **attributes(aria_label="Settings of the chart")
    )


def _drawn(scope: Scope, found: Trends, chart: Charted, notes: Sequence[Annotation]) -> Chart:
    points = int(scope.filters.points or USUAL_POINTS)
    beside = findings_beside(found.figures, chart)
    written = [Note(each.noted_on, each.text, each.author) for each in notes]
    written += [Note(each.starts_on, each.reason, each.author, starts_phase=True) for each in chart.rebases]
    written.sort(key=lambda note: note.day)
    if chart.reading.kind == "flow" or scope.filters.view in ("", "change"):
        return control_chart(chart, beside, points=points, notes=written)
    limits = scope.filters.view == "limits"
    return level_chart(chart, beside, points=points, limits=limits, notes=written)


def _year_before(found: Trends, key: str) -> Finding | None:
    """The newest finding with the same census a year before as the earlier one; None if that is not held."""
    scope = found.figures.scope
    assert scope.census is not None
    year = step_back(scope.dates, scope.source, scope.census, "year")
    return found.figures.find(key, before=year) if year else None
