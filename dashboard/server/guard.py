"""What every request passes and every answer carries, whatever its page: rights, origin, size, headers.

Nothing here knows what a page shows. Who asks is decided in `dashboard.server.access`; here it is asked, for
every address there is, before anything else runs.
"""

import logging
import re
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from urllib.parse import parse_qs, urlencode

from flask import Flask, Response, g, jsonify, request

from dashboard.server import inline_styles, logs, path_prefix, single_user
from dashboard.server.access import (
    ANYBODY,
    Denied,
    Enquiry,
    check_origin,
    check_route,
    nobody_signed_in,
    reader,
)
from dashboard.server.html import filled
from dashboard.server.oidc.entrance import Entrance
from dashboard.server.url_tokens import Token, token_of
from dashboard.settings.settings import Settings
from rtt.terms.text_edges import xml_text

log = logging.getLogger("rtt.access")

READING = ("GET", "HEAD", "OPTIONS")
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
UPLOADS = "/status/load"
# Dash asks for its drawings by POST. They read; forms and uploads write.
DRAWING = "/_dash-"
ONE_CLICK = "/alerts/stop"
"""What a mail program asks by POST for its reader (RFC 8058): no page of ours, so its token is the proof."""
PREVIEW = "/screens/preview"
"""The one page that a page of ours may hold in a frame: a wall screen before it is set up."""
CLOSED = "X-RTT-Screen"
MEGABYTE = 1_000_000
LARGEST_FORM = MEGABYTE
RETRY_SECONDS = 5
FILES = ("/assets/", "/_dash-component-suites/")
OF_FILES = "default-src 'none'; frame-ancestors 'none'"

ADDRESS = "address"  # the component that holds a page's address: layouts/ids.py


def install(
    server: Flask,
    settings: Settings,
    *,
    today: Callable[[], date],
    is_known: Callable[[str], bool],
    opens: Callable[[Token, str, str], bool],
    may_choose: Callable[[], bool] = lambda: False,
    entrance: Entrance | None = None,
) -> None:
    """Put the guard before every address of the server; `is_known` tells whether one leads anywhere.

    `opens` tells whether a token, a wall screen's or that of a link in an email, opens an address, by (token,
    method, path); `may_choose` whether there is a sample beside the readers' own data; `entrance` knows the
    sessions of RTT_ACCESS=oidc.
    """
    signed_in = entrance.person if entrance else nobody_signed_in

    @server.before_request
    def admit() -> Response | None:
        g.enquiry = None
        leads_somewhere = is_known(request.path)
        request.environ[logs.PATH] = logs.loggable_path(request.path, is_known=leads_somewhere)
        token = token_of(request.environ)
        if settings.proof and single_user.PARAMETER in request.args:
            check_route(request.environ, settings)
            return _let_in(settings.proof, request.path if leads_somewhere else "/")
        if token:
            # A screen is nobody, also where the one who set it up is signed in; so is who opens an email.
            check_route(request.environ, settings)
            if not opens(token, request.method, request.path):
                g.closed = True
                of = "email" if request.path.startswith("/alerts/") else "screen"
                raise Denied(403, f"The link of that {of} does not open this address.")
        is_open = entrance is not None and not token and entrance.is_open(request.path)
        if is_open:
            check_route(request.environ, settings)
        who = ANYBODY if token or is_open else reader(request.environ, settings, signed_in)
        g.sample = not token and _asks_for_sample() and may_choose()
        if g.sample:
            # Forms and exports of pathways are for the data that people work with.
            who = ANYBODY
        g.enquiry = Enquiry(who, today(), settings)
        if request.method not in READING:
            proves_itself = entrance is not None and entrance.proves_itself(request.path)
            if not (token and request.path == ONE_CLICK) and not proves_itself:
                check_origin(request.environ, writes=not request.path.startswith(DRAWING))
            _check_size(settings)
        # Dash answers every address with its shell; one that leads nowhere should say so.
        return None if leads_somewhere else not_found()

    @server.errorhandler(Denied)
    def refuse(denied: Denied) -> Response:
        # Never the query: it may say whose figures were wanted.
        path = logs.loggable_path(request.path, is_known=is_known(request.path), status=denied.status)
        log.warning("refused %s %.80r with %d: %s", request.method, path, denied.status, denied)
        refused = answer(denied.status, "This request was refused", denied.sentence)
        return closed(refused) if g.get("closed") else refused


def _let_in(proof: Path, path: str) -> Response:
    """The single user's link: its key becomes a cookie, and the address loses it."""
    cookie = single_user.redeem(proof, request.args[single_user.PARAMETER])
    if cookie is None:
        raise Denied(
            401,
            "This link has been used or is more than a day old. For a new one, run rtt link on the machine "
            "that runs the dashboard.",
        )
    rest = [(name, value) for name, value in request.args.items(multi=True) if name != single_user.PARAMETER]
    response = Response(status=303, headers={"Location": path + ("?" + urlencode(rest) if rest else "")})
    response.set_cookie(
        single_user.cookie_name(proof),
        cookie,
        max_age=single_user.COOKIE_SECONDS,
        path=path_prefix.root() or "/",
        httponly=True,
        samesite="Lax",
    )
    return response


