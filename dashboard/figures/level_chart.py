"""The level of one indicator over time with the standards and milestones dated on it.

Process limits on a level stand there only on request, with what must be said of them: a level carries over
most of the census before, so its limits flag nearly everything (`rtt.spc.assurance.level_caution`).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np

from dashboard.analysis.control_charts import Charted
from dashboard.figures import theme
from dashboard.figures.chart import Chart
from dashboard.figures.control_chart import change_since, periods_a_year, year_words
from dashboard.figures.notes import Note, with_notes
from dashboard.figures.plot import Line, Plot, Style
from dashboard.figures.trend import Point, Step, described, trend_plot
from rtt.findings import sentences
from rtt.findings.findings import Finding, display, is_open_ended
from rtt.measures.standards import MILESTONE, SUPERSEDED, Standard, standards, target_cell, target_words
from rtt.spc.assurance import level_caution
from rtt.spc.charts import ControlCharts, flow_charts, lag_one_autocorrelation
from rtt.terms.wording import date_text, number_text, share_text

SCOPES = {"2": "incomplete", "1A": "admitted", "1B": "non-admitted"}


def level_chart(
    found: Charted,
    findings: Sequence[Finding | None],
    *,
    points: int,
    limits: bool = False,
    notes: Sequence[Note] = (),
    with_standards: bool = False,
) -> Chart:
    """The newest `points` censuses of a stock; `findings` stand beside `found.days`, None in a gap.

    `with_standards`: the axis reaches every standard, however far from the line.
    """
    first = max(0, len(found.days) - points)
    days = found.days[first:]
    shown = [_point(day, finding) for day, finding in zip(days, findings[first:], strict=True)]
    steps = [_step(each) for each in _standards(found.last, days[0], days[-1])]
    unit = found.indicator.unit
    plot = trend_plot(
        shown, steps, axis_format="" if unit == "share" else ",", unit=unit, reaching=with_standards
    )
    around = flow_charts(found.levels, phases=found.phases, rules=found.scope.rules) if limits else None
    if around is not None:
        plot = _with_limits(found, plot, days, around, first)
    newest_first = list(reversed(range(first, len(found.days))))
    chart = Chart(
        plot=plot,
        title=sentences.title(found.last),
        caption=_caption(found, findings, around),
        alt=described(
            shown, f"{sentences.name(found.last).lower()}, {sentences.scope_words(found.last.scope)}"
        ),
        columns=_columns(found, around),
        rows=tuple(_row(found, findings, t, around) for t in newest_first),
    )
    return with_notes(chart, notes, [found.days[t] for t in newest_first])


def _point(day: date, finding: Finding | None) -> Point:
    if finding is None:
        return Point(day, None, "No census")
    value = None if is_open_ended(finding) else finding.value
    return Point(day, value, display(finding))


def _caption(found: Charted, findings: Sequence[Finding | None], around: ControlCharts | None) -> str:
    last = found.judged
    told = [sentences.sentence(last), *(remark.sentence for remark in last.remarks)]
    told.append(year_words(found, findings))
    if last.remarks and found.variation:
        told.append("Signals are judged on the changes, not on the level.")
    if around is not None:
        correlation = float(lag_one_autocorrelation(found.levels)[0])
        told.append(level_caution(correlation) if correlation == correlation else "")
    return " ".join(words for words in told if words)


def _columns(found: Charted, around: ControlCharts | None) -> tuple[str, ...]:
    year = "Since 52 weeks before" if found.scope.source == "weekly" else "Since a year before"
    limits = ("Process limits of the level",) if around is not None else ()
    return ("Census", found.indicator.name, "Change", year, "Standard", *limits, "Status")


def _row(
    found: Charted, findings: Sequence[Finding | None], t: int, around: ControlCharts | None
) -> tuple[str, ...]:
    finding = findings[t]
    limits = (_limits_text(found, around, t),) if around is not None else ()
    return (
        date_text(found.days[t]),
        display(finding) if finding else "No census",
        change_since(findings, t, t - 1),
        change_since(findings, t, t - periods_a_year(found)),
        target_cell(finding.standard if finding else None),
        *limits,
        finding.status if finding else "",
    )


def _limits_text(found: Charted, around: ControlCharts, t: int) -> str:
    lower, upper = float(around.lower[0, t]), float(around.upper[0, t])
    if np.isnan(lower):
        return "Not known"
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


def _standards(finding: Finding, first: date, last: date) -> list[Standard]:
    scope = SCOPES.get(finding.scope.part)
    if scope is None:
        return []
    level = "provider" if finding.scope.level == "provider" else "national"
    return [
        one
        for one in standards(measure=finding.indicator_key, scope=scope, level=level)
        if one.value is not None
        and one.status != SUPERSEDED
        and one.starts <= last
        and (one.ends is None or one.ends >= first)
    ]


def _step(standard: Standard) -> Step:
    kind = "Milestone" if standard.kind == MILESTONE else "Standard"
    assert standard.value is not None
    return Step(standard.starts, standard.ends, standard.value, f"{kind} {target_words(standard)}")
