"""The chart of the plan: published, as now with its interval, this scenario, the line to the target."""

from datetime import date
from typing import Any

from dashboard.analysis.planning.answer import Answer
from dashboard.analysis.planning.dial_words import dials_words
from dashboard.figures.plan_chart import (
    AS_NOW,
    OWN_LINE,
    SCENARIO,
    STYLES,
    TO_TARGET,
    Interval,
    PlanLine,
    figure_text,
    plan_chart,
)
from dashboard.filters import to_query
from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html
from dashboard.layouts.frame.attributes import attributes
from dashboard.layouts.plan.load import Found
from dashboard.scope.scope import Scope, scope_words
from rtt.findings.plan_words import chance_text
from rtt.measures.indicators import INDICATORS
from rtt.terms.wording import date_text

Component = Any
SERIES = {"share_within_18": "share", "total": "list", "over_52": "over_52"}
"""Indicator, and what the answer calls it."""
TITLES = {"share_within_18": "Within 18 weeks", "total": "List", "over_52": "Over 52 weeks"}
MONTHS_BEFORE = 18
ARITHMETIC = "This is arithmetic, not a forecast: it goes past the months that are forecast."


def measure_of(scope: Scope) -> str:
    """What the address asks to be drawn; the share, where it asks for nothing that there is."""
    return scope.filters.measure if scope.filters.measure in SERIES else "share_within_18"


def published_of(found: Found, measure: str, census: date) -> list[tuple[date, float]]:
    """The months before the census, oldest first."""
    known = sorted((day, value) for day, value in found.published.get(measure, {}).items() if day <= census)
    return known[-MONTHS_BEFORE:]


def card(scope: Scope, found: Found) -> show.Card:
    """The card, with links to the other two measures at its foot."""
    answer, measure = found.answer, measure_of(scope)
    assert answer is not None
    assert answer.census is not None
    share = measure == "share_within_18"
    series, question = answer.series[SERIES[measure]], answer.question
    lines = [PlanLine(AS_NOW, series.days, series.as_now, STYLES[AS_NOW])]
    if question.changes:
        lines.append(PlanLine(SCENARIO, series.days, series.scenario, STYLES[SCENARIO]))
    if share:
        lines.append(PlanLine(TO_TARGET, series.days, series.line, STYLES[TO_TARGET]))
    if own := sorted(found.own.values.get(measure, {}).items()):
        days, values = zip(*own, strict=True)
        lines.append(PlanLine(OWN_LINE, tuple(days), tuple(values), STYLES[OWN_LINE]))
    target = (question.due, question.target) if share and question.target is not None else None
    chart = plan_chart(
        published_of(found, measure, answer.census),
        lines,
        title=f"{INDICATORS[measure].name}: from {date_text(answer.census)} to {date_text(series.days[-1])}",
        caption=_caption(answer, measure),
        what=f"{INDICATORS[measure].name.lower()}, {scope_words(scope)}",
        share=share,
        interval=Interval(series.days, series.low_80, series.high_80),
        target=target,
    )
    return show.card("plan", chart, height=300, measures=(measure,), foot=(_others(scope, measure),))


def _caption(answer: Answer, measure: str) -> str:
    """Where the two lines end, and what the bands mean."""
    share = measure == "share_within_18"
    question = answer.question
    as_now, then = (
        getattr(each, SERIES[measure]) if each else None for each in (answer.as_now, answer.scenario)
    )
    told = []
    if as_now is not None:
        told.append(
            f"{AS_NOW}: {figure_text(as_now, share=share)} on {date_text(question.due)}"
            f"{_chance(answer, share)}."
        )
    if question.changes and then is not None:
        told.append(
            f"{dials_words(question)}: {figure_text(then, share=share)}"
            f"{_chance(answer, share, scenario=True)}."
        )
    told.append(
        "The band holds the line as now 8 times in 10, if things go on as they have."
        if answer.forecast
        else ARITHMETIC
    )
    return " ".join(told)


def _chance(answer: Answer, share: bool, *, scenario: bool = False) -> str:
    chance = answer.chance_scenario if scenario else answer.chance_as_now
    if not share or chance is None or answer.question.target is None:
        return ""
    return f", chance of the target {chance_text(chance)}"


def _others(scope: Scope, measure: str) -> Component:
    """Share, list, over 52: links, of which one is here."""
    items = [html.Li(_way(scope, each, measure)) for each in SERIES]
    return html.Nav(html.Ul(items, className="rtt-chips"), **attributes(aria_label="What is drawn"))


def _way(scope: Scope, each: str, here: str) -> Component:
    href = to_query(scope.filters, measure="" if each == "share_within_18" else each) or "?"
    on: dict[str, Any] = attributes(aria_current="true") if each == here else {}
    look = "rtt-chip rtt-chip--on" if each == here else "rtt-chip"
    return show.link(TITLES[each], href, className=look, **attributes(data_replace="yes"), **on)
