"""NHS England's monthly full extract: one row for each provider, commissioner, part and function.

It reads every layout since 2016 and refuses a file that cannot be trusted as a whole.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from ingest.archives import Content
from ingest.extracts import Change, LoadOptions
from ingest.problems import Problem

NAME = "national"


def recognises(content: Content) -> bool:
    """Whether the headings of the monthly extract stand in the first lines."""
    head = "".join(content.head()[:20_000].lower().split())
    return "rttparttype" in head or "rttpartname" in head or "rttpartdescription" in head


def changed(_connection: Connection, _change: Change, _options: LoadOptions) -> Iterable[Problem]:
    """Nothing else follows from a month of counts."""
    return ()
