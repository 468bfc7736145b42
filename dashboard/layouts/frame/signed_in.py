"""Who is signed in, in the navigation, and the way out."""

from typing import Any

from dashboard.layouts.frame import html
from dashboard.server.access import Reader
from rtt.terms.text_edges import shortened

Component = Any
_SHOWN = 24


def signed_in(reader: Reader) -> list[Component]:
    """A menu under the reader's name; nothing where no session of ours can be ended."""
    if not reader.has_session:
        return []
    form = html.Form(
        html.Button("Sign out", type="submit", className="rtt-link-button"), action="/sign-out", method="post"
    )
    name = html.Summary(shortened(reader.name, _SHOWN), className="rtt-nav__menu", title=reader.name)
    panel = html.Ul(html.Li(form), className="rtt-popup__panel")
    return [html.Li(html.Details([name, panel], className="rtt-popup"))]
