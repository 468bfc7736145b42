"""The tables of Trends: all measures of the scope, and those of each of its parts. Cells lead to charts."""

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboard.analysis.control_charts import Charted
from dashboard.analysis.parts_over_time import MEASURES, Latest
from dashboard.analysis.scope_parts import Part, Parts, offered
from dashboard.filters import to_query
from dashboard.layouts.frame import components as show
from dashboard.layouts.frame.controls import select
from dashboard.layouts.frame.signals import signal, signal_line
from dashboard.scope.scope import Scope
from rtt.findings.findings import Finding, display
from rtt.findings.sentences import name, short_change
from rtt.measures.indicators import INDICATORS
from rtt.spc.assurance import met_words
from rtt.spc.reading import limits_note
from rtt.terms.wording import NOT_KNOWN, date_text, number_text, share_text

Component = Any


def summary_section(scope: Scope, charts: Sequence[tuple[Charted, Finding | None]]) -> show.Card:
    """Every measure of the scope: variation, standard, figure, changes; `charts` with the year before."""
    before = date_text(scope.previous) if scope.previous else "the census before"
    columns = ["Measure", "Variation", "Standard met", "Latest", f"Since {before}", _year_words(scope)]
    rows = [_summary_row(scope, chart, year) for chart, year in charts]
    return show.table_card(
        "All measures",
        show.Table("All measures of this scope", columns, rows, text_columns=3, label="All measures, table"),
        *_not_judged([chart for chart, _ in charts]),
        name="measures",
    )


def _year_words(scope: Scope) -> str:
    return "Since 52 weeks before" if scope.source == "weekly" else "Since a year before"


def _summary_row(scope: Scope, chart: Charted, year: Finding | None) -> list[Component]:
    last = chart.judged
    return [
        show.link(name(last), to_query(scope.filters, measure=chart.indicator.key)),
        signal_line(last) if chart.variation else "Not judged yet",
        met_words(chart.met) if chart.met else "No standard",
        display(last),
        short_change(last),
        short_change(year) if year else NOT_KNOWN,
    ]


def _not_judged(charts: Sequence[Charted]) -> list[Component]:
    """One calm sentence for all charts that have too few points."""
    notes = dict.fromkeys(note for chart in charts if (note := limits_note(chart.reading)))
    return [html.P(next(iter(notes)), className="rtt-small")] if notes else []


def parts_section(scope: Scope, found: Parts) -> show.Card:
    """The measures of every part: the newest figure and, where it can be judged, its variation."""
    options = offered(scope)
    control = [select("rows", "Rows", options, found.rows)] if len(options) > 1 else []
    columns = [found.title, *(INDICATORS[key].name for key in MEASURES)]
    at = {unit: position for position, unit in enumerate(found.signals.units)}
    rows = [_part_row(scope, part, found, at[part.code]) for part in found.parts if part.code in at]
    return show.table_card(
        f"{found.title}: newest figures and signals",
        html.Div(control, className="rtt-filters"),
        show.Table(f"{found.title} of this scope by measure", columns, rows, label=f"{found.title}, table"),
        name="parts",
    )


def _part_row(scope: Scope, part: Part, found: Parts, at: int) -> list[Component]:
    way = part.href(scope)
    cells = [_cell(way, key, found.signals.cells[key][at]) for key in MEASURES]
    return [show.link(part.name, way), *cells]


def _cell(way: str, key: str, latest: Latest) -> Component:
    if latest.value is None:
        return latest.words or NOT_KNOWN
    as_it_is = share_text(latest.value) if INDICATORS[key].unit == "share" else number_text(latest.value)
    figure = show.link(latest.words or as_it_is, f"{way}{'' if way == '?' else '&'}measure={key}")
    return figure if latest.icon is None else [figure, signal(latest.icon)]
