"""What the plan shows, found in one go: the answer, what was published, saved scenarios, the own plan."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Connection

from dashboard.analysis.forecasts import truth_of
from dashboard.analysis.plan_shown import milestone_words
from dashboard.analysis.planning.again import Again, asked_again, shown_again
from dashboard.analysis.planning.answer import Answer
from dashboard.analysis.planning.on_line import Line, Milestone, lines_of, of_anchors
from dashboard.analysis.planning.slots_answer import SlotsAnswer, slots_answer
from dashboard.analysis.planning.work_out import answer_of
from dashboard.scope.scope import Scope
from dashboard.store.plan_anchors import anchors_of
from dashboard.store.scenarios import Saved, saved_scenarios
from dashboard.store.trajectories import NO_PLAN, Trajectory, trajectory_of
from ingest.store.schema import MONTHLY
from rtt.terms.treatment_functions import TOTAL


@dataclass(frozen=True, slots=True)
class Found:
    """`published`: measure, month end, figure, in per cent or pathways; `own`: the organisation's own plan.
    `lines`: that of the next milestone, and of the own plan. `again`: today's answers of those saved
    scenarios that the address shows again.

    Of a PTL, which holds no flows of months, `slots` is all there is: what more slots a week would do.
    """

    answer: Answer | None
    published: dict[str, dict[date, float]]
    own: Trajectory
    saved: tuple[Saved, ...]
    lines: tuple[Line, ...] = ()
    again: Mapping[int, Again] = field(default_factory=dict)
    slots: SlotsAnswer | None = None


def load(connection: Connection, scope: Scope) -> Found | None:
    """None on an empty database; at most eight statements beside those that settle the scope."""
    if scope.census is None:
        return None
    if scope.source != MONTHLY:
        return Found(None, {}, NO_PLAN, (), slots=slots_answer(connection, scope))
    answer, published = answer_of(connection, scope), truth_of(connection, scope)
    place = place_of(scope)
    own = trajectory_of(connection, *place) if place else NO_PLAN
    saved = saved_scenarios(connection)
    return Found(
        answer=answer,
        published=published,
        own=own,
        saved=saved,
        again={
            each.id: asked_again(connection, each, scope.enquiry)
            for each in shown_again(saved, scope.filters.scenarios)
        },
        lines=_lines(connection, scope, answer, published, own),
    )


def place_of(scope: Scope) -> tuple[str, str, str] | None:
    """What an own plan is kept by: level, organisation and one specialty, or all; None of anything else."""
    if scope.is_part or len(scope.codes) != 1 or len(scope.functions) > 1:
        return None
    place = scope.organisation
    return place.level, place.code, scope.functions[0] if scope.functions else TOTAL


def _lines(
    connection: Connection,
    scope: Scope,
    answer: Answer,
    published: dict[str, dict[date, float]],
    own: Trajectory,
) -> tuple[Line, ...]:
    """The milestone is that of the level, whatever the address asks for."""
    place, whole = place_of(scope), answer.whole
    if scope.census is None or place is None or whole is None:
        return ()
    level, code, function = place
    anchors = anchors_of(connection, scope.census, level, code).get(function, ())
    milestone = Milestone(level, whole.target, whole.due, milestone_words(whole))
    return lines_of(scope.census, published, own.values, milestone, of_anchors(anchors))
