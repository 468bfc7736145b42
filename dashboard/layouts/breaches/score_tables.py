"""The tables of a score: of what was issued by how far ahead, one by one, and of a back-test.

The same for the monthly return and for a tracking list, which differ in their words alone.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html
from dashboard.store.forecasts import BackTest
from rtt.forecast.score.issued import Issued, Scored, Tally
from rtt.forecast.score.words import COVERAGE_WORDS, skill_text
from rtt.terms.wording import date_text, list_text, number_text, share_text

Component = Any
LINES_SHOWN = 60
COVERAGES = tuple(f"{name} held" for name in COVERAGE_WORDS)
BY_HORIZON = [
    "Ahead",
    "Forecasts",
    "Mean error",
    "Naive forecast error",
    "Compared with naive forecast (no change)",
    *COVERAGES,
]
ONE_BY_ONE = [
    "For",
    "Issued from",
    "Ahead",
    "Forecast (80% interval)",
    "Actual",
    "Version",
    "Error",
    "Naive forecast error",
    "Held",
]


@dataclass(frozen=True, slots=True)
class Words:
    """How a source is spoken of: its periods ("months"), how far ahead, its figures and their errors."""

    periods: str
    ahead: Callable[[int], str]
    with_interval: Callable[[Issued], str]
    figure: Callable[[str, float], str]
    error: Callable[[str, float], str]


def tally_table(words: Words, measure: str, found: Sequence[Tally]) -> show.Table:
    """The score of what was issued, by how far ahead."""
    rows = [
        [
            words.ahead(each.horizon),
            number_text(each.n),
            words.error(measure, each.error),
            words.error(measure, each.error_naive),
            _beside(each),
            *(f"{kept} of {each.n}" for kept in each.held),
        ]
        for each in found
    ]
    return show.Table(f"Score of the issued forecasts by {words.periods} ahead", BY_HORIZON, rows)


def _beside(each: Tally) -> str:
    of = f" ({each.compared} of {each.n})" if 0 < each.compared < each.n else ""
    return skill_text(each.skill) + of


def one_by_one(words: Words, title: str, found: Sequence[Scored], *, hidden: Sequence[str] = ()) -> Component:
    """Each forecast beside what came, the newest first; `hidden` has words for figures not shown."""
    kept = hidden or [""] * len(found)
    pairs = list(zip(found, kept, strict=True))[:LINES_SHOWN]
    rows = [_line(words, each, instead) for each, instead in pairs]
    more = len(found) - len(rows)
    return html.Details(
        [
            html.Summary(
                html.Span(f"{title}, one by one", className="nhsuk-details__summary-text"),
                className="nhsuk-details__summary",
            ),
            html.Div(
                show.scrolling(show.table(title, ONE_BY_ONE, rows), label=f"{title}, table"),
                className="nhsuk-details__text",
            ),
            *([html.P(f"{more} older ones are not shown.", className="rtt-small")] if more > 0 else []),
        ],
        className="nhsuk-details",
    )


def _line(words: Words, each: Scored, instead: str) -> list[Component]:
    said, measure = each.forecast, each.forecast.measure
    known = [date_text(said.target), _whole(date_text(said.origin)), _whole(words.ahead(said.horizon))]
    if instead:
        return [*known, instead, instead, each.vintage, instead, instead, instead]
    inside = [name for name, held in zip(COVERAGE_WORDS, each.held, strict=True) if held]
    return [
        *known,
        _whole(words.with_interval(said)),
        words.figure(measure, each.actual),
        each.vintage,
        _whole(words.error(measure, each.error)),
        _whole(words.error(measure, each.error_naive)),
        _whole(list_text(inside) if inside else "none"),
    ]


def _whole(text: str) -> Component:
    """On one line: on a phone the table scrolls, and a figure stays together with its interval or unit."""
    return html.Span(text, style={"whiteSpace": "nowrap"})


def back_test_table(words: Words, lines: Sequence[BackTest]) -> show.Table:
    """A back-test, by how far ahead."""
    rows = [
        [
            words.ahead(line.horizon),
            number_text(line.n),
            words.error(line.measure, line.mae or 0.0),
            words.error(line.measure, line.mae_last_value or 0.0),
            skill_text(line.skill),
            *(share_text(each) for each in line.held),
        ]
        for line in lines
    ]
    return show.Table(f"Back-test by {words.periods} ahead", BY_HORIZON, rows)
