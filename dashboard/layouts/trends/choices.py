"""What a reader chooses on Trends, as links: the measure, how far back, limits on the level.

Links and not menus: each is an address of its own, and one press away.
"""

from collections.abc import Sequence
from typing import Any

from dashboard.analysis.control_charts import every_period
from dashboard.analysis.published import SINCE, Published, offer_words
from dashboard.filters import EVERY, THEN, each_query, to_query
from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html
from dashboard.layouts.frame.attributes import attributes
from dashboard.scope.scope import Scope
from rtt.measures.indicators import INDICATORS, shown_in
from rtt.terms.wording import month_text

Component = Any

MEASURES, SUMMARY = shown_in("trends"), shown_in("summary")
POINTS = ("12", "24", "36")
USUAL_POINTS = "24"


def measure_of(scope: Scope) -> str:
    """The measure of the charts: the one asked for, if it is charted at all."""
    return scope.filters.measure if scope.filters.measure in MEASURES else MEASURES[0]


def measures(scope: Scope) -> Component:
    """A link for each measure, the chosen one marked; those that few ask for open on demand."""
    chosen = measure_of(scope)
    main = [key for key in MEASURES if key in SUMMARY or key == chosen]
    more = [key for key in MEASURES if key not in main]
    every = html.Li(show.link("All measures, small", to_query(scope.filters, view="all", measure="")))
    return html.Nav(
        [
            html.Ul([*_chips(scope, main, chosen), every], className="rtt-chips"),
            html.Details(
                [
                    html.Summary(
                        html.Span("More measures", className="nhsuk-details__summary-text"),
                        className="nhsuk-details__summary",
                    ),
                    html.Ul(_chips(scope, more, chosen), className="rtt-chips"),
                ],
                className="nhsuk-details",
            ),
        ],
        className="rtt-measures",
        **attributes(aria_label="Measure"),
    )


def _chips(scope: Scope, keys: Sequence[str], chosen: str) -> list[Component]:
    ways = each_query(scope.filters, "measure", keys, view="")
    return [
        _chip(INDICATORS[key].name, way, is_on=key == chosen) for key, way in zip(keys, ways, strict=True)
    ]


def points_of(scope: Scope) -> int:
    """How many of the newest censuses the charts draw."""
    chosen = scope.filters.points or USUAL_POINTS
    return len(every_period(scope.dates, scope.source)) if chosen == EVERY else int(chosen)


def periods(scope: Scope, published: Published, *, is_level: bool, as_then: bool = False) -> Component:
    """How far back the charts go, and whether the level has process limits.

    as_then: there are published months of the place as it was, and none as it is now.
    """
    filters = scope.filters
    offered = offer_words(scope, measure_of(scope), published)
    since = bool(filters.since and offered)
    name = "weeks" if scope.source == "weekly" else "months"
    chips = [
        _chip(
            f"{each} {name}",
            to_query(filters, points="" if each == USUAL_POINTS else each, since="") or "?",
            is_on=not since and each == (filters.points or USUAL_POINTS),
        )
        for each in POINTS
    ]
    if len(scope.dates) > int(POINTS[-1]):
        words = f"All, since {month_text(scope.dates[0])}"
        way = to_query(filters, points=EVERY, since="")
        chips.append(_chip(words, way, is_on=not since and filters.points == EVERY))
    if offered:
        chips.append(_chip(offered, to_query(filters, since=SINCE), is_on=since))
    elif as_then:
        words = "With published figures, as it was then"
        chips.append(_chip(words, to_query(filters, since=SINCE, history=THEN), is_on=False))
    if is_level:
        on = filters.view == "limits"
        words = "Process limits on the level"
        chips.append(_chip(words, to_query(filters, view="" if on else "limits") or "?", is_on=on))
    return html.Nav(html.Ul(chips, className="rtt-chips"), **attributes(aria_label="Period and limits"))


def _chip(words: str, way: str, *, is_on: bool) -> Component:
    marked = attributes(aria_current="true") if is_on else {}
    look = "rtt-chip rtt-chip--on" if is_on else "rtt-chip"
    return html.Li(show.link(words, way, className=look, **marked))
