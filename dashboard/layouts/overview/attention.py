"""Needs attention: the five largest items of a scope, each one click from its evidence.

Ranked by pathways, with the number of signals to expect although nothing changed.
"""

from typing import Any

from dash import html

from dashboard.analysis.attention import Attention
from dashboard.analysis.not_whole import not_judged_words
from dashboard.layouts.frame import components as show
from dashboard.scope.scope import Scope
from rtt.findings.attention import Item, false_alarm_note, ranked, small_words
from rtt.terms.wording import plural

Component = Any
WHOLE_LIST_ONLY = (
    "This covers all sites, priorities and pathways together: shown for a part of the list, it could "
    "reveal small numbers."
)


def card(scope: Scope, found: Attention) -> Component:
    """The list, or that there is nothing on it, and the note on false alarms."""
    if not found.told:
        return show.section("Needs attention", html.P(WHOLE_LIST_ONLY), name="attention")
    items, more = ranked(found.items)
    listed = html.Ol([html.Li(_line(item)) for item in items], className="rtt-attention")
    rest = f"{plural(more, 'smaller item')} {'is' if more == 1 else 'are'} not shown. " if more else ""
    return show.section(
        "Needs attention",
        listed if items else html.P("Nothing needs attention at this census."),
        html.P(
            f"{rest}{'Ranked by the number of pathways affected. ' if items else ''}{_note(scope, found)}"
            f"{small_words(found.small)}",
            className="rtt-small",
        ),
        name="attention",
    )


def _note(scope: Scope, found: Attention) -> str:
    return not_judged_words(scope) or false_alarm_note(found.judged, period=found.period, rules=scope.rules)


def _line(item: Item) -> list[Component]:
    name = html.Strong(show.link(item.name, item.href))
    return [name, f": {item.sentence} {_size(item)}"]


def _size(item: Item) -> str:
    about = plural(round(item.size), "pathway")
    return f"About {about}." if item.kind in ("signal", "milestone", "late") else ""
