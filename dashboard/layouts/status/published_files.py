"""The card of NHS England's published files: what was looked for, what came of it, when the next is due."""

from collections.abc import Sequence
from typing import Any

from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import fetching, html
from dashboard.scope.feeds import DataStatus
from dashboard.scope.scope import Scope
from ingest.fetch.journal import GOOD, Item, Run
from rtt.terms.calendar import LONDON, moment_text
from rtt.terms.wording import date_text

Component = Any
ITEMS_FIRST = 5
_FATES = {
    "loaded": "Loaded",
    "replaced": "Loaded in place of an earlier version",
    "in place": "Already loaded",
    "left": "Not loaded: a newer version is",
    "refused": "REFUSED",
    "not found": "NOT FOUND",
}
_COLUMNS = ("File", "Result", "Link and reason")


def published_files(scope: Scope, found: DataStatus) -> show.Part:
    """Nothing where there never was a run and the reader may not start one."""
    run, may = found.fetch, fetching.may_fetch(scope)
    if run is None and not may:
        return None
    words = [*_state(run, may=may), *_due(found)]
    table = _table(run.items) if run is not None and run.items else None
    action = [fetching.button(scope)] if may and not (run and run.is_running) else []
    return show.table_card(
        "NHS England’s published files", *words, *action, *([table] if table else []), name="fetch"
    )


def _state(run: Run | None, *, may: bool) -> list[Component]:
    if run is None:
        return [html.P(fetching.WHAT_IT_DOES)]
    asked = [html.P(f"Asked for: {run.asked}.")]
    if run.looked_for:
        asked.append(html.P(f"Looked for: {run.looked_for}."))
    if not run.is_running:
        return [html.P(fetching.last_words(run)), *asked]
    started = moment_text(run.started_at) if run.started_at else ""
    under_way = [html.P(f"Under way since {started}.")]
    return [*under_way, *asked, *(fetching.under_way(run) if may else [])]


def _due(found: DataStatus) -> list[Component]:
    if found.fetch_due is None:
        return []
    due = found.fetch_due.astimezone(LONDON)
    return [html.P(f"The next month is due on {date_text(due.date())} at {due:%H:%M}.")]


def _table(items: Sequence[Item]) -> show.Table:
    # What went wrong comes first.
    ordered = sorted(items, key=lambda each: each.fate in GOOD)
    rows = [[each.what, _FATES.get(each.fate, each.fate), _told(each)] for each in ordered]
    return show.Table(
        "What became of each file",
        _COLUMNS,
        rows,
        label="Published files, table",
        text_columns=3,
        most=ITEMS_FIRST,
        folded_words="of files",
    )


def _told(item: Item) -> str:
    return ". ".join(filter(None, (item.link, item.reason))) or "None"
