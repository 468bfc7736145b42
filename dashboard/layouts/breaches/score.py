"""How good the forecasts have been: each as issued beside the actual figure, and the back-test of its level.

What was issued and what is only a back-test stand apart, here as in the record.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from dashboard.analysis.forecasts import (
    LEVELS_WORDS,
    fitted_as,
    forecasts_of,
    no_forecast_for,
    scored_of,
    truth_of,
)
from dashboard.figures.reliability import reliability_chart
from dashboard.layouts.breaches.for_analysts import for_analysts
from dashboard.layouts.breaches.projection import measure_of
from dashboard.layouts.breaches.score_tables import Words, back_test_table, one_by_one, tally_table
from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html
from dashboard.scope.scope import Scope
from dashboard.store.forecasts import BackTest, Forecast, back_test_of
from ingest.store.schema import MONTHLY
from rtt.forecast.monthly import forecast_words as words
from rtt.forecast.monthly.history import CELLS, COMMISSIONED, ENGLAND, PROVIDERS
from rtt.forecast.score.issued import Scored, tallies
from rtt.forecast.score.words import error_text
from rtt.terms.wording import date_text, plural

Component = Any
WORDS = Words("months", words.horizon_text, words.with_interval, words.figure_text, error_text)
UNITS = {ENGLAND.name: "months of England"} | {
    level.name: f"{part}{LEVELS_WORDS[level.organisations]}"
    for pair in ((PROVIDERS, CELLS), *COMMISSIONED)
    for level, part in zip(pair, ("", "specialties of "), strict=True)
}
BACK_TESTED = ("share_within_18", "total", "over_52", "over_18")


@dataclass(frozen=True, slots=True)
class Found:
    """Forecasts of the scope, what is published, and the back-test of the scope's level."""

    forecasts: tuple[Forecast, ...]
    truth: dict[str, dict[date, float]]
    back_test: tuple[BackTest, ...]


def load(connection: Connection, scope: Scope) -> Found | None:
    """One statement beside those of the projection; None where nothing is forecast."""
    if no_forecast_for(scope):
        return None
    return Found(
        forecasts_of(connection, scope),
        truth_of(connection, scope),
        back_test_of(connection, fitted_as(scope)),
    )


def draw(scope: Scope, found: Found | None) -> list[show.Part]:
    """The score of what was issued, then the back-test."""
    if found is None:
        return []
    measure = measure_of(scope)
    scored = scored_of(found.forecasts, found.truth, scope.loaded.of(MONTHLY), measure)
    return [_issued(found, measure, scored), *_back_test(scope, found, measure)]


def _issued(found: Found, measure: str, scored: dict[str, list[Scored]]) -> show.Card:
    issued, tested = scored["issued"], scored["back-test"]
    listed = [one_by_one(WORDS, "Forecasts as issued", issued)] if issued else []
    if tested:
        listed.append(one_by_one(WORDS, "Back-tests: made afterwards, not issued", tested))
    return show.table_card(
        f"How good the forecast has been: {words.NAMES[measure].lower()}",
        html.P(_summary(found, measure, issued)),
        *([tally_table(WORDS, measure, tallies(issued))] if issued else []),
        *listed,
        name="forecast-score",
        as_csv=bool(issued),
    )


def _summary(found: Found, measure: str, issued: Sequence[Scored]) -> str:
    made = [each for each in found.forecasts if each.kind == "issued"]
    if not made:
        return "No forecast of this scope has been issued yet."
    since = f"{plural(len(made), 'forecast')} issued, from {date_text(made[0].census)} on"
    if not issued:
        first = min((step.target for each in made for step in each.steps), default=None)
        waits = f" The first is scored when {date_text(first)} is loaded." if first else ""
        return f"{since}. None has been scored yet.{waits} Until then the back-test below is the only score."
    held = sum(each.held[1] for each in issued)
    number = f"{plural(len(issued), 'figure')} {'has' if len(issued) == 1 else 'have'} been scored"
    return (
        f"{since}; {number}. The 80% interval held {held} of {plural(len(issued), 'time')}. Each forecast is "
        "kept as issued and compared with the actual figure as published now (version shown)."
    )


def _back_test(scope: Scope, found: Found, measure: str) -> list[show.Part]:
    level = fitted_as(scope)
    if measure not in BACK_TESTED:
        return [
            _no_back_test(
                "Medians and percentiles follow from the projected bands; they are not scored separately."
            )
        ]
    own = [line for line in found.back_test if line.measure == measure]
    whole = [line for line in own if line.target is None]
    if not whole:
        return [
            _no_back_test(
                "There is no back-test yet: it needs five months without a gap, and is made with the next "
                "forecast."
            )
        ]
    drawn = [line for line in own if line.target is not None and line.horizon == 1]
    return [
        show.table_card(
            f"Back-test: {words.NAMES[measure].lower()}, all {UNITS[level]}",
            html.P(
                "What would have been forecast from each month loaded, using only the months known then. "
                f"Includes periods when the forecast did worse than no change. {words.SMALLEST}"
            ),
            back_test_table(WORDS, whole),
            for_analysts(scope, _command(scope), "Every level and measure of this back-test"),
            name="back-test",
            as_csv=True,
        ),
        *(
            [show.card("reliability", reliability_chart(drawn, horizon=1, units=UNITS[level]), height=260)]
            if drawn
            else []
        ),
    ]


def _command(scope: Scope) -> str:
    commissioned = any(whole.organisations == scope.organisation.level for whole, _ in COMMISSIONED)
    return f"rtt forecast --backtest{' --commissioners' if commissioned else ''}"


def _no_back_test(sentence: str) -> Component:
    return show.section("Back-test", show.empty(sentence), name="back-test")
