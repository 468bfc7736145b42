"""Pages are drawn in turns: a worker draws two at once, and who comes meanwhile waits.

Python runs one thread at a time. Eight pages drawn at once took a quarter more of the processor than singly,
and half as much memory again, for each holds what it reads until it is done. Two, because one may
wait for the database. Nobody waits for ever: behind pages that come to no end a drawing begins all the same.
"""

from threading import BoundedSemaphore

from flask import Flask, g, request

from dashboard.callbacks.asked import CALLBACK

AT_ONCE, PATIENCE = 2, 5.0  # seconds


def install(server: Flask, *, at_once: int = AT_ONCE, patience: float = PATIENCE) -> None:
    """Put this behind the guard and the kept answers: what they answer waits for nobody."""
    turns = BoundedSemaphore(at_once)
    way = f"/{CALLBACK}"

    @server.before_request
    def wait() -> None:
        if request.method == "POST" and request.path == way:
            g.has_turn = turns.acquire(timeout=patience)

    @server.teardown_request
    def make_way(_fault: BaseException | None) -> None:
        if g.pop("has_turn", False):
            turns.release()
