"""A file dropped on the status page: loaded by the code of `rtt load`, in one transaction, then deleted.

The body of the request is the file. It is written to a private folder, loaded, and deleted whatever happens;
if the server is killed meanwhile, the next start or upload deletes it (`ingest.files.temporary`).
The answer is a line of JSON for each step as it is made, so that the page can show how far it is.
"""

import json
import logging
import secrets
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from queue import SimpleQueue
from threading import BoundedSemaphore, Thread
from typing import Any
from urllib.parse import unquote

from flask import Flask, Response, request
from sqlalchemy import Engine

from dashboard.server import guard
from dashboard.server.access import Enquiry, check_writer
from dashboard.store import writing
from dashboard.store.served import changes_by_itself, kind_shown, writable_engine
from ingest.extracts import LoadOptions
from ingest.extracts.ptl.tokens import UnusableKey, key_of
from ingest.files import temporary
from ingest.files.temporary import Held
from ingest.loading.load import LoadResult, OtherDataset, Progress, load_path
from ingest.loading.words import problem_lines, result_line
from ingest.store.database import THREADS
from ingest.store.faults import in_words
from rtt.terms.wording import plural

log = logging.getLogger("rtt.uploads")

CHUNK = 1 << 20
# An upload has a thread of the server for as long as its load takes, waiting for another's turn included.
MOST_AT_ONCE = THREADS // 4
MANY = "Several files are already being loaded. Try again when one has finished."
OWN_DATA_SHOWN = {"own": True, "words": "Your own data is now shown. A link still leads to the sample data."}
OWN_DATA_ELSEWHERE = {"words": "It is in your own database. Restart the dashboard to see it."}
Tell = Callable[[dict[str, Any]], None]


def register(server: Flask, engine: Engine) -> None:
    at_once = BoundedSemaphore(MOST_AT_ONCE)

    @server.post(guard.UPLOADS)
    def load() -> Response:
        enquiry = guard.enquiry()
        check_writer(enquiry.reader)
        if not at_once.acquire(blocking=False):
            return guard.try_again("Nothing was loaded", MANY)
        try:
            folder, file = _received(enquiry.settings.home)
        except BaseException:
            at_once.release()
            raise
        lines: SimpleQueue[dict[str, Any] | None] = SimpleQueue()
        replace = request.headers.get("X-Replace") == "yes"

        def work() -> None:
            # In a thread of its own: a reader who closes the page does not stop a load half-way.
            try:
                try:
                    results = _loaded(engine, file, replace, enquiry, lines.put)
                finally:
                    folder.release()
                for result in results:
                    told = {"state": result.state, "line": result_line(result)}
                    lines.put(told | {"problems": problem_lines(result)})
            except Exception as error:
                lines.put({"state": "refused", "line": f"{file.name}: {_sentence(error)}", "problems": []})
            finally:
                lines.put(None)
                at_once.release()

        Thread(target=work, daemon=True).start()
        return Response(_as_they_come(lines), mimetype="application/x-ndjson")


def safe_name(given: str) -> str:
    """The file's own name without any folder, control character or length that could do harm."""
    name = given.replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(letter for letter in name if letter.isprintable()).strip(" .")
    return name[-120:] or "upload"


def _received(home: Path) -> tuple[Held, Path]:
    temporary.sweep(home)
    folder = temporary.hold(home, "upload")
    file = folder.path / safe_name(unquote(request.headers.get("X-File-Name", "")))
    try:
        with temporary.private_file(file) as kept:
            while chunk := request.stream.read(CHUNK):
                kept.write(chunk)
    except BaseException:
        folder.release()
        raise
    return folder, file


def _loaded(engine: Engine, file: Path, replace: bool, enquiry: Enquiry, tell: Tell) -> list[LoadResult]:
    settings = enquiry.settings
    first = kind_shown(engine) == "sample"
    target = writable_engine(engine, settings)
    options = LoadOptions(
        replace=replace,
        snapshots_kept=settings.snapshots_kept,
        token_key=key_of(settings.home, settings.token_key),
        today=enquiry.today,
    )

    def report(progress: Progress) -> None:
        words = {
            "reading": "Reading and checking",
            "waiting": "Another file is being saved; this one is waiting.",
            "writing": f"Writing: {progress.rows:,} of {plural(progress.of, 'row')}",
        }[progress.step]
        tell({"words": words, "done": progress.rows, "of": progress.of})

    results = load_path(target, file, options=options, report=report)
    for result in results:
        said, at = f"{result.state}: {result.file_name}", datetime.now(UTC)
        rows = result.rows_read
        writing.write_audit(target, enquiry.reader, action="loaded", scope=said, rows=rows, at=at)
    if first and any(result.state == "loaded" for result in results):
        tell(OWN_DATA_SHOWN if changes_by_itself(engine) else OWN_DATA_ELSEWHERE)
    return results


def _sentence(error: Exception) -> str:
    if isinstance(error, OtherDataset):
        return "refused; this database holds sample data, which is kept apart from real extracts"
    if isinstance(error, UnusableKey):
        return f"refused; {error}"
    fault = in_words(error)
    if fault is not None:
        return f"refused; {fault.words}"
    reference = secrets.token_hex(2).upper()
    # The class alone: an error's text may hold a row, and a row may hold a person.
    log.error("upload failed, reference %s: %s", reference, type(error).__name__)
    return f"refused; an unexpected fault (reference {reference}). Nothing was saved"


def _as_they_come(lines: SimpleQueue[dict[str, Any] | None]) -> Iterator[str]:
    while (line := lines.get()) is not None:
        yield json.dumps(line, ensure_ascii=False) + "\n"
