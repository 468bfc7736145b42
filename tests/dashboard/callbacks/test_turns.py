"""Pages are drawn in turns."""

import threading

import flask
import pytest

from dashboard.callbacks import turns
from dashboard.callbacks.asked import CALLBACK

WAIT = 10


@pytest.fixture
def drawing():
    """A server whose drawings last until they are let go, and what it draws at the moment."""
    server = flask.Flask(__name__)
    drawn, begun, go = [], threading.Semaphore(0), threading.Event()

    @server.post(f"/{CALLBACK}")
    def draw():
        drawn.append(1)
        begun.release()
        assert go.wait(WAIT)
        if flask.request.data == b"fault":
            raise ValueError
        return ""

    @server.get("/file")
    def file():
        return ""

    def ask(body=b""):
        asking = threading.Thread(target=lambda: server.test_client().post(f"/{CALLBACK}", data=body))
        asking.start()
        return asking

    return server, drawn, begun, go, ask


def test_two_are_drawn_at_once_and_the_third_when_one_is_done(drawing):
    server, drawn, begun, go, ask = drawing
    turns.install(server, patience=WAIT)
    asked = [ask(b"fault") for _ in range(3)]  # a fault gives its turn back too
    assert begun.acquire(timeout=WAIT)
    assert begun.acquire(timeout=WAIT)
    assert len(drawn) == 2
    assert server.test_client().get("/file").status_code == 200  # what is not drawn waits for nobody
    go.set()
    for each in asked:
        each.join(WAIT)
    assert len(drawn) == 3


def test_nobody_waits_for_ever(drawing):
    server, drawn, begun, go, ask = drawing
    turns.install(server, at_once=1, patience=0.01)
    asked = [ask(), ask()]
    assert begun.acquire(timeout=WAIT)
    assert begun.acquire(timeout=WAIT)
    go.set()
    for each in asked:
        each.join(WAIT)
    assert len(drawn) == 2
