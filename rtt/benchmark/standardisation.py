"""The figure a trust would have if each of its specialties were at the national rate.

A trust with much dermatology looks better than one with much orthopaedics. The expected figure has the
trust's own mix and England's rates: the rest of the difference is the trust's own.

Source: indirect standardisation, as for SHMI and standardised mortality.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rtt.benchmark.funnel import rate_of
from rtt.terms.arrays import Floats


@dataclass(frozen=True, slots=True)
class Standardised:
    """Arrays (unit,), rates from 0 to 1, nan for a unit without a comparable pathway.

    observed: over the specialties that have a national rate; expected: from national specialty rates with the
    unit's own mix; national: all specialties together. observed - national = mix + beyond_mix: what the mix
    explains (expected - national) and what it does not (observed - expected). left_out: pathways in
    specialties without a national rate, in none of the figures.
    """

    observed: Floats
    expected: Floats
    national: float
    mix: Floats
    beyond_mix: Floats
    left_out: Floats


def standardised(
    numerators: npt.ArrayLike,
    denominators: npt.ArrayLike,
    *,
    national_numerators: npt.ArrayLike,
    national_denominators: npt.ArrayLike,
) -> Standardised:
    """Expected rates of units (unit, specialty) from national ones (specialty,).

    The specialties must not overlap: leave out C_999, which holds them all.
    """
    within, pathways = (np.asarray(given, dtype=np.float64) for given in (numerators, denominators))
    reached, total = (
        np.asarray(given, dtype=np.float64) for given in (national_numerators, national_denominators)
    )
    comparable = total > 0
    rates = np.where(comparable, reached / np.where(comparable, total, 1.0), 0.0)
    counted = pathways * comparable
    size = counted.sum(axis=1)
    observed = rate_of((within * comparable).sum(axis=1), size)
    expected = rate_of(counted @ rates, size)
    national = float(rate_of(reached.sum(), total.sum()))
    return Standardised(
        observed=observed,
        expected=expected,
        national=national,
        mix=expected - national,
        beyond_mix=observed - expected,
        left_out=(pathways * ~comparable).sum(axis=1),
    )
