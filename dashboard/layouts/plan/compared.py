"""Saved scenarios side by side: one chart of the share, and the figures at each milestone.

The answers are as they were when they were saved. Where today's data say otherwise, that stands in a row of
its own.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from dashboard.analysis.plan_kept import Kept, read
from dashboard.analysis.planning.again import Again, shown_again
from dashboard.analysis.planning.answer import Answer
from dashboard.analysis.planning.dial_words import AS_NOW as GOING_ON
from dashboard.figures.plan_chart import AS_NOW, COMPARED, STYLES, PlanLine, figure_text, plan_chart
from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html
from dashboard.layouts.plan.saved import link_to, today_words, worked_out
from dashboard.scope.scope import Scope
from dashboard.store.scenarios import Saved
from rtt.measures.standards import NATIONAL, PROVIDER, milestones
from rtt.terms.wording import NOT_KNOWN, date_text, number_text, signed_text

Component = Any
Published = Sequence[tuple[date, float]]
TODAY = ", with today’s data"


def compared(
    scope: Scope,
    answer: Answer,
    saved: Sequence[Saved],
    again: Mapping[int, Again],
    published: Published,
) -> list[show.Part]:
    """The saved scenarios beside as now: one chart of the share, and the figures at each milestone."""
    beside = [(each, read(each.answers)) for each in shown_again(saved, scope.filters.scenarios)]
    if not beside:
        return []
    return [_chart(answer, beside, published), _table(scope, answer, beside, again)]


def _chart(answer: Answer, beside: Sequence[tuple[Saved, Kept]], published: Published) -> show.Card:
    series = answer.series["share"]
    lines = [PlanLine(AS_NOW, series.days, series.as_now, STYLES[AS_NOW])]
    lines += [
        PlanLine(each.name, kept.days, kept.scenario["share"], style)
        for (each, kept), style in zip(beside, COMPARED, strict=False)
    ]
    chart = plan_chart(
        published,
        lines,
        title="Saved scenarios side by side",
        caption="Each saved scenario as it was worked out when it was saved; as now from the data on show.",
        what="the share within 18 weeks of saved scenarios",
        share=True,
    )
    return show.card("compared", chart, height=280, measures=("share_within_18",))


COLUMNS = ("Scenario", "Date", "Within 18 weeks", "List", "Over 52 weeks", "Clock stops added a week")


def _table(
    scope: Scope, answer: Answer, beside: Sequence[tuple[Saved, Kept]], again: Mapping[int, Again]
) -> show.Card:
    series = answer.series
    as_now = {
        measure: dict(zip(series[measure].days, series[measure].as_now, strict=True)) for measure in series
    }
    rows: list[list[Component]] = []
    for day in _days(scope, answer, [kept for _, kept in beside]):
        rows.append(
            [GOING_ON, date_text(day), *_cells({each: as_now[each].get(day) for each in as_now}), "0"]
        )
        for each, kept in beside:
            was = _row(show.link(each.name, link_to(each)), kept, day)
            today = again[each.id].kept if each.id in again else None
            now = _row(f"{each.name}{TODAY}", today, day) if today else was
            rows += [was, now] if now[1:] != was[1:] else [was]
    table = show.Table("Scenarios at each milestone", COLUMNS, rows, text_columns=2, name="compare")
    notes = [
        html.P(f"{each.name}: {_note(kept, again.get(each.id))}", className="rtt-small")
        for each, kept in beside
    ]
    return show.table_card("Scenarios at each milestone", table, *notes, name="compared-figures", as_csv=True)


def _note(kept: Kept, again: Again | None) -> str:
    """What its dials are, from which data it is, and what they come to today."""
    told = f"{kept.dials or GOING_ON}. {worked_out(kept)}"
    return f"{told} {today_words(kept, again)}" if again else told


def _row(name: Component, kept: Kept, day: date) -> list[Component]:
    values = {measure: kept.value(measure, day) for measure in kept.scenario}
    return [name, date_text(day), *_cells(values), _added(kept)]


def _added(kept: Kept) -> str:
    """Stops added a week, for good and in the weeks of a sprint."""
    sprint = f"; {signed_text(kept.sprint_stops)} in the sprint" if kept.sprint_stops else ""
    return f"{signed_text(kept.more_stops)}{sprint}" if sprint else signed_text(kept.more_stops)


def _cells(values: dict[str, float | None]) -> list[str]:
    share, *others = (values.get(each) for each in ("share", "list", "over_52"))
    shown = [NOT_KNOWN if share is None else figure_text(share, share=True)]
    return [*shown, *(NOT_KNOWN if value is None else number_text(value) for value in others)]


def _days(scope: Scope, answer: Answer, kept: Sequence[Kept]) -> list[date]:
    """The milestones within the months worked out, and the day that each scenario asks about."""
    days = answer.series["share"].days
    level = PROVIDER if scope.organisation.level == "provider" else NATIONAL
    due = {each.starts for each in milestones("share_within_18", first=days[0], last=days[-1], level=level)}
    due |= {answer.question.due, *(each.due for each in kept)}
    return sorted(day for day in due if days[0] <= day <= days[-1])
