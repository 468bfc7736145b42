"""England's figures beside the published series, counted as About tells them: once until the facts change."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from dashboard.store.cache import cached
from dashboard.store.reconciliation import comparisons, reconciliation
from ingest.reconcile.england import Comparison


@dataclass(frozen=True, slots=True)
class Month:
    """How many figures of a month are equal, differ and cannot be compared, and with which workbook."""

    month: date
    equal: int
    differ: int
    not_comparable: int
    vintage: str


@dataclass(frozen=True, slots=True)
class Reconciled:
    """`months` newest first; `reasons` why figures cannot be compared, the most frequent first."""

    sentence: str
    months: tuple[Month, ...]
    differing: tuple[Comparison, ...]
    reasons: tuple[tuple[str, int], ...]


@cached
def reconciled(connection: Connection) -> Reconciled | None:
    """None where no published series is loaded. One statement, that of `comparisons`."""
    found = comparisons(connection)
    if not found:
        return None
    months: dict[date, list[Comparison]] = defaultdict(list)
    for each in found:
        months[each.month].append(each)
    reasons = Counter(each.reason for each in found if each.state == "not comparable" and each.reason)
    return Reconciled(
        reconciliation(connection).sentence,
        tuple(_month(month, months[month]) for month in sorted(months, reverse=True)),
        tuple(each for each in found if each.state == "differs"),
        tuple(reasons.most_common()),
    )


def _month(month: date, here: list[Comparison]) -> Month:
    states = Counter(each.state for each in here)
    vintage = next((each.vintage for each in here if each.vintage), "")
    return Month(month, states["equal"], states["differs"], states["not comparable"], vintage)
