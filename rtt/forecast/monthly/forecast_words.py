"""The words of the monthly forecasts: figures and intervals in the unit of their measure, and sentences.

A share is in per cent. No forecast is written without its interval.
"""

from collections.abc import Sequence
from datetime import date

from rtt.forecast.monthly.history import CELLS, PROVIDERS
from rtt.forecast.monthly.projection import is_scenario
from rtt.forecast.monthly.skill import (
    EXPECTED_MOVE,
    FIXED_BLEND,
    HALF_OF_CELLS,
    NO_CHANGE,
    RIDGE,
    SUM_OF_CELLS,
)
from rtt.forecast.score.issued import Issued, Pair
from rtt.forecast.score.words import COVERAGE_WORDS, NAIVE, skill_text
from rtt.measures.percentiles import FEWEST_PATHWAYS
from rtt.terms import wording

NAMES = {
    "share_within_18": "Within 18 weeks",
    "total": "Waiting list",
    "over_52": "Over 52 weeks",
    "over_18": "Over 18 weeks",
    "median": "Median wait",
    "percentile_92": "92nd percentile",
}
CANNOT_KNOW = (
    "Strikes, extra sessions, new sites, mergers and national schemes are not predicted. Months 7 to 24 "
    "are scenarios: they carry on today’s trends, and no past forecast shows how good they are."
)
NO_INTERVAL = "Too few past months are known to give an interval, so no forecast is shown."
METHODS = {
    NO_CHANGE: NAIVE,
    RIDGE: "latest value, adjusted for England’s seasonal trend and its own trend",
    FIXED_BLEND: "latest value, adjusted for England’s seasonal trend and its own trend (not yet fitted)",
    EXPECTED_MOVE: "latest value, adjusted for England’s seasonal trend",
    SUM_OF_CELLS: "the sum of the forecasts of every provider’s specialties",
    HALF_OF_CELLS: "half its own forecast, half the sum of the forecasts of its specialties",
}
# A list that changed by more is far more often forecast wrongly: 2 % of forecasts, 20 % of all error.
# Source: methods 10.
LARGE_CHANGE = 0.15


def figure_text(measure: str, value: float) -> str:
    """60.3%, 48,212 or 14.0 weeks."""
    if measure == "share_within_18":
        return wording.share_text(min(max(value, 0.0), 100.0) / 100)
    if measure in ("median", "percentile_92"):
        return wording.weeks_text(value)
    return wording.number_text(value)


def interval_text(measure: str, limits: Pair) -> str:
    """58.1% to 61.0%."""
    low, high = (figure_text(measure, limit) for limit in limits)
    return f"{low.removesuffix(' weeks')} to {high}"


def with_interval(said: Issued) -> str:
    """59.8% (80%: 58.9% to 60.6%)."""
    figure = figure_text(said.measure, said.value)
    return f"{figure} (80%: {interval_text(said.measure, said.limits[1])})"


def horizon_text(horizon: int) -> str:
    """ "3 months", with "scenario" where no past forecast can be scored."""
    words = wording.plural(horizon, "month")
    return f"{words}, scenario" if is_scenario(horizon) else words


def expected_sentence(said: Issued) -> str:
    """What is expected of a measure on a date, between what, and what it is now."""
    expected, last = (figure_text(said.measure, value) for value in (said.value, said.last))
    return (
        f"{NAMES[said.measure]} on {wording.date_text(said.target)}: {expected} is expected, "
        f"{interval_text(said.measure, said.limits[1])} in 8 of 10 cases; it was {last} on "
        f"{wording.date_text(said.origin)}."
    )


def method_sentence(measure: str, method: str, skills: Sequence[float], origins: int) -> str:
    """How a measure is forecast, and why; `skills`: of past forecasts at its horizons."""
    name = NAMES[measure]
    if method == NO_CHANGE and skills:
        shown = "do not show beyond chance that" if max(skills) > 0 else "do not show that"
        return (
            f"{name}: {NAIVE} is shown, with the interval of its own past errors. {_origins(origins)} "
            f"{shown} the method does better ({_between(skills)})."
        )
    words = METHODS.get(method, method)
    if not skills:
        return f"{name}: {words}. No past forecast could be scored yet."
    return f"{name}: {words}. {_origins(origins)}: {_between(skills)} than {NAIVE}."


def jump_sentence(census: date, last: float, before: float | None) -> str:
    """What to know of a forecast whose last month was a jump of the list; '' if it was none.

    `before` is the list of the month before, None where no return was made.
    """
    usual = "Forecasts made in such a month are often far off."
    if before is None:
        return f"There was no return in the month before {wording.date_text(census)}. {usual}"
    change = (last - before) / before
    if abs(last - before) <= LARGE_CHANGE * before:
        return ""
    moved = f"{'grew' if change > 0 else 'fell'} by {wording.share_text(abs(change))}"
    return (
        f"The list {moved} in the month to {wording.date_text(census)}. A change of over 15% is most often a "
        f"contract that moved, a missing return or a clean-up of the list. {usual}"
    )


def _between(skills: Sequence[float]) -> str:
    """8% better; 8% better to 12% better, of several horizons."""
    shown = dict.fromkeys(skill_text(skill) for skill in (min(skills), max(skills)))
    return " to ".join(shown)


def _origins(count: int) -> str:
    return f"Back-tests from {wording.plural(count, 'month')}"


def target_sentence(said: Issued, target: float, name: str) -> str:
    """Where a share (per cent) asked for stands beside the intervals: above, within or below them."""
    for words, (low, high) in zip(COVERAGE_WORDS, said.limits, strict=True):
        if low <= target <= high:
            return f"{name} lies inside the {words} interval of {interval_text(said.measure, (low, high))}."
    side = "above" if target > said.limits[2][1] else "below"
    return f"{name} lies {side} the 95% interval of {interval_text(said.measure, said.limits[2])}."


SMALLEST = (
    f"Organisations are scored from {PROVIDERS.smallest:,} pathways on, their specialties from "
    f"{CELLS.smallest:,}; below {FEWEST_PATHWAYS} no forecast is made."
)
