"""Inequality: do some groups of patients wait longer than their specialties and priorities explain?"""

from typing import Any

import numpy as np
from sqlalchemy import Connection

from dashboard.analysis.inequality import NAMES, Grouped, inequality
from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html
from dashboard.layouts.frame.empty import nothing_loaded
from dashboard.scope.scope import Scope, scope_words
from ingest.store.schema import WEEKLY
from rtt.disclosure.small_numbers import SMALLEST_SHOWN, UNDER, WITHHELD
from rtt.terms.wording import NOT_KNOWN, date_text, number_text, share_text, signed_text

Component = Any
PATH = "/inequality"
TITLES = {
    "deprivation": "Deprivation of the area",
    "ethnicity": "Ethnic group",
    "sex": "Sex",
    "age_band": "Age band",
}
COLUMNS = (
    "Group",
    "Waiting",
    "Within 18 weeks",
    "Expected for its mix",
    "Difference (95% interval)",
    "Over 52 weeks",
    "Expected for its mix, over 52",
    "Difference, over 52 (95% interval)",
    "Median wait",
)
METHOD = (
    "Expected: the group's share if each of its specialties and priorities were as in the whole list.",
    "It takes out nothing but specialty and priority. Its name in statistics is indirect standardisation.",
    "Difference: the group's share less the expected one, in percentage points.",
    "The interval is of chance alone: where it holds 0, chance explains the difference.",
)
CANNOT = (
    "These figures cannot say why a group waits longer.",
    "Need, distance, patients' choices and how they were referred are not in the list, and may explain it.",
    "Patients whose group is not known may differ from the others. The more there are, the less is known.",
    "Small groups move by chance. About one interval in twenty leaves out 0 although nothing is behind it.",
    "The list holds people who still wait. Those who were treated or never referred are not in it.",
    "This is no league table: do not rank groups, or trusts, by it.",
)


def load(connection: Connection, scope: Scope) -> list[Grouped] | None:
    """None where this reader may not be told of this part of the list."""
    return inequality(connection, scope)


def draw(scope: Scope, found: list[Grouped] | None) -> Component:
    """The page."""
    if scope.census is None:
        return nothing_loaded(scope)
    return html.Div(
        [
            html.H1(f"Inequality: {scope_words(scope)}"),
            html.P(
                "Do some groups wait longer than their specialties and priorities explain?",
                className="rtt-question",
            ),
            *_body(scope, found),
        ]
    )


def _body(scope: Scope, found: list[Grouped] | None) -> list[Component]:
    if scope.source != WEEKLY:
        return [show.empty("The monthly return says nothing of groups of patients. Choose a weekly PTL.")]
    if found is None:
        words = "Groups are shown for a whole list alone: a part of it could reveal small numbers."
        return [show.empty(words, show.link("Show the whole list", f"{PATH}?source=weekly"))]
    if not found:
        return [show.empty("This PTL has no column for deprivation, ethnic group, sex or age.")]
    cannot = html.Ul([html.Li(sentence) for sentence in CANNOT])
    return [
        *show.placed(parts(scope, found), scope.filters),
        show.section("What cannot be concluded", cannot, name="cannot"),
    ]


def parts(scope: Scope, found: list[Grouped] | None) -> list[show.Part]:
    """A card for each grouping."""
    return [_card(scope, each) for each in found or ()]


def _card(scope: Scope, found: Grouped) -> show.Part:
    names = [NAMES[found.grouping].get(group, "Not known") for group in found.groups]
    order = [len(names) - 1, *range(len(names) - 1)]  # those not known first
    rows = [_row(found, at, names[at]) for at in order]
    values = [_values(found, at, position) for position, at in enumerate(order)]
    title = TITLES[found.grouping]
    day = date_text(scope.census) if scope.census else ""
    unknown = WITHHELD if found.hidden_listed[-1] else share_text(found.not_known)
    return show.table_card(
        title,
        html.P(f"Group not known: {unknown} of pathways on the PTL of {day}."),
        show.Table(
            f"Waits by {title[:1].lower()}{title[1:]}",
            COLUMNS,
            rows,
            name=f"by-{found.grouping}",
            values=values,
            total=(),
        ),
        name=f"by-{found.grouping}",
        as_csv=True,
        method=METHOD,
    )


def _row(found: Grouped, at: int, name: str) -> list[Component]:
    if not found.listed[at]:
        return [name, "0", *["No pathways"] * (len(COLUMNS) - 2)]
    within, over = found.within_18, found.over_52
    hidden_over = bool(found.hidden_over[at])
    derived = bool(found.derived[at])
    median = found.median[at]
    weeks = number_text(float(median), 0 if found.rounded else 1) if np.isfinite(median) else NOT_KNOWN
    return [
        name,
        _count(found.listed[at], hidden=bool(found.hidden_listed[at])),
        WITHHELD if found.hidden_within[at] else _share(within.observed[at]),
        *_beside(within, at, shown=derived, rounded=found.rounded),
        WITHHELD if hidden_over else _count(found.counts[at, 3], hidden=False),
        *_beside(over, at, shown=derived and not hidden_over, rounded=found.rounded),
        f"{weeks} weeks" if derived and np.isfinite(median) else NOT_KNOWN if derived else WITHHELD,
    ]


def _values(found: Grouped, at: int, position: int) -> list[float | None]:
    """What the table is sorted by: nothing that is not shown."""
    derived = bool(found.derived[at])
    over = derived and not found.hidden_over[at]
    cells = [
        (position, True),
        (found.listed[at], not found.hidden_listed[at]),
        (found.within_18.observed[at], not found.hidden_within[at]),
        (found.within_18.expected[at], derived),
        (found.within_18.difference[at], derived),
        (found.counts[at, 3], not found.hidden_over[at]),
        (found.over_52.expected[at], over),
        (found.over_52.difference[at], over),
        (found.median[at], derived),
    ]
    return [float(value) if shown and np.isfinite(value) else None for value, shown in cells]


def _beside(beside: Any, at: int, *, shown: bool, rounded: bool) -> list[str]:
    if not shown:
        return [WITHHELD, WITHHELD]
    if not np.isfinite(beside.expected[at]):
        return [NOT_KNOWN, NOT_KNOWN]
    places = 0 if rounded else 1
    points = [100 * float(each[at]) for each in (beside.difference, beside.low, beside.high)]
    difference, low, high = (signed_text(each, places) for each in points)
    expected = f"{number_text(100 * float(beside.expected[at]), places)}%"
    return [expected, f"{difference} ({low} to {high})"]


def _share(value: float) -> str:
    return share_text(float(value)) if np.isfinite(value) else "No pathways"


def _count(count: float, *, hidden: bool) -> str:
    if not hidden:
        return number_text(float(count))
    return UNDER if 0 < count < SMALLEST_SHOWN else WITHHELD
