"""The table of figures for those who may not see pathways: small numbers of tracking lists in words.

The rule is `rtt.small_numbers`; published figures pass as they are. Within a specialty's row the parts of its
total are withheld together, and within a census the specialties of each total.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from dashboard.queries.concealing import tenths
from dashboard.queries.figures import FigureScope, figures_with_bands
from rtt import small_numbers
from rtt.list_shape import percentile_withheld, withheld_bands
from rtt.treatment_functions import TOTAL

# A list is these three: unknown clock start, within 18 weeks and over.
_PARTS_OF_TOTAL = ("unknown_clock_start", "within_18", "over_18")
_COUNTS = ("total", *_PARTS_OF_TOTAL, "over_52", "over_65", "over_78", "over_104")
_NESTED = ("total", "over_18", "over_52", "over_65", "over_78", "over_104")
_PERCENTILES = ("median_weeks", "high_percentile_weeks")
_ONE_TABLE = ["census_date", "organisation_code", "part"]


def concealed_by_census(connection: Connection, scope: FigureScope) -> Iterator[pd.DataFrame]:
    """As `figures_by_census`, with small numbers in words.

    What is withheld is judged among all specialties, also where one is asked for: asked one by one they must
    not give away what they hide together.
    """
    for frame, bands in figures_with_bands(connection, replace(scope, treatment_function=None)):
        shown = without_small_numbers(frame, bands)
        if scope.treatment_function is not None:
            shown = shown[shown["treatment_function_code"] == scope.treatment_function]
        if not shown.empty:
            yield shown


def without_small_numbers(figures: pd.DataFrame, bands: np.ndarray) -> pd.DataFrame:
    """The frame of `queries.figures` with "under 8" and "withheld" where a reader may not see the number.

    `bands` (rows, 105) are those of its rows. Percentiles have the one decimal that pages print.
    """
    weekly = (figures["source"] == "weekly").to_numpy()
    if not weekly.any():
        return figures
    numbers = figures[list(_COUNTS)].astype("Float64").to_numpy(dtype=np.float64, na_value=np.nan)
    hidden = _hidden(figures, numbers) & weekly[:, None]
    shown = figures.copy()
    for column, name in enumerate(_COUNTS):
        words = np.where(small_numbers.small(numbers[:, column]), small_numbers.UNDER, small_numbers.WITHHELD)
        shown[name] = shown[name].astype(object).mask(hidden[:, column], pd.Series(words, figures.index))
    known = numbers[:, 2] + numbers[:, 3]
    hidden_rate = (known < small_numbers.FEWEST_FOR_RATE) & weekly & (known > 0)
    hidden_share = hidden_rate | (hidden[:, 2] | hidden[:, 3]) & weekly
    shown["share_within_18"] = (
        shown["share_within_18"].astype(object).mask(hidden_share, small_numbers.WITHHELD)
    )
    hidden_bands = withheld_bands(bands, unknown=np.nan_to_num(numbers[:, 1]))
    for name in _PERCENTILES:
        weeks = pd.to_numeric(figures[name], errors="coerce").to_numpy(dtype=np.float64)
        told = weekly & percentile_withheld(_with_open_band(figures[name], weeks), bands, hidden_bands)
        printed = pd.Series(tenths(weeks), figures.index).astype(object)
        shown[name] = (
            figures[name]
            .astype(object)
            .mask(weekly & ~np.isnan(weeks), printed)
            .mask(hidden_rate | told, small_numbers.WITHHELD)
        )
    return shown


def _with_open_band(figures: pd.Series, weeks: np.ndarray) -> np.ndarray:
    """The weeks, with infinity where the figure is text, "104+"."""
    return np.where(np.isnan(weeks) & figures.notna().to_numpy(), np.inf, weeks)


def _hidden(figures: pd.DataFrame, numbers: np.ndarray) -> np.ndarray:
    hidden = small_numbers.small(numbers)
    parts = [_COUNTS.index(name) for name in _PARTS_OF_TOTAL]
    hidden[:, parts] |= small_numbers.withheld(numbers[:, parts], axis=1)
    is_part = (figures["treatment_function_code"] != TOTAL).to_numpy()
    for rows in figures.groupby(_ONE_TABLE, sort=False).indices.values():
        specialties = rows[is_part[rows]]
        hidden[specialties] |= small_numbers.withheld(numbers[specialties])
    # Each threshold's count is part of the one before.
    nested = [_COUNTS.index(name) for name in _NESTED]
    shown = np.where(hidden[:, nested], np.nan, numbers[:, nested])
    hidden[:, nested] |= small_numbers.nested_withheld(shown, axis=1)
    # What is hidden among the parts of a row must not be the difference of two that are shown.
    hidden[:, parts] |= _second_in_row(hidden[:, parts], numbers[:, parts])
    return hidden


def _second_in_row(hidden: np.ndarray, parts: np.ndarray) -> np.ndarray:
    alone = hidden.sum(axis=1) == 1
    others = np.where(~hidden & (parts > 0), parts, np.inf)
    second = np.arange(parts.shape[1]) == others.argmin(axis=1)[:, None]
    return second & alone[:, None] & np.isfinite(others)
