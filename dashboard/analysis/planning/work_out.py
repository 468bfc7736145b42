"""A resolved scope and the question of its address, worked out from the rates that are kept.

Four statements, and one more for the baselines of a milestone; an answer is remembered until the data change.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date

import numpy as np
from sqlalchemy import Connection

from dashboard.analysis.forecasts import no_forecast_for, truth_of
from dashboard.analysis.planning.answer import Answer, Figures, Record, Row, Series, Steady
from dashboard.analysis.planning.why_not import RUNS_AWAY, warnings_of, why_no_plan, why_not_row
from dashboard.filters import for_another_page
from dashboard.scope.question import Question, question_of
from dashboard.scope.scope import Scope
from dashboard.store.cache import cached
from dashboard.store.plan_anchors import anchors_of
from dashboard.store.plans import PlanRow, plan_made_of, plans_of
from ingest.forecasts.plan_rows import unpacked
from rtt.forecast.monthly.projection import FURTHEST
from rtt.planning import anchor as anchoring
from rtt.planning.anchor import MOST_LEFT_OUT, Anchor, anchor_at, figures_of, runs_away
from rtt.planning.chance import chance, trajectory
from rtt.planning.needs import Asked, Lists, Needs, chosen, needs, only
from rtt.planning.projection import AS_NOW, Scenario, projected
from rtt.terms.arrays import Bools, Floats
from rtt.terms.calendar import add_months, month_ends, months_between
from rtt.terms.treatment_functions import TOTAL, in_order, short_name_of
from rtt.terms.wording import list_text, plural

FEW = 200
"""Pathways: under these the rates are mostly borrowed."""
LEAST_SHOWN = 12
"""Months of a chart, where the date is nearer."""

Anchors = dict[str, tuple[Anchor, ...]]


def answer_of(connection: Connection, scope: Scope, *, as_it_opens: bool = False) -> Answer:
    """The answer to the question in the address of a scope, or to that with which /plan opens."""
    filters = for_another_page(scope.filters) if as_it_opens else scope.filters
    question = question_of(scope, filters, _baseline(connection, scope))
    why = why_no_plan(connection, scope, question, no_forecast_for(scope))
    if why:
        return Answer(question, scope.census, why)
    assert scope.census is not None
    found = _worked_out(
        connection, scope.census, scope.organisation.level, scope.codes[0], scope.functions, question
    )
    if found.why_not:
        return found
    return replace(found, warnings=(*found.warnings, *warnings_of(scope, question, found)))


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
    code: str,
    functions: tuple[str, ...],
    question: Question,
) -> Answer:
    rows, kept = plans_of(connection, level, code)
    anchors = anchors_of(connection, census, level, code)
    lists = unpacked(kept)
    own = [row for row in rows if row.treatment_function != TOTAL]
    whole = next(row for row in rows if row.treatment_function == (functions[0] if functions else TOTAL))
    if functions:
        at = np.array([own.index(whole)])
        lists = Lists(lists.waiting[at], tuple(chosen(of, at) for of in lists.rates))
    made = plan_made_of(connection)
    return _answer(
        question, census, whole, [] if functions else own, lists, anchors, made.record if made else {}
    )


def _answer(
    question: Question,
    census: date,
    whole: PlanRow,
    own: Sequence[PlanRow],
    lists: Lists,
    anchors: Anchors,
    record: dict[str, float],
) -> Answer:
    days = _days(census, question.due)
    beyond = months_between(census, question.due) > FURTHEST
    issued = () if beyond else anchors.get(whole.treatment_function, ())
    all_lists = lists
    sound, as_now_bands = _sound(lists, census, days)
    if lists.waiting[~sound].sum() > MOST_LEFT_OUT * lists.waiting.sum():
        return Answer(question, census, RUNS_AWAY)
    lists = only(lists, sound)
    rest = [row for row, kept in zip(own, sound, strict=False) if kept]
    then = projected(lists.waiting, lists.rates[0], census, days, question.scenario).bands
    models = [as_now_bands[:, sound].sum(axis=1), then.sum(axis=1)]
    at = days.index(question.due)
    due = anchor_at(issued, question.due)
    as_now, changed = (figures_of(model[at]) for model in models)
    target = np.nan if question.target is None else question.target / 100
    asked = Asked(
        target, question.due, np.nan if question.most_over_52 is None else question.most_over_52 / 100
    )
    found = needs(
        lists,
        census,
        asked,
        whole=due,
        each=[_of_row(row, anchors, question.due, beyond=beyond) for row in rest],
        base=question.without_more_stops,
    )
    likely = None if due is None or question.target is None else chance(due.share, target)
    effect = changed.share - as_now.share
    moved = (
        None
        if due is None or likely is None
        else chance(tuple(value + effect for value in due.share), target)
    )
    return Answer(
        question=question,
        census=census,
        forecast=due is not None,
        borrowed=whole.total < FEW,
        now=Figures(float(whole.total), whole.share or 0.0, float(whole.over_52)),
        as_now=_shown(anchoring.moved(due, as_now, as_now)),
        scenario=_shown(anchoring.moved(due, changed, as_now)),
        starts_now=float(all_lists.rates[0].starts.sum()),
        stops_now=all_lists.sum_of_stops(),
        needed=found.whole,
        chance_as_now=likely,
        chance_scenario=moved,
        longest_alone=_longest_alone(lists, census, question.due, as_now.share),
        steady=_steady(whole),
        whole=whole,
        rows=_rows(own, _worked_rows(rest, lists, census, question, anchors, found, beyond=beyond)),
        series=_series(question, census, whole, days, models, issued),
        record=_record(record),
        warnings=tuple(_warnings(own, sound, clipped=found.clipped)),
    )


def _sound(lists: Lists, census: date, days: tuple[date, ...]) -> tuple[Bools, Floats]:
    """Which lists can be carried so far, and all of them as now, (days, units, 105)."""
    bands = projected(lists.waiting, lists.rates[0], census, days).bands
    return ~runs_away(lists.waiting, bands[-1]), bands


def _warnings(own: Sequence[PlanRow], sound: Bools, *, clipped: bool) -> Iterator[str]:
    if clipped:
        yield "The goal was held to 0 to 100%."
    left = [row for row, kept in zip(own, sound, strict=False) if not kept]
    if left:
        names = list_text([short_name_of(row.treatment_function) for row in left])
        yield (
            f"Left out of the arithmetic: {names} ({plural(sum(row.total for row in left), 'pathway')}). Too "
            "many of the longest waits there appear without a clock start."
        )


def _record(kept: dict[str, float]) -> Record | None:
    if not kept:
        return None
    return Record(int(kept["trusts"]), int(kept["months"]), kept["within"], kept["seen"], kept["seen_list"])


def _days(census: date, due: date) -> tuple[date, ...]:
    last = max(due, add_months(census, LEAST_SHOWN))
    return tuple(month_ends(add_months(census, 1), last))


def _of_row(row: PlanRow, anchors: Anchors, due: date, *, beyond: bool) -> Anchor | None:
    return None if beyond else anchor_at(anchors.get(row.treatment_function, ()), due)


def _shown(of: anchoring.Figures) -> Figures:
    return Figures(of.total, 100 * of.share, of.over_52)


def _steady(whole: PlanRow) -> Steady | None:
    if whole.steady_list is None or whole.steady_stops is None or whole.stops is None:
        return None
    return Steady(whole.total, whole.steady_list, whole.stops, whole.steady_stops)


def _worked_rows(
    own: Sequence[PlanRow],
    lists: Lists,
    census: date,
    question: Question,
    anchors: Anchors,
    found: Needs,
    *,
    beyond: bool,
) -> dict[str, Row]:
    """The specialties that can be carried so far, by code."""
    if not own:
        return {}
    now, first = _at_due(lists, census, question.due)
    worked = {}
    for at, row in enumerate(own):
        worked[row.treatment_function] = replace(
            _bare(row, ""),
            forecast=_of_row(row, anchors, question.due, beyond=beyond) is not None,
            borrowed=row.total < FEW,
            needed=found.longest_first[at],
            needed_todays=found.todays_order[at],
            longest_alone=100 * (figures_of(first[at]).share - figures_of(now[at]).share),
            order_13=row.order_13,
            size_13=row.size_13,
            order_4=row.order_4,
            size_4=row.size_4,
            load=row.load,
            load_reported=row.load_reported,
            pressure=row.pressure,
        )
    return worked


def _rows(own: Sequence[PlanRow], worked: dict[str, Row]) -> tuple[Row, ...]:
    """Every specialty, those that need most first."""
    found = []
    for row in own:
        why = why_not_row(row)
        if not why and row.treatment_function in worked:
            found.append(worked[row.treatment_function])
        else:
            found.append(_bare(row, why or RUNS_AWAY))
    places = {code: at for at, code in enumerate(sorted((row.code for row in found), key=in_order))}
    return tuple(sorted(found, key=lambda row: (*_most_first(row), places[row.code])))


def _bare(row: PlanRow, why: str) -> Row:
    return Row(
        row.treatment_function, short_name_of(row.treatment_function), row.total, row.share, row.over_52, why
    )


def _most_first(row: Row) -> tuple[int, float]:
    """Those that doubling does not help, then by the stops needed, then those without a plan."""
    if row.needed is None:
        return 2, 0.0
    if row.needed.a_week is None:
        return 0, -float(row.list)
    return 1, -row.needed.a_week


def _longest_alone(lists: Lists, census: date, due: date, as_now: float) -> float:
    first = projected(lists.waiting, lists.rates[0], census, (due,), Scenario(longest=1.0)).bands[-1]
    return 100 * (figures_of(first.sum(axis=0)).share - as_now)


def _at_due(lists: Lists, census: date, due: date) -> tuple[Floats, Floats]:
    """The lists as now, and were all of today's stops for the longest waiters."""
    now, first = (
        projected(lists.waiting, lists.rates[0], census, (due,), scenario).bands[-1]
        for scenario in (AS_NOW, Scenario(longest=1.0))
    )
    return now, first


