"""What a reader must know of the signals on the page: the rules used, and the false alarms to expect."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboard.layouts import components as show
from dashboard.queries.choices import Choice
from dashboard.queries.control_charts import Charted
from dashboard.queries.parts_over_time import Signals
from rtt.false_alarms import false_alarm_words, false_alarms
from rtt.spc import FEWEST_POINTS, LIMIT_FACTOR, MOST_POINTS, SCREENING_FACTOR, Kind
from rtt.spc_settings import Rules

Component = Any

NAMES: dict[Kind, str] = {"stock": "Changes of stocks", "flow": "Flows"}

STOCKS_AND_FLOWS = (
    "A stock (the list, a share of it, a wait) is judged by its change from one census to the next, around "
    "no change: a level carries over most of the census before, and steady drift must show as a signal. A "
    "flow (clock starts, stops, removals) is judged as it is, around its average; that of a month per "
    "working day."
)
OUTSIDE = (
    f"Outside: a point beyond the limits, {LIMIT_FACTOR} times the average moving range from the centre "
    f"line. Ranges of {SCREENING_FACTOR} times the average and more are left out of it."
)
LIMITS = (
    f"Limits are made of all points of the phase, at most the last {MOST_POINTS}. Under {FEWEST_POINTS} they "
    "are trial limits, and no signal is shown."
)


def rules_section(choice: Choice, charts: Sequence[Charted], signals: Signals) -> Component:
    """Rules and false alarms, at the settings of this page and for the series on it."""
    return show.section(
        "How signals are found",
        html.H3("False alarms to expect", className="nhsuk-heading-s"),
        *(html.P(words) for words in alarm_words(choice.rules, charts, signals)),
        html.H3("Rules used", className="nhsuk-heading-s"),
        html.Ul(
            [html.Li(words) for words in rule_words(choice.rules)], className="nhsuk-list nhsuk-list--bullet"
        ),
        name="rules",
    )


def alarm_words(rules: Rules, charts: Sequence[Charted], signals: Signals) -> list[str]:
    """One sentence a kind of series; one that says why there is none while nothing is judged."""
    told = []
    for kind, name in NAMES.items():
        own = [chart for chart in charts if chart.reading.kind == kind and chart.variation]
        series, points = signals.counted[kind]
        points = max([points, *(chart.reading.points_in_limits for chart in own)])
        if own or series:
            rates = false_alarms(kind=kind, rules=rules, points=max(points, FEWEST_POINTS))
            told.append(f"{name}: {false_alarm_words(rates, series=len(own) + series)}")
    return told or [
        f"None: no series has the {FEWEST_POINTS} points yet that a judgement needs, so nothing is flagged."
    ]


def rule_words(rules: Rules) -> list[str]:
    """Every rule and setting in a sentence."""
    counted = (
        "points outside the limits count too (Making Data Count since November 2023)"
        if rules.two_sigma == "beyond"
        else "points outside the limits do not count (the rule before November 2023)"
    )
    two_in_three = (
        "Two in three: two of three points in a row beyond two thirds of the way to a limit, "
        f"all three on one side; {counted}."
    )
    return [
        STOCKS_AND_FLOWS,
        OUTSIDE,
        f"Shift: {rules.length} or more points in a row on one side of the centre line.",
        two_in_three,
        f"Trend, flows alone: {rules.length} or more points in a row, each beyond the one before.",
        LIMITS,
    ]
