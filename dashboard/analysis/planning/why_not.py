"""Why there is no plan, in a lead's words."""

from datetime import timedelta

from sqlalchemy import Connection

from dashboard.analysis.planning.planned_lists import planned_lists
from dashboard.scope.question import Question
from dashboard.scope.scope import Scope
from dashboard.store.plans import PlanRow, plan_made_of
from ingest.forecasts.plans import FEWEST
from ingest.store.schema import MONTHLY
from rtt.planning.lists import LEAST_MONTHS
from rtt.planning.target import LEAST_DAYS
from rtt.terms.calendar import months_between
from rtt.terms.wording import date_text, month_text

FURTHEST_AHEAD = 72
"""Months: the 92% of March 2029 is four years from the first month with plans."""

MOST_LISTS = 200
"""Nine trusts with all specialties: their answer takes five seconds of processor time, each list the same."""


def why_no_plan(connection: Connection, scope: Scope, question: Question) -> str:
    """Why a scope has no plan for its question, in a sentence or two; '' where it has one."""
    if scope.census is None:
        return "Nothing is loaded yet, so there is nothing to plan from."
    if scope.source != MONTHLY:
        return "A plan is worked out from the monthly return: choose it as the source."
    if scope.is_part:
        return "Plans are made for whole lists, and for each of their specialties, but not for a part of one."
    if question.due < scope.census + timedelta(days=LEAST_DAYS):
        return (
            f"{date_text(question.due)} is less than four weeks after the newest month, "
            f"{month_text(scope.census)}: nothing begun now could be seen by then. Choose a later date."
        )
    if months_between(scope.census, question.due) > FURTHEST_AHEAD:
        return (
            f"{date_text(question.due)} is more than {FURTHEST_AHEAD // 12} years ahead: today’s flows say "
            "nothing about a day so far away. Choose a nearer date."
        )
    made = plan_made_of(connection)
    if made is None:
        return (
            f"There is no plan yet: it needs {LEAST_MONTHS} months of flow without a gap, up to the newest."
        )
    if made.census_date != scope.census:
        return (
            f"Plans are worked out from the newest month, {month_text(made.census_date)}, and the month "
            f"chosen is {month_text(scope.census)}."
        )
    found = planned_lists(connection, scope.census, scope.organisation.level, scope.codes, scope.functions)
    if found is None:
        return f"Nobody was waiting here in {month_text(scope.census)}, or its return is missing."
    if len(found.rows) > MOST_LISTS:
        return (
            f"This group has {len(found.rows)} lists, and a plan adds up {MOST_LISTS} at most: choose a "
            "group of fewer trusts, or some of the specialties."
        )
    return why_not_row(found.whole)


def why_not_row(row: PlanRow) -> str:
    """Why a list has no plan of its own; '' where it has one."""
    if row.total < FEWEST:
        return f"Fewer than {FEWEST} pathways: too few for a plan."
    if row.planned:
        return ""
    return (
        f"Not enough months: a plan needs {LEAST_MONTHS} months of flow since the list began, was last "
        f"missing or last jumped, and there are {row.months}."
    )
