"""Small numbers taken out of measures before anything is made of them: tiles, charts, tables, exports.

What is hidden becomes nan, and a finding says "under 8" or "withheld" in its place, so nothing downstream can
show what it does not have. Which counts may be seen: `disclosure.seen`; what a figure is made of: its
indicator.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from rtt.disclosure import small_numbers
from rtt.disclosure.percentiles import longest_seen, percentile_seen, rounded
from rtt.disclosure.seen import Seen
from rtt.disclosure.shares import share_seen
from rtt.disclosure.small_numbers import Mask
from rtt.measures import calculations as calculate
from rtt.measures.band_facts import BandFacts
from rtt.measures.calculations import Measure
from rtt.measures.disclosed import Disclosed
from rtt.measures.indicators import INDICATORS, LIMITS
from rtt.terms.arrays import Floats
from rtt.terms.parts import HIGH_PERCENTILE


@dataclass(frozen=True, slots=True, eq=False)
class Concealed:
    """`measures` without the hidden figures; `hidden`, `small` and `about` say which, by indicator (units,
    dates).

    `about`: shown, but only roughly. `exact` are the shown values with all their digits, for signals alone:
    rounding must not make or hide one.
    """

    measures: dict[str, Measure]
    exact: dict[str, Floats]
    hidden: dict[str, Mask]
    small: dict[str, Mask]
    about: dict[str, Mask]

    def words(self, key: str, row: int, column: int) -> str:
        """What stands in the place of a hidden figure; '' for one that is shown."""
        if not self.hidden[key][row, column]:
            return ""
        return small_numbers.UNDER if self.small[key][row, column] else small_numbers.WITHHELD

    def is_about(self, key: str, row: int, column: int) -> bool:
        """Whether a figure is shown only roughly."""
        return bool(self.about[key][row, column])


def conceal(facts: BandFacts, measures: Mapping[str, Measure], seen: Seen, own: Mask) -> Concealed:
    """The measures as somebody may see them who may not see pathways, but for those of the units `own`."""
    found = {key: _shown(INDICATORS[key].discloses, each, facts, seen) for key, each in measures.items()}
    foreign = ~own[:, None]
    # How many clock starts are known, and so how many are not, is said only where it may be seen.
    base = foreign & ~seen.limits[0]
    shown: dict[str, Measure] = {}
    for key, each in found.items():
        value = np.where(foreign, each.value, measures[key].value)
        hidden = foreign & each.hidden
        form = INDICATORS[key].discloses.form
        of_known = form in ("percentile", "highest") or any(
            c.over == 0 for c in INDICATORS[key].discloses.counts
        )
        shown[key] = _without(replace(measures[key], value=value), hidden, base if of_known else hidden)
    return Concealed(
        measures=shown,
        exact={
            key: small_numbers.without(measures[key].value, foreign & each.hidden)
            for key, each in found.items()
        },
        hidden={key: foreign & each.hidden for key, each in found.items()},
        small={
            key: small_numbers.small(each.value) & (INDICATORS[key].discloses.form == "count")
            for key, each in measures.items()
        },
        about={key: foreign & each.about for key, each in found.items()},
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    value: Floats
    hidden: Mask
    about: Mask


def _shown(discloses: Disclosed, measure: Measure, facts: BandFacts, seen: Seen) -> _Found:
    """A figure by its form, as far as it may be seen."""
    value, exactly = measure.value, np.zeros(measure.value.shape, dtype=bool)
    may = seen.figure(discloses)
    if discloses.form == "count":
        return _Found(value, ~may, exactly)
    few = _few(discloses, measure, facts)
    if discloses.form == "difference":
        return _Found(value, ~may | few, exactly)
    if discloses.form == "share":
        over = facts.bands[..., max(discloses.counts[0].up_to, 0) :].sum(axis=-1)
        of = {"total": calculate.total(facts), "over": over, "unknown": facts.unknown_clock_start}
        share = share_seen(discloses, value, seen, **of)
        return _Found(share.value, share.hidden | few, share.about)
    if discloses.form == "ratio":
        # What is known of all its counts may be divided; else the quotient tells only roughly.
        size = seen.count(discloses.counts[0])
        return _Found(np.where(may, value, rounded(value)), ~size | few, size & ~may)
    # Two filters together show the size alone: without a limit nothing can be said of how long.
    limits = np.logical_or.reduce([*seen.limits.values()])
    hidden = ~may | ~limits | few
    if discloses.form == "highest":
        weeks = longest_seen(facts, seen, LIMITS)
    else:
        weeks = percentile_seen(discloses.at or HIGH_PERCENTILE[facts.part], value, facts, seen)
    return _Found(weeks.value, hidden | weeks.hidden, weeks.about)


def _few(discloses: Disclosed, measure: Measure, facts: BandFacts) -> Mask:
    """A figure of fewer than 20, or the difference of lists or flows of so few."""
    total = calculate.total(facts)
    if discloses.form == "difference":
        few = total < small_numbers.FEWEST_FOR_RATE
        return np.asarray(few | (facts.opening < small_numbers.FEWEST_FOR_RATE)) & (total > 0)
    below = total if measure.denominator is None or discloses.form == "ratio" else measure.denominator
    return small_numbers.rate_withheld(None, below)


def _without(measure: Measure, hidden: Mask, told: Mask) -> Measure:
    """nan for what is hidden; the parts also where they would tell what is hidden elsewhere."""

    def shown(values: Floats | None) -> Floats | None:
        return None if values is None else small_numbers.without(values, hidden | told)

    value = small_numbers.without(measure.value, hidden)
    return Measure(value, shown(measure.numerator), shown(measure.denominator))
