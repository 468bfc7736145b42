"""Back-tests of the monthly forecasts: every forecast that could have been made, beside the actual figure.

Each forecast is made and published by the same code as today's, from what was known at its origin. How errors
are pooled is `rtt.forecast.score.back_test`.
"""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from rtt.forecast.monthly.history import (
    CELLS,
    ENGLAND,
    PROVIDERS,
    EnglandSeries,
    History,
    Level,
    Measures,
    measures,
    rolled_up,
)
from rtt.forecast.monthly.origins import FIRST_ORIGIN, FORECASTS, Candidate
from rtt.forecast.monthly.projection import Projection, published, walked
from rtt.forecast.monthly.sums_of_cells import Sums, of_england, summed
from rtt.forecast.score.back_test import MonthRow, Row, Trial, coverage_by_month, score
from rtt.forecast.score.errors import absolute_error
from rtt.terms.arrays import Bools, Floats

SCORED = ("share_within_18", "over_52", "over_18", "total")


def trials(
    history: History,
    england: EnglandSeries,
    level: Level,
    *,
    sums: Sums | None = None,
    collected: dict[int, Floats] | None = None,
) -> list[Trial]:
    """Every forecast of 1 to 6 months from every origin with a known target, as it would have been published.

    Scored are units large enough at the origin and reported at both ends. `sums` are those of the units'
    cells; the trials of cells leave theirs in `collected`.
    """
    now = measures(history)
    tried = []
    for candidate, past in walked(history, england, level, now=now, sums=sums):
        if collected is not None:
            collected[candidate.origin] = summed(candidate, history.provider)
        # From the fourth month on: the first at which the method's three-month trends are known.
        if FIRST_ORIGIN <= candidate.origin < len(history.months) - 1:
            fewest = FIRST_ORIGIN + 1
            made = published(history, now, level, candidate, past, fewest_months=fewest, measured=SCORED)
            reach = min(FORECASTS, len(history.months) - 1 - candidate.origin)
            tried += [_trial(made, candidate, now, m, h) for m in SCORED for h in range(1, reach + 1)]
    return tried


class Tried(NamedTuple):
    england: list[Trial]
    providers: list[Trial]
    cells: list[Trial]


def whole_trials(providers: History, cells: History, england: EnglandSeries) -> Tried:
    """The trials of England, the providers and their cells, each with the sums of its cells."""
    sums: dict[int, Floats] = {}
    of_cells = trials(cells, england, CELLS, collected=sums)
    whole = rolled_up(providers, np.zeros(len(providers.keys), dtype=np.int64), (("England",),))
    return Tried(
        england=trials(whole, england, ENGLAND, sums=of_england(sums)),
        providers=trials(providers, england, PROVIDERS, sums=sums),
        cells=of_cells,
    )


def whole_score(
    providers: History, cells: History, england: EnglandSeries
) -> tuple[list[Row], list[MonthRow]]:
    return _scores(zip((ENGLAND, PROVIDERS, CELLS), whole_trials(providers, cells, england), strict=True))


def score_of_levels(
    levels: Iterable[tuple[Level, History]], england: EnglandSeries
) -> tuple[list[Row], list[MonthRow]]:
    """The score of each of some levels, none with sums of cells, and the intervals' coverage by month."""
    return _scores((level, trials(history, england, level)) for level, history in levels)


def in_every_month(history: History, level: Level) -> Bools:
    """Units large enough in every month, (units,): known only with hindsight, to compare with methods 9.1."""
    return np.asarray((np.nan_to_num(measures(history).total) >= level.smallest).all(axis=1))


def _scores(tried_by_level: Iterable[tuple[Level, list[Trial]]]) -> tuple[list[Row], list[MonthRow]]:
    rows: list[Row] = []
    by_month: list[MonthRow] = []
    for level, tried in tried_by_level:
        rows += score(tried, level.name, SCORED)
        by_month += coverage_by_month(tried, level.name, SCORED)
    return rows, by_month


def _trial(made: Projection, candidate: Candidate, now: Measures, measure: str, horizon: int) -> Trial:
    actual = getattr(now, measure)[:, candidate.origin + horizon]
    use = candidate.eligible & np.isfinite(actual)
    actual, limits = actual[use], made.intervals[measure][use, horizon - 1]
    return Trial(
        horizon=horizon,
        measure=measure,
        origin=made.origin,
        target=made.months[horizon - 1],
        units=np.flatnonzero(use),
        error=absolute_error(measure, made.values[measure][use, horizon - 1], actual),
        error_naive=absolute_error(measure, made.last[measure][use], actual),
        held=(limits[..., 0] <= actual[:, None]) & (actual[:, None] <= limits[..., 1]),
    )
