"""The one card at the top of Breaches: counted, expected and without a date, in a sentence with three links.

How each figure came about is told by the tabs below; nothing is counted or estimated here.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import Connection

from dashboard.analysis.expected_shown import expected_of, why_none
from dashboard.analysis.hazards import list_forecast
from dashboard.filters import for_another_page, to_query
from dashboard.layouts.breaches import ladder, tabs
from dashboard.layouts.breaches.expected import PASSING
from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html
from dashboard.layouts.frame.attributes import attributes
from dashboard.scope.scope import Scope
from dashboard.store.list_forecasts import ListForecast
from rtt.findings.breaches_headline import Clause, clauses
from rtt.forecast.weekly import expected_words

Component = Any


@dataclass(frozen=True, slots=True)
class Found:
    """Those at risk, and the forecast of the list (None: there is none)."""

    ladder: ladder.Found
    forecast: ListForecast | None


def load(connection: Connection, scope: Scope) -> Found:
    """The statements of the count, and for a PTL that of its forecasts."""
    forecast = list_forecast(connection, scope) if scope.source == "weekly" else None
    return Found(ladder.load(connection, scope), forecast)


def draw(scope: Scope, found: Found) -> Component:
    """The card; where nobody knows who passes, why."""
    passing, bands = found.ladder.passing, found.ladder.bands
    if np.isnan(bands.estimate(passing).count[-1]):
        return show.empty(
            f"The week bands of this census end at {bands.open_band} weeks, so it is not known "
            f"who will breach {passing.weeks} weeks."
        )
    expected, why_not = _estimate(scope, found)
    said = clauses(
        passing,
        ladder.at_risk(scope, found.ladder).shown(-1, -1),
        expected=expected.value if expected else None,
        undated=_undated(scope, found),
    )
    return html.Section(
        [
            html.H2(_sentence(said), className="rtt-lead", id="breaches-headline"),
            html.Ul([html.Li(way) for way in _ways(scope, found)], className="rtt-lead__links"),
            *([html.P(why_not, className="rtt-small")] if why_not else []),
            *([html.P(expected_words.HOW_THEY_DIFFER, className="rtt-small")] if expected else []),
        ],
        className="rtt-card",
        **attributes(aria_labelledby="breaches-headline"),
    )


def _sentence(said: tuple[Clause, ...]) -> list[Component]:
    parts: list[Component] = []
    for at, each in enumerate(said):
        parts += [html.Span(each.figure, className="rtt-lead__figure"), f" {each.words}"]
        parts.append("." if at == len(said) - 1 else "; ")
    return parts


def _estimate(scope: Scope, found: Found) -> tuple[expected_words.Shown | None, str]:
    """The estimate as it is shown, or why there is none."""
    if scope.source != "weekly":
        return None, expected_words.WEEKLY_ONLY
    passing = found.ladder.passing
    measure = PASSING.get(passing.weeks)
    if measure is None:
        return None, expected_words.NO_SUCH_THRESHOLD
    reason = why_none(scope, found.forecast, passing.ends, found.ladder.bands)
    if reason or found.forecast is None:
        return None, reason
    told = expected_of(scope, found.forecast, passing.ends)
    if scope.functions and len(told.chosen) != 1:
        return None, expected_words.ONE_OR_ALL
    return told.shown(told.headline, measure), ""


def _undated(scope: Scope, found: Found) -> str | None:
    """How many have no date, as it is shown; None where it is not known."""
    if found.ladder.split is None:
        return None
    return ladder.at_risk(scope, found.ladder).shown(-1, ladder.UNBOOKED)


def _ways(scope: Scope, found: Found) -> list[Component]:
    """To those who pass, to how the estimate is made, to those without a date: the patients for who may see
    them, for everybody else the figures, and of a monthly return the projection and the week bands.
    """
    who = tabs.address(scope, tabs.WHO)
    everyone = ladder.to_list(scope, scope.functions) if found.ladder.split else ""
    undated = ladder.to_list(scope, scope.functions, ladder.UNBOOKED) if found.ladder.split else ""
    ways = [
        show.link("See these patients", everyone)
        if everyone
        else show.link("See them by specialty", f"{who}#ladder-specialties-title")
    ]
    if scope.source != "weekly":
        ways.append(show.link("See the projection", tabs.address(scope, tabs.PROJECTION)))
    else:
        ways.append(show.link("How the estimate is made", tabs.address(scope, tabs.EXPECTED)))
    if undated:
        ways.append(show.link("See those without a date", undated))
    elif found.ladder.split is not None:
        ways.append(show.link("See who has a date", f"{who}#ladder-title"))
    else:
        ways.append(show.link("See the list week by week", ladder.to_shape(scope, scope.functions)))
    if scope.source == "weekly":
        ways.append(show.link("What would more slots do?", _plan(scope, found)))
    return ways


def _plan(scope: Scope, found: Found) -> str:
    """The same threshold and date on the plan."""
    passing = found.ladder.passing
    asked = to_query(for_another_page(scope.filters), threshold=str(passing.weeks), due=passing.ends)
    return f"/plan{asked}"
