"""Small numbers taken out of measures before anything is made of them: tiles, charts, tables, exports.

What is suppressed becomes nan, and a finding says "under 8" or "withheld" in its place, so nothing downstream
can show what it does not have. Which counts may be seen: `disclosure.seen`; what a figure is made of: its
indicator.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from rtt.disclosure import small_numbers
from rtt.disclosure.percentiles import longest_seen, percentile_seen, rounded
from rtt.disclosure.seen import Seen
from rtt.disclosure.shares import share_seen
from rtt.disclosure.small_numbers import Mask, Shown
from rtt.measures import calculations as calculate
from rtt.measures.band_facts import BandFacts
from rtt.measures.calculations import Measure
from rtt.measures.disclosed import Disclosed
from rtt.measures.indicators import INDICATORS, LIMITS
from rtt.terms.arrays import Floats
from rtt.terms.parts import HIGH_PERCENTILE


@dataclass(frozen=True, slots=True, eq=False)
class Suppressed:
    """`measures` without the suppressed figures; the masks say which, by indicator (units, dates).

    `primary`: of those suppressed the small counts themselves. `about`: shown, but only roughly. `exact` are
    the shown values with all their digits, for signals alone: rounding must not make or hide one.
    """

    measures: dict[str, Measure]
    exact: dict[str, Floats]
    suppressed: dict[str, Mask]
    primary: dict[str, Mask]
    about: dict[str, Mask]

    def words(self, key: str, row: int, column: int) -> str:
        """What stands in the place of a suppressed figure; '' for one that is shown."""
        if not self.suppressed[key][row, column]:
            return ""
        return small_numbers.UNDER if self.primary[key][row, column] else small_numbers.WITHHELD

    def is_about(self, key: str, row: int, column: int) -> bool:
        """Whether a figure is shown only roughly."""
        return bool(self.about[key][row, column])


def suppress(facts: BandFacts, measures: Mapping[str, Measure], seen: Seen, own: Mask) -> Suppressed:
    """The measures as somebody may see them who may not see pathways, but for those of the units `own`."""
    foreign = ~own[:, None]
    # How many clock starts are known, and so how many are not, is said only where it may be seen.
    base = foreign & ~seen.limits[0]
    found = Suppressed({}, {}, {}, {}, {})
    for key, measure in measures.items():
        discloses = INDICATORS[key].discloses
        value, suppressed, about = as_shown(discloses, measure, facts, seen)
        suppressed = foreign & suppressed
        of_known = discloses.form in ("percentile", "highest") or any(c.over == 0 for c in discloses.counts)
        shown = replace(measure, value=np.where(foreign, value, measure.value))
        found.measures[key] = _without(shown, suppressed, base if of_known else suppressed)
        found.exact[key] = small_numbers.without(measure.value, suppressed)
        found.suppressed[key], found.about[key] = suppressed, foreign & about
        found.primary[key] = small_numbers.small(measure.value) & (discloses.form == "count")
    return found


def as_shown(discloses: Disclosed, measure: Measure, facts: BandFacts, seen: Seen) -> Shown:
    """A figure by its form, as far as it may be seen."""
    value, exactly = measure.value, np.zeros(measure.value.shape, dtype=bool)
    may = seen.figure(discloses)
    if discloses.form == "count":
        return Shown(value, ~may, exactly)
    few = _few(discloses, measure, facts)
    if discloses.form == "difference":
        return Shown(value, ~may | few, exactly)
    if discloses.form == "share":
        over = facts.bands[..., max(discloses.counts[0].up_to, 0) :].sum(axis=-1)
        of = {"total": calculate.total(facts), "over": over, "unknown": facts.unknown_clock_start}
        share = share_seen(discloses, value, seen, **of)
        return Shown(share.value, share.suppressed | few, share.about)
    if discloses.form == "ratio":
        # What is known of all its counts may be divided; else the quotient is shown only roughly.
        size = seen.count(discloses.counts[0]) & (not seen.known_in_part)
        hidden = ~(size | may) | few
        return Shown(np.where(may, value, rounded(value)), hidden, size & ~may & ~np.isnan(value))
    # Two filters together show the size alone: without a limit nothing can be said of how long.
    limits = np.logical_or.reduce([*seen.limits.values()])
    suppressed = ~may | ~limits | few
    if discloses.form == "highest":
        weeks = longest_seen(facts, seen, LIMITS)
    else:
        weeks = percentile_seen(discloses.at or HIGH_PERCENTILE[facts.part], value, facts, seen)
        suppressed = suppressed | seen.known_in_part
    return Shown(weeks.value, suppressed | weeks.suppressed, weeks.about)


def _few(discloses: Disclosed, measure: Measure, facts: BandFacts) -> Mask:
    """A figure of fewer than 20, or the difference of lists or flows of so few."""
    total = calculate.total(facts)
    if discloses.form == "difference":
        few = total < small_numbers.FEWEST_FOR_RATE
        return np.asarray(few | (facts.opening < small_numbers.FEWEST_FOR_RATE)) & (total > 0)
    below = total if measure.denominator is None or discloses.form == "ratio" else measure.denominator
    return small_numbers.rate_withheld(None, below)


def _without(measure: Measure, suppressed: Mask, parts: Mask) -> Measure:
    """nan for what is suppressed; of `parts` also where they would disclose what is suppressed elsewhere."""

    def shown(values: Floats | None) -> Floats | None:
        return None if values is None else small_numbers.without(values, suppressed | parts)

    value = small_numbers.without(measure.value, suppressed)
    return Measure(value, shown(measure.numerator), shown(measure.denominator))
