"""The way to the plan: how many more clock stops a week the next milestone takes, how likely it is, and
whether the share is on its line.
"""

from collections.abc import Sequence
from typing import Any

from dashboard.analysis.planning.on_line import Line
from dashboard.filters import to_query
from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html
from dashboard.scope.scope import Scope
from dashboard.store.plans import PlanRow
from rtt.findings.plan_words import chance_text, stops_text
from rtt.planning.needs import Stops
from rtt.terms.wording import date_text, target_text

Component = Any
NAME = "What it would take"


def tile(scope: Scope, plan: PlanRow | None, lines: Sequence[Line] = ()) -> Component:
    """One line across the page; None where the scope has no plan."""
    if plan is None:
        return None
    target = f"{target_text(plan.target / 100)} within 18 weeks by {date_text(plan.due)}"
    needed = stops_text(Stops(plan.needed_longest, plan.percent))
    told: list[Component] = [
        html.Strong(f"{needed[:1].upper()}{needed[1:]}"),
        f" for an even chance of {target}",
    ]
    if plan.chance is not None:
        told.append(f". Going on as now: chance {chance_text(plan.chance)}")
    for line in lines:
        known = line.found.due == plan.due and line.found.target == plan.target
        told.append(f". {line.beside_it if known else line.sentence.removesuffix('.')}")
    name = html.H3(
        show.link(NAME, f"/plan{to_query(scope.filters)}", className="rtt-tile__link"),
        className="rtt-tile__name",
    )
    line = html.P([*told, "."], className="rtt-tile__line")
    return html.Div([name, line], className="rtt-tile rtt-tile--wide")
