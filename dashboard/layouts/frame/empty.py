"""What every page of an empty database says."""

from __future__ import annotations

from typing import Any

from dash import html

Component = Any


def nothing_loaded() -> Component:
    """Every page of an empty database: what to load, and how to look round first."""
    return html.Div(
        [
            html.H1("No data is loaded yet"),
            html.P(
                "Load NHS England’s monthly full extract, or a trust’s weekly tracking list, from a terminal:"
            ),
            html.Pre("rtt load FILE_OR_FOLDER", className="rtt-code"),
            html.P(["To look round with a made-up region first: ", html.Code("rtt demo")]),
        ]
    )
