"""England's figures of each month, from our facts, under the keys of the published time series.

England is all treatment functions together with non-English commissioners left out, as published. What the
facts cannot carry is named with its reason and never guessed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import Select, select

from ingest.store.schema import ENGLAND, ENGLISH, MONTHLY, extract, pathway_counts
from rtt.measures.percentiles import percentile_weeks
from rtt.terms.calendar import add_months
from rtt.terms.parts import ADMITTED, HIGH_PERCENTILE, INCOMPLETE, NEW_PERIODS, NON_ADMITTED
from rtt.terms.treatment_functions import TOTAL
from rtt.terms.waits import BAND_COLUMNS

PARTS_OF_SECTIONS = {"incomplete": INCOMPLETE, "admitted": ADMITTED, "non_admitted": NON_ADMITTED}
THRESHOLDS = ("within_18", "over_18", "over_52", "over_65", "over_78", "over_104")
COUNTED = ("total", *THRESHOLDS, *BAND_COLUMNS)

Counts = Mapping[str, int | None]  # column of pathway_counts -> count
Parts = Mapping[str, Counts]


@dataclass(frozen=True, slots=True)
class EnglandMonth:
    """One month: figures by measure (inf: in the open band), and why a measure is missing."""

    open_band: int
    figures: Mapping[str, float]
    missing: Mapping[str, str]  # measure -> why our facts do not carry it


def england_rows() -> Select[Any]:
    """England's rows of every month held: census_date, open_band, part, then the columns of COUNTED."""
    counts = pathway_counts.c
    return (
        select(extract.c.census_date, extract.c.open_band, counts.part, *(counts[name] for name in COUNTED))
        .join(pathway_counts, pathway_counts.c.extract_id == extract.c.id)
        .where(
            counts.source == MONTHLY,
            counts.level == "england",
            counts.organisation_code == ENGLAND,
            counts.treatment_function == TOTAL,
            counts.basis == ENGLISH,
            counts.site_code == "",
            counts.stage == "",
            counts.priority == "",
        )
    )


def england_months(rows: Iterable[Sequence[Any]]) -> dict[date, EnglandMonth]:
    """Every month of which an extract is held -> the figures that the workbook would print for it.

    `rows` are those of `england_rows`.
    """
    months: dict[date, dict[str, Counts]] = {}
    open_bands: dict[date, int] = {}
    for census, open_band, part, *values in rows:
        months.setdefault(census, {})[part] = dict(zip(COUNTED, values, strict=True))
        open_bands[census] = open_band
    return {
        census: _month(parts, months.get(add_months(census, -1), {}), open_bands[census])
        for census, parts in sorted(months.items())
    }


def _month(parts: Parts, parts_before: Parts, open_band: int) -> EnglandMonth:
    figures: dict[str, float] = {}
    missing: dict[str, str] = {}
    for section, part in PARTS_OF_SECTIONS.items():
        for measure, value in _part_figures(part, parts.get(part, {}), open_band).items():
            if value is None:
                missing[f"{section}.{measure}"] = f"the extract's bands end at {open_band} weeks"
            else:
                figures[f"{section}.{measure}"] = value
    figures["new_periods.total"] = _total(parts, NEW_PERIODS)
    if INCOMPLETE in parts_before:
        figures["unreported_removals.total"] = _unreported_removals(parts, parts_before)
    else:
        missing["unreported_removals.total"] = "needs the extract of the month before, which is not loaded"
    return EnglandMonth(open_band, figures, missing)


def _part_figures(part: str, row: Counts, open_band: int) -> dict[str, float | None]:
    """The measures of one part. None: the extract cannot say; nan: fewer than 20 pathways."""
    bands = np.array([row.get(name) or 0 for name in BAND_COLUMNS])
    known, high = int(bands.sum()), HIGH_PERCENTILE[part]
    figures: dict[str, float | None] = {"total": row.get("total", 0)}
    figures["median_weeks"] = float(percentile_weeks(bands, 0.5, open_band=open_band))
    figures[f"p{round(100 * high)}_weeks"] = float(percentile_weeks(bands, high, open_band=open_band))
    for name in THRESHOLDS:
        count = row.get(name, 0)
        figures[name] = count
        figures[f"share_{name}"] = count / known if count is not None and known else None
    return figures


def _unreported_removals(parts: Parts, parts_before: Parts) -> int:
    # removals = opening list + new periods - closing list; the unreported ones have no clock stop.
    opening, closing = _total(parts_before, INCOMPLETE), _total(parts, INCOMPLETE)
    removals = opening + _total(parts, NEW_PERIODS) - closing
    return removals - _total(parts, ADMITTED) - _total(parts, NON_ADMITTED)


def _total(parts: Parts, part: str) -> int:
    return parts.get(part, {}).get("total") or 0
