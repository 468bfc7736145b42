"""What every page, pack, screen and email says of a scope over time, found in one way: its figures, the
control charts of some of them, and what people wrote beside them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Connection

from dashboard.analysis.control_charts import Charted, charted, series_of
from dashboard.analysis.facts import series
from dashboard.analysis.findings import Figures, figures_of
from dashboard.scope.scope import Scope
from dashboard.store.written import Annotation, Narrative, Rebase, written_on


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """Every figure of the scope, the charts asked for by indicator, notes and rebases on any measure; for a
    pack the open commentary by measure.
    """

    figures: Figures
    charts: dict[str, Charted]
    notes: tuple[Annotation, ...]
    rebases: tuple[Rebase, ...]
    narratives: dict[str, Narrative] = field(default_factory=dict)
    own_plan: dict[str, dict[date, float]] = field(default_factory=dict)  # as `Written` has it


def report(connection: Connection, scope: Scope, keys: Sequence[str], *, commentary: bool = False) -> Report:
    """The report of a scope with a census, charts by the indicators `keys`; three statements at most."""
    figures = figures_of(scope, series(connection, scope))
    found = written_on(connection, series_of(scope), census=scope.census if commentary else None)
    charts = charted(figures, tuple(dict.fromkeys(keys)), rebases=found.rebases)
    return Report(figures, charts, found.notes, found.rebases, found.narratives, found.own_plan)
