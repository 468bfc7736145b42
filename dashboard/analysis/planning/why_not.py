"""Why there is no plan, and what to know of one that there is, in a lead's words."""

from datetime import timedelta

from sqlalchemy import Connection

from dashboard.analysis.planning.answer import Answer
from dashboard.scope.question import Question
from dashboard.scope.scope import Scope
from dashboard.store.plans import PlanRow, plan_made_of, plans_of
from ingest.forecasts.plans import FEWEST, LEVELS
from ingest.store.schema import MONTHLY
from rtt.planning.lists import LEAST_MONTHS
from rtt.planning.target import LEAST_DAYS
from rtt.terms.treatment_functions import TOTAL
from rtt.terms.wording import date_text, month_text, share_text

RUNS_AWAY = (
    "Too many of the longest waits here appear without a clock start for these flows to be carried so far "
    "ahead. Choose a nearer date."
)
APPEARED = 0.10
"""Of the clock starts: more pathways that appear without a start than this, and stops are counted elsewhere."""


def why_no_plan(connection: Connection, scope: Scope, question: Question, no_forecast: str) -> str:
    """Why a scope has no plan for its question, in a sentence or two; '' where it has one."""
    if scope.census is None:
        return "Nothing is loaded yet, so there is nothing to plan from."
    if scope.source != MONTHLY:
        return "A plan is worked out from the monthly return: choose it as the source."
    level = scope.organisation.level
    if level not in (*LEVELS, "england"):
        return "Plans are made for England, regions, ICBs and providers, not for commissioners within an ICB."
    if scope.is_part or len(scope.codes) != 1 or len(scope.functions) > 1:
        return no_forecast.replace("Forecasts are", "Plans are") or (
            "A plan is made for one organisation, with all its specialties or one of them."
        )
    if question.due < scope.census + timedelta(days=LEAST_DAYS):
        return (
            f"{date_text(question.due)} is less than four weeks after the newest month, "
            f"{month_text(scope.census)}: nothing begun now could be seen by then. Choose a later date."
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
    rows, _ = plans_of(connection, level, scope.codes[0])
    asked = scope.functions[0] if scope.functions else TOTAL
    row = next((each for each in rows if each.treatment_function == asked), None)
    if row is None:
        return f"Nobody was waiting here in {month_text(scope.census)}, or its return is missing."
    return why_not_row(row)


def why_not_row(row: PlanRow) -> str:
    """Why a list has no plan of its own; '' where it has one."""
    if row.total < FEWEST:
        return f"Fewer than {FEWEST} pathways: too few for a plan."
    if row.months < LEAST_MONTHS:
        return (
            f"Not enough months: a plan needs {LEAST_MONTHS} months of flow since the list began, was last "
            f"missing or last jumped, and there are {row.months}."
        )
    return "" if row.planned else "Too little is known of this list for a plan."


def notices_of(scope: Scope, question: Question, answer: Answer) -> tuple[str, ...]:
    """What to know beside an answer."""
    told = []
    whole = answer.whole
    if not answer.forecast:
        told.append(
            "This date is more than 24 months ahead, so this is arithmetic, not a forecast, and has no chance."
            if _is_beyond(answer)
            else "No forecast is issued for this list, so this is arithmetic, not a forecast, and has no chance."
        )
    if answer.borrowed and whole is not None:
        told.append(
            f"A list of {whole.total}: its rates are mostly borrowed from the same specialty in England."
        )
    if whole is not None and whole.load is not None and whole.load_reported and whole.load:
        # Departures beyond the reported stops, as a share of the starts; below 0: appeared without a start.
        appeared = 1 / whole.load_reported - 1 / whole.load
        if appeared > APPEARED:
            told.append(
                f"Pathways appeared without a clock start, {share_text(appeared)} as many as clock starts: "
                "some stops are likely counted elsewhere."
            )
    if answer.now and answer.as_now and question.target is not None:
        if answer.now.share >= question.target > answer.as_now.share:
            told.append("The target is met today, and would not be at the date.")
    if scope.organisation.level in ("england", "region", "icb"):
        told.append(
            "Worked out as one list for each specialty. Trusts cannot treat each other's longest waiters at "
            "will, so it takes more than this: added up trust by trust, 5% more stops gave England 1.4 to 2.0 "
            "points where one list said 2.2 to 2.7."
        )
    return tuple(told)


def _is_beyond(answer: Answer) -> bool:
    assert answer.census is not None
    due = answer.question.due
    return 12 * (due.year - answer.census.year) + due.month - answer.census.month > 24
