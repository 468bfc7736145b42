"""What to know of an answer that there is: its date, its flows, the months and the lists it is made from."""

from collections.abc import Iterator

from sqlalchemy import Connection

from dashboard.analysis.forecasts import truth_of
from dashboard.analysis.planning.answer import Answer
from dashboard.scope.question import Question
from dashboard.scope.scope import Scope
from dashboard.store.plans import PlanRow, plan_made_of
from rtt.forecast.monthly.projection import FURTHEST
from rtt.terms.calendar import add_months, month_ends, months_between
from rtt.terms.wording import month_text, share_text

APPEARED = 0.10
"""Of the clock starts: where more pathways than this appear without one, stops are counted elsewhere."""
ADDED_UP = (
    "Added up from one list for each specialty of {}, not from the lists of its trusts. It takes more than "
    "this, for trusts cannot treat each other’s longest waiters at will. How much that can be was worked out "
    "for England from March 2025: 5% more stops for a year gain 1.6 points trust by trust, 2.2 as one list."
)
"""Both in today's order, of 3,602 lists and of one; worked out in tests/real_data/test_planning_cases.py."""
NAMES = {
    "england": "England", "region": "the region", "icb": "the ICB", "commissioner": "the commissioner"
}  # fmt: skip


def warnings_of(connection: Connection, scope: Scope, question: Question, answer: Answer) -> tuple[str, ...]:
    """The sentences beside an answer. One statement more where months are left out."""
    return (
        *_of_the_date(scope, question, answer),
        *_of_the_flows(answer.whole, borrowed=answer.borrowed),
        *_of_the_months(connection, scope, answer),
        *_of_the_lists(scope),
    )


def _of_the_lists(scope: Scope) -> Iterator[str]:
    """What is added up."""
    if scope.organisation.level in NAMES:
        yield ADDED_UP.format(NAMES[scope.organisation.level])
    elif len(scope.codes) > 1:
        yield "Added up from the lists of each trust of the group, each given the same percentage more."


def _of_the_date(scope: Scope, question: Question, answer: Answer) -> Iterator[str]:
    if not answer.forecast and answer.census is not None:
        beyond = months_between(answer.census, question.due) > FURTHEST
        why = "This date is more than 24 months ahead" if beyond else _no_forecast(scope)
        yield f"{why}, so this is arithmetic, not a forecast, and has no chance."
    if answer.now is None or answer.as_now is None or question.target is None:
        return
    if answer.now.share >= question.target > answer.as_now.share:
        yield "The target is met today, and would not be at the date."


def _no_forecast(scope: Scope) -> str:
    if len(scope.codes) > 1:
        return "No forecast is issued for a group of trusts"
    if len(scope.functions) > 1:
        return "No forecast is issued for several specialties together"
    return "No forecast is issued for this list"


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


def _of_the_months(connection: Connection, scope: Scope, answer: Answer) -> Iterator[str]:
    """From which month on the flows are taken, where some of the newest are left out."""
    made, whole, census = plan_made_of(connection), answer.whole, answer.census
    if made is None or whole is None or census is None or whole.months >= made.months:
        return
    since = add_months(census, -whole.months)
    # As the plans themselves: with those that have merged into it since.
    held = truth_of(connection, scope.asking(history=""))["total"]
    if all(month in held for month in month_ends(since, census)):
        first = month_text(add_months(since, 1))
        yield f"Worked out from {first} on: before that the list jumped, as in a merger, or has no return."
    else:
        yield (
            f"Worked out from {whole.months} of the newest {made.months} months of flow: a return is "
            "missing, or the list jumped as in a merger."
        )
