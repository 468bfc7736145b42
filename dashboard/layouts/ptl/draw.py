"""The patient tracking list: which pathways need a date now? A plain table for those with access.

The order is in the address and nowhere else: a list that somebody else sorted would be trusted for what it
is not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html
from sqlalchemy import Connection

from dashboard.analysis.ptl import ListPage, page_of
from dashboard.analysis.will_breach import will_breach_of
from dashboard.filters import to_query
from dashboard.layouts.frame import components as show
from dashboard.layouts.frame.attributes import attributes
from dashboard.layouts.frame.controls import select
from dashboard.layouts.frame.empty import nothing_loaded
from dashboard.layouts.frame.pager import pager
from dashboard.layouts.ptl import access
from dashboard.layouts.ptl.columns import pathway_table
from dashboard.scope.scope import Scope, scope_words
from dashboard.store.saved_views import SavedView, saved_views
from rtt.findings.list_shape import band_words
from rtt.findings.sentences import PRIORITIES
from rtt.measures.will_breach import MOST_WEEKS, THRESHOLDS
from rtt.terms.treatment_functions import short_name_of
from rtt.terms.wording import date_text, number_text, plural

Component = Any
PATH = "/ptl"

ORDER_NAMES = {
    "": "Clinical priority, then longest wait",
    "waited": "Longest wait",
    "newest": "Shortest wait",
}
BOOKING_NAMES = {
    "none": "Not booked",
    "too-late": "Booked too late",
    "in-time": "Booked in time",
    "appointment": "Has a next appointment",
}
_STAGES = {"admitted": "Admitted", "non-admitted": "Non-admitted", "dta": "With a decision to admit"}


@dataclass(frozen=True, slots=True)
class Found:
    """A page of the list and the saved views; `page` None where it could not be written down."""

    page: ListPage | None
    views: tuple[SavedView, ...]
    not_recorded: str = ""  # why the view could not be written down


def load(connection: Connection, scope: Scope) -> Found | None:
    """None for who may not look; four statements, and one that writes the audit trail."""
    if scope.census is None or access.refusal(scope) is not None:
        return None
    page = page_of(connection, scope)
    why_not = access.recorded(connection, scope, PATH, rows=len(page.rows))
    return Found(None if why_not else page, saved_views(connection), why_not)


def draw(scope: Scope, found: Found | None) -> Component:
    """The page."""
    if scope.census is None:
        return nothing_loaded()
    body = [access.refusal(scope)] if found is None else _body(scope, found)
    return html.Div(
        [
            html.H1(f"Patient tracking list (PTL): {scope_words(scope)}"),
            html.P("Which pathways need a date now?", className="rtt-question"),
            *body,
        ]
    )


def _body(scope: Scope, found: Found) -> list[Component]:
    if found.page is None:
        return [access.not_shown(found.not_recorded, scope, PATH)]
    return [
        access.stale_band(scope),
        access.who_sees_what(scope),
        _settings(scope),
        _views(scope, found.views),
        _list(scope, found.page),
        _ways_on(scope, found.page),
    ]


def _settings(scope: Scope) -> Component:
    filters = scope.filters
    thresholds = [("", "Any wait"), *((str(weeks), f"{weeks} weeks") for weeks in THRESHOLDS)]
    horizons = [
        ("", "Over the threshold now"),
        ("month", "Will breach by the end of the month"),
        *((str(weeks), f"Will breach within {plural(weeks, 'week')}") for weeks in range(1, MOST_WEEKS + 1)),
    ]
    controls = [
        select("threshold", "Threshold", thresholds, filters.threshold),
        select("horizon", "Over or about to breach", horizons, filters.horizon)
        if filters.threshold
        else None,
        select("booking", "Booking", [("", "Any"), *BOOKING_NAMES.items()], filters.booking),
        select("order", "Order", list(ORDER_NAMES.items()), filters.order),
    ]
    return html.Section(
        html.Div([each for each in controls if each is not None], className="rtt-filters"),
        **attributes(aria_label="Which pathways, and their order"),
    )


def _list(scope: Scope, page: ListPage) -> Component:
    filters, census = scope.filters, scope.census
    assert census is not None
    title = f"{plural(page.matching, 'pathway')} on {date_text(census)}"
    by = ORDER_NAMES[filters.order][0].lower() + ORDER_NAMES[filters.order][1:]
    said = f"Ordered by {by}."
    if not filters.order:
        said += (
            " Pathways with a decision to admit come first, by procedure priority; then the others, by "
            "referral priority. Those without a known priority come last in each group."
        )
    return html.Section(
        [
            html.H2(title, className="nhsuk-heading-m", id="pathways-title"),
            _chips(scope),
            _elsewhere(scope, page),
            *(
                [
                    html.P(said, className="rtt-small"),
                    pathway_table("Pathways", page.rows, scope),
                    pager(filters, page=page.page, pages=page.pages, label="Pages of the list"),
                ]
                if page.rows
                else [html.P("No pathway matches. Remove a filter to see more.")]
            ),
        ],
        className="rtt-card",
        **attributes(aria_labelledby="pathways-title"),
    )


def _elsewhere(scope: Scope, page: ListPage) -> Component | None:
    if not page.elsewhere:
        return None
    others = plural(page.elsewhere, "pathway")
    if scope.filters.nonc:
        way = show.link("Leave them out", to_query(scope.filters, nonc="", page="") or "?")
        words = f"With {others} of commissioners outside England, which are not in the headline figures. "
    else:
        way = show.link("Show them too", to_query(scope.filters, nonc="with", page=""))
        words = f"Without {others} of commissioners outside England, which are not in the headline figures. "
    return html.P([words, way], className="rtt-small")


def _chips(scope: Scope) -> Component | None:
    """Each filter with the way to remove it."""
    made = [
        html.Li(
            show.link(
                [words, html.Span(" ×", **attributes(aria_hidden="true"))],
                to_query(scope.filters, page="", **without) or "?",
                className="rtt-chip",
                **attributes(aria_label=f"Remove the filter: {words}", data_replace="yes"),
            )
        )
        for words, without in _filters_in_words(scope)
    ]
    return html.Ul(made, className="rtt-chips", **attributes(aria_label="Filters in use")) if made else None


def _filters_in_words(scope: Scope) -> list[tuple[str, dict[str, Any]]]:
    filters = scope.filters
    found: list[tuple[str, dict[str, Any]]] = [
        (short_name_of(code), {"tf": tuple(other for other in filters.tf if other != code)})
        for code in filters.tf
    ]
    if filters.site:
        found.append((dict(scope.sites).get(filters.site) or filters.site, {"site": ""}))
    if filters.pathway:
        found.append((_STAGES[filters.pathway], {"pathway": ""}))
    if filters.priority:
        words = PRIORITIES[filters.priority]
        found.append((words[0].upper() + words[1:], {"priority": ""}))
    if filters.threshold:
        found.append((_threshold_words(scope), {"threshold": "", "horizon": ""}))
    if filters.band:
        words = band_words(int(filters.band), open_band=scope.open_band)
        found.append((f"Waiting {words}", {"band": ""}))
    if filters.booking:
        found.append((BOOKING_NAMES[filters.booking], {"booking": ""}))
    return found


def _threshold_words(scope: Scope) -> str:
    if not scope.filters.horizon:
        return f"Over {scope.filters.threshold} weeks"
    passing = will_breach_of(scope)
    return f"Will breach {passing.weeks} weeks by {date_text(passing.ends)}"


def _views(scope: Scope, views: Sequence[SavedView]) -> Component:
    """The saved views as links, and the form that saves this one: its filters, never its order."""
    items = [html.Li([show.link(view.name, f"{PATH}{view.query}"), _withdraw(scope, view)]) for view in views]
    form = html.Form(
        [
            _hidden("query", to_query(scope.filters)),
            _hidden("back", f"{PATH}{to_query(scope.filters)}"),
            _labelled("Name of this view", dbc.Input(name="name", type="text", maxlength=80, required=True)),
            html.Button("Save view", type="submit", className="rtt-button"),
        ],
        action=f"{PATH}/views",
        method="post",
        className="rtt-form",
    )
    listed = html.Ul(items, className="rtt-notes") if items else html.P("None yet.", className="rtt-small")
    return _details(
        f"Saved views ({number_text(len(views))})",
        listed,
        html.P(
            "A saved view keeps the filters but not the order. Everyone with access sees its name.",
            className="rtt-small",
        ),
        form,
    )


def _withdraw(scope: Scope, view: SavedView) -> Component | None:
    if view.author != scope.reader.name and not scope.reader.may_write:
        return None
    hidden = html.Span(f" the view {view.name}", className="nhsuk-u-visually-hidden")
    return html.Form(
        [
            _hidden("back", f"{PATH}{to_query(scope.filters)}"),
            html.Button(["Remove", hidden], type="submit", className="rtt-link-button"),
        ],
        action=f"{PATH}/views/{view.id}/withdraw",
        method="post",
        className="rtt-inline-form",
    )


def _ways_on(scope: Scope, page: ListPage) -> Component:
    query = to_query(scope.filters, page="", order="")
    return show.section(
        "Next steps",
        html.P(show.link("Book next: who to offer the next slots", f"/book-next{query}")),
        export_form(scope, kind="list", rows=page.matching, back=PATH),
        name="take-along",
    )


def export_form(scope: Scope, *, kind: str, rows: int, back: str) -> Component:
    """The form that takes pathways out as CSV, with its purpose; a stale list has none."""
    if access.is_stale(scope):
        return html.P(access.stale_words(scope))
    if not rows:
        return None
    return html.Form(
        [
            _hidden("kind", kind),
            _hidden("query", to_query(scope.filters, page="")),
            _hidden("back", f"{back}{to_query(scope.filters)}"),
            _labelled(
                "Purpose (logged with your name)",
                dbc.Input(name="purpose", type="text", maxlength=500, required=True),
                wide=True,
            ),
            html.Button(f"CSV of {plural(rows, 'pathway')}", type="submit", className="rtt-button"),
        ],
        action=f"{PATH}/export",
        method="post",
        className="rtt-form",
    )


def _details(title: str, *children: Component) -> Component:
    return html.Details(
        [
            html.Summary(
                html.Span(title, className="nhsuk-details__summary-text"), className="nhsuk-details__summary"
            ),
            html.Div(list(children), className="nhsuk-details__text"),
        ],
        className="nhsuk-details",
    )


def _labelled(text: str, field: Component, *, wide: bool = False) -> Component:
    return html.Label(
        [html.Span(text, className="rtt-label"), field],
        className="rtt-filter" + (" rtt-filter--wide" if wide else ""),
    )


def _hidden(name: str, value: str) -> Component:
    return dcc.Input(name=name, value=value, type="hidden")
