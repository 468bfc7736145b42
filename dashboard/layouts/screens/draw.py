"""Wall screens: which are lit, which are dark, and the form for those who may set one up."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html
from dashboard.layouts.frame.attributes import attributes
from dashboard.layouts.screens.form import form
from dashboard.scope.scope import Scope
from dashboard.store.screens import Screen, screens
from rtt.terms.calendar import moment_text

Component = Any
Found = tuple[tuple[Screen, ...]]

COLUMNS = ("Screen", "State", "Last contact", "Restart without network", "Size and distance", "Change")


def load(connection: Connection, _scope: Scope) -> Found:
    """The screens; one statement."""
    return (screens(connection),)


def draw(scope: Scope, found: Found) -> Component:
    """The page."""
    return html.Div(
        [
            html.H1("Wall screens"),
            html.P(
                "Three figures and what to do next, to be read in passing: no patient, no small number.",
                className="rtt-question",
            ),
            *show.placed(parts(scope, found), scope.filters),
        ]
    )


def parts(scope: Scope, found: Found) -> list[show.Part]:
    """The form for those who may write, and the screens that are set up."""
    set_up = form(scope) if scope.reader.may_write and scope.census else None
    return [set_up, screens_card(scope, found[0])]


def screens_card(scope: Scope, found: Sequence[Screen], *, now: datetime | None = None) -> show.Part:
    """Every screen with its state."""
    title = "Screens that are set up"
    if not found:
        return show.section(title, show.empty("No wall screen is set up yet.", _who(scope)), name="screens")
    moment, may_write = now or datetime.now(UTC), scope.reader.may_write
    rows = [_row(screen, moment, may_write) for screen in found]
    columns = COLUMNS if may_write else COLUMNS[:-1]
    return show.table_card(
        title, show.Table("Wall screens", columns, rows, text_columns=len(columns)), name="screens"
    )


def _who(scope: Scope) -> str | None:
    return None if scope.reader.may_write else "Whoever may load data can set one up."


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
