"""The level of one indicator over time with the standards and milestones dated on it.

Process limits on a level stand there only on request, with what must be said of them: a level carries over
most of the census before, so its limits flag nearly everything (`rtt.spc.assurance.level_caution`).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np

from dashboard.analysis.as_if import AS_IF, as_if_findings, as_if_words
from dashboard.analysis.control_charts import Charted
from dashboard.figures import theme
from dashboard.figures.as_if_marks import as_if_labels, as_if_lines, known_of
from dashboard.figures.chart import Chart
from dashboard.figures.control_chart import change_since, periods_a_year, year_words
from dashboard.figures.notes import Note, with_notes
from dashboard.figures.plot import Line, Plot, Style
from dashboard.figures.projected import ahead_of, to_draw, with_projection
from dashboard.figures.side_by_side import Other, with_column, with_places
from dashboard.figures.trend import Point, Step, described, trend_plot
from rtt.findings import sentences
from rtt.findings.findings import MONTHLY, Finding, display, is_open_ended
from rtt.forecast.score.issued import Issued
from rtt.measures.standards import (
    MILESTONE,
    SUPERSEDED,
    Standard,
    own_target,
    standards,
    target_cell,
    target_words,
)
from rtt.spc.assurance import level_caution
from rtt.spc.charts import ControlCharts, flow_charts, lag_one_autocorrelation
from rtt.terms.calendar import add_months, month_end
from rtt.terms.organisation_names import short_label
from rtt.terms.wording import date_text, list_text, month_text, number_text, plural, share_text

MOST_MONTHS_NAMED = 3
SCOPES = {"2": "incomplete", "1A": "admitted", "1B": "non-admitted"}


def level_chart(
    found: Charted,
    findings: Sequence[Finding | None],
    *,
    points: int,
    limits: bool = False,
    notes: Sequence[Note] = (),
    published: Sequence[Finding] = (),
    estimated: Sequence[Finding] = (),
    projection: Sequence[Issued] = (),
    others: Sequence[Other] = (),
) -> Chart:
    """The newest `points` censuses of an indicator; `findings` stand beside `found.days`, None in a gap.

    `published`: the publisher's months before the first of them, oldest first; then every census is drawn.
    `estimated`: of some of these the figures with its estimates for missing trusts.
    `projection`: what was forecast from the newest census. `others`: places to draw beside this one.
    """
    series = [*published, *findings]
    first = len(published) if published else max(0, len(found.days) - points)
    days = (*(each.census_date for each in published), *found.days)
    lead = [_point(each.census_date, each) for each in published]
    shown = [_point(day, finding) for day, finding in zip(days[first:], series[first:], strict=True)]
    said = to_draw(projection)
    ahead = ahead_of(said)
    last = max((days[-1], *ahead.days))
    steps = [_step(each) for each in _standards(found, series, days[0 if published else first], last)]
    unit = found.indicator.unit
    axis_format = "" if unit == "share" else ","
    beside = [*estimated, *as_if_findings(found.scope, findings)]
    beside = [each for each in beside if each.census_date in days[0 if published else first :]]
    marks = [_point(each.census_date, each) for each in beside]
    others = [other.within(days[0 if published else first], days[-1]) for other in others]
    plot = trend_plot(
        shown,
        steps,
        axis_format=axis_format,
        unit=unit,
        lead=lead,
        ahead=ahead,
        also=[*(point for other in others for point in other.known), *known_of(marks)],
        lines=as_if_lines(marks, days[first if not published else 0 :]),
        labels=as_if_labels(marks),
        name=short_label(found.last.scope.organisation_name) if others else "",
    )
    around = flow_charts(found.levels, phases=found.phases, rules=found.scope.rules) if limits else None
    if around is not None:
        start = 0 if published else first
        plot = _with_limits(found, plot, found.days[start:], around, start)
    rows = range(0 if published else first, len(days))
    newest_first = list(reversed(rows))
    name = f"{sentences.name(found.last).lower()}, {sentences.scope_words(found.last.scope)}"
    chart = Chart(
        plot=plot,
        title=sentences.title(found.last),
        caption=_caption(found, findings, around, published, beside),
        alt=described([*lead, *shown], name),
        columns=_columns(found, around),
        rows=tuple(_row(found, series, days, t, around, t - len(published)) for t in newest_first),
    )
    chart = with_column(chart, AS_IF, {each.census_date: display(each) for each in beside})
    noted = with_notes(chart, notes, [days[t] for t in newest_first], until=[each.target for each in said])
    chart = with_projection(noted, said)
    return with_places(chart, others)


def _point(day: date, finding: Finding | None) -> Point:
    if finding is None:
        return Point(day, None, "No census")
    value = None if is_open_ended(finding) else finding.value
    return Point(day, value, display(finding))


def _caption(
    found: Charted,
    findings: Sequence[Finding | None],
    around: ControlCharts | None,
    published: Sequence[Finding],
    beside: Sequence[Finding],
) -> str:
    last = found.judged
    told = [sentences.sentence(last), *(remark.sentence for remark in last.remarks)]
    told.append(year_words(found, findings))
    if found.variation and found.reading.kind == "stock":
        told.append("Signals are judged on the changes, not on the level.")
    if around is not None:
        correlation = float(lag_one_autocorrelation(found.levels)[0])
        told.append(level_caution(correlation) if correlation == correlation else "")
    if published:
        told.append(
            f"Up to {month_text(published[-1].census_date)} the paler line is NHS England’s published series."
        )
    told.append(as_if_words(last, found.scope))
    if beside:
        told.append(f"Diamonds on a dotted line: {AS_IF[0].lower()}{AS_IF[1:]}, in {_months_words(beside)}.")
    return " ".join(words for words in told if words)


def _months_words(beside: Sequence[Finding]) -> str:
    months = [month_text(each.census_date) for each in beside]
    return list_text(months) if len(months) <= MOST_MONTHS_NAMED else plural(len(months), "month")


def _columns(found: Charted, around: ControlCharts | None) -> tuple[str, ...]:
    year = "Since 52 weeks before" if found.scope.source == "weekly" else "Since a year before"
    limits = ("Process limits of the level",) if around is not None else ()
    return ("Census", found.indicator.name, "Change", year, "Standard", *limits, "Status")


def _row(
    found: Charted,
    series: Sequence[Finding | None],
    days: Sequence[date],
    t: int,
    around: ControlCharts | None,
    own: int,
) -> tuple[str, ...]:
    """The row of period `t`; `own` is its place among the periods that are charted, below 0 before them."""
    finding = series[t]
    limits = (_limits_text(found, around, own),) if around is not None else ()
    return (
        date_text(days[t]),
        display(finding) if finding else "No census",
        change_since(series, t, t - 1),
        change_since(series, t, t - periods_a_year(found)),
        target_cell(finding.standard if finding else None),
        *limits,
        finding.status if finding else "",
    )


def _limits_text(found: Charted, around: ControlCharts, t: int) -> str:
    if t < 0 or np.isnan(around.lower[0, t]):
        return "Not known"
    lower, upper = float(around.lower[0, t]), float(around.upper[0, t])
    return f"{_level_text(found, lower)} to {_level_text(found, upper)}"


def _level_text(found: Charted, value: float) -> str:
    if found.indicator.unit == "share":
        return share_text(value) if value >= 0 else "0.0%"
    return number_text(value, 0 if found.indicator.unit == "pathways" else 1)


def _with_limits(found: Charted, plot: Plot, days: Sequence[date], around: ControlCharts, first: int) -> Plot:
    lines = [
        Line(
            tuple(days),
            tuple(None if value != value else value for value in values[0, first:].tolist()),
            Style(theme.SECONDARY, width=1.5, dash=dash),
            name,
        )
        for values, dash, name in (
            (around.lower, "dash", "Lower limit"),
            (around.centre, "solid", "Average"),
            (around.upper, "dash", "Upper limit"),
        )
    ]
    axis, labels = plot.axis, plot.web["annotations"]
    known = [value for line in lines for value in line.values if value is not None]
    room = (axis.high - axis.low) * 0.05
    low = min([axis.low, *(value - room for value in known)])
    high = max([axis.high, *(value + room for value in known)])
    return replace(
        plot,
        series=(*lines, *plot.series),
        axis=replace(axis, low=low, high=high),
        web={**plot.web, "annotations": [*labels, *_limit_labels(found, days[0], around)]},
    )


def _limit_labels(found: Charted, first: date, around: ControlCharts) -> list[dict[str, Any]]:
    """At the left end, where the newest figure does not stand."""
    trial = "trial limit" if around.trial[0, -1] else "limit"
    ends = (("Upper", around.upper, "bottom"), ("Lower", around.lower, "top"))
    return [
        theme.text_at(
            first.isoformat(),
            value,
            f"{side} {trial} {_level_text(found, value)}",
            xanchor="left",
            yanchor=anchor,
            font={"size": 13, "color": theme.SECONDARY},
        )
        for side, values, anchor in ends
        if (value := float(values[0, -1])) == value
    ]


def _standards(found: Charted, series: Sequence[Finding | None], first: date, last: date) -> list[Standard]:
    """The standards in force between two days, and the milestones due then or within a year after."""
    scope = SCOPES.get(found.last.scope.part)
    if scope is None:
        return []
    level = "provider" if found.last.scope.level == "provider" else "national"
    own = (
        own_target(one, lambda month: _share_at(series, month))
        for one in standards(measure=found.indicator.key, scope=scope, level=level)
        if one.status != SUPERSEDED
    )
    return [
        one
        for one in own
        if one is not None
        and one.value is not None
        and one.starts <= (_year_after(last) if one.kind == MILESTONE else last)
        and (one.ends is None or one.ends >= first)
    ]


def _share_at(series: Sequence[Finding | None], month: date) -> float | None:
    """The share of a month, of which a provider's own milestone is made; of the return alone."""
    return next(
        (each.value for each in series if each and each.census_date == month and each.source == MONTHLY), None
    )


def _year_after(day: date) -> date:
    return add_months(month_end(day), 12)


def _step(standard: Standard) -> Step:
    assert standard.value is not None
    if standard.kind == MILESTONE:
        label = f"Milestone {target_words(standard)} by {date_text(standard.starts)}"
        return Step(standard.starts, standard.ends, standard.value, label, milestone=True)
    return Step(standard.starts, standard.ends, standard.value, f"Standard {target_words(standard)}")
