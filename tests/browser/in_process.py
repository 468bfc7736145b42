"""The dashboard served within this process, so that a test may set its clock; browsers are none the wiser."""

import contextlib
import threading
from collections.abc import Iterable, Iterator

from flask import Flask
from werkzeug.serving import make_server


@contextlib.contextmanager
def serving(application: Flask, *, port: int = 0) -> Iterator[int]:
    """The application on a port of the loopback interface, a free one unless it is said; yields the port."""
    server = make_server("127.0.0.1", port, lambda *asked: _closed(application(*asked)), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _closed(answer: Iterable[bytes]) -> Iterator[bytes]:
    """The answer, closed once it is sent, which begins what is to be done after it.

    Werkzeug's server reads what a browser may still send first, and closes nothing if the browser has gone.
    """
    with contextlib.closing(answer):
        yield from answer
