"""A PTL on the page of the plan: what more slots a week would do to its breaches, and who would have them.

One sentence, one chart, one table; the weeks lead to the pathways on Book next. What is asked stands in the
address alone. Readers without access see what the week bands tell them.
"""

from typing import Any

from dashboard.analysis.planning import slots_table
from dashboard.analysis.planning.slots_answer import SlotsAnswer
from dashboard.analysis.planning.slots_sentences import slots_paragraphs, worked_steps
from dashboard.filters import each_query, for_another_page, to_query
from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html
from dashboard.layouts.frame.attributes import attributes
from dashboard.layouts.frame.of_source import of_source
from dashboard.layouts.plan import slots_chart
from dashboard.layouts.plan.answer_card import details
from dashboard.layouts.plan.slots_dials import slots_dials
from dashboard.scope.scope import Scope
from rtt.findings import slots_words as words
from rtt.measures.will_breach import WEEK
from rtt.planning.more_slots import LONGEST
from rtt.terms.possible_dates import is_fresh

Component = Any
BOOK_NEXT = "/book-next"
NEEDS = (
    "How many more clock stops a target takes is worked out from the monthly return: a PTL does not say how "
    "many clocks started and stopped in each month."
)


def section(scope: Scope, answer: SlotsAnswer) -> list[Component]:
    """The page below its heading."""
    dials = slots_dials(scope, answer.question)
    if answer.why_not:
        return [*dials, show.empty(answer.why_not), *_monthly(scope)]
    return [
        *dials,
        *_age(scope),
        _answer(scope, answer),
        *show.placed(parts(scope, answer), scope.filters),
        html.P(words.NOT_SAVED, className="rtt-small"),
        *_monthly(scope),
    ]


def parts(scope: Scope, answer: SlotsAnswer) -> list[show.Part]:
    """The chart and the table; none where there is no answer."""
    if answer.why_not or answer.whole is None:
        return []
    return [slots_chart.card(scope, answer, answer.whole), _table(scope, answer)]


def _age(scope: Scope) -> list[Component]:
    """That slots of an old list would have begun already."""
    assert scope.census is not None
    days = (scope.enquiry.today - scope.census).days
    if is_fresh(scope.census, scope.enquiry.today, most_days=scope.enquiry.settings.list_days):
        return []
    return [show.notice(html.P(words.old_sentence(scope.census, days)))]


def _answer(scope: Scope, answer: SlotsAnswer) -> Component:
    (first,), *others = slots_paragraphs(answer)
    ways = [show.link("Who breaches, and who has a date", _breaches(scope, answer))]
    if href := to_week(scope, answer, 1):
        ways.append(show.link("Who would have the first week’s slots", href))
    return html.Section(
        [
            html.H2(first, className="rtt-lead", id="plan-answer"),
            *(html.P(" ".join(each)) for each in others),
            html.Ul([html.Li(way) for way in ways], className="rtt-lead__links"),
            html.Div(
                [
                    details("How this is worked out", _worked(answer)),
                    details("What is left out", [html.Ul([html.Li(each) for each in words.NOT_KNOWN])]),
                ],
                className="rtt-plan__more",
            ),
        ],
        className="rtt-card",
        **attributes(aria_labelledby="plan-answer", data_card="answer"),
    )


def _worked(answer: SlotsAnswer) -> list[Component]:
    """The walk with the numbers of the scope, then the method in general."""
    walk = [html.Li(each) for each in worked_steps(answer)]
    return [*([html.Ol(walk)] if walk else []), *(html.P(each) for each in words.METHOD)]


def _breaches(scope: Scope, answer: SlotsAnswer) -> str:
    """The same pathways on Breaches."""
    question = answer.question
    asked = to_query(
        for_another_page(scope.filters),
        threshold=str(question.passing.weeks),
        horizon=str(question.passing.days // WEEK),
    )
    return f"/breaches{asked}"


def to_week(scope: Scope, answer: SlotsAnswer, week: int) -> str:
    """Book next with exactly those who have a slot in a week; '' where nobody has, where none may be seen,
    and in the order that goes by a target.
    """
    if answer.question.order != LONGEST:
        return ""
    if not (answer.dates_known and answer.is_by_week) or not answer.rows[0].taken[week - 1]:
        return ""
    (row,) = answer.rows
    if not scope.reader.sees_all_of((row.code,), scope.filters.site):
        return ""
    # The specialty by its code, for a list may have but one without anybody choosing it.
    return BOOK_NEXT + to_query(scope.filters, tf=(row.code,), week=str(week), sort=(), tab=(), find="")


def _table(scope: Scope, answer: SlotsAnswer) -> show.Card:
    by_week = answer.is_by_week
    rows: list[list[Component]] = [list(line) for line in slots_table.lines(answer)]
    columns = slots_table.headers(answer)
    if by_week:
        _link_weeks(scope, answer, rows)
    else:
        codes = [row.code for row in slots_table.in_order(answer)]
        for row, way in zip(rows, each_query(scope.filters, "tf", codes), strict=False):
            row[0] = show.link(str(row[0]), way)
    title = "Week by week" if by_week else "By specialty"
    table = show.Table(
        "More slots, week by week" if by_week else "More slots, specialty by specialty",
        columns,
        rows,
        label=f"More slots {title.lower()}, table",
        # Weeks stand in their own order, and are found without a word.
        name="" if by_week else "slots-specialties",
        values=() if by_week else show.values_of(rows),
        text_columns=1,
    )
    return show.table_card(title, table, name="slots-rows", as_csv=True)


def _link_weeks(scope: Scope, answer: SlotsAnswer, rows: list[list[Component]]) -> None:
    """The slots of a week lead to the pathways that have them."""
    for week, row in enumerate(rows[:-1], start=1):
        if href := to_week(scope, answer, week):
            row[1] = show.link(
                row[1], href, **attributes(aria_label=f"{row[1]} slots in the week to {row[0]}")
            )


def way_here(scope: Scope) -> list[Component]:
    """From the plan of the return to the same trust's PTL, where it has one."""
    trusts = {held.provider_code for held in scope.loaded.of("weekly")}
    if scope.organisation.level != "provider" or scope.organisation.code not in trusts:
        return []
    href = to_query(of_source(scope, for_another_page(scope.filters), "weekly"), source="weekly")
    return [html.P(show.link(words.WAY_HERE, href), className="rtt-small")]


def _monthly(scope: Scope) -> list[Component]:
    """The way to the plan of the monthly return."""
    if "monthly" not in scope.loaded.sources:
        return []
    # Of a question of slots the return understands nothing.
    kept = for_another_page(scope.filters)
    href = to_query(of_source(scope, kept, "monthly"), source="monthly")
    return [
        html.P([NEEDS, " ", show.link("See the plan from the monthly return", href)], className="rtt-small")
    ]
