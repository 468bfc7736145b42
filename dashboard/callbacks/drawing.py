"""Address in, page out: the one callback that draws, and the small scripts that keep the address true.

The address bar is the only state. A changed control rewrites it in the browser (no new history entry); a link
or a point of a chart adds an entry; either way the page is drawn again from the address alone.
"""

from collections.abc import Callable
from typing import Any

from dash import ALL, ClientsideFunction, Dash, Input, Output, State
from sqlalchemy import Engine

from dashboard.callbacks import kept_answers
from dashboard.filters import Filters, from_query, to_query
from dashboard.layouts.frame import (
    breadcrumb,
    controls,
    ids,
    navigation,
    sample_notice,
    shell,
    source_switch,
    status_line,
    through_time,
)
from dashboard.layouts.frame.below_prefix import below
from dashboard.pages import BY_PATH, PAGES
from dashboard.scope.sample_building import sample_build
from dashboard.scope.scope import Scope, resolve
from dashboard.scope.start import started, with_source
from dashboard.server.access import Enquiry
from dashboard.server.path_prefix import path_below
from dashboard.store.cache import data_kind, data_version, facts_of, reading, witnessing
from rtt.terms.wording import date_text


def register(app: Dash, engine: Engine, enquiry: Callable[[], Enquiry], *, prefix: str = "") -> None:
    """Put the callbacks on this app; `enquiry` is asked at every drawing: who asks, and the day in London."""

    @app.callback(
        Output(ids.NAVIGATION, "children"),
        Output(ids.PLACE, "children"),
        Output(ids.STATUS, "children"),
        Output(ids.BREADCRUMB, "children"),
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
        page = BY_PATH.get(path_below(pathname or "/", prefix), PAGES[0])
        filters, ignored = from_query(search or "")
        here = enquiry()
        with reading(engine) as connection, witnessing() as witnesses:
            asked = with_source(connection, filters, page.source)
            asked = started(connection, asked, here) if page is PAGES[0] else asked
            scope = resolve(connection, asked, here)
            if filters.data and data_kind(connection) == "real":
                ignored.append("There is no sample on this server beside your own data, which is shown.")
            building = sample_build(connection, here.settings)
            found = page.load(connection, scope)
            version = data_version(connection)
            facts = facts_of(connection)
        filtered, switched = bool(scope.census and page.controls), page.path in through_time.SWITCHED
        drawn = (
            navigation.navigation(PAGES, page.path, scope),
            shell.place_words(scope),
            status_line.status_line(scope, today=here.today),
            [*breadcrumb.breadcrumb(scope), source_switch.source_switch(scope)] if filtered else None,
            controls.filter_bar(scope, page.controls, has_history=switched) if filtered else None,
            [
                shell.notices([*ignored, *scope.notices]),
                through_time.history_line(scope) if filtered and page.path in through_time.PAGES else None,
                sample_notice.sample_notice(building),
            ],
            page.draw(scope, found),
            f"{page.title} - RTT dashboard",
            {
                "path": page.path,
                "version": version,
                "search": search or "",
                **_data_of(scope),
                **_start(filters, asked),
            },
        )
        below(drawn, prefix)
        if page.kept and scope.census:  # an empty page tells how far the first load is
            kept_answers.may_be_kept(pathname, search, facts, witnesses)
        return drawn

    for function, outputs, inputs in _SCRIPTS:
        app.clientside_callback(ClientsideFunction("rtt", function), *outputs, *inputs)


def _data_of(scope: Scope) -> dict[str, str]:
    """What a copied link must name to show the same figures for good; nothing on an empty database."""
    if scope.census is None:
        return {}
    return {"source": scope.source, "census": scope.census.isoformat(), "day": date_text(scope.census)}


def _start(filters: Filters, asked: Filters) -> dict[str, str]:
    """What the page was drawn with where the address asks for nothing; assets/url.js goes on from there."""
    return {"asked": to_query(asked)} if asked != filters else {}


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
