"""Small numbers taken out of measures before anything is made of them: tiles, charts, tables, exports.

What is hidden becomes nan, and a finding says "under 8" or "withheld" in its place, so nothing downstream can
show what it does not have. The rule is `rtt.small_numbers`; whether it applies is the choice's `conceals`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dashboard.queries.beside import PARTS_OF_SHARES, bands_beside, withheld_beside
from dashboard.queries.facts import Facts
from rtt import measures as calculate
from rtt import small_numbers
from rtt.indicators import INDICATORS
from rtt.list_shape import percentile_withheld, withheld_bands
from rtt.measures import Measure
from rtt.treatment_functions import TOTAL

Mask = NDArray[np.bool_]
# Differences of lists or of flows: no count of people, but the way from one hidden count to another.
_DIFFERENCES = {
    "starts_less_stops": ("starts", "stops"),
    "list_change": ("total",),
    "unreported_removals": ("starts", "stops", "total"),
}
_PERCENTILES = ("median_weeks", "high_percentile_weeks")
# Each is part of the one before: their differences are counts of people too.
_NESTED = ("total", "over_18", "over_40", "over_52", "over_65", "over_78", "over_104")


@dataclass(frozen=True, slots=True, eq=False)
class Concealed:
    """`measures` without the hidden figures; `hidden` and `small` say which, by indicator (units, dates).

    `exact` are the shown values with all their digits, for signals alone: rounding must not make or hide one.
    """

    measures: dict[str, Measure]
    exact: dict[str, NDArray[np.float64]]
    hidden: dict[str, Mask]
    small: dict[str, Mask]

    def words(self, key: str, row: int, column: int) -> str:
        """What stands in the place of a hidden figure; '' for one that is shown."""
        if not self.hidden[key][row, column]:
            return ""
        return small_numbers.UNDER if self.small[key][row, column] else small_numbers.WITHHELD


def conceal(
    facts: Facts, measures: Mapping[str, Measure], *, apart: str, known: Mask | None = None
) -> Concealed:
    """The measures as somebody may see them who may not see pathways, but for those of the units `known`."""
    own = np.zeros(len(facts.units), dtype=bool) if known is None else known
    counts = _counts_hidden(facts, measures, apart, own)
    hidden = {
        key: (counts[key] if key in counts else _hidden(key, measure, facts, counts)) & ~own[:, None]
        for key, measure in measures.items()
    }
    for key, of_bands in _percentiles_hidden(facts, measures).items():
        hidden[key] |= of_bands & ~own[:, None]
    told = _unknown_hidden(facts) & ~own[:, None]
    return Concealed(
        measures={
            key: _without(_as_printed(key, measure), hidden[key], told if _is_of_known(key) else hidden[key])
            for key, measure in measures.items()
        },
        exact={key: small_numbers.without(each.value, hidden[key]) for key, each in measures.items()},
        hidden=hidden,
        small={
            key: small_numbers.small(measure.value) & (key in counts) for key, measure in measures.items()
        },
    )


def conceal_bands(bands: NDArray[Any], *, axis: int = -1) -> NDArray[np.float64]:
    """Band counts with nan for the small ones, and for a second where the list's size would reveal one."""
    values = np.asarray(bands, dtype=np.float64)
    return small_numbers.without(values, small_numbers.withheld(values, axis=axis))


