"""The form that shows what a reader looks at on a wall screen, with its preview.

The scope is that of the page: the filters above choose another. "Preview" sends the form as it stands into
the frame below it, where the screen is drawn as it will be; nothing is kept until it is set up.
"""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from dash import dcc

from dashboard.analysis.findings import scope_of
from dashboard.filters import for_another_page, to_query
from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html, native
from dashboard.scope.scope import Scope
from dashboard.screens.tiles import PASSING, name_of
from dashboard.server.guard import PREVIEW
from dashboard.store.screens import WITHOUT_DATE
from ingest.store.schema import WEEKLY
from rtt.findings import sentences
from rtt.measures.indicators import shown_in

Component = Any

NOT_SHOWN = "none"
THEMES = {"light": "Light", "night": "Night", "time": "Night from 20:00 to 07:00"}
FRAME = "screen-preview"
INCHES, METRES = 43, 4


def form(scope: Scope) -> Component:
    """The form and its preview."""
    query = to_query(for_another_page(scope.filters), census=None)
    pages = {"first": _usual(scope), "second": (NOT_SHOWN,) * 3}
    fields = [
        dcc.Input(name="scope", value=query, type="hidden"),
        _labelled(
            "Title, shown at the top",
            native.Input(name="title", type="text", maxLength=40, required=True, value=_title(scope)),
        ),
        _labelled("Theme", _choice("theme", THEMES, "light")),
        *_measures("first", "Page 1", pages["first"]),
        *_measures("second", "Page 2", pages["second"]),
        _labelled(
            "Diagonal in inches",
            native.Input(name="inches", type="number", value=INCHES, min=15, max=120, required=True),
        ),
        _labelled(
            "Viewing distance in metres",
            native.Input(
                name="metres", type="number", value=METRES, min=0.5, max=12, step=0.1, required=True
            ),
        ),
        html.Div(
            [
                html.Button(
                    "Preview",
                    type="submit",
                    className="rtt-button rtt-button--second",
                    formAction=PREVIEW,
                    formMethod="get",
                    formTarget=FRAME,
                    formNoValidate=True,
                ),
                html.Button("Set up the screen", type="submit", className="rtt-button"),
            ],
            className="rtt-buttons",
        ),
    ]
    asked = [("scope", query), ("title", _title(scope)), ("theme", "light")]
    asked += [(page, key) for page, keys in pages.items() for key in keys]
    asked += [("inches", str(INCHES)), ("metres", str(METRES))]
    return show.section(
        f"Show this on a wall screen: {sentences.scope_words(scope_of(scope))}",
        html.Form(fields, action="/screens", method="post", className="rtt-form rtt-form--grid"),
        html.P("The filters above choose what it shows. A screen follows the newest data by itself."),
        html.H3("Preview", className="nhsuk-heading-s"),
        html.Iframe(
            src=f"{PREVIEW}?{urlencode(asked)}",
            name=FRAME,
            title="Preview of the wall screen",
            className="rtt-preview",
        ),
        name="set-up",
    )


def _usual(scope: Scope) -> Sequence[str]:
    return ("share_within_18", "over_52", WITHOUT_DATE if scope.source == WEEKLY else PASSING)


def _title(scope: Scope) -> str:
    """The place as a title, as much of it as a screen has room for."""
    words = sentences.scope_words(scope_of(scope)).removesuffix(", all specialties")
    return words if len(words) <= 40 else words[:40].rpartition(" ")[0].rstrip(",")


def _measures(page: str, words: str, usual: Sequence[str]) -> list[Component]:
    options = {NOT_SHOWN: "Nothing"} | {key: name_of(key) for key in (*shown_in("screens"), WITHOUT_DATE)}
    return [
        _labelled(f"{words}, figure {position}", _choice(page, options, key or NOT_SHOWN))
        for position, key in enumerate(usual, start=1)
    ]


def _choice(name: str, options: dict[str, str], value: str) -> Component:
    return native.Select(
        name=name, options=[{"value": key, "label": label} for key, label in options.items()], value=value
    )


def _labelled(text: str, field: Component) -> Component:
    return html.Label([html.Span(text, className="rtt-label"), field], className="rtt-filter")
