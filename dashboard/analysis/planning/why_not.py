"""Why there is no plan, and what to know of one that there is, in a lead's words."""

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import Connection

from dashboard.analysis.planning.answer import Answer
from dashboard.scope.question import Question
from dashboard.scope.scope import Scope
from dashboard.store.plans import PlanRow, plan_made_of, plans_of
from ingest.forecasts.plans import FEWEST, LEVELS
from ingest.store.schema import MONTHLY
from rtt.forecast.monthly.projection import FURTHEST
from rtt.planning.lists import LEAST_MONTHS
from rtt.planning.target import LEAST_DAYS
from rtt.terms.calendar import months_between
from rtt.terms.treatment_functions import TOTAL
from rtt.terms.wording import date_text, month_text, share_text

RUNS_AWAY = (
    "Too many of the longest waits here appear without a clock start for these flows to be carried so far "
    "ahead. Choose a nearer date."
)
APPEARED = 0.10
"""Of the clock starts: where more pathways than this appear without one, stops are counted elsewhere."""
ADDED_UP = (
    "Worked out as one list for each specialty. It takes more than this, for trusts cannot treat each "
    "other’s longest waiters at will. With 5% more stops for a year England gains 1.4 points, added up "
    "trust by trust; as one list it would gain 2.2."
)


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
    return (
        "" if row.planned else "Too many of the longest waits here appear without a clock start for a plan."
    )


def warnings_of(scope: Scope, question: Question, answer: Answer) -> tuple[str, ...]:
    """What to know beside an answer."""
    told = [*_of_the_date(question, answer), *_of_the_flows(answer.whole, borrowed=answer.borrowed)]
    if scope.organisation.level in ("england", "region", "icb"):
        told.append(ADDED_UP)
    return tuple(told)


def _of_the_date(question: Question, answer: Answer) -> Iterator[str]:
    if not answer.forecast and answer.census is not None:
        beyond = months_between(answer.census, question.due) > FURTHEST
        why = "This date is more than 24 months ahead" if beyond else "No forecast is issued for this list"
        yield f"{why}, so this is arithmetic, not a forecast, and has no chance."
    if answer.now is None or answer.as_now is None or question.target is None:
        return
    if answer.now.share >= question.target > answer.as_now.share:
        yield "The target is met today, and would not be at the date."


def _of_the_flows(whole: PlanRow | None, *, borrowed: bool) -> Iterator[str]:
    if whole is None:
        return
    if borrowed:
        yield f"A list of {whole.total}: its rates are mostly borrowed from the same specialty in England."
    if whole.load and whole.load_reported:
        # Reported stops beyond all departures, as a share of the starts.
        appeared = 1 / whole.load_reported - 1 / whole.load
        if appeared > APPEARED:
            yield (
                f"Pathways appeared without a clock start, {share_text(appeared)} as many as clock starts: "
                "some stops are likely counted elsewhere."
            )
