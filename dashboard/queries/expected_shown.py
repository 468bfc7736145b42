"""What a tracking list is expected to do, as a reader may see it: as printed, small numbers kept back.

Only what was issued, never a forecast made anew; where nothing was, the reason in a sentence.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from dashboard.queries.choices import Choice
from dashboard.queries.hazards import ListForecast
from rtt import expected_words as words
from rtt.disclosure.limits import together
from rtt.dispersion import FEWEST_LISTS
from rtt.expected import OVER_18, OVER_52, PASSING_18, PASSING_52, SHARE_WITHIN_18, TOTAL
from rtt.issued_score import Said
from rtt.list_shape import count_words
from rtt.small_numbers import Mask, rate_withheld, small
from rtt.treatment_functions import TOTAL as ALL
from rtt.treatment_functions import in_order

COUNTS = (PASSING_18, OVER_18, PASSING_52, OVER_52)
MEASURES = (*COUNTS, SHARE_WITHIN_18)
"""In the order of `expected_words.COLUMNS`."""


@dataclass(frozen=True, slots=True, eq=False)
class Expected:
    """What was said about one day. `figures` by treatment function and measure; `hidden` by function."""

    kind: str  # issued | back-test
    figures: dict[tuple[str, str], Said]
    hidden: dict[str, Mask]
    chosen: tuple[str, ...]  # the specialties of the scope
    rows: tuple[str, ...]  # the specialties of the table, all of them together last unless some were chosen
    headline: str  # the specialty that the headline is of; TOTAL: of all

    def shown(self, code: str, measure: str) -> words.Shown:
        """A figure as it is printed."""
        figure = self.figures.get((code, measure))
        if figure is None:
            return words.not_known()
        if code in self.hidden and self.hidden[code][MEASURES.index(measure)]:
            return words.Shown(count_words(figure.value, hidden=True), words.NOTHING)
        return words.shown(figure.value, *figure.limits[1], share=measure == SHARE_WITHIN_18)

    def row(self, code: str) -> tuple[str, ...]:
        """The figures of a specialty with their intervals, in the order of MEASURES."""
        return tuple(words.with_interval(self.shown(code, measure)) for measure in MEASURES)


def why_none(choice: Choice, forecast: ListForecast | None, target: date) -> str:
    """Why no expectation is shown; '' if one is."""
    filters = choice.filters
    if filters.site or filters.priority or filters.pathway:
        return words.NOT_NARROWED
    if forecast is None:
        lists = len(choice.dates)
        return words.too_few(lists, FEWEST_LISTS) if lists < FEWEST_LISTS else words.NOT_ISSUED
    return "" if forecast.about(target) else words.NO_SUCH_HORIZON


def expected_of(choice: Choice, forecast: ListForecast, target: date) -> Expected:
    """The figures of the specialties chosen, or of every one and of all."""
    figures = forecast.about(target)
    order = sorted({code for code, _ in figures} - {ALL}, key=in_order)
    chosen = tuple(code for code in order if not choice.functions or code in choice.functions)
    return Expected(
        kind=forecast.kind,
        figures=figures,
        hidden=_hidden(figures, order) if choice.conceals else {},
        chosen=chosen,
        rows=chosen if choice.functions else (*chosen, ALL),
        headline=chosen[0] if len(chosen) == 1 else ALL,
    )


def _hidden(figures: dict[tuple[str, str], Said], order: list[str]) -> dict[str, Mask]:
    """By specialty, which of MEASURES would point at a few people, or give such a one away."""

    def values(measure: str) -> list[float]:
        return [figures[code, measure].value if (code, measure) in figures else 0.0 for code in codes]

    codes = [*order, ALL]
    counts = np.array([values(measure) for measure in COUNTS])
    total = np.array(values(TOTAL))
    share = rate_withheld(total - counts[COUNTS.index(OVER_18)], total)
    hidden = np.column_stack([together(counts[:, :-1]), small(counts[:, -1])])
    return dict(zip(codes, np.vstack([hidden, share]).T, strict=True))
