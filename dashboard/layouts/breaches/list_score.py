"""How good a tracking list's expectations have been: each as issued beside what came, and their back-test.

A figure that would point at a few people is neither listed nor counted in a mean, for readers who may not see
pathways. What was issued and what is only a back-test stand apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from dashboard.analysis.hazards import asked_of, measure_of
from dashboard.analysis.list_scores import Line, ListScore, list_score
from dashboard.analysis.will_breach import will_breach_of
from dashboard.layouts.breaches.score_tables import Words, back_test_table, one_by_one, tally_table
from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html
from dashboard.layouts.frame.controls import select
from dashboard.scope.scope import Scope
from dashboard.store.forecasts import BackTest, back_test_of
from ingest.store.schema import WEEKLY
from rtt.disclosure.small_numbers import WITHHELD
from rtt.forecast.score.issued import Tally, tallies
from rtt.forecast.weekly import expected_words as words
from rtt.terms.treatment_functions import TOTAL, short_name_of

Component = Any
WORDS = Words("weeks", words.ahead_text, words.frozen, words.scored_figure, words.error_text)


@dataclass(frozen=True, slots=True)
class Found:
    """The score of the scope's measure, and the back-test of its level."""

    score: ListScore
    back_test: tuple[BackTest, ...]


def load(connection: Connection, scope: Scope) -> Found | None:
    """Two statements beside that of the expectation; None for a narrower list, and where none is forecast."""
    asked, filters = asked_of(scope), scope.filters
    if asked is None or filters.site or filters.priority or filters.pathway or len(scope.functions) > 1:
        return None
    score = list_score(connection, scope)
    level = "provider" if asked.function == TOTAL else "cell"
    tested = back_test_of(connection, level, source=WEEKLY, provider=asked.provider)
    return None if score is None else Found(score, tested)


def draw(scope: Scope, found: Found | None) -> list[show.Part]:
    """The score of what was issued, then the back-test; nothing where no list has been forecast."""
    if found is None:
        return _one_at_a_time(scope)
    if not found.score.issued and not any(found.score.lines.values()) and not found.back_test:
        return []
    return [_issued(scope, found.score), *_back_test(scope, found)]


def _one_at_a_time(scope: Scope) -> list[show.Part]:
    if scope.source != WEEKLY or len(scope.functions) < 2:
        return []
    return [show.section(words.SCORE_HEADING, html.P(words.ONE_AT_A_TIME), name="list-score")]


def _issued(scope: Scope, score: ListScore) -> show.Card:
    measure = measure_of(scope)
    control = select("measure", "Measure", list(words.NAMES.items()), measure)
    issued, tested = score.lines["issued"], score.lines["back-test"]
    counted = tallies(line.scored for line in issued if not line.hidden)
    return show.table_card(
        f"{words.SCORE_HEADING}: {_what(scope, measure)}",
        html.Div(control, className="rtt-filters"),
        html.P(words.score_sentence(_due(scope, score, counted), measure)),
        *([tally_table(WORDS, measure, counted)] if counted else []),
        *([_listed("Forecasts as issued", issued)] if issued else []),
        *([_listed("Back-tests: made afterwards, not issued", tested)] if tested else []),
        html.P(words.score_note(score.not_known), className="rtt-small"),
        name="list-score",
        as_csv=bool(counted),
    )


def _what(scope: Scope, measure: str) -> str:
    name = words.NAMES[measure].lower()
    return f"{name}, {short_name_of(scope.functions[0])}" if scope.functions else name


def _due(scope: Scope, score: ListScore, counted: Sequence[Tally]) -> words.ScoreSoFar:
    weeks = round(will_breach_of(scope).days / 7)
    return words.ScoreSoFar(
        issued=score.issued,
        scored=len(score.lines["issued"]),
        withheld=sum(line.hidden for line in score.lines["issued"]),
        next_target=score.next_due,
        weeks=weeks,
        tally=next((each for each in counted if each.horizon == weeks), None),
    )


def _listed(title: str, lines: Sequence[Line]) -> Component:
    instead = [WITHHELD if line.hidden else "" for line in lines]
    return one_by_one(WORDS, title, [line.scored for line in lines], hidden=instead)


def _back_test(scope: Scope, found: Found) -> list[show.Part]:
    measure = measure_of(scope)
    lines = [line for line in found.back_test if line.measure == measure and line.target is None]
    if not lines:
        return []
    of = "all specialties together" if scope.functions else "the whole list"
    return [
        show.table_card(
            f"Back-test: {words.NAMES[measure].lower()}, {of}",
            html.P(words.BACK_TEST),
            back_test_table(WORDS, lines),
            name="list-back-test",
            as_csv=True,
        )
    ]
