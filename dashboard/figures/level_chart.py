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
from dashboard.analysis.published import NONE_PUBLISHED, Published
from dashboard.figures import theme
from dashboard.figures.as_if_marks import MOST_LARGE, as_if_labels, as_if_lines, known_of
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
    published: Published = NONE_PUBLISHED,
    projection: Sequence[Issued] = (),
    others: Sequence[Other] = (),
) -> Chart:
    """The newest `points` censuses of an indicator; `findings` stand beside `found.days`, None in a gap.

    `published`: the publisher's months before them, with which every census is drawn, and between; of some
    the figures with its estimates for missing trusts.
    `projection`: what was forecast from the newest census. `others`: places to draw beside this one.
    """
    lead = len(published.before)
    start = 0 if lead else max(0, len(found.days) - points)  # among the days of the chart
    days = (*published.days, *found.days[start:])
    other = published.at
    own = [finding or other.get(day) for day, finding in zip(found.days, findings, strict=True)]
    series = [*published.before, *own]
    shown = [_point(day, each) for day, each in zip(found.days[start:], findings[start:], strict=True)]
    paler = [_point(day, other.get(day)) for day in days if day in other or day in published.days]
    said = to_draw(projection)
    ahead = ahead_of(said)
    last = max((days[-1], *ahead.days))
    steps = [_step(each) for each in _standards(found, series, days[0], last)]
    unit = found.indicator.unit
    axis_format = "" if unit == "share" else ","
    others = [each.within(days[0], days[-1]) for each in others]
    beside = [*published.estimated, *as_if_findings(found.scope, findings)]
    beside = [each for each in beside if each.census_date in days]
    marked = _changing(beside, series)
    marks = [_point(each.census_date, each) for each in marked]
    plot = trend_plot(
        shown,
        steps,
        axis_format=axis_format,
        unit=unit,
        published=paler,
        published_name=published.name,
        ahead=ahead,
        also=[*(point for each in others for point in each.known), *known_of(marks)],
        lines=as_if_lines(marks, days),
        labels=as_if_labels(marks),
        name=short_label(found.last.scope.organisation_name) if others else "",
    )
    around = flow_charts(found.levels, phases=found.phases, rules=found.scope.rules) if limits else None
    if around is not None:
        plot = _with_limits(found, plot, found.days[start:], around, start)
    every = (*published.days, *found.days)
    newest_first = list(reversed(range(start, len(every))))
    name = f"{sentences.name(found.last).lower()}, {sentences.scope_words(found.last.scope)}"
    chart = Chart(
        plot=plot,
        title=sentences.title(found.last),
        caption=_caption(found, findings, around, published, marked),
        alt=described(sorted([*paler, *shown], key=lambda point: point.day), name),
        columns=_columns(found, around),
        rows=tuple(_row(found, series, every, t, around, t - lead) for t in newest_first),
    )
    chart = with_column(chart, AS_IF, {each.census_date: display(each) for each in beside})
    noted = with_notes(chart, notes, [every[t] for t in newest_first], until=[each.target for each in said])
    chart = with_projection(noted, said)
    return with_places(chart, others)


def _changing(beside: Sequence[Finding], series: Sequence[Finding | None]) -> Sequence[Finding]:
    """Of many figures with the missing trusts those that differ as they are shown: years of marks on the
    reported line would hide it.
    """
    if len(beside) <= MOST_LARGE:
        return beside
    reported = {each.census_date: display(each) for each in series if each}
    return [each for each in beside if display(each) != reported.get(each.census_date)]


def _point(day: date, finding: Finding | None) -> Point:
    if finding is None:
        return Point(day, None, "No census")
    value = None if is_open_ended(finding) else finding.value
    return Point(day, value, display(finding))


def _caption(
    found: Charted,
    findings: Sequence[Finding | None],
    around: ControlCharts | None,
    published: Published,
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
        told.append(published.words)
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
        display(finding) if finding else "No census" if own >= 0 else "No published figure",
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
