"""What a reader must know of the signals on the page: the rules used, and the false alarms to expect."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboard.analysis.control_charts import Charted
from dashboard.analysis.parts_over_time import Signals
from dashboard.layouts.frame import components as show
from dashboard.scope.scope import Scope
from ingest.store.schema import WEEKLY
from rtt.spc.charts import FEWEST_POINTS, LIMIT_FACTOR, SCREENING_FACTOR, Kind
from rtt.spc.expected import FEWEST_FOR_SEASON, MOST_POINTS
from rtt.spc.false_alarms import Period, false_alarm_words, false_alarms, judged
from rtt.spc.settings import Rules

Component = Any

NAMES: dict[Kind, str] = {"stock": "Changes of stocks", "flow": "Flows"}

ALARMS_OF: dict[tuple[Kind, Period], str] = {
    ("flow", "month"): "That holds with a yearly season and with months that resemble the month before.",
    ("flow", "week"): "That holds with weeks that resemble the week before; a strong season gives more.",
    ("stock", "month"): "It goes with how much of one month's change carries over into the next, here as "
    "estimated from these series; from two years of months on the season is taken out.",
    ("stock", "week"): "It goes with how much of one week's change carries over into the next, here as "
    "estimated from these series; a season counts as drift.",
}
STOCKS = (
    "A stock (the list, a share of it, a wait) is judged by its change from one census to the next, around "
    "no change: a level carries over most of the census before, and steady drift must show as a signal. Of "
    f"months, {FEWEST_FOR_SEASON} changes and more, the season of the changes is taken out."
)
FLOWS = (
    "A flow (clock starts, stops, removals) is judged against what was expected of it: its average, its "
    "season if the points are months, and as much of the deviation of the point before as usually carries "
    "over. A monthly flow is counted per working day. A lasting change of a flow becomes what is expected "
    "after some months; the same month a year before then shows it best."
)
OUTSIDE = (
    f"Outside: a point beyond the limits, {LIMIT_FACTOR} times the average moving range from the centre. "
    f"Ranges of {SCREENING_FACTOR} times the average and more are left out of it."
)
NO_TREND = (
    "The trend rule (points in a row each beyond the one before) is not used: seasons rise and fall for "
    "months, and ever smaller falls of a list would count as a rise."
)
LIMITS = (
    f"Limits are made of all points of the phase, at most the last {MOST_POINTS}. Under {FEWEST_POINTS} they "
    "are trial limits, and no signal is shown."
)


def rules_section(scope: Scope, charts: Sequence[Charted], signals: Signals) -> Component:
    """Rules and false alarms, at the settings of this page and for the series on it."""
    return show.section(
        "How signals are found",
        html.H3("False alarms to expect", className="nhsuk-heading-s"),
        *(html.P(words) for words in alarm_words(scope, charts, signals)),
        html.H3("Rules used", className="nhsuk-heading-s"),
        html.Ul(
            [html.Li(words) for words in rule_words(scope.rules)], className="nhsuk-list nhsuk-list--bullet"
        ),
        name="rules",
    )


def alarm_words(scope: Scope, charts: Sequence[Charted], signals: Signals) -> list[str]:
    """One sentence a kind of series; one that says why there is none while nothing is judged."""
    told, period = [], period_of(scope.source)
    for kind, name in NAMES.items():
        own = [chart for chart in charts if chart.reading.kind == kind and chart.variation]
        every = signals.counted[kind]
        for chart in own:
            reading = chart.reading
            mine = judged(reading.values[None], reading.centre[None], reading.points_in_limits)
            every = every.with_more(mine)
        if every.series:
            rates = false_alarms(
                kind=kind,
                rules=scope.rules,
                points=max(every.points, FEWEST_POINTS),
                period=period,
                correlation=every.correlation,
            )
            told.append(f"{name}: {false_alarm_words(rates, series=every.series)} {ALARMS_OF[kind, period]}")
    return told or [
        f"None: no series has the {FEWEST_POINTS} points yet that a judgement needs, so nothing is flagged."
    ]


def period_of(source: str) -> Period:
    """What one point of a series is."""
    return "week" if source == WEEKLY else "month"


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
        STOCKS,
        FLOWS,
        OUTSIDE,
        f"Shift: {rules.length} or more points in a row on one side of the centre.",
        two_in_three,
        NO_TREND,
        LIMITS,
    ]
