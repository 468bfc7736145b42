"""Whatever goes wrong in an answer ends in a page or JSON of ours, with the right status and a reference.

A fault of ours is logged by its class and the lines it passed through, never by its text, which may hold a
row; the reader is told the reference to it. What the request itself did wrong needs none.
"""

import logging
import secrets

from dash.exceptions import DependencyException, InvalidResourceError
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from dashboard.server import guard
from dashboard.server.logs import PATH
from dashboard.store.broken import is_of_the_database
from ingest.store.faults import in_words

log = logging.getLogger("rtt.dashboard")

SENTENCES = {
    400: (
        "This request could not be read",
        "Part of it is missing or is not in the expected format.",
    ),
    404: ("There is no page at this address", "Check the address, or"),
    405: ("This address does not accept that method", "It may accept forms only, or be read-only."),
    413: ("That is too large", "The request is larger than this address accepts."),
    414: ("This address is too long", "Shorten it, or choose fewer filters."),
    415: ("This request could not be read", "It is in a format that this address does not accept."),
}
NO_DATABASE = "The database could not answer."
BUSY = "Another change is being saved. Nothing was saved; try again in a few seconds, or"
OURS = "This could not be shown because of a fault in the dashboard."
AGAIN = "Try again in a minute. If it happens again, tell the people who run the dashboard the reference"


def install(server: Flask) -> None:
    @server.errorhandler(HTTPException)
    def refused(fault: HTTPException) -> AnyResponse:
        if fault.response is not None or fault.code is None or fault.code < 400:
            return fault.get_response(request.environ)
        if fault.code >= 500:
            return failed(fault)
        title, sentence = SENTENCES.get(fault.code, SENTENCES[400])
        answer = guard.answer(fault.code, title, sentence)
        for name, value in fault.get_headers(request.environ):
            if name == "Allow":
                answer.headers[name] = value
        return answer

    @server.errorhandler(DependencyException)
    @server.errorhandler(InvalidResourceError)
    def unknown_file(_fault: Exception) -> Response:
        # Dash raises these when it is asked for a script or style sheet that it does not have.
        return guard.not_found()

    @server.errorhandler(Exception)
    def failed(fault: Exception) -> Response:
        known = in_words(fault)
        if known is not None and known.kind == "busy":
            path = request.environ.get(PATH, "")
            log.warning("%s %.80r came to nothing: the database is busy", request.method, path)
            return guard.try_again("This could not be done", BUSY)
        reference = logged(fault)
        status = 503 if is_of_the_database(fault) else 500
        what = NO_DATABASE if status == 503 else OURS
        return guard.answer(status, "Something went wrong", f"{what} {AGAIN}: {reference}.")


def logged(fault: BaseException) -> str:
    """Log a fault by its class; the reference under which it stands."""
    reference = secrets.token_hex(3).upper()
    log.error(
        "%s %.80r failed, reference %s: %s",
        request.method,
        request.environ.get(PATH, ""),
        reference,
        type(fault).__name__,
        exc_info=fault,
    )
    return reference
