"""What every page, pack, screen and email says of a scope over time, found in one way: its figures, the
control charts of some of them, and what people wrote beside them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from dashboard.analysis.control_charts import Charted, charted, series_of
from dashboard.analysis.facts import series
from dashboard.analysis.findings import Figures, figures_of
from dashboard.scope.scope import Scope
from dashboard.store.written import Annotation, Rebase, written_on


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """Every figure of the scope, the charts asked for by indicator, notes and rebases on any measure."""

    figures: Figures
    charts: dict[str, Charted]
    notes: tuple[Annotation, ...]
    rebases: tuple[Rebase, ...]


def report(connection: Connection, scope: Scope, keys: Sequence[str]) -> Report:
    """The report of a scope with a census, charts by the indicators `keys`; three statements at most."""
    figures = figures_of(scope, series(connection, scope))
    notes, rebases = written_on(connection, series_of(scope))
    return Report(figures, charted(figures, tuple(dict.fromkeys(keys)), rebases=rebases), notes, rebases)
