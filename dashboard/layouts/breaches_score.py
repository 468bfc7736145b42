"""How good the forecasts have been: each as issued beside what came, and the back-test of its level.

What was issued and what is only a back-test stand apart, here as in the record.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dash import html
from sqlalchemy import Connection

from dashboard.figures.reliability import reliability_chart
from dashboard.layouts import components as show
from dashboard.layouts.breaches_projection import measure_of
from dashboard.queries.choices import Choice
from dashboard.queries.forecasts import (
    BackTest,
    Forecast,
    back_test_of,
    fitted_as,
    forecasts_of,
    no_forecast_for,
    scored_of,
    truth_of,
)
from ingest.schema import MONTHLY
from rtt import forecast_words as words
from rtt.issued_score import Scored, Tally, tallies
from rtt.wording import date_text, list_text, number_text, plural, share_text

Component = Any
LINES_SHOWN = 60
UNITS = {"england": "months of England", "provider": "providers", "cell": "specialties of providers"}
BACK_TESTED = ("share_within_18", "total", "over_52", "over_18")
COVERAGES = tuple(f"{name} held" for name in words.COVERAGE_WORDS)


@dataclass(frozen=True, slots=True)
class Found:
    """Forecasts of the scope, what is published, and the back-test of the scope's level."""

    forecasts: tuple[Forecast, ...]
    truth: dict[str, dict[date, float]]
    back_test: tuple[BackTest, ...]


def load(connection: Connection, choice: Choice) -> Found | None:
    """One statement beside those of the projection; None where nothing is forecast."""
    if no_forecast_for(choice):
        return None
    return Found(
        forecasts_of(connection, choice),
        truth_of(connection, choice),
        back_test_of(connection, fitted_as(choice)),
    )


def draw(choice: Choice, found: Found | None) -> list[Component]:
    """The score of what was issued, then the back-test."""
    if found is None:
        return []
    measure = measure_of(choice)
    scored = scored_of(found.forecasts, found.truth, choice.holdings.of(MONTHLY), measure)
    return [_issued(found, measure, scored), *_back_test(choice, found, measure)]


def _issued(found: Found, measure: str, scored: dict[str, list[Scored]]) -> Component:
    issued, tested = scored["issued"], scored["back-test"]
    listed = [_listed("Forecasts as issued", measure, issued)] if issued else []
    if tested:
        listed.append(_listed("Made in hindsight: back-tests, not issued", measure, tested))
    return show.section(
        f"How good the forecast has been: {words.NAMES[measure].lower()}",
        html.P(_summary(found, measure, issued)),
        *([_tally_table(measure, tallies(issued))] if issued else []),
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
        due = min((step.target for each in made for step in each.steps), default=None)
        waits = f" The first month that it spoke of is {date_text(due)}." if due else ""
        return f"{since}. None has come due.{waits} Until then the back-test below is the only score."
    held = sum(each.held[1] for each in issued)
    due = f"{plural(len(issued), 'figure')} {'has' if len(issued) == 1 else 'have'} come due"
    return (
        f"{since}; {due}. The 80% interval held {held} of {len(issued)} times. What came is the figure as "
        "published now; its vintage stands by it."
    )


def _tally_table(measure: str, found: Sequence[Tally]) -> Component:
    columns = ["Ahead", "Forecasts", "Mean error", "Last value’s", "Beside the last value", *COVERAGES]
    rows = [
        [
            words.horizon_text(each.horizon),
            number_text(each.n),
            words.error_text(measure, each.error),
            words.error_text(measure, each.error_last),
            words.skill_text(each.skill),
            *(f"{kept} of {each.n}" for kept in each.held),
        ]
        for each in found
    ]
    caption = "Score of the issued forecasts by months ahead"
    return show.scrolling(show.table(caption, columns, rows), label=f"{caption}, table")


def _listed(title: str, measure: str, found: Sequence[Scored]) -> Component:
    columns = [
        "For",
        "Issued from",
        "Ahead",
        "Forecast (80% interval)",
        "What came",
        "Vintage",
        "Error",
        "Last value’s",
        "Held",
    ]
    rows = [_line(measure, each) for each in found[:LINES_SHOWN]]
    more = len(found) - len(rows)
    return html.Details(
        [
            html.Summary(
                html.Span(f"{title}, one by one", className="nhsuk-details__summary-text"),
                className="nhsuk-details__summary",
            ),
            html.Div(
                show.scrolling(show.table(title, columns, rows), label=f"{title}, table"),
                className="nhsuk-details__text",
            ),
            *([html.P(f"{more} older ones are not shown.", className="rtt-small")] if more > 0 else []),
        ],
        className="nhsuk-details",
    )


def _line(measure: str, each: Scored) -> list[Component]:
    said = each.said
    inside = [name for name, held in zip(words.COVERAGE_WORDS, each.held, strict=True) if held]
    return [
        date_text(said.target),
        date_text(said.origin),
        words.horizon_text(said.horizon),
        words.with_interval(said),
        words.figure_text(measure, each.actual),
        each.vintage,
        words.error_text(measure, each.error),
        words.error_text(measure, each.error_last),
        list_text(inside) if inside else "none",
    ]


def _back_test(choice: Choice, found: Found, measure: str) -> list[Component]:
    level = fitted_as(choice)
    if measure not in BACK_TESTED:
        return [
            _no_back_test(
                "Medians and percentiles follow from the projected bands; they are not scored apart."
            )
        ]
    own = [line for line in found.back_test if line.measure == measure]
    whole = [line for line in own if line.target is None]
    if not whole:
        return [
            _no_back_test(
                "There is no back-test yet: it needs five months without a gap; rtt forecast renews it."
            )
        ]
    columns = ["Ahead", "Forecasts", "Mean error", "Last value’s", "Beside the last value", *COVERAGES]
    rows = [_back_test_row(measure, line) for line in whole]
    drawn = [line for line in own if line.target is not None and line.horizon == 1]
    return [
        show.section(
            f"Back-test: {words.NAMES[measure].lower()}, all {UNITS[level]}",
            html.P(
                "What would have been forecast from every month held, each from its own past alone: rolling "
                f"origins, never a look ahead, also where it loses. {words.SMALLEST}"
            ),
            show.scrolling(
                show.table("Back-test by months ahead", columns, rows),
                label="Back-test by months ahead, table",
            ),
            html.P(
                ["Every level and measure: ", html.Code("rtt forecast --backtest")], className="rtt-small"
            ),
            name="back-test",
            as_csv=True,
        ),
        *(
            [show.card("reliability", reliability_chart(drawn, horizon=1, units=UNITS[level]), height=260)]
            if drawn
            else []
        ),
    ]


def _no_back_test(sentence: str) -> Component:
    return show.section("Back-test", show.empty(sentence), name="back-test")


def _back_test_row(measure: str, line: BackTest) -> list[Component]:
    return [
        words.horizon_text(line.horizon),
        number_text(line.n),
        words.error_text(measure, line.mae or 0.0),
        words.error_text(measure, line.mae_last_value or 0.0),
        words.skill_text(line.skill),
        *(share_text(each) for each in line.held),
    ]