def _asks_for_sample() -> bool:
    """Whether the address says `data=sample`: that of the request, or of the page that Dash draws."""
    if request.method == "POST" and request.path.startswith(DRAWING) and request.is_json:
        try:
            told = request.get_json(silent=True)
        except RecursionError:  # nested too deeply to be read; refused where callbacks are looked at
            return False
        asked = told.get("inputs") if isinstance(told, dict) else None
        searches = [
            each.get("value")
            for each in (asked if isinstance(asked, list) else ())
            if isinstance(each, dict) and each.get("id") == ADDRESS
        ]
        return any(
            isinstance(each, str) and "sample" in parse_qs(each.lstrip("?")).get("data", ())
            for each in searches
        )
    return request.method in READING and request.args.get("data") == "sample"


def enquiry() -> Enquiry:
    """Who asks, in the request that is being answered."""
    found: Enquiry = g.enquiry
    return found


def closed(response: Response) -> Response:
    """The answer, marked as ours for a wall screen whose address opens nothing.

    A proxy answers with 403 and 404 of its own while the server is upgraded: those close no screen.
    """
    response.headers[CLOSED] = "closed"
    return response


def not_found() -> Response:
    return answer(404, "There is no page at this address", "Check the address, or")


def answer(status: int, title: str, sentence: str, *, link: str = "/", link_text: str = "") -> Response:
    """A plain page with a sentence and a way on; JSON for whoever asks for it."""
    if is_for_programs():
        # What ends in "or" goes on as a link, which only a page has.
        response = jsonify(
            error=xml_text(re.sub(r"(, or|\. (You can|In a minute you can|Or))$", ".", sentence))
        )
    else:
        root = path_prefix.root()
        page = filled(
            "server/answer.html.jinja",
            title=title,
            sentence=sentence,
            link=root + path_prefix.path_below(link, root) if link.startswith("/") else link,
            link_text=link_text or ("go to the Overview." if link == "/" else "Go back."),
            root=root,
        )
        response = Response(page, mimetype="text/html")
    response.status_code = status
    if request.method not in READING:
        # The body may be unread: the connection cannot be used again.
        response.headers["Connection"] = "close"
    return response


def try_again(title: str, sentence: str, *, link: str = "/") -> Response:
    """A page for what is only for now; `Retry-After` says so to programs."""
    response = answer(503, title, sentence, link=link)
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def is_for_programs() -> bool:
    """Whether JSON is asked for, by header or by the address itself."""
    path = request.path
    of_programs = path == UPLOADS or path.startswith(("/api/", DRAWING)) or path.endswith(".json")
    return of_programs or request.accept_mimetypes.best == "application/json"


def send_headers(server: Flask, *, script_hashes: Sequence[str], style_hashes: Sequence[str]) -> None:
    """Every answer says what its page may do: run our scripts, ask us, and nothing else."""
    policy = content_policy(script_hashes, style_hashes)
    in_a_frame = content_policy(script_hashes, style_hashes, framed_by="'self'")

    @server.after_request
    def headers(response: Response) -> Response:
        is_file, framed = request.path.startswith(FILES), request.path == PREVIEW
        of_page = in_a_frame if framed else policy
        # No page: a script or a style sheet needs no policy of its own, and this one is said forty times.
        response.headers["Content-Security-Policy"] = OF_FILES if is_file else of_page
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["X-Frame-Options"] = "SAMEORIGIN" if framed else "DENY"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        if not is_file:
            # Figures of a tracking list do not stay behind in a shared browser.
            response.headers["Cache-Control"] = "no-store"
        return response


def content_policy(
    script_hashes: Sequence[str], style_hashes: Sequence[str], *, framed_by: str = "'none'"
) -> str:
    """The Content-Security-Policy: scripts and styles are our files, and what Dash and Plotly write into a
    page themselves, known by its hashes.
    """
    return "; ".join(
        (
            "default-src 'none'",
            " ".join(("script-src 'self'", *script_hashes)),
            " ".join(("style-src 'self'", *style_hashes)),
            # 'unsafe-hashes' lets an attribute be known by its hash too; it lets in nothing without one.
            f"style-src-attr 'unsafe-hashes' {inline_styles.hash_source(inline_styles.BOLD)}",
            "img-src 'self' data: blob:",
            "font-src 'self'",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-src 'self'",
            f"frame-ancestors {framed_by}",
        )
    )


def _check_size(settings: Settings) -> None:
    """Refuse by what the request says of its size, before a byte of its body is read."""
    uploads = request.path == UPLOADS
    most = settings.upload_mb * MEGABYTE if uploads else LARGEST_FORM
    if request.content_length is None:
        raise Denied(411, "The request must state its size.")
    if request.content_length > most:
        raise Denied(413, f"That is too large: the limit is {most // MEGABYTE} MB.")
