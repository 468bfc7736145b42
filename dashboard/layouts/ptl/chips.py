"""What the list is narrowed to: chips with counts, each a link that adds or removes it, and the filters in
use.
"""

from collections.abc import Iterator
from typing import Any

from dashboard.analysis.ptl import ListPage
from dashboard.analysis.will_breach import will_breach_of
from dashboard.filters import LIST_ONLY, to_query
from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html
from dashboard.layouts.frame.attributes import attributes
from dashboard.layouts.ptl.columns import SHORT_FLAGS
from dashboard.scope.scope import Scope
from rtt.measures.data_quality import BY_KEY
from rtt.terms.wording import date_text, number_text

Component = Any

ONLY = {
    "no-date": "No date",
    "passed-52": "Passed 52 weeks",
    "date-late": "Date after breach",
    "no-start": "No clock start",
    "unvalidated": "Not validated",
    "status_99": "Status 99",
    "no_status": "No status",
    "tci_in_past": "Admission date passed",
    "tci_without_dta": "Admission date, no decision",
    "admitted_without_dta": "Admitted list, no decision",
    "dta_not_admitted": "Decision, not on admitted list",
    "unknown_priority": "No priority",
}
_ALWAYS = ("no-date", "passed-52", "date-late", "no-start")
BOOKING_NAMES = {
    "none": "Not booked",
    "too-late": "Booked too late",
    "in-time": "Booked in time",
    "appointment": "Has a next appointment",
}


def narrowing(scope: Scope, page: ListPage) -> Component:
    """A chip for each thing the list can be narrowed to, with how many pathways it leaves."""
    on = scope.filters.only
    made = []
    for key in LIST_ONLY:
        count = page.only.get(key, 0)
        if key not in _ALWAYS and not count and key not in on:
            continue
        others = tuple(each for each in on if each != key)
        only = others if key in on else tuple(each for each in LIST_ONLY if each in (*on, key))
        made.append(html.Li(_chip(scope, key, count, only, is_on=key in on)))
    return html.Ul(made, className="rtt-chips", **attributes(aria_label="Narrow the list"))


def _chip(scope: Scope, key: str, count: int, only: tuple[str, ...], *, is_on: bool) -> Component:
    meaning = BY_KEY[key].meaning if key in BY_KEY else ""
    mark = html.Span("✓ " if is_on else "", **attributes(aria_hidden="true"))
    said = {"aria-current": "true"} if is_on else {}
    return show.link(
        [mark, ONLY[key], " ", html.Strong(number_text(count))],
        to_query(scope.filters, only=only, page="", open="") or "?",
        className="rtt-chip" + (" rtt-chip--on" if is_on else ""),
        title=meaning or None,
        **said,
        **attributes(data_replace="yes", data_keep=f"only-{key}"),
    )


def in_use(scope: Scope) -> Component | None:
    """Each filter of this page alone with the way to remove it; the frame has chips for the others."""
    made = [
        html.Li(
            show.link(
                [words, html.Span(" ×", **attributes(aria_hidden="true"))],
                to_query(scope.filters, page="", open="", **without) or "?",
                className="rtt-chip",
                **attributes(aria_label=f"Remove the filter: {words}", data_replace="yes"),
            )
        )
        for words, without in _filters_in_words(scope)
    ]
    return html.Ul(made, className="rtt-chips", **attributes(aria_label="Filters in use")) if made else None


def _filters_in_words(scope: Scope) -> Iterator[tuple[str, dict[str, Any]]]:
    filters = scope.filters
    if filters.threshold:
        yield _threshold_words(scope), {"threshold": "", "horizon": ""}
    if filters.booking:
        yield BOOKING_NAMES[filters.booking], {"booking": ""}
    if filters.selected:
        yield "The tokens you pasted", {"selected": ""}


def _threshold_words(scope: Scope) -> str:
    if not scope.filters.horizon:
        return f"Over {scope.filters.threshold} weeks"
    passing = will_breach_of(scope)
    return f"Will breach {passing.weeks} weeks by {date_text(passing.ends)}"


def legend() -> str:
    """What the short flags of a row mean, in one sentence."""
    meant = "; ".join(f"{short}: {BY_KEY[key].name}" for key, short in SHORT_FLAGS.items())
    return f"TCI: admission date. DTA: decision to admit. Flags: {meant}."