def _series(
    question: Question,
    census: date,
    whole: PlanRow,
    days: tuple[date, ...],
    models: Sequence[Floats],
    issued: Sequence[Anchor],
) -> dict[str, Series]:
    anchors = [anchor_at(issued, day) if issued else None for day in days]
    if issued and any(anchor is None for anchor in anchors):
        # Nearer than the first day that is forecast, or beyond the last: the chart ends there.
        keep = [at for at, anchor in enumerate(anchors) if anchor is not None]
        days, anchors = tuple(days[at] for at in keep), [anchors[at] for at in keep]
        models = [model[keep] for model in models]
    pairs = [(figures_of(now), figures_of(then)) for now, then in zip(*models, strict=True)]
    found = {}
    for name, field, scale in (
        ("share", "share", 100.0),
        ("list", "total", 1.0),
        ("over_52", "over_52", 1.0),
    ):
        as_now = [
            scale * getattr(anchoring.moved(a, now, now), field)
            for a, (now, _) in zip(anchors, pairs, strict=True)
        ]
        then = [
            scale * getattr(anchoring.moved(a, new, now), field)
            for a, (now, new) in zip(anchors, pairs, strict=True)
        ]
        bounds = [
            tuple(scale * getattr(a, field)[at] for at in (1, 5)) if a else (None, None) for a in anchors
        ]
        line: tuple[float | None, ...] = tuple(None for _ in days)
        if name == "share" and question.target is not None and whole.share is not None:
            line = tuple(
                trajectory(whole.share, census, question.target, question.due, day)
                if day <= question.due
                else None
                for day in days
            )
        found[name] = Series(
            days,
            tuple(as_now),
            tuple(low for low, _ in bounds),
            tuple(high for _, high in bounds),
            tuple(then),
            line,
        )
    return found
