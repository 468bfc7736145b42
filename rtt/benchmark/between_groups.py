"""Waits of groups of one list, raw and standardised: what is left of a difference once the groups' own mix of
specialties and priorities is taken out of it.

Indirect standardisation: what a group would have if each of its strata were as that stratum is in the whole
list. The interval is of chance alone: binomial within each stratum at the whole list's rate, 95%.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rtt.benchmark.standardisation import standardised
from rtt.terms.arrays import Floats

Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Beside:
    """Arrays (group,), shares from 0 to 1, nan for a group of nobody. expected: with the group's own mix and
    the whole list's rates; difference: observed - expected, of which `low` to `high` is the interval.
    """

    observed: Floats
    expected: Floats
    difference: Floats
    low: Floats
    high: Floats


def beside_the_whole(numerators: npt.ArrayLike, denominators: npt.ArrayLike) -> Beside:
    """Groups against all of them together; (group, stratum) of counts, every pathway in one group."""
    counted, listed = (np.asarray(each, dtype=np.float64) for each in (numerators, denominators))
    whole, total = counted.sum(axis=0), listed.sum(axis=0)
    found = standardised(counted, listed, national_numerators=whole, national_denominators=total)
    rates = np.divide(whole, total, out=np.zeros_like(whole), where=total > 0)
    size = listed.sum(axis=1)
    spread = np.sqrt((listed * rates * (1 - rates)).sum(axis=1))
    half = Z95 * np.divide(spread, size, out=np.full_like(size, np.nan), where=size > 0)
    difference = found.beyond_mix
    return Beside(found.observed, found.expected, difference, difference - half, difference + half)
