"""The top of Predicted breaches: the count at risk and the estimate of how many will breach, side by side.

The two differ by what usual treatment will do, and stood three screens apart: each was read as the answer.
How each came about is told by the sections below; nothing is counted or estimated here.
"""

from typing import Any

import numpy as np
from dash import html
from sqlalchemy import Connection

from dashboard.analysis.expected_shown import expected_of, why_none
from dashboard.layouts.breaches import expected as breaches_expected
from dashboard.layouts.breaches import ladder
from dashboard.layouts.frame import components as show
from dashboard.layouts.frame.attributes import attributes
from dashboard.scope.scope import Scope
from rtt.findings import will_breach_words
from rtt.forecast.weekly import expected_words
from rtt.terms.wording import date_text

Component = Any
Found = breaches_expected.Found


def load(connection: Connection, scope: Scope) -> Found:
    """What the two sections below find, which is remembered: no statement of its own."""
    found = breaches_expected.load(connection, scope)
    if found.ladder is not None:
        return found
    return Found(found.passing, None, ladder.load(connection, scope))


def draw(scope: Scope, found: Found) -> list[Component]:
    """One card; nothing where nobody knows who passes."""
    if found.ladder is None or np.isnan(found.ladder.bands.estimate(found.passing).count[-1]):
        return []
    passing = found.passing
    return [
        html.Section(
            [
                html.H2(
                    f"Patients who will breach {passing.weeks} weeks by {date_text(passing.ends)}: "
                    "counted and estimated",
                    className="nhsuk-heading-m",
                    id="breaches-headline",
                ),
                html.Ul([_count(scope, found), _estimate(scope, found)], className="rtt-pair"),
                html.P(expected_words.HOW_THEY_DIFFER, className="rtt-small"),
            ],
            className="rtt-card",
            **attributes(aria_labelledby="breaches-headline"),
        )
    ]


def _count(scope: Scope, found: Found) -> Component:
    assert found.ladder is not None
    table = ladder.at_risk(scope, found.ladder)
    lines: list[Component] = [will_breach_words.EVERYONE_AT_RISK]
    if found.ladder.split is not None and table.counts[-1, ladder.UNBOOKED]:
        said = f"{table.shown(-1, ladder.UNBOOKED)} of them not booked"
        way = ladder.to_list(scope, scope.functions, ladder.UNBOOKED)
        lines.append(show.link(said, way) if way else said)
    return show.tile("Counted: at risk of breaching", table.shown(-1, -1), lines)


def _estimate(scope: Scope, found: Found) -> Component:
    name = "Estimated to breach"
    ends, measure = found.passing.ends, breaches_expected.PASSING.get(found.passing.weeks)
    if scope.source != "weekly":
        return show.tile(name, "No estimate", [expected_words.WEEKLY_ONLY])
    if measure is None:
        return show.tile(name, "No estimate", [expected_words.NO_SUCH_THRESHOLD])
    bands = found.ladder.bands if found.ladder else None
    if (reason := why_none(scope, found.forecast, ends, bands)) or found.forecast is None:
        return show.tile(name, "No estimate", [reason])
    told = expected_of(scope, found.forecast, ends)
    if scope.functions and len(told.chosen) != 1:
        return show.tile(name, "No estimate", [expected_words.ONE_OR_ALL])
    figure = told.shown(told.headline, measure)
    lines = [f"80% interval {figure.interval}." if figure.interval else "", expected_words.AN_ESTIMATE]
    return show.tile(name, expected_words.about(figure), lines)
