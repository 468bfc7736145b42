"""Small numbers taken out of measures before anything is made of them: tiles, charts, tables, exports.

What is hidden becomes nan, and a finding says "under 8" or "withheld" in its place, so nothing downstream can
show what it does not have. The rule is `rtt.small_numbers`; whether it applies is the choice's `conceals`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dashboard.queries.facts import Facts
from rtt import measures as calculate
from rtt import small_numbers
from rtt.indicators import INDICATORS
from rtt.measures import Measure
from rtt.treatment_functions import TOTAL

Mask = NDArray[np.bool_]
# Differences of lists or of flows: no count of people, but the way from one hidden count to another.
_DIFFERENCES = ("starts_less_stops", "list_change", "unreported_removals")


@dataclass(frozen=True, slots=True, eq=False)
class Concealed:
    """`measures` without the hidden figures; `hidden` and `small` say which, by indicator (units, dates)."""

    measures: dict[str, Measure]
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
    total = calculate.total(facts.facts)
    own = np.zeros(len(facts.units), dtype=bool) if known is None else known
    hidden = {
        key: _hidden(key, measure, facts, total, apart, own) & ~own[:, None]
        for key, measure in measures.items()
    }
    is_count = {key: INDICATORS[key].unit == "pathways" and key not in _DIFFERENCES for key in measures}
    return Concealed(
        measures={key: _without(measure, hidden[key]) for key, measure in measures.items()},
        hidden=hidden,
        small={key: small_numbers.small(measure.value) & is_count[key] for key, measure in measures.items()},
    )


def conceal_bands(bands: NDArray[Any], *, axis: int = -1) -> NDArray[np.float64]:
    """Band counts with nan for the small ones, and for a second where the list's size would reveal one."""
    values = np.asarray(bands, dtype=np.float64)
    return small_numbers.without(values, small_numbers.withheld(values, axis=axis))


def _hidden(
    key: str, measure: Measure, facts: Facts, total: NDArray[np.float64], apart: str, own: Mask
) -> Mask:
    unit = INDICATORS[key].unit
    if key in _DIFFERENCES:
        few = total < small_numbers.FEWEST_FOR_RATE
        return np.asarray(few | (facts.facts.opening < small_numbers.FEWEST_FOR_RATE)) & (total > 0)
    if unit == "pathways":
        return _counts_hidden(measure.value, facts, apart, own)
    if measure.denominator is None or key == "clearance_weeks":
        return small_numbers.rate_withheld(None, total)
    if unit == "share":
        return small_numbers.rate_withheld(measure.numerator, measure.denominator)
    return small_numbers.rate_withheld(None, measure.denominator)


def _counts_hidden(counts: NDArray[np.float64], facts: Facts, apart: str, own: Mask) -> Mask:
    if apart != "treatment_function" or TOTAL not in facts.units:
        return small_numbers.small(counts)
    parts = np.array([unit != TOTAL for unit in facts.units])
    hidden = small_numbers.small(counts)
    hidden[parts] |= small_numbers.withheld(counts[parts], known=own[parts])
    return hidden


def _without(measure: Measure, hidden: Mask) -> Measure:
    def shown(values: NDArray[np.float64] | None) -> NDArray[np.float64] | None:
        return None if values is None else small_numbers.without(values, hidden)

    return Measure(
        small_numbers.without(measure.value, hidden), shown(measure.numerator), shown(measure.denominator)
    )
