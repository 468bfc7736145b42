"""Benchmark funnels: which units differ by more than chance and the usual spread between units explain.

With thousands of pathways a unit, limits from chance alone call nearly everyone an outlier. So limits are
widened by the spread seen between units (over-dispersion, tau), estimated after winsorising, so that outliers
do not hide themselves. Where the spread is normal and no unit stands apart, this understates it by about a
quarter: some 13 in 100 units lie outside the 95% limits, 2 in 100 outside 99.8%.

Two funnels: one specialty across providers (`proportions_funnel`), and the specialties of one trust, each
against its own national figure (`difference_funnel`), because ENT and ophthalmology have different norms.

Source: FunnelPlotR's proportions with its "SHMI" adjustment (Spiegelhalter 2012), on the arcsine scale.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from rtt.terms.arrays import Bools, Floats, Signs

QUANTILES = {95.0: 1.959964, 99.8: 3.090232}
"""The levels of limits on offer, in per cent, and how many standard deviations they reach."""
# NHS trusts, January 2026: 20 of 152 are outliers with over-dispersion, 140 by chance alone.
WINSORISED = 0.10
FEWEST_PEERS = 10
"""Fewer units than this do not show the spread between units: no limits are drawn for them, and a specialty
that so few have borrows the spread of the others."""


@dataclass(frozen=True, slots=True)
class Funnel:
    """Arrays (unit,): rate, nan for a unit without pathways, and its limits at `level`.

    side: above the upper limit 1, below the lower -1, within the limits or unknown 0.
    phi: over-dispersion, about 1 if chance alone is at work, nan for a single unit. tau_squared: the variance
    between units that it means, on the arcsine scale; 0 leaves the limits as chance has them. target: all
    numerators over all denominators, nan without a pathway. Whoever draws it leaves out the limits of fewer
    than FEWEST_PEERS units (`without_limits`).
    """

    level: float
    target: float
    phi: float
    tau_squared: float
    rate: Floats
    lower: Floats
    upper: Floats
    side: Signs


@dataclass(frozen=True, slots=True)
class DifferenceFunnel:
    """Arrays (specialty,): the trust's rate less the national one, and limits of that difference.

    borrowed: too few peers, so tau_squared is the median of the other specialties'. The limits belong to each
    point: specialties differ in norm and spread, so no one curve joins them.
    """

    level: float
    rate: Floats
    national: Floats
    difference: Floats
    lower: Floats
    upper: Floats
    side: Signs
    tau_squared: Floats
    borrowed: Bools


def proportions_funnel(
    numerators: npt.ArrayLike, denominators: npt.ArrayLike, *, level: float = 99.8
) -> Funnel:
    """The funnel of one measure across units (unit,), such as pathways within 18 weeks of all pathways.

    ValueError unless 0 <= numerator <= denominator for every unit, and the level is one of QUANTILES.
    """
    within, pathways = _counts(numerators, denominators)
    rate = rate_of(within, pathways)
    target = float(rate_of(within.sum(), pathways.sum()))
    phi, tau_squared = _overdispersion(rate, pathways, target)
    lower, upper = funnel_limits(pathways, target=target, tau_squared=tau_squared, level=level)
    return Funnel(level, target, phi, tau_squared, rate, lower, upper, _side(rate, lower, upper))


def without_limits(funnel: Funnel) -> Funnel:
    unknown = np.full_like(funnel.rate, np.nan)
    return replace(funnel, lower=unknown, upper=unknown, side=np.zeros_like(funnel.side))


def funnel_limits(
    denominators: npt.ArrayLike, *, target: float, tau_squared: float, level: float
) -> tuple[Floats, Floats]:
    """Lower and upper limit for units of these sizes, each from 0 to 1; nan for a size of 0.

    The curve of the drawn funnel and the limits of its units are this one function.
    """
    pathways = np.asarray(denominators, dtype=np.float64)
    return _limits(_angle(target), _chance_variance(pathways) + tau_squared, level)


def difference_funnel(
    numerators: npt.ArrayLike,
    denominators: npt.ArrayLike,
    *,
    unit: int,
    national_numerators: npt.ArrayLike | None = None,
    national_denominators: npt.ArrayLike | None = None,
    level: float = 99.8,
) -> DifferenceFunnel:
    """The specialties of one trust against their own national figures.

    numerators, denominators: (unit, specialty), the trust (row `unit`) and its peers, from which the spread
    between units of each specialty is estimated. national_*: (specialty,), the published England figures;
    without them the national figure is that of all the units given.

    On the arcsine scale unit i is the norm + its own deviation (variance tau^2) + chance (variance 1/4n_i).
    The national figure is the mean of the units weighted by their share w_i of its pathways, *the trust among
    them*. The difference therefore has the variance (1 - w) / 4n + tau^2 (1 - 2w + sum of w_i^2), smaller for
    a trust that makes up much of its specialty. Limits are turned back into differences of proportions.
    """
    within, pathways = _counts(numerators, denominators)
    total = (
        pathways.sum(axis=0) if national_denominators is None else np.asarray(national_denominators, float)
    )
    reached = within.sum(axis=0) if national_numerators is None else np.asarray(national_numerators, float)
    national, rates = rate_of(reached, total), rate_of(within, pathways)
    tau_squared, borrowed = _spread_of_specialties(within, pathways)
    shares = rate_of(pathways, np.broadcast_to(total, pathways.shape))
    own = shares[unit]
    between = tau_squared * (1 - 2 * own + (shares**2).sum(axis=0))
    variance = _chance_variance(pathways[unit]) * (1 - own) + between
    lower, upper = _limits(_angle(national), np.maximum(variance, 0.0), level)
    difference, low, high = rates[unit] - national, lower - national, upper - national
    side = _side(difference, low, high)
    return DifferenceFunnel(level, rates[unit], national, difference, low, high, side, tau_squared, borrowed)


def _spread_of_specialties(within: Floats, pathways: Floats) -> tuple[Floats, Bools]:
    """(specialty,) tau squared around the units' own pooled rate, and where it had to be borrowed."""
    rates = rate_of(within, pathways)
    pooled = rate_of(within.sum(axis=0), pathways.sum(axis=0))
    columns = range(pathways.shape[1])
    own = np.array([_overdispersion(rates[:, k], pathways[:, k], float(pooled[k]))[1] for k in columns])
    borrowed: Bools = (pathways > 0).sum(axis=0) < FEWEST_PEERS
    shared = float(np.median(own[~borrowed])) if (~borrowed).any() else 0.0
    return np.where(borrowed, shared, own), borrowed


