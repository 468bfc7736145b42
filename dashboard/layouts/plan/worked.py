"""How the answer is worked out, step by step, with the numbers of one specialty.

Of an organisation the walk is that of the specialty that needs most; of one specialty, its own.
"""

from collections.abc import Iterator
from typing import Any

from dashboard.analysis.planning.answer import Answer, Row
from dashboard.figures.plan_chart import figure_text
from dashboard.filters import to_query
from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html
from dashboard.scope.scope import Scope
from rtt.findings.plan_words import METHOD, chance_text, in_short, stops_text
from rtt.terms.treatment_functions import short_name_of
from rtt.terms.wording import date_text, number_text, signed_text

Component = Any


def steps(scope: Scope, answer: Answer) -> list[Component]:
    """The walk, then the method in general."""
    own = list(_of_one(answer)) if len(scope.functions) == 1 else []
    row = next((each for each in answer.rows if each.needed is not None), None)
    walk = own or (list(_of_row(answer, row)) if row else [])
    where = short_name_of(scope.functions[0]) if own else row.name if row else ""
    return [
        *([html.P(html.Strong(f"Worked through for {where}"))] if walk else []),
        *([html.Ol([html.Li(each) for each in walk])] if walk else []),
        *([_way(scope, row)] if row and not own else []),
        *(html.P(each) for each in METHOD),
    ]


def _way(scope: Scope, row: Row) -> Component:
    words = f"Every step of {row.name}"
    return html.P(show.link(words, to_query(scope.filters, tf=(row.code,))))


def _of_row(answer: Answer, row: Row) -> Iterator[str]:
    """What the table has of a specialty, as steps."""
    due = date_text(answer.question.due)
    assert answer.census is not None
    if row.share is not None:
        yield (
            f"On {date_text(answer.census)} the list holds {number_text(row.list)} pathways; "
            f"{figure_text(row.share, share=True)} wait within 18 weeks."
        )
    if row.load is not None:
        yield f"Starts are {number_text(row.load, 2)} times what leaves the list: over 1, it grows."
    if row.needed is not None:
        yield (
            f"More clock stops a week are tried until the list of {due} meets the target. That takes "
            f"{stops_text(row.needed)}, longest waiters first."
        )
    if row.needed_todays is not None:
        yield f"In today’s order: {in_short(row.needed_todays)}."
    if row.longest_alone is not None:
        yield (
            "With no more stops, all of today’s given to the longest waiters first move the share by "
            f"{signed_text(row.longest_alone, 1)} points."
        )


def _of_one(answer: Answer) -> Iterator[str]:
    """A specialty's own numbers: the list, its flows, as now, what is tried, and what it comes to."""
    question, due = answer.question, date_text(answer.question.due)
    assert answer.census is not None
    now = answer.now
    if now is not None:
        yield (
            f"On {date_text(answer.census)} the list holds {number_text(now.list)} pathways; "
            f"{figure_text(now.share, share=True)} wait within 18 weeks."
        )
    if answer.starts_now is not None and answer.stops_now is not None:
        yield (
            f"In a week of five working days {number_text(answer.starts_now)} clocks start and "
            f"{number_text(answer.stops_now)} stop. Newer months count more."
        )
    if answer.as_now is not None:
        likely = (
            ""
            if answer.chance_as_now is None
            else f"; chance of the target {chance_text(answer.chance_as_now)}"
        )
        share = figure_text(answer.as_now.share, share=True)
        yield f"Going on as now, the share is {share} on {due}{likely}."
    if question.target is not None and answer.as_now is not None:
        apart = question.target - answer.as_now.share
        target = figure_text(question.target, share=True)
        yield f"The target is {target}: {signed_text(apart, 1)} points from there."
    if answer.needed is not None:
        yield (
            "The list is carried on week by week with more and more stops, until it meets the target. That "
            f"takes {stops_text(answer.needed.longest_first)}, longest waiters first. In today’s order: "
            f"{in_short(answer.needed.todays_order)}."
        )
        yield (
            "Which months are taken matters most: with newer months alone it is "
            f"{in_short(answer.needed.half_life_3)}, with all alike {in_short(answer.needed.half_life_none)}."
        )
    if steady := answer.steady:
        yield (
            f"To hold 92% afterwards, a list of about {number_text(steady.list_then)} is needed instead of "
            f"{number_text(steady.list_now)}: {signed_text(steady.to_hold)} stops a week to hold it, and "
            f"{number_text(max(0, steady.to_clear))} pathways to clear once."
        )
