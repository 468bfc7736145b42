"""Our figures beside the published ones, kept until the facts change."""

from sqlalchemy import Connection

from dashboard.store.cache import cached
from dashboard.store.loaded_extracts import loaded_extracts
from ingest.reconcile.england import Comparison, Reconciliation, reconcile, summary
from ingest.reconcile.tables import TableReconciliation, reconcile_tables

NEWEST_MONTHS = 3
"""A month of every trust takes a second and a half to compare: a page has the newest, `rtt reconcile` all."""


@cached
def comparisons(connection: Connection) -> tuple[Comparison, ...]:
    """Every comparison, oldest month first; nothing is asked while no workbook is loaded."""
    return tuple(reconcile(connection)) if _holds(connection, tables=False) else ()


@cached
def tables(connection: Connection) -> TableReconciliation:
    """The publisher's tables by organisation beside ours, of the newest months; nothing is asked while none
    is loaded.
    """
    if not _holds(connection, tables=True):
        return TableReconciliation((), (), {})
    return reconcile_tables(connection, NEWEST_MONTHS)


def _holds(connection: Connection, *, tables: bool) -> bool:
    """Whether a workbook of either kind is loaded: the section of a time series is its vintage alone."""
    published = (held for held in loaded_extracts(connection).extracts if held.source == "published")
    return any((" " in held.section) == tables for held in published)


@cached
def reconciliation(connection: Connection) -> Reconciliation:
    """The comparisons counted by month."""
    return summary(comparisons(connection))
