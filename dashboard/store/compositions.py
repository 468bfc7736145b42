"""What the months held consist of, kept until the facts change."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import Connection

from dashboard.store.cache import cached
from ingest.extracts.monthly.compositions import compositions_of, statement
from rtt.terms.whole_month import Composition


@cached
def compositions(connection: Connection) -> Mapping[date, Composition]:
    """Month -> what it consists of. One statement."""
    return compositions_of(connection.execute(statement()))
