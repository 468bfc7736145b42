"""A resolved scope and the question of its address, worked out from the rates that are kept.

Four statements, and one more for the baselines of a milestone; an answer is remembered until the data change.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import numpy as np
from sqlalchemy import Connection

from dashboard.analysis.forecasts import truth_of
from dashboard.analysis.planning.answer import Answer, Figures, Record, Steady
from dashboard.analysis.planning.month_ends import series_of
from dashboard.analysis.planning.planned_lists import PlannedLists, planned_lists
from dashboard.analysis.planning.rows import FEW, rows_of
from dashboard.analysis.planning.to_know import warnings_of
from dashboard.analysis.planning.why_not import why_no_plan
from dashboard.filters import for_another_page
from dashboard.scope.question import Question, question_of
from dashboard.scope.scope import Scope
from dashboard.store.cache import cached
from dashboard.store.plans import PlanRow, plan_made_of
from rtt.forecast.monthly.projection import FURTHEST
from rtt.planning import anchor as anchoring
from rtt.planning.anchor import Anchor, anchor_at, figures_of
from rtt.planning.chance import chance
from rtt.planning.held import judged_on
from rtt.planning.needs import Asked, Lists, Needs, needs
from rtt.planning.projection import Scenario, projected
from rtt.terms.calendar import add_months, month_ends, months_between
from rtt.terms.treatment_functions import TOTAL, short_name_of
from rtt.terms.wording import list_text, plural

LONGEST_ALONE = Scenario(longest=1.0)


def answer_of(connection: Connection, scope: Scope, *, as_it_opens: bool = False) -> Answer:
    """The answer to the question in the address of a scope, or to that with which /plan opens."""
    filters = for_another_page(scope.filters) if as_it_opens else scope.filters
    question = question_of(scope, filters, _baseline(connection, scope))
    why = why_no_plan(connection, scope, question)
    if why:
        return Answer(question, scope.census, why)
    assert scope.census is not None
    place = scope.organisation.level, scope.codes, scope.functions
    found = _worked_out(connection, scope.census, *place, question)
    return replace(found, warnings=(*found.warnings, *warnings_of(connection, scope, question, found)))


def _baseline(connection: Connection, scope: Scope) -> Callable[[date], float | None]:
    """The share that the whole organisation had; asked for where a milestone has a rule, and only then."""
    if len(scope.codes) != 1 or scope.source != "monthly":
        return lambda month: None

    def share(month: date) -> float | None:
        # As the plans themselves: with those that have merged into it since.
        found = truth_of(connection, scope.asking(history=""), functions=(TOTAL,))["share_within_18"].get(
            month
        )
        return None if found is None else found / 100

    return share


@cached
def _worked_out(
    connection: Connection,
    census: date,
    level: str,
    codes: tuple[str, ...],
    functions: tuple[str, ...],
    question: Question,
) -> Answer:
    found = planned_lists(connection, census, level, codes, functions)
    assert found is not None
    made = plan_made_of(connection)
    return _answer(question, census, found, made.record if made else {})


def _answer(question: Question, census: date, found: PlannedLists, record: dict[str, float]) -> Answer:
    days = tuple(month_ends(add_months(census, 1), judged_on(census, question.due)))
    at = days.index(question.due)
    lists, whole = found.lists.held(census, question.due), found.whole
    beyond = months_between(census, question.due) > FURTHEST
    issued = () if beyond else found.anchors
    due = anchor_at(issued, question.due)
    now, then = (
        projected(lists.waiting, lists.rates[0], census, days, scenario).bands
        for scenario in (Scenario(), question.scenario)
    )
    first = projected(lists.waiting, lists.rates[0], census, (question.due,), LONGEST_ALONE).bands[-1]
    as_now, changed = figures_of(now[at].sum(axis=0)), figures_of(then[at].sum(axis=0))
    each = [None if beyond else anchor_at(part.anchors, question.due) for part in found.parts]
    needed = _needed(question, census, found, lists, due, each)
    effect = changed.share - as_now.share
    return Answer(
        question=question,
        census=census,
        forecast=due is not None,
        borrowed=whole.total < FEW,
        now=Figures(float(whole.total), whole.share or 0.0, float(whole.over_52)),
        as_now=_shown(anchoring.moved(due, as_now, as_now)),
        scenario=_shown(anchoring.moved(due, changed, as_now)),
        starts_now=float(lists.rates[0].starts.sum()),
        stops_now=lists.sum_of_stops(),
        needed=needed.whole,
        chance_as_now=_chance(question, due, 0.0),
        chance_scenario=_chance(question, due, effect),
        longest_alone=100 * (figures_of(first.sum(axis=0)).share - as_now.share),
        steady=_steady(whole),
        whole=whole,
        rows=rows_of(found, needed, each, now[at], first),
        series=series_of(question, census, whole.share, days, [now.sum(axis=1), then.sum(axis=1)], issued),
        record=_record(record),
        warnings=tuple(_of_the_arithmetic(found, lists, clipped=needed.clipped)),
    )


def _needed(
    question: Question,
    census: date,
    found: PlannedLists,
    lists: Lists,
    due: Anchor | None,
    each: list[Anchor | None],
) -> Needs:
    share, over = question.target, question.most_over_52
    asked = Asked(
        np.nan if share is None else share / 100, question.due, np.nan if over is None else over / 100
    )
    parts = [(part.units, anchor) for part, anchor in zip(found.parts, each, strict=True)]
    return needs(lists, census, asked, whole=due, each=parts, base=question.without_more_stops)


def _chance(question: Question, due: Anchor | None, effect: float) -> float | None:
    """Of the target, the forecast moved by an effect on the share; None where nothing was issued."""
    if due is None or question.target is None:
        return None
    return chance(tuple(value + effect for value in due.share), question.target / 100)


def _of_the_arithmetic(found: PlannedLists, lists: Lists, *, clipped: bool) -> Iterator[str]:
    if clipped:
        yield "The goal was held to 0 to 100%."
    held = np.broadcast_to(lists.rates[0].held, lists.rates[0].stops.shape)
    rows = [row for row, own in zip(found.rows, held, strict=True) if own]
    if rows:
        names = list_text(list(dict.fromkeys(short_name_of(row.treatment_function) for row in rows)))
        yield (
            f"Held in the arithmetic: {names} ({plural(sum(row.total for row in rows), 'pathway')}). So many "
            "pathways appear there without a clock start that the list would grow without end; no more are "
            "let appear than are treated."
        )


def _record(kept: dict[str, float]) -> Record | None:
    if not kept:
        return None
    return Record(int(kept["trusts"]), int(kept["months"]), kept["within"], kept["seen"], kept["seen_list"])


def _shown(of: anchoring.Figures) -> Figures:
    return Figures(of.total, 100 * of.share, of.over_52)


def _steady(whole: PlanRow) -> Steady | None:
    if whole.steady_list is None or whole.steady_stops is None or whole.stops is None:
        return None
    return Steady(whole.total, whole.steady_list, whole.stops, whole.steady_stops)
