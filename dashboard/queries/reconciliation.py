"""Our figures beside the published ones, kept until the facts change."""

from __future__ import annotations

from sqlalchemy import Connection

from dashboard.queries.holdings import holdings
from dashboard.queries.memo import remembered
from ingest.reconcile import Comparison, Reconciliation, reconcile, summary


@remembered
def comparisons(connection: Connection) -> tuple[Comparison, ...]:
    """Every comparison, oldest month first; nothing is asked while no workbook is loaded."""
    published = any(held.source == "published" for held in holdings(connection).extracts)
    return tuple(reconcile(connection)) if published else ()


@remembered
def reconciliation(connection: Connection) -> Reconciliation:
    """The comparisons counted by month."""
    return summary(comparisons(connection))
