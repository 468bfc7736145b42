"""What a tracking list is expected to do, as a reader may see it: as printed, small numbers kept back.

Only what was issued, never a forecast made anew; where nothing was, the reason in a sentence.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from dashboard.analysis.will_breach import Bands
from dashboard.scope.scope import Scope
from dashboard.store.list_forecasts import ListForecast
from rtt.disclosure.limits import together
from rtt.disclosure.small_numbers import Mask, rate_withheld, small
from rtt.findings.list_shape import count_words
from rtt.forecast.score.issued import Issued
from rtt.forecast.weekly import expected_words as words
from rtt.forecast.weekly.dispersion import FEWEST_LISTS
from rtt.forecast.weekly.expected import OVER_18, OVER_52, PASSING_18, PASSING_52, SHARE_WITHIN_18, TOTAL
from rtt.terms.treatment_functions import TOTAL as ALL
from rtt.terms.treatment_functions import in_order

COUNTS = (PASSING_18, OVER_18, PASSING_52, OVER_52)
MEASURES = (*COUNTS, SHARE_WITHIN_18)
"""In the order of `expected_words.COLUMNS`."""


@dataclass(frozen=True, slots=True, eq=False)
class Expected:
    """What was said about one day. `figures` by treatment function and measure; `hidden` by function."""

    kind: str  # issued | back-test
    figures: dict[tuple[str, str], Issued]
    hidden: dict[str, Mask]
    chosen: tuple[str, ...]  # the specialties of the scope
    rows: tuple[str, ...]  # the specialties of the table, all of them together last unless some were chosen
    headline: str  # the specialty that the headline is of; TOTAL: of all

    def shown(self, code: str, measure: str) -> words.Shown:
        """A figure as it is printed."""
        figure = self.figures.get((code, measure))
        if figure is None:
            return words.not_known()
        if self.too_few(code):
            return words.Shown(words.TOO_FEW, words.NOTHING)
        if code in self.hidden and self.hidden[code][MEASURES.index(measure)]:
            return words.Shown(count_words(figure.value, hidden=True), words.NOTHING)
        return words.shown(figure.value, *figure.limits[1], share=measure == SHARE_WITHIN_18)

    def too_few(self, code: str) -> bool:
        """Whether a specialty is too small for an estimate."""
        return _too_few(self.figures, code)

    def row(self, code: str) -> tuple[str, ...]:
        """The figures of a specialty with their intervals, in the order of MEASURES."""
        return tuple(words.with_interval(self.shown(code, measure)) for measure in MEASURES)


def why_none(scope: Scope, forecast: ListForecast | None, target: date, bands: Bands | None) -> str:
    """Why no estimate is shown; '' if one is. `bands`: of the list now, for a forecast of no change."""
    filters = scope.filters
    if filters.site or filters.priority or filters.pathway:
        return words.NOT_NARROWED
    if forecast is None:
        lists = len(scope.dates)
        if lists >= FEWEST_LISTS:
            return words.NOT_ISSUED
        return words.too_few(lists, FEWEST_LISTS, _no_change(scope, bands) if bands else "")
    figures = forecast.about(target)
    if figures and len(scope.functions) == 1 and _too_few(figures, scope.functions[0]):
        return words.NONE_OF_SO_FEW
    return "" if figures else words.NO_SUCH_HORIZON


def _too_few(figures: dict[tuple[str, str], Issued], code: str) -> bool:
    return (code, TOTAL) in figures and figures[code, TOTAL].value < words.FEWEST_PATHWAYS


def _no_change(scope: Scope, bands: Bands) -> str:
    """What waits now. Where small numbers are hidden it stands on Overview, where it is judged."""
    now = bands.bands[-1]
    total, over_18, over_52 = (float(now[weeks:].sum()) for weeks in (0, 18, 52))
    if not total or scope.conceals:
        return ""
    return words.present_text(over_18, over_52, 100 * (1 - over_18 / total))


def expected_of(scope: Scope, forecast: ListForecast, target: date) -> Expected:
    """The figures of the specialties chosen, or of every one and of all."""
    figures = forecast.about(target)
    order = sorted({code for code, _ in figures} - {ALL}, key=in_order)
    chosen = tuple(code for code in order if not scope.functions or code in scope.functions)
    return Expected(
        kind=forecast.kind,
        figures=figures,
        hidden=_hidden(figures, order) if scope.conceals else {},
        chosen=chosen,
        rows=chosen if scope.functions else (*chosen, ALL),
        headline=chosen[0] if len(chosen) == 1 else ALL,
    )


def _hidden(figures: dict[tuple[str, str], Issued], order: list[str]) -> dict[str, Mask]:
    """By specialty, which of MEASURES would point at a few people, or give such a one away."""

    def values(measure: str) -> list[float]:
        return [figures[code, measure].value if (code, measure) in figures else 0.0 for code in codes]

    codes = [*order, ALL]
    counts = np.array([values(measure) for measure in COUNTS])
    total = np.array(values(TOTAL))
    share = rate_withheld(total - counts[COUNTS.index(OVER_18)], total)
    hidden = np.column_stack([together(counts[:, :-1]), small(counts[:, -1])])
    return dict(zip(codes, np.vstack([hidden, share]).T, strict=True))
