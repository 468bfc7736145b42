"""Trends: what is the level, is a change real or just variation, and is the standard met?

One measure at a time: its level on top, below it its change with limits. Then the table of all measures, and
the signals among the parts of the scope. Icon, table and chart come from one result, of
`analysis.control_charts` or `analysis.parts_over_time`. All measures as small charts are a view of their own.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from dashboard.analysis.beside import Beside, places_beside, to_read
from dashboard.analysis.control_charts import Charted, findings_beside
from dashboard.analysis.facts import every_census, read_bands
from dashboard.analysis.findings import Figures
from dashboard.analysis.forecasts import projection_of
from dashboard.analysis.published import NONE_PUBLISHED, Published, as_it_was, published_beside
from dashboard.analysis.report import report
from dashboard.analysis.scope_parts import Parts, parts_of
from dashboard.figures.chart import Chart
from dashboard.figures.control_chart import control_chart
from dashboard.figures.level_chart import level_chart
from dashboard.figures.notes import Note, mergers
from dashboard.figures.projected import MEASURE_OF
from dashboard.figures.side_by_side import other_of
from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html
from dashboard.layouts.frame.beside import beside_line
from dashboard.layouts.frame.empty import nothing_loaded
from dashboard.layouts.frame.spc_notes import rules_section
from dashboard.layouts.frame.why import why_line
from dashboard.layouts.trends.choices import (
    MEASURES,
    SUMMARY,
    measure_of,
    measures,
    periods,
    points_of,
)
from dashboard.layouts.trends.multiples import multiples
from dashboard.layouts.trends.note_forms import notes_section
from dashboard.layouts.trends.tables import parts_section, summary_section
from dashboard.scope.nearest import step_back
from dashboard.scope.scope import Scope
from dashboard.store.written import Annotation
from rtt.findings import sentences
from rtt.findings.findings import Finding, remarks_of
from rtt.forecast.score.issued import Issued

Component = Any

ALL = "all"
HEIGHT_OF_LEVEL, HEIGHT_OF_CHANGE = 320, 300


@dataclass(frozen=True, slots=True)
class Trends:
    """The scope's charts by measure, the figures behind them, what people wrote, and the parts.

    published: NHS England's months of the chosen measure of which no extract is loaded. as_then: whether the
    place as it was then has such months. projection: what was forecast of it from this census.
    """

    figures: Figures
    charts: dict[str, Charted]
    notes: tuple[Annotation, ...]
    parts: Parts | None
    published: Published = NONE_PUBLISHED
    as_then: bool = False
    projection: tuple[Issued, ...] = ()
    beside: tuple[Beside, ...] = ()


def load(connection: Connection, scope: Scope) -> Trends | None:
    """None on an empty database; six statements beside those of the shell at most."""
    if scope.census is None:
        return None
    measure = measure_of(scope)
    if scope.filters.view == ALL:
        own = report(connection, scope, MEASURES)
        return Trends(own.figures, own.charts, own.notes, None)
    read_bands(connection, (every_census(scope), "", True), *to_read(scope))
    own = report(connection, scope, (*SUMMARY, measure))
    days = own.charts[measure].days
    since = bool(scope.filters.since)
    return Trends(
        own.figures,
        own.charts,
        own.notes,
        parts_of(connection, scope),
        published_beside(connection, scope, measure, days, series=since, estimates=True),
        as_it_was(connection, scope, measure, days),
        projection_of(connection, scope, MEASURE_OF[measure]) if measure in MEASURE_OF else (),
        places_beside(connection, scope, (measure,)),
    )


def draw(scope: Scope, found: Trends | None) -> Component:
    """The page."""
    if found is None:
        return nothing_loaded(scope)
    chart = found.charts[measure_of(scope)]
    where = sentences.scope_words(chart.last.scope)
    source = html.P(sentences.source_line(chart.last), className="rtt-small")
    if found.parts is None:
        heading = html.H1(f"Trends, all measures: {where}")
        return html.Div(
            [heading, multiples(scope, found.figures, found.charts), source], className="rtt-overview"
        )
    return html.Div(
        [
            html.H1(f"Trends: {where}"),
            measures(scope),
            periods(scope, found.published, is_level=_has_level(chart), as_then=found.as_then),
            *_nothing_published(scope, found),
            *show.placed(parts(scope, found), scope.filters),
            _folded(rules_section(scope, list(found.charts.values()), found.parts.signals)),
            source,
        ],
        className="rtt-overview",
    )


def parts(scope: Scope, found: Trends) -> list[show.Part]:
    """The cards that files can be taken from, and what stands between them."""
    if found.parts is None:
        return []
    chart = found.charts[measure_of(scope)]
    notes = [each for each in found.notes if each.series.measure in ("", measure_of(scope))]
    drawn = _level(scope, found, chart, notes)
    level = [show.card("level", drawn, height=HEIGHT_OF_LEVEL, measures=(measure_of(scope),))]
    return [
        *([*level, *beside_line(scope, "/trends")] if _has_level(chart) else []),
        *why_line(scope, measure_of(scope)),
        show.card(
            "control-chart",
            _change(scope, found, chart, notes),
            height=HEIGHT_OF_CHANGE,
            measures=(measure_of(scope),),
        ),
        notes_section(chart, notes),
        *([] if scope.conceals and scope.is_part else [parts_section(scope, found.parts)]),
        summary_section(scope, [(found.charts[each], _year_before(found, each)) for each in SUMMARY]),
    ]


def _nothing_published(scope: Scope, found: Trends) -> list[Component]:
    """Why the measure has no published month, where such months are asked for."""
    caveat = found.published.caveat if scope.filters.since and not found.published else ""
    return [html.P(caveat, className="rtt-small")] if caveat else []


def _has_level(chart: Charted) -> bool:
    """Whether the level says more than the chart with limits: that of a weekly flow draws the same."""
    return chart.reading.kind == "stock" or chart.per_working_day


def _folded(section: Component) -> Component:
    return html.Details(
        [
            html.Summary(
                html.Span("How signals are found", className="nhsuk-details__summary-text"),
                className="nhsuk-details__summary",
            ),
            section,
        ],
        className="nhsuk-details",
    )


def _written(chart: Charted, notes: Sequence[Annotation]) -> list[Note]:
    written = [Note(each.noted_on, each.text, each.author) for each in notes]
    written += mergers(chart.scope, chart.indicator.key)
    written += [Note(each.starts_on, each.reason, each.author, starts_phase=True) for each in chart.rebases]
    return sorted(written, key=lambda note: note.day)


def _level(scope: Scope, found: Trends, chart: Charted, notes: Sequence[Annotation]) -> Chart:
    # Its signal is told by the chart of its changes, just below.
    plain = replace(chart, judged=replace(chart.judged, remarks=remarks_of(chart.judged, "assurance")))
    return level_chart(
        plain,
        findings_beside(found.figures, chart),
        points=points_of(scope),
        limits=scope.filters.view == "limits",
        notes=_written(chart, notes),
        published=found.published if scope.filters.since else NONE_PUBLISHED,
        projection=found.projection,
        others=[other_of(each.name, each.over_time(measure_of(scope))) for each in found.beside],
    )


def _change(scope: Scope, found: Trends, chart: Charted, notes: Sequence[Annotation]) -> Chart:
    beside = findings_beside(found.figures, chart)
    return control_chart(chart, beside, points=points_of(scope), notes=_written(chart, notes))


def _year_before(found: Trends, key: str) -> Finding | None:
    """The newest finding with the same census a year before as the earlier one; None if that is not held."""
    scope = found.figures.scope
    assert scope.census is not None
    year = step_back(scope.dates, scope.source, scope.census, "year")
    return found.figures.find(key, before=year) if year else None
