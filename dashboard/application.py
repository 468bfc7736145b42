"""Builds the application: one Dash app on one engine. Everything is registered here, nothing at import."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from dash import Dash, html, no_update, set_props
from flask import Flask, Response, jsonify, request
from sqlalchemy import Engine

from dashboard.callbacks import drawing
from dashboard.layouts import ids, shell
from dashboard.pages import BY_PATH
from dashboard.queries.memo import answers, data_version, reading
from dashboard.settings import Settings
from rtt.calendar import LONDON

log = logging.getLogger("rtt.dashboard")

_INDEX = """<!DOCTYPE html>
<html lang="en-GB">
<head>{%metas%}<title>{%title%}</title>{%favicon%}{%css%}</head>
<body class="nhsuk-frontend-supported">{%app_entry%}{%config%}{%scripts%}{%renderer%}</body>
</html>"""

_NOT_FOUND = """<!DOCTYPE html>
<html lang="en-GB"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Page not found - RTT dashboard</title>
<link rel="stylesheet" href="/assets/nhsuk.min.css"><link rel="stylesheet" href="/assets/rtt.css"></head>
<body><header class="rtt-header"><div class="rtt-width">
<a class="rtt-header__name" href="/">RTT dashboard</a></div></header>
<main class="rtt-width rtt-main"><h1>There is no page at this address</h1>
<p>Check the address, or <a class="nhsuk-link" href="/">go to the Overview</a>.</p></main></body></html>"""

# The product's own addresses that are not pages.
_OWN_PREFIXES = ("/_dash-", "/assets/", "/_reload-hash", "/_favicon.ico")


def create_app(engine: Engine, settings: Settings, *, today: Callable[[], date] | None = None) -> Dash:
    """The app, ready to serve on `.server`. `today` gives the date in London; tests fix it."""
    app = Dash(
        __name__,
        title="RTT dashboard",
        update_title="",
        index_string=_INDEX,
        compress=True,
        enable_mcp=False,
        serve_locally=True,
        add_log_handler=False,
        on_error=_say_calmly,
        meta_tags=[{"name": "viewport", "content": "width=device-width, initial-scale=1"}],
    )
    app.layout = shell.shell
    drawing.register(app, engine, today or (lambda: datetime.now(LONDON).date()), rules=settings.rules)
    _add_routes(app.server, engine)
    _guard(app)
    return app


def _add_routes(server: Flask, engine: Engine) -> None:
    @server.get("/health")
    def health() -> tuple[Response, int]:
        if answers(engine):
            return jsonify(status="ok"), 200
        return jsonify(status="the database does not answer"), 503

    @server.get("/version")
    def version() -> Response:
        with reading(engine) as connection:
            return jsonify(version=data_version(connection))


def _guard(app: Dash) -> None:
    server = app.server
    own = {rule.rule for rule in server.url_map.iter_rules() if "<" not in rule.rule}

    @server.before_request
    def not_found() -> tuple[str, int] | None:
        # Dash answers every address with its shell; one that leads nowhere should say so.
        path = request.path
        if path in BY_PATH or path.startswith(_OWN_PREFIXES) or (path in own and path != "/"):
            return None
        return _NOT_FOUND, 404

    policy = _content_policy(app)

    @server.after_request
    def headers(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = policy
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["X-Frame-Options"] = "DENY"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
        return response


def _content_policy(app: Dash) -> str:
    hashes = " ".join(app.csp_hashes())
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' {hashes}",
            # Plotly and React set style attributes on what they draw; no style sheet comes from elsewhere.
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "connect-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


def _say_calmly(error: Exception) -> Any:
    reference = secrets.token_hex(2).upper()
    # The class alone: an error's text may hold a row, and a row may hold a person.
    log.error("callback failed, reference %s: %s", reference, type(error).__name__, exc_info=error)
    set_props(
        ids.NOTICES,
        {
            "children": html.Div(
                html.P(
                    f"This page could not be drawn (reference {reference}). "
                    "What you see below is the last good state. Try again in a minute."
                ),
                className="rtt-error",
                role="alert",
            )
        },
    )
    return no_update
