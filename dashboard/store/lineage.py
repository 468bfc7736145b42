"""What counts for whom, seen from a month: the facts of who became whom, and the parents as they were."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import Connection

from dashboard.store.cache import cached
from ingest.store import parents
from ingest.store.successions import Facts, ends, facts_of, statement, successions_held
from rtt.terms.lineage import Parents


@cached
def succession_facts(connection: Connection) -> Facts:
    """Which organisation became which; one statement."""
    return successions_held(connection)


@cached
def facts_of_the_owner(connection: Connection) -> Facts:
    """The same by the package and by what whoever runs the server noted (`rtt closed`), and by no file:
    whoever may load one must not thereby see another trust's pathways. One statement.
    """
    return facts_of(row for row in connection.execute(statement()) if row.kind == "noted")


@cached
def moved_parents(connection: Connection) -> Parents:
    """The parents, month by month, of whoever was not always under one; one statement."""
    return parents.parents_of(connection.execute(parents.statement()))


def ended(connection: Connection) -> Mapping[str, date]:
    """Code -> the day on which it ended, by the facts. No statement beside theirs."""
    return ends(succession_facts(connection))
