"""What every page of an empty database says."""

from typing import Any

from dashboard.layouts.frame import html
from dashboard.layouts.frame.components import link

Component = Any


def nothing_loaded() -> Component:
    """Every page of an empty database: one thing to do."""
    return html.Div(
        [
            html.H1("No data is loaded yet"),
            html.P(["Load the first file on ", link("Data status", "/status"), ", or ask your analyst to."]),
        ]
    )
