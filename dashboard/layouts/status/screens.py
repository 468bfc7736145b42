"""Wall screens on the status page: which are lit, which are dark, and the forms for those who may write."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from dash import dcc, html

from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import native
from dashboard.layouts.frame.attributes import attributes
from dashboard.scope.scope import Scope
from dashboard.store.screens import Screen
from rtt.measures.indicators import INDICATORS, shown_in
from rtt.terms.calendar import moment_text

Component = Any

USUAL = (("share_within_18", "over_52", "passing_18_in_4_weeks"), ("", "", ""))
NOT_SHOWN = "none"
THEMES = {"light": "Light", "night": "Night", "time": "Night from 20:00 to 07:00"}
COLUMNS = ("Screen", "State", "Last contact", "Restart without network", "Size and distance", "Change")


def screens_section(scope: Scope, screens: Sequence[Screen], *, now: datetime | None = None) -> show.Part:
    """Every screen with its state; None for a reader who could do nothing with an empty list."""
    may_write = scope.reader.may_write
    if not screens and not may_write:
        return None
    moment = now or datetime.now(UTC)
    rows = [_row(screen, moment, may_write) for screen in screens]
    columns = COLUMNS if may_write else COLUMNS[:-1]
    return show.table_card(
        "Wall screens",
        show.Table("Wall screens", columns, rows, text_columns=len(columns))
        if screens
        else html.P("No wall screen is set up yet.", className="rtt-small"),
        *([_form()] if may_write else []),
        name="screens",
    )


def state_words(screen: Screen, now: datetime) -> str:
    """ "live", "DARK for 3 h": whoever looks after the screens reads this column."""
    state = screen.state(now)
    if state == "dark" and screen.seen_at:
        return f"DARK for {_for(int((now - screen.seen_at).total_seconds()))}"
    return {"closed": "closed: it has no address", "never seen": "NEVER SEEN", "live": "live"}.get(
        state, state
    )


def survival_words(screen: Screen) -> str:
    """Whether it comes back by itself when it is switched on while the network is away."""
    if screen.survives is None:
        return "Not known yet"
    return (
        "Shows its last figures"
        if screen.survives
        else "Needs HTTPS to keep working after an offline restart"
    )


def _for(seconds: int) -> str:
    if seconds < 2 * 3600:
        return f"{seconds // 60} min"
    return f"{seconds // 3600} h" if seconds < 48 * 3600 else f"{seconds // 86400} days"


def _row(screen: Screen, now: datetime, may_write: bool) -> list[Component]:
    heard = moment_text(screen.seen_at) if screen.seen_at else "Never"
    name = html.A(screen.title, href=f"/screen/{screen.name}", target="_blank", className="nhsuk-link")
    size = f"{screen.inches} inches, {screen.metres:g} m"
    told = [name, state_words(screen, now), heard, survival_words(screen), size]
    return [*told, _actions(screen)] if may_write else told


def _actions(screen: Screen) -> Component:
    ways = [("address", "New address"), ("withdraw", "Remove")]
    if screen.has_token:
        ways.insert(1, ("revoke", "Revoke address"))
    return html.Div([_button(screen, way, words) for way, words in ways])


def _button(screen: Screen, way: str, words: str) -> Component:
    # A hidden span would stand outside the table's box, and widen the page of a telephone.
    label = f"{words} of the screen {screen.title}"
    button = html.Button(words, type="submit", className="rtt-link-button", **attributes(aria_label=label))
    return html.Form(button, action=f"/screens/{screen.id}/{way}", method="post", className="rtt-inline-form")


def _form() -> Component:
    fields = [
        _labelled(
            "Title, shown at the top", dcc.Input(name="title", type="text", maxLength=40, required=True)
        ),
        _labelled(
            "Scope: the address of an Overview with the filters you want; leave empty for everything",
            dcc.Input(name="scope", type="text"),
        ),
        _labelled("Theme", _choice("theme", THEMES, "light")),
        *_measures("first", "Page 1", USUAL[0]),
        *_measures("second", "Page 2", USUAL[1]),
        _labelled(
            "Diagonal in inches",
            native.Input(name="inches", type="number", value=43, min=15, max=120, required=True),
        ),
        _labelled(
            "Viewing distance in metres",
            native.Input(name="metres", type="number", value=4, min=0.5, max=12, step=0.1, required=True),
        ),
    ]
    return html.Details(
        [
            html.Summary(
                html.Span("Set up a wall screen", className="nhsuk-details__summary-text"),
                className="nhsuk-details__summary",
            ),
            html.Form(
                [*fields, html.Button("Set up the screen", type="submit", className="rtt-button")],
                action="/screens",
                method="post",
                className="nhsuk-details__text rtt-form rtt-form--grid",
            ),
        ],
        className="nhsuk-details",
    )


def _measures(page: str, words: str, usual: Sequence[str]) -> list[Component]:
    options = {NOT_SHOWN: "Nothing"} | {key: INDICATORS[key].name for key in shown_in("screens")}
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
