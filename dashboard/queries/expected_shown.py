"""What a tracking list is expected to do, as a reader may see it: as printed, small numbers kept back.

Only what was issued, never a forecast made anew; where nothing was, the reason in a sentence.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dashboard.queries.choices import Choice
from dashboard.queries.hazards import ListForecast
from rtt import expected_words as words
from rtt.dispersion import FEWEST_LISTS
from rtt.expected import OVER_18, OVER_52, PASSING_18, PASSING_52, SHARE_WITHIN_18, TOTAL
from rtt.list_shape import count_words
from rtt.small_numbers import Mask, rate_withheld
from rtt.small_tables import withheld_in_table
from rtt.treatment_functions import TOTAL as ALL
from rtt.treatment_functions import in_order

COUNTS = (PASSING_18, OVER_18, PASSING_52, OVER_52)
MEASURES = (*COUNTS, SHARE_WITHIN_18)
"""In the order of `expected_words.COLUMNS`."""


@dataclass(frozen=True, slots=True)
class Expected:
    """Specialty -> the MEASURES as printed, all specialties last as TOTAL unless some were chosen."""

    kind: str  # issued | back-test
    rows: dict[str, tuple[words.Shown, ...]]
    of: str  # the specialty that the headline is of; TOTAL: of all
    headline: tuple[words.Shown, ...]


def why_none(choice: Choice, forecast: ListForecast | None) -> str:
    """Why no expectation is shown; '' if one is."""
    filters = choice.filters
    if filters.site or filters.priority or filters.pathway:
        return words.NOT_NARROWED
    if forecast is None:
        lists = len(choice.dates)
        return words.too_few(lists, FEWEST_LISTS) if lists < FEWEST_LISTS else words.NOT_ISSUED
    return "" if forecast.figures else words.NO_SUCH_HORIZON


def expected_of(choice: Choice, forecast: ListForecast) -> Expected:
    """The figures of the specialties chosen, or of every one and of all."""
    order = sorted(forecast.functions() - {ALL}, key=in_order)
    chosen = [code for code in order if not choice.functions or code in choice.functions]
    hidden = _hidden(forecast, order) if choice.conceals else {}
    one = chosen[0] if len(chosen) == 1 else ALL
    rows = [*chosen, ALL] if not choice.functions else chosen
    return Expected(
        forecast.kind,
        {code: _shown(forecast, hidden, code) for code in rows},
        one,
        _shown(forecast, hidden, one),
    )


def _shown(forecast: ListForecast, hidden: dict[str, Mask], code: str) -> tuple[words.Shown, ...]:
    return tuple(_figure(forecast, hidden, code, place) for place in range(len(MEASURES)))


def _figure(forecast: ListForecast, hidden: dict[str, Mask], code: str, place: int) -> words.Shown:
    figure = forecast.figures.get((code, MEASURES[place]))
    if figure is None:
        return words.not_known()
    if code in hidden and hidden[code][place]:
        return words.Shown(count_words(figure.value, hidden=True), words.NOTHING)
    share = MEASURES[place] == SHARE_WITHIN_18
    return words.shown(figure.value, figure.low, figure.high, share=share)


def _hidden(forecast: ListForecast, order: list[str]) -> dict[str, Mask]:
    """By specialty, which of MEASURES would point at a few people, or give such a one away."""
    codes = [*order, ALL]
    counts = np.array([[_value(forecast, code, measure) for measure in COUNTS] for code in codes])
    masks = np.column_stack([withheld_in_table(counts[:, [i]])[:, 0] for i in range(len(COUNTS))])
    total = np.array([_value(forecast, code, TOTAL) for code in codes])
    share = rate_withheld(total - counts[:, COUNTS.index(OVER_18)], total)
    return dict(zip(codes, np.column_stack([masks, share]), strict=True))


def _value(forecast: ListForecast, code: str, measure: str) -> float:
    figure = forecast.figures.get((code, measure))
    return figure.value if figure else 0.0
