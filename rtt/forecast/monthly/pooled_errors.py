"""The intervals of a measure of a level, from the errors of units that err alike.

Independent providers' errors have longer tails than NHS trusts', so each kind has its own pool; errors of
over 52 weeks go with the number waiting, and cells are pooled by it.

Source: methods 9.2 e and 10.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rtt.forecast.monthly.deviations import off_scale, on_scale
from rtt.forecast.monthly.history import Level
from rtt.forecast.monthly.intervals import (
    COVERAGES,
    GROWTH,
    Scores,
    growth_of_changes,
    quantiles,
    spread_of_changes,
)
from rtt.forecast.monthly.origins import Candidate
from rtt.forecast.monthly.skill import Outcome, score_sets
from rtt.terms.arrays import Bools, Floats, Ints

# A tenth of fewer scores cannot be told, nor how the errors of fewer units grow with the horizon.
FEWEST_SCORES, FEWEST_GROWING = 20, 100
# Where nobody or a handful waits over 52 weeks, errors are those of chance and hardly larger at six months
# than at one; hundreds move with their trust. Kinds of provider are not told apart there: independent ones
# have few such waits.
CLASSES_OF_OVER_52 = (1, 8, 50)


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """What one measure's intervals are made from: the units' values by month, and past forecasts of them."""

    measure: str
    level: Level
    made: Candidate
    by_month: Floats  # (units, months), up to the origin
    past: list[Outcome]


def intervals(known: Known, values: Floats, kind: Ints, naive: Sequence[bool]) -> Floats:
    """Lower and upper bounds of `values` (units, horizons): (units, horizons, 3, 2).

    `kind` (units,) is the kind of provider; `naive` says at which horizons the last value is shown.
    """
    made, measure = known.made, known.measure
    at = np.empty((*values.shape, len(COVERAGES), 2))
    for pool in pools(known.level, measure, kind, made.last[measure]):
        own = np.empty(at.shape[1:])
        for last_value in set(naive):
            shown = np.array(naive) == last_value
            own[shown] = _spread(known, pool, last_value=last_value)[shown]
        at[pool & made.eligible] = own
        at[pool & ~made.eligible] = _spread(known, pool, last_value=True, small=True)
    if known.level.few:
        # The farther ahead, the less is known: a few origins may say otherwise by chance.
        at[..., 0] = np.minimum.accumulate(at[..., 0], axis=1)
        at[..., 1] = np.maximum.accumulate(at[..., 1], axis=1)
    scale = made.scale[measure][:, None, None, None]
    limits = off_scale(measure, on_scale(measure, values)[..., None, None] + scale * at)
    # An interval always holds its forecast, also when past errors lay all on one side.
    limits[..., 0] = np.minimum(limits[..., 0], values[..., None])
    limits[..., 1] = np.maximum(limits[..., 1], values[..., None])
    return limits


def pools(level: Level, measure: str, kind: Ints, last: Floats) -> list[Bools]:
    """The units whose errors are judged together, (units,) for each pool, by `kind` and `last` value."""
    by = np.zeros_like(kind)
    if measure == "over_52" and level.by_specialty:
        by = np.searchsorted(CLASSES_OF_OVER_52, np.nan_to_num(last), side="right")
    elif measure != "over_52" and level.by_kind:
        by = kind
    return [by == each for each in np.unique(by)]


def _spread(known: Known, pool: Bools, *, last_value: bool, small: bool = False) -> Floats:
    """Lower and upper score of each coverage by horizon, (horizons, 3, 2), of the units of a pool."""
    among = ~known.made.eligible if small else known.made.eligible
    own = among & pool
    told = known.level.grows_apart and own.sum() >= FEWEST_GROWING
    history = on_scale(known.measure, known.by_month)
    growth = growth_of_changes(history, own) if told else GROWTH
    # What too few units of a kind cannot tell is taken from all of them together.
    for group in (pool, np.ones_like(pool)):
        record = score_sets(known.past, last_value=last_value, small=small, among=group)
        enough = {h: each for h, each in record.items() if pool.all() or len(each.values) >= FEWEST_SCORES}
        found = _quantiles(enough, known, growth)
        if np.isfinite(found[0]).all():
            return found
    # Before any forecast has been scored, what one month's change has been stands in for its error.
    scale = known.made.scale[known.measure]
    changes = spread_of_changes(history, scale, own)
    if len(changes.values) < FEWEST_SCORES:
        changes = spread_of_changes(history, scale, among)
    return _quantiles({1: changes}, known, growth)


def _quantiles(record: dict[int, Scores], known: Known, growth: float) -> Floats:
    horizons = known.made.values["total"].shape[1]
    return quantiles(record, horizons, few=known.level.few, growth=growth)
