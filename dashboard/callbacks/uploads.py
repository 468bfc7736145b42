"""A file dropped on the status page: the same code, the same transaction as `rtt load`, then it is gone.

The body of the request is the file. It is written to a private folder, loaded, and deleted whatever happens.
The answer is a line of JSON for each step as it is made, so that the page can show how far it is.
"""

from __future__ import annotations

import json
import logging
import secrets
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any
from urllib.parse import unquote

from flask import Flask, Response, request
from sqlalchemy import Engine

from dashboard import guard, records
from dashboard.access import Reader, Visit, check_writer
from dashboard.load_words import problem_lines, result_line
from dashboard.queries.served import writable_engine
from dashboard.settings import Settings
from ingest.extracts import LoadOptions
from ingest.faults import in_words
from ingest.load import LoadResult, OtherDataset, Progress, load_path
from ingest.tokens import UnusableKey, key_of
from rtt.wording import plural

log = logging.getLogger("rtt.uploads")

CHUNK = 1 << 20
BUSY_PATIENCE = 300.0  # seconds to wait for another load; a national month takes some twenty
Tell = Callable[[dict[str, Any]], None]


def register(server: Flask, engine: Engine) -> None:
    """Put the upload on this server."""

    @server.post(guard.UPLOADS)
    def load() -> Response:
        visit = guard.visit()
        check_writer(visit.reader)
        folder = _private_folder(visit.settings)
        try:
            file = _received(Path(folder.name))
        except BaseException:
            folder.cleanup()
            raise
        lines: SimpleQueue[dict[str, Any] | None] = SimpleQueue()
        replace = request.headers.get("X-Replace") == "yes"
        Thread(target=_work, args=(engine, file, replace, visit, folder, lines.put), daemon=True).start()
        return Response(_as_they_come(lines), mimetype="application/x-ndjson")


def safe_name(given: str) -> str:
    """The file's own name without any folder, control character or length that could do harm."""
    name = given.replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(letter for letter in name if letter.isprintable()).strip(" .")
    return name[-120:] or "upload"


def _private_folder(settings: Settings) -> TemporaryDirectory[str]:
    # Beside the database, which may hold the same people; readable by nobody else, as a made folder is.
    settings.home.mkdir(parents=True, exist_ok=True)
    return TemporaryDirectory(prefix="upload-", dir=settings.home, ignore_cleanup_errors=True)


def _received(folder: Path) -> Path:
    file = folder / safe_name(unquote(request.headers.get("X-File-Name", "")))
    with file.open("wb") as kept:
        while chunk := request.stream.read(CHUNK):
            kept.write(chunk)
    return file


def _work(
    engine: Engine,
    file: Path,
    replace: bool,
    visit: Visit,
    folder: TemporaryDirectory[str],
    tell: Callable[[dict[str, Any] | None], None],
) -> None:
    """Load in a thread of its own: a reader who closes the page does not stop a load half-way."""
    try:
        with folder:
            for result in _loaded(engine, file, replace, visit, tell):
                tell(_told(result))
    except Exception as error:
        tell({"state": "refused", "line": f"{file.name}: {_sentence(error)}", "problems": []})
    finally:
        tell(None)


def _loaded(engine: Engine, file: Path, replace: bool, visit: Visit, tell: Tell) -> list[LoadResult]:
    settings = visit.settings
    target = writable_engine(engine, settings)
    options = LoadOptions(
        replace=replace,
        snapshots_kept=settings.snapshots_kept,
        token_key=key_of(settings.home, settings.token_key),
        today=visit.today,
    )
    results = _in_turn(lambda: load_path(target, file, options=options, report=_reporter(tell)), tell)
    _note(target, visit.reader, results)
    if target is not engine and any(result.state == "loaded" for result in results):
        tell({"words": "It is in your own database. Start the dashboard again to see it."})
    return results


def _in_turn(load: Callable[[], list[LoadResult]], tell: Tell) -> list[LoadResult]:
    """Two loads at once take turns: the second waits and then reads what the first left."""
    patience = time.monotonic() + BUSY_PATIENCE
    while True:
        try:
            return load()
        except Exception as error:
            fault = in_words(error)
            if fault is None or fault.kind != "busy" or time.monotonic() > patience:
                raise
            tell({"words": "Another load is writing; this one waits for its turn."})
            time.sleep(0.2)


def _reporter(tell: Tell) -> Callable[[Progress], None]:
    def report(progress: Progress) -> None:
        words = "Reading and checking"
        if progress.step == "writing":
            words = f"Writing: {progress.rows:,} of {plural(progress.of, 'row')}"
        tell({"words": words, "done": progress.rows, "of": progress.of})

    return report


def _note(engine: Engine, reader: Reader, results: list[LoadResult]) -> None:
    for result in results:
        records.write_audit(
            engine,
            reader,
            action="loaded",
            scope=f"{result.state}: {result.file_name}",
            rows=result.rows_read,
            at=datetime.now(UTC),
        )


def _told(result: LoadResult) -> dict[str, Any]:
    return {"state": result.state, "line": result_line(result), "problems": problem_lines(result)}


def _sentence(error: Exception) -> str:
    if isinstance(error, OtherDataset):
        return "refused; this database holds sample data, and real extracts never join it"
    if isinstance(error, UnusableKey):
        return f"refused; {error}"
    fault = in_words(error)
    if fault is not None:
        return f"refused; {fault.words}"
    reference = secrets.token_hex(2).upper()
    # The class alone: an error's text may hold a row, and a row may hold a person.
    log.error("upload failed, reference %s: %s", reference, type(error).__name__)
    return f"something went wrong that should not have (reference {reference}); nothing of it was written"


def _as_they_come(lines: SimpleQueue[dict[str, Any] | None]) -> Iterator[str]:
    while (line := lines.get()) is not None:
        yield json.dumps(line, ensure_ascii=False) + "\n"
