"""Address in, page out: the one callback that draws, and the small scripts that keep the address true.

The address bar is the only state. A changed control rewrites it in the browser (no new history entry); a link
or a point of a chart adds an entry; either way the page is drawn again from the address alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from dash import ALL, ClientsideFunction, Dash, Input, Output, State
from sqlalchemy import Engine

from dashboard.access import Reader, Visit
from dashboard.filters import from_query
from dashboard.layouts import breadcrumb, controls, ids, shell
from dashboard.pages import BY_PATH, PAGES
from dashboard.queries.choices import settle
from dashboard.queries.memo import data_version, reading
from rtt.spc_settings import DEFAULT_RULES, Rules


def register(app: Dash, engine: Engine, visit: Callable[[], Visit], *, rules: Rules = DEFAULT_RULES) -> None:
    """Put the callbacks on this app; `visit` is asked at every drawing: who asks, and the day in London."""

    @app.callback(
        Output(ids.NAVIGATION, "children"),
        Output(ids.STATUS, "children"),
        Output(ids.FILTERS, "children"),
        Output(ids.NOTICES, "children"),
        Output(ids.PAGE, "children"),
        Output(ids.TITLE, "data"),
        Output(ids.DRAWN, "data"),
        Input(ids.ADDRESS, "pathname"),
        Input(ids.ADDRESS, "search"),
        Input(ids.VERSION, "data"),
    )
    def draw(pathname: str | None, search: str | None, _version: Any) -> tuple[Any, ...]:
        page = BY_PATH.get(pathname or "/", PAGES[0])
        filters, ignored = from_query(search or "")
        here = visit()
        with reading(engine) as connection:
            choice = replace(settle(connection, filters, today=here.today), rules=rules, visit=here)
            found = page.load(connection, choice)
            version = data_version(connection)
        return (
            shell.navigation(_pages(here.reader), page.path, choice.filters),
            shell.status_line(choice, today=here.today),
            [controls.filter_bar(choice, page.controls), breadcrumb.breadcrumb(choice)]
            if choice.census and page.controls
            else None,
            shell.notices([*ignored, *choice.notices]),
            page.draw(choice, found),
            f"{page.title} - RTT dashboard",
            {"path": page.path, "version": version},
        )

    for function, outputs, inputs in _SCRIPTS:
        app.clientside_callback(ClientsideFunction("rtt", function), *outputs, *inputs)


def _pages(reader: Reader) -> list[tuple[str, str]]:
    return [(each.path, each.title) for each in PAGES if each.in_navigation(reader)]


_SCRIPTS: tuple[tuple[str, tuple[Any, ...], tuple[Any, ...]], ...] = (
    # a changed control: replace this history entry
    (
        "choose",
        (),
        (
            Input({"type": "filter", "name": ALL}, "value"),
            State({"type": "filter", "name": ALL}, "id"),
        ),
    ),
    # a point of a chart: add a history entry
    (
        "follow",
        (),
        (Input({"type": "chart", "name": ALL}, "clickData"),),
    ),
    ("settled", (Output(ids.ANNOUNCE, "children"),), (Input(ids.TITLE, "data"), Input(ids.DRAWN, "data"))),
    (
        "refresh",
        (Output(ids.VERSION, "data"),),
        (Input(ids.REFRESH, "n_intervals"), State(ids.DRAWN, "data")),
    ),
)
