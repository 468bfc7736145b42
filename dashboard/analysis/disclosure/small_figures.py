"""The table of figures for those who may not see pathways: small numbers of tracking lists in words.

What may be seen is what pages show of the same list; published figures pass as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from dashboard.analysis.disclosure.seen import Asked, List, judged_of
from dashboard.analysis.disclosure.tables import FUNCTION, LIST, PART, STARTS, STOPS
from dashboard.analysis.figures_table import figures_with_bands
from dashboard.settings.areas import Area
from dashboard.store.figures import FigureScope
from ingest.store.schema import ENGLISH, NONC, WEEKLY
from rtt.disclosure import small_numbers
from rtt.disclosure.percentiles import percentile_seen
from rtt.disclosure.seen import Seen
from rtt.disclosure.shares import share_seen
from rtt.disclosure.small_numbers import FEWEST_FOR_RATE, Mask, small
from rtt.measures.band_facts import Floats, band_facts
from rtt.measures.disclosed import END, START, Count, Disclosed
from rtt.measures.indicators import LIMITS, OTHERS
from rtt.terms import parts
from rtt.terms.parts import HIGH_PERCENTILE
from rtt.terms.treatment_functions import TOTAL

_COUNTS = {
    "total": Disclosed("count", (Count("list"),)),
    **{
        name: OTHERS[name]
        for name in (
            "unknown_clock_start",
            "within_18",
            "over_18",
            "over_52",
            "over_65",
            "over_78",
            "over_104",
        )
    },
}
_SHARE = Disclosed("share", (Count("list", 0, 18), Count("list", 18)))


def concealed_by_census(
    connection: Connection,
    scope: FigureScope,
    areas: Sequence[Area] = (),
    *,
    judged: tuple[str, ...] = (ENGLISH, NONC),
) -> Iterator[pd.DataFrame]:
    """As `figures_by_census`, with small numbers in words but for those of the `areas` of a service lead.

    `judged`: the bases that are judged. Fewer than all is for the test that sees what that would give away.
    """
    bases = tuple(
        basis for basis in ((ENGLISH, NONC) if scope.include_nonc else (ENGLISH,)) if basis in judged
    )
    for frame, bands in figures_with_bands(connection, scope):
        if frame["source"].iloc[0] != WEEKLY:
            yield frame
        else:
            seen = _seen(connection, frame, tuple(areas), bases)
            yield without_small_numbers(frame, bands, seen)


def without_small_numbers(figures: pd.DataFrame, bands: np.ndarray, seen: Seen) -> pd.DataFrame:
    """The frame of `queries.figures` with "under 8" and "withheld" where a reader may not see the number.

    `bands` (rows, 105) are those of its rows, `seen` (rows, 1) what may be seen of each.
    """
    shown = figures.copy()
    numbers = {name: _number(figures[name]) for name in _COUNTS}
    for name, discloses in _COUNTS.items():
        hidden = ~seen.figure(discloses)[:, 0] & ~np.isnan(numbers[name])
        words = np.where(small(numbers[name]), small_numbers.UNDER, small_numbers.WITHHELD)
        shown[name] = shown[name].astype(object).mask(hidden, pd.Series(words, figures.index))
    total, unknown = numbers["total"], np.nan_to_num(numbers["unknown_clock_start"])
    few = (total - unknown < FEWEST_FOR_RATE) & (total > 0)
    over = np.nan_to_num(numbers["over_18"])
    share = _number(figures["share_within_18"])
    told = share_seen(
        _SHARE, share[:, None], seen, total=total[:, None], over=over[:, None], unknown=unknown[:, None]
    )
    printed = pd.Series(told.value[:, 0], figures.index).astype(object).where(~np.isnan(share), None)
    hidden = (few | told.hidden[:, 0]) & ~np.isnan(share)
    shown["share_within_18"] = printed.mask(hidden, small_numbers.WITHHELD)
    for name, at in (("median_weeks", 0.5), ("high_percentile_weeks", None)):
        shown[name] = _percentiles(figures, name, at, bands, unknown, seen, few)
    return shown


def _percentiles(
    figures: pd.DataFrame,
    name: str,
    at: float | None,
    bands: np.ndarray,
    unknown: Floats,
    seen: Seen,
    few: Mask,
) -> pd.Series:
    weeks = _number(figures[name])
    # The open band is text, "104+".
    weeks = np.where(np.isnan(weeks) & figures[name].notna().to_numpy(), np.inf, weeks)
    rounded, told = np.full(weeks.shape, np.nan), np.ones(weeks.shape, dtype=bool)
    for part in figures["part"].unique():
        rows = (figures["part"] == part).to_numpy() & ~np.isnan(weeks)
        if part in HIGH_PERCENTILE and rows.any():
            facts = band_facts(bands[rows][:, None, :], part=part, unknown_clock_start=unknown[rows][:, None])
            own = _rows_of(seen, rows)
            p = at or HIGH_PERCENTILE[part]
            found = percentile_seen(p, weeks[rows][:, None], facts, own)
            rounded[rows], told[rows] = found.value[:, 0], ~found.hidden[:, 0]
    limits = np.logical_or.reduce([mask[:, 0] for mask in seen.limits.values()])
    hidden = ~np.isnan(weeks) & (few | ~told | ~seen.sizes["list", "now"][:, 0] | ~limits)
    shown = pd.Series(rounded, figures.index).astype(object)
    shown = shown.mask(np.isinf(rounded), figures[name]).where(~np.isnan(rounded), None)
    return shown.mask(hidden, small_numbers.WITHHELD)


def _rows_of(seen: Seen, rows: Mask) -> Seen:
    return Seen(
        {limit: mask[rows] for limit, mask in seen.limits.items()},
        {name: mask[rows] for name, mask in seen.sizes.items()},
        None if seen.bands is None else seen.bands[rows],
    )


def _number(column: pd.Series) -> Floats:
    return np.asarray(pd.to_numeric(column, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan))


def _seen(
    connection: Connection,
    figures: pd.DataFrame,
    areas: tuple[Area, ...],
    bases: tuple[str, ...],
) -> Seen:
    """What may be seen of each row, (rows, 1); with other commissioners' patients what may be of both."""
    day = pd.Timestamp(figures["census_date"].iloc[0]).date()
    rows = list(
        zip(figures["organisation_code"], figures["part"], figures["treatment_function_code"], strict=True)
    )
    masks: list[Mapping[int, bool]] = [{} for _ in rows]
    for code in dict.fromkeys(row[0] for row in rows):
        places = [place for place, row in enumerate(rows) if row[0] == code]
        asked = [_question(*rows[place][1:]) for place in places]
        found = [_limits(connection, List(code, areas, basis), day, asked) for basis in bases]
        for at, place in enumerate(places):
            masks[place] = {
                edge: all(one[at].get(edge, False) for one in found) for edge in (START, *LIMITS, END)
            }
    limits = {limit: np.array([[mask[limit]] for mask in masks], dtype=bool) for limit in LIMITS}
    sizes = {("list", "now"): np.array([[mask[END]] for mask in masks], dtype=bool)}
    return Seen(limits, sizes)


def _question(part: str, function: str) -> tuple[str, Asked]:
    """Of which part of the list a row is, and by which filters."""
    filters: dict[str, tuple[str, ...]] = {} if function == TOTAL else {FUNCTION: (function,)}
    if part in (*parts.COMPLETED, parts.WITH_DECISION_TO_ADMIT):
        filters[PART] = (part,)
    return STARTS if part == parts.NEW_PERIODS else STOPS if part in parts.COMPLETED else LIST, filters


def _limits(
    connection: Connection, own: List, day: date, asked: Sequence[tuple[str, Asked]]
) -> list[dict[int, bool]]:
    judged = judged_of(connection, own, (day,), asked)
    return [{edge: bool(mask[0]) for edge, mask in judged.counts(*question).items()} for question in asked]
