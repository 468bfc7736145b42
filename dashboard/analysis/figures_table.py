"""The table of figures: one row per census, organisation, treatment function and part.

It is what `rtt figures` prints and exports hold: straight from the facts, every dimension fixed, unrounded.
Percentiles that lie in the open band are text, "104+" or "52+", as published; a figure that does not exist is
missing, never zero. A row that the facts do not have means zero and is not made up here.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from dashboard.analysis.as_if_columns import AS_IF_COLUMNS, AsIfColumns
from dashboard.filters import THEN
from dashboard.scope.lineage import lineage_at
from dashboard.scope.shortfall import lacking_in
from dashboard.store.figures import COUNTS, KEYS, FigureScope, censuses, count_rows, names
from ingest.store.schema import ENGLAND, LEVELS, MONTHLY, WEEKLY
from rtt.measures.percentiles import percentile_text, percentile_weeks
from rtt.terms.calendar import days_named
from rtt.terms.lineage import Block
from rtt.terms.parts import HIGH_PERCENTILE, NEW_PERIODS, PARTS
from rtt.terms.treatment_functions import ROWS
from rtt.terms.waits import BAND_COLUMNS
from rtt.terms.whole_month import PART_OF_ENGLAND

COLUMNS = (
    "source",
    "census_date",
    "level",
    "organisation_code",
    "organisation_name",
    "part",
    "treatment_function_code",
    *COUNTS,
    "share_within_18",
    "median_weeks",
    "high_percentile_weeks",
    *AS_IF_COLUMNS,
)


def scope_from(asked: Mapping[str, str]) -> FigureScope:
    """The scope that an address asks for. ValueError says which parameter is wrong and what is expected."""
    try:
        first, last = days_named(asked["census"]) if "census" in asked else (None, None)
    except ValueError as fault:
        raise ValueError(f"census is {asked['census'][:40]!r}; {fault}") from None
    nonc = _one_of(asked, "include_nonc", ("yes", "no", "true", "false", "1", "0"))
    return FigureScope(
        level=_one_of(asked, "level", LEVELS) or "england",
        source=_one_of(asked, "source", (MONTHLY, WEEKLY)),
        first=first,
        last=last,
        organisation=asked.get("organisation"),
        part=_one_of(asked, "part", PARTS),
        treatment_function=_one_of(asked, "treatment_function", tuple(ROWS)),
        include_nonc=nonc in ("yes", "true", "1"),
        history=_one_of(asked, "history", ("now", THEN)) or "",
    )


def _one_of(asked: Mapping[str, str], name: str, known: Sequence[str]) -> str | None:
    value = asked.get(name)
    if value is not None and value not in known:
        raise ValueError(f"{name} is {value[:40]!r}; expected one of {', '.join(known)}")
    return value


def figures(connection: Connection, scope: FigureScope) -> pd.DataFrame:
    """All figures of a scope as one frame with the columns COLUMNS."""
    frames = list(figures_by_census(connection, scope))
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=list(COLUMNS))


def rows_of(frames: Iterable[pd.DataFrame]) -> Iterator[Sequence[Any]]:
    """The rows of frames one after the other, None for what is missing."""
    for frame in frames:
        yield from frame.astype(object).where(frame.notna(), None).itertuples(index=False, name=None)


def figures_by_census(connection: Connection, scope: FigureScope) -> Iterator[pd.DataFrame]:
    """The same a census at a time, oldest first: a month of every commissioner is 40 MB of bands."""
    for frame, _bands in figures_with_bands(connection, scope):
        yield frame


def figures_with_bands(
    connection: Connection, scope: FigureScope
) -> Iterator[tuple[pd.DataFrame, np.ndarray]]:
    """The same with the week bands (rows, 105) that they are made of."""
    held = censuses(connection, scope)
    months = tuple(day for of, day, _ in held if of == MONTHLY)
    blocks, named_now = _as_now(connection, scope, months)
    as_if = AsIfColumns(connection, scope, months)
    for source, census, open_band in held:
        named = names(connection, source, census, scope.level)
        if source == MONTHLY:
            named = named_now | named
        if scope.level == "england" and source == MONTHLY and lacking_in(connection, census):
            named[ENGLAND] = PART_OF_ENGLAND
        facts = _facts(connection, source, census, scope, blocks if source == MONTHLY else ())
        if not facts.empty:
            frame = _figures(facts, source=source, level=scope.level, open_band=open_band, names=named)
            yield (
                as_if.beside(frame, census if source == MONTHLY else None),
                facts[list(BAND_COLUMNS)].to_numpy(dtype=np.int64),
            )


def _as_now(
    connection: Connection, scope: FigureScope, months: tuple[date, ...]
) -> tuple[tuple[Block, ...], dict[str, str]]:
    """The rows that count for the organisations of the last month asked for, and their names; nothing where
    each month is to stay as it was, or nothing has changed.
    """
    if not months or scope.history == THEN:
        return (), {}
    codes = (scope.organisation,) if scope.organisation else None
    blocks = lineage_at(connection, months[-1], months[-1]).blocks(scope.level, codes, months)
    return blocks, names(connection, MONTHLY, months[-1], scope.level) if blocks else {}


def _facts(
    connection: Connection, source: str, census: date, scope: FigureScope, blocks: Sequence[Block]
) -> pd.DataFrame:
    """Counts and bands by KEYS: one row each, English commissioners and others added up if both are asked."""
    columns = [*KEYS, *COUNTS, *BAND_COLUMNS]
    rows = count_rows(connection, source, census, scope, blocks)
    facts = pd.DataFrame.from_records([tuple(row) for row in rows], columns=columns)
    # An extract of 53 bands has no counts over 65 weeks: a sum of missing counts must stay missing.
    facts[list(COUNTS)] = facts[list(COUNTS)].astype("Float64" if facts.empty else "Int64")
    if (scope.include_nonc or blocks) and not facts.empty:
        return facts.groupby(list(KEYS), as_index=False, sort=True).sum(min_count=1)
    return facts.sort_values(list(KEYS), ignore_index=True)


def _figures(
    facts: pd.DataFrame, *, source: str, level: str, open_band: int, names: dict[str, str]
) -> pd.DataFrame:
    bands = facts[list(BAND_COLUMNS)].to_numpy(dtype=np.int64)
    banded = (facts["part"] != NEW_PERIODS).to_numpy()
    frame = facts[[*KEYS, *COUNTS]].copy()
    for column in COUNTS[1:]:
        # A new period has no clock start to know and no wait to count: it has a total alone.
        frame[column] = frame[column].where(banded)
    known = bands.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = bands[:, :18].sum(axis=1) / known
    frame["share_within_18"] = share
    frame["median_weeks"] = _shown(percentile_weeks(bands, 0.5, open_band=open_band), open_band)
    frame["high_percentile_weeks"] = _shown(_high_percentile(bands, facts["part"], open_band), open_band)
    frame["source"], frame["level"] = source, level
    frame["organisation_name"] = facts["organisation_code"].map(names).fillna("")
    frame = frame.rename(columns={"treatment_function": "treatment_function_code"})
    return frame[[name for name in COLUMNS if name not in AS_IF_COLUMNS]]


def _high_percentile(bands: np.ndarray, part: pd.Series, open_band: int) -> np.ndarray:
    """The 92nd of waiting lists, the 95th of completed pathways."""
    weeks = np.full(len(bands), np.nan)
    for p in set(HIGH_PERCENTILE.values()):
        chosen = part.map(HIGH_PERCENTILE).to_numpy() == p
        weeks[chosen] = percentile_weeks(bands[chosen], p, open_band=open_band)
    return weeks


def _shown(weeks: np.ndarray, open_band: int) -> np.ndarray:
    shown = weeks.astype(object)
    shown[np.isnan(weeks)] = None
    shown[np.isposinf(weeks)] = percentile_text(np.inf, open_band=open_band)
    return shown
