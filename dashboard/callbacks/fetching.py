"""The buttons for NHS England's published files: start `rtt fetch` as a process of its own, and stop it.

It outlives the request, the page and this worker of the server; what it does is read from its journal. That
two do not run at once is decided by its lock, whoever pressed twice.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import IO

from flask import Flask, Response, jsonify, redirect
from sqlalchemy import Engine
from werkzeug.wrappers import Response as AnyResponse

from dashboard.callbacks.writing import field, link_back, writer
from dashboard.scope.fetched import fetch_run, newest_loaded, progress_share, progress_words, publisher_of
from dashboard.server import guard
from dashboard.settings.settings import Settings
from dashboard.store import writing
from dashboard.store.served import kind_shown, writable_engine
from ingest.fetch.journal import cancel

PROGRAM = Path(sys.executable).with_name("rtt")
MONTHS = 24
START_SECONDS = 15.0  # until the new process has written where it is; the page then shows it
_LOOK_SECONDS = 0.1
_FOUND_ANOTHER = 3  # the command's exit code
_MOST_SAID = 10_000
_NOTHING_SAID = "It could not be started. Ask whoever runs the dashboard to look into its log."


def register(server: Flask, engine: Engine) -> None:
    @server.post("/status/fetch")
    def start() -> AnyResponse:
        reader, settings = writer(), guard.enquiry().settings
        back = link_back(field("back"))
        if settings.database_url and kind_shown(engine) == "sample":
            sentence = "This database holds sample data, which is kept apart from real extracts."
            return guard.answer(400, "Nothing was started", sentence, link=back)
        run = fetch_run(settings)
        if run is None or not run.is_running:
            said, at = f"started: NHS England's newest {MONTHS} months", datetime.now(UTC)
            target = writable_engine(engine, settings)
            writing.write_audit(target, reader, action="loaded", scope=said, rows=0, at=at)
            if fault := _start(settings):
                return guard.answer(503, "Nothing was started", fault, link=back)
        return redirect(back, 303)

    @server.post("/status/fetch/cancel")
    def stop() -> AnyResponse:
        writer()
        folder = publisher_of(guard.enquiry().settings).cache
        cancel(folder)
        _wait(lambda: not _runs(guard.enquiry().settings), seconds=3.0)
        return redirect(link_back(field("back")), 303)

    @server.get("/status/fetch.json")
    def progress() -> Response:
        run = fetch_run(guard.enquiry().settings)
        if run is None or not run.is_running:
            return jsonify(running=False)
        return jsonify(
            running=True,
            words=progress_words(run),
            share=round(progress_share(run), 4),
            newest=newest_loaded(run),
        )


def _start(settings: Settings) -> str:
    """Start the command with the settings of this server; '' once it says where it is, else why it ended."""
    before = fetch_run(settings)
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            [PROGRAM, "fetch", "--months", str(MONTHS), "--series"],
            env=_environment(settings),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=said,
            start_new_session=True,  # an end of the server by its terminal is not its own
        )
        Thread(target=process.wait, daemon=True).start()

        def told() -> bool:
            now = fetch_run(settings)
            return now is not None and (before is None or now.number != before.number)

        # Of two that start at once one finds the other, which may not have said yet where it is.
        _wait(lambda: told() or process.poll() not in (None, _FOUND_ANOTHER), seconds=START_SECONDS)
        return "" if told() else _last_line(said) or _NOTHING_SAID


def _last_line(said: IO[bytes]) -> str:
    """What the command said last, which is why it ended."""
    said.seek(0)
    return next(reversed(said.read(_MOST_SAID).decode(errors="replace").splitlines()), "")


def _environment(settings: Settings) -> dict[str, str]:
    """That of this server, with the database that it serves."""
    of_others = {name: value for name, value in os.environ.items() if name != "RTT_DATABASE_URL"}
    chosen = {"RTT_DATABASE_URL": settings.database_url} if settings.database_url else {}
    return {**of_others, "RTT_HOME": str(settings.home), **chosen}


def _runs(settings: Settings) -> bool:
    run = fetch_run(settings)
    return run is not None and run.is_running


def _wait(until: Callable[[], bool], *, seconds: float) -> None:
    end = time.monotonic() + seconds
    while not until() and time.monotonic() < end:
        time.sleep(_LOOK_SECONDS)
