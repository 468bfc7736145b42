"""Saved scenarios: the form that saves one, those there are, and the three that stand side by side.

A saved scenario keeps its answers as they were; its link asks the same question of today's data.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from dash import dcc

from dashboard.analysis.plan_kept import Kept, read
from dashboard.analysis.planning.answer import Answer
from dashboard.figures.plan_chart import AS_NOW, COMPARED, STYLES, PlanLine, figure_text, plan_chart
from dashboard.filters import from_query, to_query
from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html, native
from dashboard.layouts.frame.attributes import attributes
from dashboard.layouts.plan.words import AS_NOW as GOING_ON
from dashboard.scope.scope import Scope
from dashboard.store.scenarios import Saved, may_save
from rtt.findings.plan_words import chance_text
from rtt.measures.standards import NATIONAL, PROVIDER, milestones
from rtt.terms.wording import NOT_KNOWN, date_text, number_text, plural, signed_text

Component = Any
PATH = "/plan"
NAME_LENGTH = 80
MOST_LISTED = 5
MOST_COMPARED = 3
Published = Sequence[tuple[date, float]]


def chosen(scope: Scope, saved: Sequence[Saved]) -> list[Saved]:
    """Those that the address puts side by side, in its order; one that is gone is left out."""
    by_number = {str(each.id): each for each in saved}
    asked = [by_number[number] for number in scope.filters.scenarios if number in by_number]
    return asked[:MOST_COMPARED]


def saving(scope: Scope) -> Component:
    """The form that saves what the address asks, for who may; else that the link keeps it."""
    if not may_save(scope.reader):
        said = "The link of this page keeps your scenario: copy it to send it."
        return html.P(said, className="rtt-small")
    field = native.Input(name="name", type="text", maxLength=NAME_LENGTH, required=True, placeholder="Name")
    label = html.Label(
        [html.Span("Save this scenario as", className="rtt-label"), field], className="rtt-filter"
    )
    hidden = {"query": to_query(scope.filters), "back": f"{PATH}{to_query(scope.filters)}"}
    return html.Form(
        [
            *(dcc.Input(name=name, value=value, type="hidden") for name, value in hidden.items()),
            label,
            html.Button("Save", type="submit", className="rtt-button"),
        ],
        action="/plan/scenarios",
        method="post",
        className="rtt-form rtt-plan__save",
    )


def listed(scope: Scope, saved: Sequence[Saved]) -> Component:
    """Every saved scenario with its answer as it was, and the ways to open, compare and withdraw it."""
    if not saved:
        return html.P("No scenario is saved yet.", className="rtt-small")
    there = [each.id for each in chosen(scope, saved)]
    order = sorted(saved, key=lambda each: (each.id not in there, -each.id))
    shown = [html.Li(_line(scope, each, there)) for each in order[:MOST_LISTED]]
    rest = [html.Li(_line(scope, each, there)) for each in order[MOST_LISTED:]]
    said = f"Compare: {len(there)} of {MOST_COMPARED} chosen."
    more = [_folded(rest)] if rest else []
    return html.Div([html.P(said, className="rtt-small"), html.Ul(shown, className="rtt-notes"), *more])


def _folded(items: list[Component]) -> Component:
    words = f"Show {plural(len(items), 'more scenario')}"
    summary = html.Summary(
        html.Span(words, className="nhsuk-details__summary-text"), className="nhsuk-details__summary"
    )
    inside = html.Ul(items, className="rtt-notes nhsuk-details__text")
    return html.Details([summary, inside], className="nhsuk-details")


def _line(scope: Scope, each: Saved, there: Sequence[int]) -> list[Component]:
    kept = read(each.answers)
    return [
        html.Strong(show.link(each.name, link_to(each))),
        f": {each.scope}. {answer_words(kept)} ",
        html.Span(
            f"Worked out from data to {date_text(kept.census)}. {each.author}, "
            f"{date_text(each.written_at.date())}",
            className="rtt-by",
        ),
        " ",
        _compare(scope, each, there),
        *_withdraw(scope, each),
    ]


def link_to(each: Saved) -> str:
    """The same question of today's data, beside the answers as they were."""
    filters, _ = from_query(each.query)
    return f"{PATH}{to_query(filters, scenarios=(str(each.id),), census=None)}"


def answer_words(kept: Kept) -> str:
    """What a saved scenario came to, in a sentence."""
    dials = kept.dials or GOING_ON
    share, chance = kept.value("share", kept.due), kept.chance
    ends = (
        f"{figure_text(share, share=True)} within 18 weeks by {date_text(kept.due)}"
        if share is not None
        else ""
    )
    likely = f"chance of the target {chance_text(chance)}" if chance is not None else ""
    told = ", ".join(each for each in (ends, likely) if each)
    return f"{dials}: {told or NOT_KNOWN.lower()}."


def _compare(scope: Scope, each: Saved, there: Sequence[int]) -> Component:
    number = str(each.id)
    asked = scope.filters.scenarios
    if each.id in there:
        words, numbers = "Remove from the comparison", tuple(one for one in asked if one != number)
    elif len(there) < MOST_COMPARED:
        words, numbers = "Compare", (*(str(one) for one in there), number)
    else:
        return html.Span(f"{MOST_COMPARED} are the most to compare.", className="rtt-small")
    href = to_query(scope.filters, scenarios=numbers) or "?"
    return show.link(words, href, **attributes(data_replace="yes", aria_label=f"{words}: {each.name}"))


def _withdraw(scope: Scope, each: Saved) -> list[Component]:
    """For its author, and for whoever may write."""
    if not may_save(scope.reader) or (scope.reader.name != each.author and not scope.reader.may_write):
        return []
    back = f"{PATH}{to_query(scope.filters, scenarios=())}"
    button = html.Button(
        ["Withdraw", html.Span(f" {each.name}", className="nhsuk-u-visually-hidden")],
        type="submit",
        className="rtt-link-button",
    )
    return [
        html.Form(
            [dcc.Input(name="back", value=back, type="hidden"), button],
            action=f"/plan/scenarios/{each.id}/withdraw",
            method="post",
            className="rtt-inline-form",
        )
    ]


def compared(scope: Scope, answer: Answer, saved: Sequence[Saved], published: Published) -> list[show.Part]:
    """The saved scenarios beside as now: one chart of the share, and the figures at each milestone."""
    beside = [(each, read(each.answers)) for each in chosen(scope, saved)]
    if not beside:
        return []
    return [_chart(answer, beside, published), _table(scope, answer, beside)]


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


def _table(scope: Scope, answer: Answer, beside: Sequence[tuple[Saved, Kept]]) -> show.Card:
    series = answer.series
    as_now = {
        measure: dict(zip(series[measure].days, series[measure].as_now, strict=True)) for measure in series
    }
    rows: list[list[Component]] = []
    for day in _days(scope, answer, [kept for _, kept in beside]):
        rows.append(
            [GOING_ON, date_text(day), *_cells({each: as_now[each].get(day) for each in as_now}), "0"]
        )
        rows += [
            [
                show.link(each.name, link_to(each)),
                date_text(day),
                *_cells({measure: kept.value(measure, day) for measure in kept.scenario}),
                _added(kept),
            ]
            for each, kept in beside
        ]
    table = show.Table("Scenarios at each milestone", COLUMNS, rows, text_columns=2, name="compare")
    notes = [
        html.P(f"{each.name}: {kept.dials or GOING_ON}.", className="rtt-small") for each, kept in beside
    ]
    return show.table_card("Scenarios at each milestone", table, *notes, name="compared-figures", as_csv=True)


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
