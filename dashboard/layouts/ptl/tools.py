"""What can be done with the list, in one row of disclosures: find, columns, waits, views, export, keys."""

from collections.abc import Sequence
from typing import Any

from dash import dcc

from dashboard.analysis.ptl import Liking
from dashboard.filters import to_query
from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html, native
from dashboard.layouts.frame.attributes import attributes
from dashboard.layouts.frame.controls import select
from dashboard.layouts.frame.withdrawal import withdrawal
from dashboard.layouts.ptl import access
from dashboard.layouts.ptl.chips import BOOKING_NAMES
from dashboard.layouts.ptl.columns import COLUMNS, in_words
from dashboard.layouts.ptl.table import seen_on
from dashboard.scope.scope import Scope
from dashboard.store.saved_views import SavedView
from dashboard.store.selections import KEPT, MOST_ENTRIES
from rtt.measures.will_breach import MOST_WEEKS, THRESHOLDS
from rtt.terms.wording import number_text, plural

Component = Any
PATH = "/ptl"
PAGE_SIZES = (25, 50, 100)
KEYS = (
    ("j", "the next pathway"),
    ("k", "the pathway before"),
    ("Enter or o", "show or hide the history of the pathway"),
    ("?", "show or hide this help"),
)


def find_form(scope: Scope) -> Component:
    """Where tokens are pasted. They are posted: an address is kept by browsers and logs."""
    return html.Form(
        [
            _hidden("query", to_query(scope.filters)),
            _labelled(
                "Tokens, one or many",
                dcc.Textarea(name="tokens", rows=4, required=True, maxLength=60_000, spellCheck=False),
                wide=True,
            ),
            html.Button("Find pathways", type="submit", className="rtt-button"),
            html.P(
                f"Up to {number_text(MOST_ENTRIES)}, with spaces, commas or line ends between them. No NHS "
                "or hospital numbers: your analyst can turn them into tokens, on the PC that holds the list. "
                f"Only you can open what you find, for {KEPT.seconds // 3600} hours.",
                className="rtt-small",
            ),
        ],
        action=f"{PATH}/find",
        method="post",
        className="rtt-form",
    )


def columns_form(scope: Scope, liking: Liking) -> Component:
    """Which columns and how many rows; for this address, or kept for the reader as well."""
    on = seen_on(scope)
    boxes = native.Checklist(
        id="list-columns",
        name="columns",
        options=[
            {"value": column.key, "label": in_words(column.name, on)}
            for column in COLUMNS
            if column.key != "token"
        ],
        value=[key for key in liking.columns if key != "token"],
        className="rtt-columns",
    )
    sizes = native.Select(
        name="size",
        options=[{"value": str(size), "label": str(size)} for size in PAGE_SIZES],
        value=str(liking.size),
    )
    return html.Form(
        [
            _hidden("query", to_query(scope.filters)),
            html.Fieldset([html.Legend("Columns beside the token", className="rtt-label"), boxes]),
            _labelled("Rows on a page", sizes),
            _button("Show", "show"),
            _button("Show and keep for me", "keep"),
            html.P("The address carries your choice, so a link shows the same.", className="rtt-small"),
        ],
        action=f"{PATH}/columns",
        method="post",
        className="rtt-form",
    )


def waits_form(scope: Scope) -> Component:
    """Filters of this page that no chip has: thresholds, horizons, bookings."""
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
    ]
    return html.Div([each for each in controls if each is not None], className="rtt-filters")


def views_form(scope: Scope, views: Sequence[SavedView]) -> Component:
    """The saved views as links, and the form that saves this one: its filters, never its order."""
    items = [html.Li([show.link(view.name, f"{PATH}{view.query}"), _withdraw(scope, view)]) for view in views]
    form = html.Form(
        [
            _hidden("query", to_query(scope.filters)),
            _hidden("back", f"{PATH}{to_query(scope.filters)}"),
            _labelled(
                "Name of this view", native.Input(name="name", type="text", maxLength=80, required=True)
            ),
            html.Button("Save view", type="submit", className="rtt-button"),
        ],
        action=f"{PATH}/views",
        method="post",
        className="rtt-form",
    )
    return html.Div(
        [
            html.Ul(items, className="rtt-notes") if items else html.P("None yet.", className="rtt-small"),
            html.P(
                "A saved view keeps the filters but not the order. Everyone with access sees its name.",
                className="rtt-small",
            ),
            form,
        ]
    )


def _withdraw(scope: Scope, view: SavedView) -> Component | None:
    if view.author != scope.reader.name and not scope.reader.may_write:
        return None
    way, back = f"{PATH}/views/{view.id}/withdraw", f"{PATH}{to_query(scope.filters)}"
    return withdrawal(way, f"the view {view.name}", back=back, word="Remove")


def export_form(scope: Scope, *, kind: str, rows: int, back: str) -> Component:
    """The form that takes pathways out, with its purpose; a stale list has none."""
    if access.is_stale(scope):
        return html.P(access.stale_words(scope))
    if not rows:
        return html.P("No pathway matches, so there is nothing to download.")
    which = native.Select(
        name="columns",
        options=[
            {"value": "shown", "label": "The columns shown"},
            {"value": "all", "label": "All columns"},
        ],
        value="shown",
    )
    return html.Form(
        [
            _hidden("kind", kind),
            _hidden("query", to_query(scope.filters, page="", open="")),
            _hidden("back", f"{back}{to_query(scope.filters)}"),
            _labelled(
                "Purpose (logged with your name)",
                native.Input(name="purpose", type="text", maxLength=500, required=True),
                wide=True,
            ),
            _labelled("Columns", which),
            _button(f"CSV of {plural(rows, 'pathway')}", "csv"),
            _button(f"Excel of {plural(rows, 'pathway')}", "xlsx"),
        ],
        action=f"{PATH}/export",
        method="post",
        className="rtt-form",
    )


def keys_help(scope: Scope, liking: Liking) -> Component:
    """What the keys do, and the way to switch them off."""
    lines = [html.Li([html.Kbd(keys), f": {meaning}"]) for keys, meaning in KEYS]
    other = "off" if liking.keys else "on"
    now = "Shortcuts are on." if liking.keys else "Shortcuts are off."
    return html.Div(
        [
            html.Ul(lines, className="rtt-notes"),
            html.P("They do nothing while you type in a field.", className="rtt-small"),
            html.P(
                [
                    f"{now} ",
                    show.link(
                        f"Turn shortcuts {other}",
                        to_query(scope.filters, keys=other),
                        **attributes(data_replace="yes"),
                    ),
                    ". To keep this, open Columns and choose Show and keep for me.",
                ]
            ),
        ]
    )


def tool(name: str, title: Component, *children: Component) -> Component:
    """A disclosure of the row, with a panel that lies over the list."""
    return html.Details(
        [html.Summary(title), html.Div(list(children), className="rtt-popup__panel rtt-tool__panel")],
        className="rtt-popup rtt-tool",
        **attributes(data_tool=name),
    )


def _button(words: str, value: str) -> Component:
    return html.Button(words, type="submit", name="as", value=value, className="rtt-button")


def _labelled(text: str, field: Component, *, wide: bool = False) -> Component:
    return html.Label(
        [html.Span(text, className="rtt-label"), field],
        className="rtt-filter" + (" rtt-filter--wide" if wide else ""),
    )


def _hidden(name: str, value: str) -> Component:
    return dcc.Input(name=name, value=value, type="hidden")
