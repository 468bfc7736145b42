"""What is logged, and how: one line an event, as key=value, for the server and for commands alike.

    time=2026-11-24T06:00:03.120Z level=warning process=811 logger=rtt.access message="refused GET ..."

It can be read as it stands, and split by every collector of logs. No line holds a token or a query, and a
fault is named by its class and the lines it passed through: its own text may quote a row, and a row may be a
person. The server writes to its standard error, and whoever runs it keeps that. Commands, whose standard
error is for the person, append theirs to a file.
"""

import logging
import re
import sys
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dashboard.server.url_tokens import redacted
from dashboard.settings import SettingError
from ingest.files.temporary import private_folder
from rtt.terms.text_edges import log_text

PATH = "rtt.loggable_path"
"""Where a request keeps, beside its headers, what of its path may be logged."""

# The beginnings of our own addresses: words of ours, which hold nothing of anybody's.
_OURS = re.compile(
    r"/(?:alerts|api|assets|card|health|pack|pathways|ptl|screens|services|sign-in|sign-out|signed-out|status|version|screen(?:/[a-z0-9-]{1,40})?)(?=[/.]|$)"
)

_PLAIN = re.compile(r"[\w.:/+@-]+", re.ASCII)
_QUERY = re.compile(r"(/[^\s?\"'<>]*)\?[^\s\"'<>]+")


class Line(logging.Formatter):
    """A record as key=value; what is in its `fields` (a dict) comes after the message."""

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        fields: dict[str, Any] = {
            "time": moment.replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "process": record.process,
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info and record.exc_info[1]:
            fields |= _fault(record.exc_info[1])
        return " ".join(f"{key}={_written(value)}" for key, value in fields.items())


class _Appended(logging.Handler):
    """Lines at the end of a file, opened for each: it may be moved away in between, and read by anybody."""

    def __init__(self, path: Callable[[], Path]) -> None:
        super().__init__()
        self._path = path

    def emit(self, record: logging.LogRecord) -> None:
        line = self.format(record) + "\n"
        try:
            path = self._path()
            private_folder(path.parent)
            with path.open("a", encoding="utf-8") as file:
                file.write(line)
        except (OSError, SettingError):  # no such place, or an unusable setting
            # Standard error is for the person, to whom our lines of code say nothing.
            sys.stderr.write(line.partition(" at=")[0].rstrip() + "\n")


def loggable_path(path: str, *, is_known: bool, status: int = 200) -> str:
    """The path of a request for a log: as it is where it leads somewhere and was answered.

    Somebody may have pasted the token of a wall screen into a path, so of any other path nothing is
    written but a beginning of ours; the name of a screen has no capitals, as its token has.
    """
    if is_known and status < 400:
        return path
    ours = _OURS.match(path)
    if ours and ours[0] == path:
        return path
    return f"{ours[0] if ours else ''}/(redacted)"


def to_standard_error() -> None:
    _install(logging.StreamHandler())


def to_file(path: Callable[[], Path]) -> None:
    """The same to a file, whose path is asked for when there is something to write."""
    if not any(isinstance(each, _Appended) for each in logging.getLogger().handlers):
        _install(_Appended(path))


def _install(handler: logging.Handler) -> None:
    handler.setFormatter(Line())
    logging.getLogger().addHandler(handler)
    # Libraries are heard when something is wrong, and we ourselves also when something was done.
    logging.getLogger("rtt").setLevel(logging.INFO)


def _fault(error: BaseException) -> dict[str, str]:
    frames = traceback.extract_tb(error.__traceback__)
    way = (f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames)
    return {"error": type(error).__qualname__, "at": " > ".join(way)}


def _written(value: object) -> str:
    text = _QUERY.sub(r"\1?(redacted)", redacted(str(value)))
    return text if _PLAIN.fullmatch(text) else log_text(text)
