"""Builds the application: one Dash app on one engine. Everything is registered here, nothing at import."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import dash
from dash import Dash, html, no_update, set_props
from flask import Flask, Response, jsonify, request
from sqlalchemy import Engine
from werkzeug.exceptions import HTTPException

from dashboard.callbacks import (
    alert_forms,
    asked,
    audit_csv,
    calm_errors,
    downloads,
    drawing,
    fetching,
    figures_api,
    find,
    first_load,
    initiative_forms,
    kept_answers,
    pack_files,
    pathway_forms,
    plan_forms,
    quick_guide,
    sample_progress,
    screen_forms,
    service_forms,
    status_json,
    turns,
    uploads,
    writing,
)
from dashboard.callbacks.first_load import QuickDash
from dashboard.layouts.frame import ids, shell
from dashboard.layouts.frame.below_prefix import below
from dashboard.pages import BY_PATH
from dashboard.screens import draw as screen
from dashboard.server import guard, inline_styles, joined_files, path_prefix, static_files, url_tokens
from dashboard.server.oidc.entrance import Entrance
from dashboard.settings.settings import Settings
from dashboard.store import sign_ins
from dashboard.store.cache import answers, data_version, reading
from dashboard.store.loaded_extracts import marks_of
from dashboard.store.names_here import naming
from dashboard.store.served import may_choose
from ingest.store.database import beside
from rtt.terms.calendar import LONDON

_INDEX = """<!DOCTYPE html>
<html lang="en-GB">
<head>{%metas%}<title>{%title%}</title>{%favicon%}{%css%}</head>
<body class="nhsuk-frontend-supported">{%app_entry%}{%config%}{%scripts%}{%renderer%}</body>
</html>"""

# The product's own addresses that are not pages.
_OF_DASH = ("/", "/<path:path>", "static")
_OWN_PREFIXES = ("/_dash-", "/assets/", "/_reload-hash", "/_favicon.ico")


def create_app(
    engine: Engine,
    settings: Settings,
    *,
    today: Callable[[], date] | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Dash:
    """The app, ready to serve on `.server`. `today` gives the date in London, `now` the time; tests fix
    them.
    """
    files = joined_files.joined(
        Path(__file__).parent / "assets",
        apart="|".join((screen.OF_SCREENS_ALONE, re.escape(first_load.PLOTLY))),
    )
    app = QuickDash(
        __name__,
        title="RTT dashboard",
        update_title="",
        index_string=_INDEX,
        compress=True,
        enable_mcp=False,
        serve_locally=True,
        assets_ignore=r"\.(js|css)$",
        external_scripts=[joined_files.address("js", files, prefix=settings.prefix)],
        external_stylesheets=[joined_files.address("css", files, prefix=settings.prefix)],
        routes_pathname_prefix="/",
        requests_pathname_prefix=f"{settings.prefix}/",
        add_log_handler=False,
        on_error=_say_calmly,
        meta_tags=[{"name": "viewport", "content": "width=device-width, initial-scale=1"}],
    )
    asked.prepare(app.server)
    app.layout = lambda: below(
        shell.shell(
            marks=marks_of(engine),
            with_sample=may_choose(engine),
        ),
        settings.prefix,
    )
    drawing.register(app, engine, guard.enquiry, prefix=settings.prefix)
    _add_routes(app.server, engine)
    joined_files.register(app.server, files)
    for routes in (
        uploads,
        fetching,
        sample_progress,
        writing,
        figures_api,
        find,
        status_json,
        audit_csv,
        pathway_forms,
        plan_forms,
        initiative_forms,
        service_forms,
        downloads,
        pack_files,
    ):
        routes.register(app.server, engine)
    screen.register(app.server, engine, now=now)
    alert_forms.register(app.server, engine, now=now)
    screen_forms.register(app.server, engine, now=now)
    quick_guide.register(app.server)
    screens_open, emails_open = screen.door(engine), alert_forms.door(engine)
    entrance = _entrance(app.server, engine, settings)
    guard.install(
        app.server,
        settings,
        today=today or (lambda: now().astimezone(LONDON).date()),
        is_known=_leads_somewhere(app.server),
        opens=lambda *asked: screens_open(*asked) or emails_open(*asked),
        may_choose=lambda: may_choose(engine),
        entrance=entrance,
    )
    asked.install(app)
    kept_answers.install(app.server, engine)
    turns.install(app.server)
    _name_scripts(app)
    guard.send_headers(
        app.server,
        script_hashes=app.csp_hashes(),
        style_hashes=inline_styles.element_hashes(
            Path(dash.__file__).parent / path for path in app.registered_paths["dash"]
        ),
    )
    static_files.install(app.server, settings.home / "packed")
    calm_errors.install(app.server)
    path_prefix.install(app.server, settings.prefix)
    url_tokens.redact_logs()
    app.server.wsgi_app = path_prefix.mounted(url_tokens.taking_tokens(app.server.wsgi_app), settings.prefix)
    return app


def _entrance(server: Flask, engine: Engine, settings: Settings) -> Entrance | None:
    """The sign-in of RTT_ACCESS=oidc, with its addresses. Nobody else pays for its libraries."""
    if settings.oidc is None:
        return None
    from dashboard.server.oidc import ended, routes

    kept = sign_ins.sign_ins(settings.home)
    entrance = Entrance(settings, sign_ins.StoredSessions(kept, naming(kept, engine)))
    routes.register(server, entrance)
    ended.install(server)
    return entrance


def _name_scripts(app: Dash) -> None:
    """Let the app know its scripts before anybody asks.

    Dash names them in the first request, and a second one that comes meanwhile is told there are none.
    """
    with app.server.test_request_context("/"):
        index: Callable[[], str] = app.index
        index()


def _add_routes(server: Flask, engine: Engine) -> None:
    # A connection of its own: whatever readers do with theirs, this one waits for none of them.
    own = beside(engine)

    @server.get("/health")
    def health() -> tuple[Response, int]:
        if answers(own):
            return jsonify(status="ok"), 200
        return jsonify(status="the database does not answer"), 503

    @server.get("/version")
    def version() -> Response:
        with reading(engine) as connection:
            return jsonify(version=data_version(connection))


def _leads_somewhere(server: Flask) -> Callable[[str], bool]:
    """Whether an address is a page or one of our own; Dash itself would answer any with its shell."""

    routes = server.url_map.bind("")

    def known(path: str) -> bool:
        if path in BY_PATH or path.startswith(_OWN_PREFIXES):
            return True
        try:
            endpoint, _ = routes.match(path, method=request.method)
        except HTTPException:
            # The wrong method, or nothing: Flask says which.
            return True
        return endpoint not in _OF_DASH

    return known


def _say_calmly(error: Exception) -> Any:
    words = (
        f"This page could not be drawn (reference {calm_errors.logged(error)}). "
        "What you see below is the last good state. Try again in a minute."
    )
    notice = html.Div(html.P(words), className="rtt-error", role="alert")
    set_props(ids.NOTICES, {"children": notice})
    return no_update