def tenths(weeks: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weeks as they are printed, halves away from zero: all their digits would tell the band they lie in."""
    return np.asarray(np.floor(np.round(10 * weeks, 6) + 0.5) / 10)


def _as_printed(key: str, measure: Measure) -> Measure:
    """A percentile, or the share within 18 weeks, with no more digits than are printed.

    All digits of a share tell both its numbers, and so the unknown clock starts.
    """
    if key in _PERCENTILES:
        return replace(measure, value=tenths(measure.value))
    if key != "share_within_18":
        return measure
    inside = (measure.value > 0) & (measure.value < 1)
    # What only rounds to nobody or to everybody is printed as "under 0.1%" and "over 99.9%".
    shown = np.where(inside, np.clip(tenths(100 * measure.value) / 100, 0.0004, 0.9996), measure.value)
    return replace(measure, value=shown)


def _percentiles_hidden(facts: Facts, measures: Mapping[str, Measure]) -> dict[str, Mask]:
    """Percentiles that would tell a week band which is not shown."""
    weeks = {key: measures[key].value for key in _PERCENTILES if key in measures}
    if not weeks:
        return {}
    bands = np.nan_to_num(facts.facts.bands)
    hidden = withheld_bands(
        bands,
        unknown=np.nan_to_num(facts.facts.unknown_clock_start),
        also=bands_beside(facts.beside, bands.shape[:-1]),
    )
    return {key: percentile_withheld(value, bands, hidden) for key, value in weeks.items()}


def _is_of_known(key: str) -> bool:
    """Whether the figure is one of the pathways of known clock start, whose number it then tells."""
    return key == "share_within_18" or INDICATORS[key].unit in ("weeks", "band")


def _unknown_hidden(facts: Facts) -> Mask:
    """Where the number of unknown clock starts is hidden: then nothing may say how many are known."""
    unknown = facts.facts.unknown_clock_start
    return small_numbers.small(unknown) | withheld_beside(facts.beside, "unknown", unknown.shape)


def _hidden(key: str, measure: Measure, facts: Facts, counts: Mapping[str, Mask]) -> Mask:
    """Of a figure that is no count of people."""
    total = calculate.total(facts.facts)
    if key in _DIFFERENCES:
        few = total < small_numbers.FEWEST_FOR_RATE
        hidden = np.asarray(few | (facts.facts.opening < small_numbers.FEWEST_FOR_RATE)) & (total > 0)
        for part in _DIFFERENCES[key]:
            hidden = hidden | counts.get(part, np.zeros_like(hidden))
        return hidden | _before(counts["total"]) if "total" in counts else hidden
    if measure.denominator is None or key == "clearance_weeks":
        return small_numbers.rate_withheld(None, total)
    if INDICATORS[key].unit != "share":
        return small_numbers.rate_withheld(None, measure.denominator)
    hidden = small_numbers.rate_withheld(measure.numerator, measure.denominator)
    for part in PARTS_OF_SHARES[key]:
        hidden = hidden | counts.get(part, np.zeros_like(hidden))
        hidden |= withheld_beside(facts.beside, part, hidden.shape)
    if key == "share_within_18":
        over = calculate.count_over(facts.facts, 18)
        hidden |= small_numbers.tells_unknown(total, over, facts.facts.unknown_clock_start)
    return hidden


def _before(hidden: Mask) -> Mask:
    """Whether the census before is hidden: a difference is told from it. Its dates lie side by side."""
    return np.concatenate([np.zeros_like(hidden[:, :1]), hidden[:, :-1]], axis=1)


def _counts_hidden(facts: Facts, measures: Mapping[str, Measure], apart: str, own: Mask) -> dict[str, Mask]:
    """The counts of people, by key: small ones, and what a subtraction would need."""
    values = {
        key: measure.value
        for key, measure in measures.items()
        if INDICATORS[key].unit == "pathways" and key not in _DIFFERENCES
    }
    hidden = {key: _of_table(counts, facts, apart, own) for key, counts in values.items()}
    for key in hidden:
        hidden[key] |= withheld_beside(facts.beside, key, hidden[key].shape)
    nested = [key for key in _NESTED if key in hidden]
    if nested:
        for key, told in zip(nested, _nested(facts, values, hidden, nested), strict=True):
            hidden[key] |= told
    for key, rest in (("passing_18_in_4_weeks", (0, 14)), ("passing_52_in_4_weeks", (18, 48))):
        if key in hidden:
            hidden[key] |= small_numbers.small(facts.facts.bands[..., slice(*rest)].sum(axis=-1))
    if "with_decision_to_admit" in hidden:
        rest_of_list = calculate.total(facts.facts) - values["with_decision_to_admit"]
        hidden["with_decision_to_admit"] |= small_numbers.small(rest_of_list)
    both = ("stops_admitted", "stops_non_admitted")
    if set(both) <= set(hidden):
        together = small_numbers.withheld([values[key] for key in both], also=[hidden[key] for key in both])
        hidden |= {key: hidden[key] | told for key, told in zip(both, together, strict=True)}
    return hidden


def _nested(
    facts: Facts, values: Mapping[str, NDArray[np.float64]], hidden: Mapping[str, Mask], keys: list[str]
) -> Mask:
    """Of counts that hold one another, (keys, units, dates); those that are hidden anyway are passed over."""
    shown = [np.where(hidden[key], np.nan, values[key]) for key in keys]
    return small_numbers.nested_withheld(shown)


def _of_table(counts: NDArray[np.float64], facts: Facts, apart: str, own: Mask) -> Mask:
    hidden = small_numbers.small(counts)
    if apart == "treatment_function" and TOTAL in facts.units:
        parts = np.array([unit != TOTAL for unit in facts.units])
        hidden[parts] |= small_numbers.withheld(counts[parts], known=own[parts])
    return hidden


def _without(measure: Measure, hidden: Mask, told: Mask) -> Measure:
    """nan for what is hidden; the parts also where they would tell what is hidden elsewhere."""

    def shown(values: NDArray[np.float64] | None) -> NDArray[np.float64] | None:
        return None if values is None else small_numbers.without(values, hidden | told)

    value = small_numbers.without(measure.value, hidden)
    return Measure(value, shown(measure.numerator), shown(measure.denominator))
