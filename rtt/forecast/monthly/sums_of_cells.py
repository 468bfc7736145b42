"""England and its providers as the sums of their cells: each treatment function of each provider.

England is the sum of its cells, so its forecast is too and the two agree. Half a provider's own forecast and
half its cells' sum is nearer than either, for the share within 18 weeks and over 52 weeks from two months on;
for the list size and one month ahead it gains nothing. A cell too small to be forecast counts with its last
value; one without a return in the newest month is not in that month's list either.

Source: methods 10.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from rtt.forecast.monthly.deviations import MOVING, off_scale, on_scale
from rtt.forecast.monthly.history import ENGLAND, PROVIDERS, Level
from rtt.forecast.monthly.origins import Candidate
from rtt.forecast.monthly.projected_bands import completed
from rtt.terms.arrays import Floats, Ints
from rtt.terms.sums import added_up

# England as the sum of its cells: 1 to 53 % of skill on % within 18, its own move -39 to 13 % (methods 10).
FIRST_HALVED = 2
HALVED = ("share_within_18", "over_52")

# By origin, what the cells of each organisation are forecast to come to: (organisations, horizons, 3), the
# list, over 18 and over 52 weeks. Counts, because a share cannot be added up.
Sums = Mapping[int, Floats]


def summed(cells: Candidate, organisation: Ints) -> Floats:
    """What the cells of each organisation come to, (organisations, horizons, 3), from one origin.

    `organisation` (cells,) is the index of the organisation that each cell belongs to.
    """
    moving = {m: _or_last(cells, m) for m in MOVING}
    total = moving["total"]
    over_18 = total * (100 - moving["share_within_18"]) / 100
    counts = np.nan_to_num(np.stack([total, over_18, np.minimum(moving["over_52"], over_18)], axis=-1))
    return added_up(counts, organisation, int(organisation.max(initial=-1)) + 1)


def of_england(sums: Sums) -> Sums:
    return {origin: each.sum(axis=0, keepdims=True) for origin, each in sums.items()}


def is_halved(level: Level, measure: str, horizon: int) -> bool:
    """Whether half of a forecast is the sum of its cells where these are known."""
    return level is PROVIDERS and measure in HALVED and horizon >= FIRST_HALVED


def with_cells(made: Candidate, level: Level, sums: Floats) -> Candidate:
    """A candidate of England or of the providers with the `sums` (units, horizons, 3) of its cells put in."""
    all_sums = _moving(sums[made.eligible])
    moving = {m: made.values[m][made.eligible] for m in MOVING}
    for measure, of_cells in all_sums.items():
        own = moving[measure]
        if level is ENGLAND:
            moving[measure] = np.where(np.isfinite(of_cells), of_cells, own)
        elif measure in HALVED:
            half = off_scale(measure, (on_scale(measure, own) + on_scale(measure, of_cells)) / 2)
            mixed = np.isfinite(half) & (np.arange(1, own.shape[1] + 1) >= FIRST_HALVED)
            moving[measure] = np.where(mixed, half, own)
    completed_values, bands = completed(moving, made.bands)
    values = {m: made.values[m].copy() for m in completed_values}
    for measure, found in completed_values.items():
        values[measure][made.eligible] = found
    return replace(made, values=values, bands=bands, has_cells=True)


def _or_last(cells: Candidate, measure: str) -> Floats:
    return np.where(cells.eligible[:, None], cells.values[measure], cells.last[measure][:, None])


def _moving(sums: Floats) -> dict[str, Floats]:
    total, over_18, over_52 = np.moveaxis(sums, -1, 0)
    known = total > 0
    share = 100 * (1 - over_18 / np.where(known, total, np.nan))
    return {
        "total": np.where(known, total, np.nan),
        "share_within_18": share,
        "over_52": np.where(known, over_52, np.nan),
    }
