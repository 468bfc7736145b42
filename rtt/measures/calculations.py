"""How the indicators are calculated from band facts: one function each, for every scope at once.

A figure keeps its parts, so that a share can say of how many. nan is "not known" or "nobody to divide by",
never 0; inf lies in the open band.
"""

from dataclasses import dataclass

import numpy as np

from rtt.measures import queueing
from rtt.measures.band_facts import BandFacts
from rtt.measures.percentiles import FEWEST_PATHWAYS, percentile_weeks
from rtt.terms.arrays import Floats
from rtt.terms.parts import HIGH_PERCENTILE
from rtt.terms.waits import over, within


@dataclass(frozen=True, slots=True, eq=False)
class Measure:
    """A figure for every scope with its parts, each (...). A count is its own numerator over nothing."""

    value: Floats
    numerator: Floats | None = None
    denominator: Floats | None = None


def count(values: Floats) -> Measure:
    return Measure(values, values)


def share(numerator: Floats, denominator: Floats) -> Measure:
    # Nobody to divide by is not known, never 0 %.
    return Measure(numerator / np.where(denominator > 0, denominator, np.nan), numerator, denominator)


def known(facts: BandFacts) -> Floats:
    return np.asarray(facts.bands.sum(axis=-1))


def total(facts: BandFacts) -> Floats:
    # "Total All" of the return: pathways of unknown clock start are in the list and in no band.
    return known(facts) + facts.unknown_clock_start


def within_share(facts: BandFacts, weeks: int) -> Measure:
    return share(np.asarray(within(facts.bands, weeks)), known(facts))


def count_over(facts: BandFacts, weeks: int) -> Floats:
    """Pathways over `weeks` weeks; nan where the census lumps them into an open band that begins earlier."""
    return np.where(weeks <= facts.open_band, over(facts.bands, weeks), np.nan)


def count_between(facts: BandFacts, weeks: int, up_to: int) -> Floats:
    """Pathways over `weeks` and up to `up_to` weeks; nan where an open band hides them."""
    return np.where(up_to <= facts.open_band, facts.bands[..., weeks:up_to].sum(axis=-1), np.nan)


def percentile(facts: BandFacts, p: float | None = None, *, minimum: int = FEWEST_PATHWAYS) -> Measure:
    """Weeks at percentile `p`; None is the part's high one: the 92nd of a list, the 95th of the treated."""
    at = HIGH_PERCENTILE[facts.part] if p is None else p
    weeks = percentile_weeks(facts.bands, at, open_band=facts.open_band, minimum=minimum)
    return Measure(weeks, None, known(facts))


def longest_wait(facts: BandFacts) -> Measure:
    # The lower end of the highest band that holds a pathway: bands do not tell the day.
    filled = facts.bands > 0
    highest = facts.bands.shape[-1] - 1 - filled[..., ::-1].argmax(axis=-1)
    weeks = np.where(highest >= facts.open_band, np.inf, highest)
    return Measure(np.where(filled.any(axis=-1), weeks, np.nan), None, known(facts))


def stops(facts: BandFacts) -> Floats:
    return facts.stops_admitted + facts.stops_non_admitted


def clearance(facts: BandFacts) -> Measure:
    """Weeks to clear the list at the rate of the last three months' stops; the rate is the denominator."""
    weeks = queueing.clearance_weeks(total(facts), facts.recent_stops, facts.recent_days)
    return Measure(weeks, total(facts), queueing.weekly_rate(facts.recent_stops, facts.recent_days))


def unreported_removals(facts: BandFacts) -> Measure:
    return count(queueing.unreported_removals(facts.opening, facts.starts, stops(facts), total(facts)))
