"""What every page of an empty database says."""

from typing import Any

from dashboard.layouts.frame import fetching, html
from dashboard.layouts.frame.components import link
from dashboard.scope.scope import Scope

Component = Any


def nothing_loaded(scope: Scope) -> Component:
    """Every page of an empty database: one thing to do, and for those who may load a way to do it at once."""
    return html.Div(
        [
            html.H1("No data is loaded yet"),
            html.P(["Load the first file on ", link("Data status", "/status"), ", or ask your analyst to."]),
            *fetching.offer(scope),
        ]
    )
