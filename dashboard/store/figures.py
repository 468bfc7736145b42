"""The table of figures: one row per census, organisation, treatment function and part.

It is what `rtt figures` prints and exports hold: straight from the facts, every dimension fixed, unrounded.
Percentiles that lie in the open band are text, "104+" or "52+", as published; a figure that does not exist is
missing, never zero. A row that the facts do not have means zero and is not made up here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection, Select, select

from dashboard.store.compositions import lacking_in
from ingest.store.schema import (
    ENGLAND,
    ENGLISH,
    LEVELS,
    MONTHLY,
    NONC,
    WEEKLY,
    extract,
    organisation,
    pathway_counts,
)
from rtt.measures.percentiles import percentile_text, percentile_weeks
from rtt.terms.calendar import month_end
from rtt.terms.parts import HIGH_PERCENTILE, NEW_PERIODS, PARTS
from rtt.terms.treatment_functions import ROWS
from rtt.terms.waits import BAND_COLUMNS
from rtt.terms.whole_month import PART_OF_ENGLAND

KEYS = ("census_date", "organisation_code", "part", "treatment_function")
COUNTS = (
    "total",
    "unknown_clock_start",
    "within_18",
    "over_18",
    "over_52",
    "over_65",
    "over_78",
    "over_104",
)
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
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureScope:
    """Which figures: None means everything of that kind, so the default is all that is held for England."""

    level: str = "england"
    source: str | None = None
    first: date | None = None  # censuses from `first` to `last`, both included
    last: date | None = None
    organisation: str | None = None
    part: str | None = None
    treatment_function: str | None = None
    include_nonc: bool = False

    def until(self, today: date) -> FigureScope:
        """The same without censuses dated after today."""
        return replace(self, last=min(self.last or today, today))


def scope_from(asked: Mapping[str, str]) -> FigureScope:
    """The scope that an address asks for. ValueError says which parameter is wrong and what is expected."""
    first, last = _days(asked["census"]) if "census" in asked else (None, None)
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
    )


def _one_of(asked: Mapping[str, str], name: str, known: Sequence[str]) -> str | None:
    value = asked.get(name)
    if value is not None and value not in known:
        raise ValueError(f"{name} is {value[:40]!r}; expected one of {', '.join(known)}")
    return value


def _days(census: str) -> tuple[date, date]:
    try:
        if len(census) == len("2025-03"):
            first = date.fromisoformat(f"{census}-01")
            return first, month_end(first)
        day = date.fromisoformat(census)
    except ValueError:
        raise ValueError(
            f"census is {census[:40]!r}; expected a month, 2025-03, or a day, 2025-03-30"
        ) from None
    return day, day


def figures(connection: Connection, scope: FigureScope) -> pd.DataFrame:
    """All figures of a scope as one frame with the columns COLUMNS."""
    frames = list(figures_by_census(connection, scope))
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=list(COLUMNS))


def figures_by_census(connection: Connection, scope: FigureScope) -> Iterator[pd.DataFrame]:
    """The same a census at a time, oldest first: a month of every commissioner is 40 MB of bands."""
    for frame, _bands in figures_with_bands(connection, scope):
        yield frame


def figures_with_bands(
    connection: Connection, scope: FigureScope
) -> Iterator[tuple[pd.DataFrame, np.ndarray]]:
    """The same with the week bands (rows, 105) that they are made of."""
    for source, census, open_band in _censuses(connection, scope):
        names = _names(connection, source, census, scope.level)
        facts = _facts(connection, source, census, scope)
        if not facts.empty:
            frame = _figures(facts, source=source, level=scope.level, open_band=open_band, names=names)
            yield frame, facts[list(BAND_COLUMNS)].to_numpy(dtype=np.int64)


def _censuses(connection: Connection, scope: FigureScope) -> list[tuple[str, date, int]]:
    c = extract.c
    statement = select(c.source, c.census_date, c.open_band).distinct()
    statement = statement.where(c.source.in_([scope.source] if scope.source else ["monthly", "weekly"]))
    if scope.first:
        statement = statement.where(c.census_date >= scope.first)
    if scope.last:
        statement = statement.where(c.census_date <= scope.last)
    rows = connection.execute(statement.order_by(c.source, c.census_date))
    return [(source, census, open_band) for source, census, open_band in rows]


def _names(connection: Connection, source: str, census: date, level: str) -> dict[str, str]:
    """Code -> name, as this census has it."""
    statement = (
        select(organisation.c.code, organisation.c.name)
        .join(extract, extract.c.id == organisation.c.extract_id)
        .where(extract.c.source == source, extract.c.census_date == census, organisation.c.level == level)
    )
    names = {ENGLAND: "England"} | {row.code: row.name for row in connection.execute(statement)}
    if level == "england" and source == MONTHLY and lacking_in(connection, census):
        names[ENGLAND] = PART_OF_ENGLAND
    return names


def _facts(connection: Connection, source: str, census: date, scope: FigureScope) -> pd.DataFrame:
    """Counts and bands by KEYS: one row each, English commissioners and others added up if both are asked."""
    columns = [*KEYS, *COUNTS, *BAND_COLUMNS]
    rows = connection.execute(_statement(source, census, scope)).all()
    facts = pd.DataFrame.from_records([tuple(row) for row in rows], columns=columns)
    # An extract of 53 bands has no counts over 65 weeks: a sum of missing counts must stay missing.
    facts[list(COUNTS)] = facts[list(COUNTS)].astype("Float64" if facts.empty else "Int64")
    if scope.include_nonc and rows:
        return facts.groupby(list(KEYS), as_index=False, sort=True).sum(min_count=1)
    return facts.sort_values(list(KEYS), ignore_index=True)


def _statement(source: str, census: date, scope: FigureScope) -> Select[Any]:
    c = pathway_counts.c
    statement = select(*(c[name] for name in (*KEYS, *COUNTS, *BAND_COLUMNS))).where(
        # By its extracts: that is the index for a census of many organisations.
        c.extract_id.in_(
            select(extract.c.id).where(extract.c.source == source, extract.c.census_date == census)
        ),
        c.level == scope.level,
        c.site_code == "",
        c.stage == "",
        c.priority == "",
        c.basis.in_([ENGLISH, NONC] if scope.include_nonc else [ENGLISH]),
    )
    for column, wanted in (
        (c.organisation_code, scope.organisation),
        (c.part, scope.part),
        (c.treatment_function, scope.treatment_function),
    ):
        if wanted is not None:
            statement = statement.where(column == wanted)
    return statement


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
    return frame[list(COLUMNS)]


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
