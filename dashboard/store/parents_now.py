"""Under which ICB each NHS trust stands, by the newest month that names it."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import Connection

from dashboard.store.cache import cached
from ingest.store.newest_parents import newest_parents


@cached
def icbs_of_trusts(connection: Connection, until: date) -> Mapping[str, str]:
    """Trust -> ICB, by the months up to a day; one statement."""
    return newest_parents(connection, "provider", until, kind="nhs")
