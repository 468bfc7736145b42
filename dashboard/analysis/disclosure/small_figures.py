"""The table of figures for those who may not see pathways: small numbers of tracking lists in words.

What may be seen is what pages show of the same list; published figures pass as they are.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from operator import itemgetter
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from dashboard.analysis.disclosure.seen import Asked, List, judged_of
from dashboard.analysis.disclosure.suppress import as_shown
from dashboard.analysis.disclosure.tables import FUNCTION, LIST, PART, STARTS, STOPS
from dashboard.analysis.figures_table import figures_with_bands
from dashboard.settings.areas import WHOLE, Area, areas_at
from dashboard.store.figures import COUNTS, FigureScope
from ingest.store.schema import ENGLISH, NONC, WEEKLY
from rtt.disclosure import small_numbers
from rtt.disclosure.seen import Seen
from rtt.disclosure.small_numbers import small
from rtt.measures.band_facts import BandFacts, band_facts
from rtt.measures.calculations import Measure, known
from rtt.measures.disclosed import END, START, Disclosed
from rtt.measures.indicators import DISCLOSED, LIMITS
from rtt.terms import parts
from rtt.terms.arrays import Floats
from rtt.terms.parts import HIGH_PERCENTILE
from rtt.terms.treatment_functions import TOTAL

_RATES = ("share_within_18", "median_weeks", "high_percentile_weeks")


def suppressed_by_census(
    connection: Connection,
    scope: FigureScope,
    areas: Sequence[Area] = (),
    *,
    judged: tuple[str, ...] = (ENGLISH, NONC),
) -> Iterator[pd.DataFrame]:
    """As `figures_by_census`, with small numbers in words but for those of the reader's own `areas`.

    `judged`: the bases that are judged. Fewer than all is for the test that sees what that would give away.
    """
    bases = tuple(
        basis for basis in ((ENGLISH, NONC) if scope.include_nonc else (ENGLISH,)) if basis in judged
    )
    for frame, bands in figures_with_bands(connection, scope):
        if frame["source"].iloc[0] != WEEKLY:
            yield frame
        elif scope.level == "provider":
            # A sum of trusts, less what is told of all but one, is that one's: sums are not told in this way.
            seen = _seen(connection, frame, tuple(areas), bases)
            yield _with_own(frame, without_small_numbers(frame, bands, seen), areas)


def _with_own(figures: pd.DataFrame, shown: pd.DataFrame, areas: Sequence[Area]) -> pd.DataFrame:
    """With the rows of the trusts whose list is the reader's as a whole as they are."""
    bound = any(area.trusts for area in areas)
    codes = figures["organisation_code"]
    own = np.array([bound and areas_at(areas, (code,)) == (WHOLE,) for code in codes], dtype=bool)
    if not own.any():
        return shown
    columns = {name: figures[name].astype(object).where(own, shown[name]) for name in (*COUNTS, *_RATES)}
    return shown.assign(**columns)


def without_small_numbers(figures: pd.DataFrame, bands: np.ndarray, seen: Seen) -> pd.DataFrame:
    """The frame of `store.figures` with "under 8" and "withheld" where a reader may not see the number.

    `bands` (rows, 105) are those of its rows, `seen` (rows, 1) what may be seen of each.
    """
    shown = {name: figures[name].to_numpy(dtype=object, copy=True) for name in (*COUNTS, *_RATES)}
    unknown = np.nan_to_num(_number(figures["unknown_clock_start"]))
    for part in figures["part"].unique():
        rows = (figures["part"] == part).to_numpy()
        facts = band_facts(bands[rows, None], part=part, unknown_clock_start=unknown[rows, None])
        own = seen.each(itemgetter(rows))
        for name, column in shown.items():
            if name in _RATES and part not in HIGH_PERCENTILE:
                column[rows] = None  # a new period has waited no time
            else:
                column[rows] = _column(figures[name][rows], DISCLOSED[name], facts, own)
    columns: dict[str, Any] = {
        name: pd.Series(each, figures.index, dtype=object) for name, each in shown.items()
    }
    return figures.assign(**columns)


def _column(given: pd.Series, discloses: Disclosed, facts: BandFacts, seen: Seen) -> np.ndarray:
    """A figure of rows of one part: as it is, rounded, or in words."""
    value = _number(given)
    # The open band is text, "104+".
    value = np.where(np.isnan(value) & given.notna().to_numpy(), np.inf, value)
    found = as_shown(discloses, Measure(value[:, None], None, known(facts)), facts, seen)
    rate, suppressed = found.value[:, 0], found.suppressed[:, 0] & ~np.isnan(value)
    shown = given.to_numpy(dtype=object)
    if discloses.form != "count":
        shown = np.where(
            np.isnan(rate), np.array(None, dtype=object), np.where(np.isinf(rate), shown, rate.astype(object))
        )
    is_primary = small(value) & (discloses.form == "count")
    words = np.where(is_primary, small_numbers.UNDER, small_numbers.WITHHELD).astype(object)
    return np.where(suppressed, words, shown)


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
        found = [
            _limits(connection, List(code, areas_at(areas, (code,)), basis), day, asked) for basis in bases
        ]
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
