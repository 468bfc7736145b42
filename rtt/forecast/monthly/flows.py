"""Projected months as flows: opening + starts - stops - removals = closing, exactly, in whole pathways.

The closing list is the forecast; starts and stops continue at the unit's recent rate per working day;
removals, the pathways that leave without a reported stop, are what balances. No forecast of its own.
"""

from datetime import date
from typing import NamedTuple

import numpy as np

from rtt.forecast.monthly.history import History
from rtt.terms.arrays import Floats
from rtt.terms.calendar import working_days_in_month

MONTHS_OF_RATES = 6


class Flows(NamedTuple):
    """Whole pathways in each projected month, (units, horizons), none negative; nan without a forecast."""

    opening: Floats
    starts: Floats
    stops: Floats
    removals: Floats
    closing: Floats


def flows(history: History, month_ends: tuple[date, ...], total: Floats) -> Flows:
    """The flows that lead from the last month of `history` through the lists `total` (units, horizons).

    Where the list grows by more than its starts, the return has missed some: starts are raised to the growth
    (nobody leaves by a negative number), and stops give way before removals do.
    """
    closing = np.rint(total)
    present = np.rint(history.bands[:, -1].sum(axis=-1))
    opening = np.concatenate([present[:, None], closing[:, :-1]], axis=1)
    days = np.array([working_days_in_month(month) for month in month_ends], dtype=np.float64)
    starts = np.maximum(np.rint(_per_working_day(history, history.starts)[:, None] * days), closing - opening)
    leaving = opening + starts - closing
    stops = np.minimum(np.rint(_per_working_day(history, history.stops)[:, None] * days), leaving)
    opening = np.where(np.isfinite(closing), opening, np.nan)
    return Flows(opening, starts, stops, leaving - stops, closing)


def _per_working_day(history: History, counts: Floats) -> Floats:
    recent = slice(-MONTHS_OF_RATES, None)
    days = np.array([float(working_days_in_month(month)) for month in history.months[recent]])
    reported = history.reported[:, recent]
    covered = reported @ days
    seen = np.where(reported, counts[:, recent], 0).sum(axis=1)
    return np.asarray(np.divide(seen, covered, out=np.zeros(len(seen)), where=covered > 0))
