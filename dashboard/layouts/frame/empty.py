"""What every page of an empty database says."""

from typing import Any

from dash import html

from ingest.loading.incoming import accepted

Component = Any


def nothing_loaded() -> Component:
    """Every page of an empty database: what to load, and how to look round first."""
    return html.Div(
        [
            html.H1("No data is loaded yet"),
            html.P("Load a file, or a folder of files, from a terminal:"),
            html.Pre("rtt load FILE_OR_FOLDER", className="rtt-code"),
            html.P(accepted()),
            html.P(["To try it first with sample data: ", html.Code("rtt demo")]),
        ]
    )
