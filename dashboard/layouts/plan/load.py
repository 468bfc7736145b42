"""What the plan shows, found in one go: the answer, what was published, saved scenarios, the own plan."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from dashboard.analysis.forecasts import truth_of
from dashboard.analysis.planning.answer import Answer
from dashboard.analysis.planning.slots_answer import SlotsAnswer, slots_answer
from dashboard.analysis.planning.work_out import answer_of
from dashboard.scope.scope import Scope
from dashboard.store.scenarios import Saved, saved_scenarios
from dashboard.store.trajectories import trajectory_of
from ingest.store.schema import MONTHLY
from rtt.terms.treatment_functions import TOTAL


@dataclass(frozen=True, slots=True)
class Found:
    """`published`: measure, month end, figure, in per cent or pathways. `own`: the trust's own plan alike.

    Of a PTL, which holds no flows of months, `slots` is all there is: what more slots a week would do.
    """

    answer: Answer | None
    published: dict[str, dict[date, float]]
    own: dict[str, dict[date, float]]
    saved: tuple[Saved, ...]
    slots: SlotsAnswer | None = None


def load(connection: Connection, scope: Scope) -> Found | None:
    """None on an empty database; at most eight statements beside those that settle the scope."""
    if scope.census is None:
        return None
    if scope.source != MONTHLY:
        return Found(None, {}, {}, (), slots_answer(connection, scope))
    function = scope.functions[0] if len(scope.functions) == 1 else TOTAL
    place = scope.organisation
    return Found(
        answer=answer_of(connection, scope),
        published=truth_of(connection, scope),
        own=trajectory_of(connection, place.level, place.code, function).values,
        saved=saved_scenarios(connection),
    )
