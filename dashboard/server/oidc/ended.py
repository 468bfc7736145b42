"""What somebody gets who is not signed in, or no longer: no figure, and what they wrote is not lost.

Whoever opens a page is sent to the provider and comes back to it. A page that asks in the background is told,
and tells its reader (assets/signin.js). A form comes back with what was written in it, to be sent again.
"""

import logging

from flask import Flask, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from dashboard.server import guard
from dashboard.server.access import Denied, NotSignedIn, check_origin
from dashboard.server.html import filled
from dashboard.server.oidc.ways import AGAIN, SIGN_IN, sign_in_for
from dashboard.server.path_prefix import root

log = logging.getLogger("rtt.access")
TOLD = "X-RTT-Sign-In"
LONGEST_SHOWN = 100_000


def install(server: Flask) -> None:
    @server.errorhandler(NotSignedIn)
    def turned_away(denied: NotSignedIn) -> AnyResponse:
        if _opens_a_page():
            query = request.query_string.decode("ascii", "replace")
            return redirect(sign_in_for(request.path + (f"?{query}" if query else "")), 303)
        if kept := _kept_form():
            return kept
        answer = guard.answer(denied.status, "You are not signed in", denied.sentence, link=SIGN_IN,
                              link_text="sign in.")  # fmt: skip
        answer.headers[TOLD] = root() + sign_in_for(AGAIN)
        return answer


def _opens_a_page() -> bool:
    """Whether a person would see the answer, and not a script or a program."""
    goal = request.headers.get("Sec-Fetch-Dest")
    by_person = goal == "document" if goal else "text/html" in request.headers.get("Accept", "")
    return request.method in ("GET", "HEAD") and by_person and not guard.is_for_programs()


def _kept_form() -> Response | None:
    """A page with what was written in a form of ours; None for anything else."""
    small = (request.content_length or LONGEST_SHOWN) < LONGEST_SHOWN
    if request.method != "POST" or request.mimetype != guard.FORMS[0] or not small:
        return None
    try:
        check_origin(request.environ, writes=True)
    except Denied:
        return None
    fields = [(name, value) for name, values in request.form.lists() for value in values]
    page = filled(
        "server/oidc/ended.html.jinja",
        title="Your session has ended",
        action=root() + request.path,
        fields=fields,
        sign_in=root() + sign_in_for(AGAIN),
        root=root(),
    )
    answer = Response(page, mimetype="text/html", status=401)
    answer.headers["Connection"] = "close"
    return answer
