"""What a reader must know of the signals on the page: the rules used, and the false alarms to expect."""

from collections.abc import Sequence
from typing import Any

from dashboard.analysis.control_charts import Charted
from dashboard.analysis.parts_over_time import Signals
from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html
from dashboard.scope.scope import Scope
from ingest.store.schema import WEEKLY
from rtt.spc.charts import FEWEST_POINTS, LIMIT_FACTOR, SCREENING_FACTOR, Kind
from rtt.spc.expected import FEWEST_FOR_SEASON, MOST_POINTS
from rtt.spc.false_alarms import Period, false_alarm_words, false_alarms, judged
from rtt.spc.settings import Rules

Component = Any

NAMES: dict[Kind, str] = {"stock": "Changes of stocks", "flow": "Flows"}

ALARMS_OF: dict[tuple[Kind, Period], str] = {
    ("flow", "month"): "This allows for a yearly season and for correlation between months.",
    ("flow", "week"): "This allows for correlation between weeks; a strong season raises it.",
    ("stock", "month"): "It depends on how one month's change follows the last: their correlation, "
    "estimated here from these series. With two years of months or more, the season is removed.",
    ("stock", "week"): "It depends on how one week's change follows the last: their correlation, "
    "estimated here from these series. The season is not removed, so it counts as drift.",
}
STOCKS = (
    "A stock (the list, a share of it, a wait) is judged by its change from one census to the next. Its "
    "centre line is no change. Each level depends strongly on the one before, and steady drift must "
    f"show as a signal. With {FEWEST_FOR_SEASON} monthly changes or more, the season is removed."
)
FLOWS = (
    "A flow (clock starts, stops, removals) is judged against its expected value. This is its average, "
    "its season (monthly data only) and what usually carries over from the point before. A monthly flow is "
    "counted per working day. A lasting change becomes the expected value after some months; the same "
    "month a year before then shows it best."
)
OUTSIDE = (
    f"Outside: a point beyond the limits, {LIMIT_FACTOR} times the average moving range from the centre. "
    f"Moving ranges of {SCREENING_FACTOR} times the average or more are left out of the average."
)
NO_TREND = (
    "The trend rule (points in a row all rising or all falling) is not used. Seasons rise and fall for "
    "months. Smaller and smaller falls of a list would count as a rise."
)
LIMITS = (
    "Limits are calculated from all points since the limits last changed, at most the last "
    f"{MOST_POINTS}. With fewer than {FEWEST_POINTS} points they are trial limits, and no signal is shown."
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
        f"None: no series has the {FEWEST_POINTS} points needed to judge it yet, so nothing is flagged."
    ]


def period_of(source: str) -> Period:
    """What one point of a series is."""
    return "week" if source == WEEKLY else "month"


def rule_words(rules: Rules) -> list[str]:
    """Every rule and setting in a sentence."""
    counted = (
        "Points outside the limits count too (Making Data Count since November 2023)"
        if rules.two_sigma == "beyond"
        else "Points outside the limits do not count (the rule before November 2023)"
    )
    two_in_three = (
        "Two in three: two of three points in a row beyond two thirds of the way to a limit, "
        f"all three on one side. {counted}."
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
