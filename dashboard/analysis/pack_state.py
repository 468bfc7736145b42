"""Whether a pack may go out as it is: why it would be stamped DRAFT, in sentences.

Late, refused and incomplete data are told; the pack is made all the same. It depends on the day, so it is no
part of what a pack is made from.
"""

from collections.abc import Iterator

from sqlalchemy import Connection

from dashboard.scope.feeds import Feed, data_status
from dashboard.scope.scope import Scope
from ingest.store.schema import WEEKLY
from rtt.terms.wording import date_text, list_text, share_text

MOST_LEFT_OUT = 0.01
"""The share of a file's rows that may be left out before its figures are called faulty."""


def draft_reasons(connection: Connection, scope: Scope) -> tuple[str, ...]:
    """One clause for each fault, without a full stop; () if there is none. Three statements at most."""
    feeds = [feed for feed in data_status(connection, scope.enquiry).feeds if feed.source == scope.source]
    newest = scope.census == scope.loaded.censuses(scope.source)[-1]
    late = [_late(feed) for feed in feeds if feed.state != "OK"] if newest else []
    return tuple(dict.fromkeys([*late, *_faults(scope)]))


def _late(feed: Feed) -> str:
    if feed.ahead is not None:
        return f"{feed.name}: an extract dated {date_text(feed.ahead)}, after today, is loaded"
    if feed.state == "FAILED":
        return f"{feed.name}: a newer file was refused"
    return f"{feed.name}: the next was due on {date_text(feed.due)}" if feed.due else f"{feed.name} is late"


def _faults(scope: Scope) -> Iterator[str]:
    here = [
        held
        for held in scope.loaded.extracts
        if (held.source, held.census_date) == (scope.source, scope.census)
    ]
    if scope.source == WEEKLY:
        missing = [
            f"clock {name}" for name in ("starts", "stops") if name not in {each.section for each in here}
        ]
        if missing:
            yield f"{list_text(missing)} of this week were not loaded"
    for held in here:
        if held.rows_left_out > MOST_LEFT_OUT * held.rows_read:
            share = share_text(held.rows_left_out / held.rows_read)
            yield f"{share} of the rows of {held.file_name} were left out"