def _overdispersion(rate: Floats, pathways: Floats, target: float) -> tuple[float, float]:
    """phi and tau squared of units around a target, z winsorised at its 10th and 90th percentile (type 7)."""
    known = pathways > 0
    units = int(known.sum())
    if units < 2:
        return np.nan, 0.0
    variance = _chance_variance(pathways[known])
    z = (_angle(rate[known]) - _angle(target)) / np.sqrt(variance)
    z = np.clip(z, *np.quantile(z, [WINSORISED, 1 - WINSORISED]))
    phi = float((z**2).mean())
    weights = 1 / variance
    excess = units * phi - (units - 1)
    room = float(weights.sum() - (weights**2).sum() / weights.sum())
    return phi, excess / room if excess > 0 else 0.0


def _limits(angle: npt.ArrayLike, variance: Floats, level: float) -> tuple[Floats, Floats]:
    if level not in QUANTILES:
        raise ValueError(
            f"limits are drawn at {' or '.join(f'{known:g}%' for known in QUANTILES)}, not {level}"
        )
    # Past 0 and a right angle the sine would turn back into the funnel: held there for every size of unit.
    centre, reach = np.asarray(angle, dtype=np.float64), QUANTILES[level] * np.sqrt(variance)
    lower, upper = np.maximum(centre - reach, 0.0), np.minimum(centre + reach, np.pi / 2)
    return np.sin(lower) ** 2, np.sin(upper) ** 2


def _angle(rate: npt.ArrayLike) -> Floats:
    return np.asarray(np.arcsin(np.sqrt(rate)), dtype=np.float64)


def _chance_variance(pathways: Floats) -> Floats:
    """Variance of the arcsine of a proportion of n by chance alone, 1 / 4n; nan for none."""
    return rate_of(np.full_like(pathways, 0.25), pathways)


def rate_of(numerators: npt.ArrayLike, denominators: npt.ArrayLike) -> Floats:
    above, below = np.asarray(numerators, dtype=np.float64), np.asarray(denominators, dtype=np.float64)
    return np.where(below > 0, above / np.where(below > 0, below, 1.0), np.nan)


def _side(figure: Floats, lower: Floats, upper: Floats) -> Signs:
    return (figure > upper).astype(np.int8) - (figure < lower).astype(np.int8)


def _counts(numerators: npt.ArrayLike, denominators: npt.ArrayLike) -> tuple[Floats, Floats]:
    above, below = np.asarray(numerators, dtype=np.float64), np.asarray(denominators, dtype=np.float64)
    if above.shape != below.shape:
        raise ValueError(f"numerators {above.shape} and denominators {below.shape} differ in shape")
    if not ((above >= 0) & (above <= below)).all():
        raise ValueError("every numerator lies between 0 and its denominator, and both are known")
    return above, below
