"""What a wall screen shows, as plain data: at most three figures a page, what to do next in three lines, or
the first figure in a sentence where there is nothing to do.

The figures are the findings that the Overview shows, as somebody sees them who may see no pathways: small
numbers are not in here at all, whoever looks. Whether the data is still fit to be shown is told by days,
which the screen holds against the time: it must know it without being told.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from dashboard.analysis.findings import status_of
from dashboard.analysis.not_whole import not_whole_words
from dashboard.analysis.report import Report, report
from dashboard.filters import from_query
from dashboard.scope.feeds import due_date
from dashboard.scope.nearest import ONE_ALONE
from dashboard.scope.scope import Scope, resolve
from dashboard.screens.do_next import KEYS, do_next
from dashboard.screens.tiles import PASSING, Tile, tile, undated_note, without_date_tile
from dashboard.server.access import ANYBODY, Enquiry
from dashboard.store.screens import WITHOUT_DATE, Screen
from ingest.store.schema import WEEKLY
from rtt.findings import sentences

LIST_LIMIT_DAYS = 14
MONTH_LIMIT_DAYS = 31  # after the day on which the next month was due


def shown(connection: Connection, screen: Screen, enquiry: Enquiry) -> dict[str, Any]:
    """What the screen shows on this day, as JSON has it; without pages its `instead` says why."""
    filters, _ = from_query(screen.query)
    scope = resolve(connection, filters, enquiry).seen_by(ANYBODY)
    if scope.census is None:
        return {"pages": [], "instead": "No data is loaded yet."}
    if scope.notices:
        # Figures of another scope under this title would be a lie.
        return {"pages": [], "instead": f"This screen cannot be shown. {not_meant(scope)}"}
    return {"pages": _pages(connection, screen, scope), "instead": "", "data": _data(scope)}


def not_meant(scope: Scope) -> str:
    """Why the scope is not the one asked for; '' if it is. No wall shows what a page would instead.

    Where no scope was asked for, a month of one provider alone is that provider's.
    """
    changed = [each for each in scope.notices if not each.startswith(ONE_ALONE)]
    return f"{changed[0].partition(';')[0].removesuffix('.')}." if changed else ""


def _data(scope: Scope) -> dict[str, str]:
    """Of which day the figures are, when the next are due, and until when these may be shown."""
    assert scope.census is not None
    due = due_date(scope.enquiry.settings, scope.source, scope.census)
    weekly = scope.source == WEEKLY
    last = scope.census + timedelta(LIST_LIMIT_DAYS) if weekly else due + timedelta(MONTH_LIMIT_DAYS)
    return {
        "kind": "Sample data" if scope.loaded.kind == "sample" else "Data",
        "what": "list" if weekly else "return",
        "status": status_of(scope, scope.census),
        "census": scope.census.isoformat(),
        "due": due.isoformat(),
        "shown_until": last.isoformat(),
    }


def _pages(connection: Connection, screen: Screen, scope: Scope) -> list[dict[str, Any]]:
    keys = [key for page in screen.pages for key in page if key != WITHOUT_DATE]
    found = report(connection, scope, [*keys, *KEYS])
    lines = do_next(connection, scope, found.figures, found.charts)
    # That the file holds no flows, say, is told by the figure that is not known.
    warnings = [f"{words}." for words in not_whole_words(scope) if not words.startswith("PARTIAL:")]
    return [
        {
            "tiles": [_tile(connection, scope, found, key) for key in page],
            "warning": " ".join(warnings),
            "sentence": _sentence(found, page),
            "do_next": lines,
        }
        for page in screen.pages
    ]


def _tile(connection: Connection, scope: Scope, found: Report, key: str) -> Tile:
    if key == WITHOUT_DATE:
        return without_date_tile(connection, scope)
    return tile(found.charts[key], note=undated_note(connection, scope) if key == PASSING else "")


def _sentence(found: Report, page: Sequence[str]) -> str:
    first = next((key for key in page if key != WITHOUT_DATE), None)
    return sentences.sentence(found.charts[first].last) if first else ""
