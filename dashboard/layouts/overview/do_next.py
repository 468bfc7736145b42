"""Do next: at most five actions, each one click from its evidence, and what to know of such a list."""

from typing import Any

from dashboard.analysis.attention import Attention
from dashboard.analysis.not_whole import not_judged_words
from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html
from dashboard.scope.scope import Scope
from rtt.findings.attention import NOTHING, TITLE, Item, false_alarm_note, ranked, small_words
from rtt.terms.wording import plural

Component = Any
WHOLE_LIST_ONLY = (
    "This covers all sites, priorities and pathways together: shown for a part of the list, it could "
    "reveal small numbers."
)
ORDER = "Patients to book or plan for come first, then what to look into, most pathways first. "


def card(scope: Scope, found: Attention) -> Component:
    """The list, or that there is nothing on it; the note on false alarms opens on demand."""
    if not found.told:
        return show.section(TITLE, html.P(WHOLE_LIST_ONLY), name="attention")
    items, more = ranked(found.items)
    listed = html.Ol([html.Li(_line(item)) for item in items], className="rtt-do-next")
    rest = f"{plural(more, 'smaller item')} {'is' if more == 1 else 'are'} not shown. " if more else ""
    note = f"{rest}{ORDER if items else ''}{_note(scope, found)}{small_words(found.small)}"
    return show.section(
        TITLE,
        listed if items else html.P(NOTHING),
        html.Details(
            [
                html.Summary(
                    html.Span("How this list is made", className="nhsuk-details__summary-text"),
                    className="nhsuk-details__summary",
                ),
                html.P(note, className="nhsuk-details__text rtt-small"),
            ],
            className="nhsuk-details",
        ),
        name="attention",
    )


def _note(scope: Scope, found: Attention) -> str:
    return not_judged_words(scope) or false_alarm_note(found.judged, period=found.period, rules=scope.rules)


def _line(item: Item) -> list[Component]:
    return [html.Strong(show.link(item.action, item.href)), f": {item.reason}"]
