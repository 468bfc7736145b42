"""Figures as NHS England published them, kept as csv in the reference folder, put where workbooks' go."""

import csv
import gzip
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, insert

from ingest.extracts.published.tables import COLUMNS
from ingest.store.schema import PUBLISHED, extract, load, published_figure
from rtt.terms.calendar import month_end

Rows = list[dict[str, str]]

ICB_BY_FUNCTION = "official_icb_tfc_incomplete_2022-10_2026-03__to_2025-03.csv.gz"
PROVIDER_BY_FUNCTION = "official_provider_tfc_incomplete_2024-08_2025-07_2dp__to_2025-03.csv.gz"
REGIONS_AND_ICBS = "official_region_icb_totals_2024-04_2026-02__to_2025-03.csv"
ADMITTED_BY_COMMISSIONER = "official_commissioner_admitted_2024-12.csv.gz"


def rows_of(published: Path, name: str) -> Rows:
    path = published / "reference" / name
    with gzip.open(path, "rt") if name.endswith(".gz") else path.open() as file:
        return list(csv.DictReader(file))


def icb_by_function(published: Path) -> Iterator[tuple[Any, ...]]:
    names = {
        "total": "Incomplete_Pathways", "within_18": "Within_18wks", "share_within_18": "Pct_Within_18wks",
        "median_weeks": "Median_Wait_Wks", "p92_weeks": "P92_Wait_Wks", "over_52": "Waiters_52plus",
        "over_65": "Waiters_65plus", "over_78": "Waiters_78plus",
    }  # fmt: skip
    for row in rows_of(published, ICB_BY_FUNCTION):
        if row["Period"] >= "2024-04":
            yield from figures(
                row, names, row["Period"], level="icb", code=row["ICB_Code"], function=row["TF_Code"]
            )


def provider_by_function(published: Path) -> Iterator[tuple[Any, ...]]:
    names = {
        "total": "total", "within_18": "within18", "over_52": "over52", "over_65": "over65",
        "over_78": "over78", "share_within_18": "pct18_2dp", "median_weeks": "median_2dp",
    }  # fmt: skip
    for row in rows_of(published, PROVIDER_BY_FUNCTION):
        yield from figures(
            row, names, row["month"], level="provider", code=row["provider_code"], function=row["tfc"],
            decimals={"share_within_18": 2, "median_weeks": 2},
        )  # fmt: skip


def regions_and_icbs(published: Path) -> Iterator[tuple[Any, ...]]:
    names = {
        "total": "Waiting List", "within_18": "Within 18 Weeks", "share_within_18": "Within 18 Weeks Rate",
        "median_weeks": "Median Wait Weeks", "p92_weeks": "92nd Percentile Wait Weeks",
        "over_52": "Waits Over 52 Weeks", "over_65": "Waits Over 65 Weeks", "over_78": "Waits Over 78 Weeks",
    }  # fmt: skip
    for row in rows_of(published, REGIONS_AND_ICBS):
        yield from figures(
            row, names, row["Date"][:7], level=row["Geography Type"].lower(), code=row["Geography Code"],
            function=row["Specialty Code"],
        )  # fmt: skip


def figures(
    row: dict[str, str], names: dict[str, str], month: str, *, level: str, code: str, function: str,
    decimals: dict[str, int] | None = None,
) -> Iterator[tuple[Any, ...]]:  # fmt: skip
    year, number = map(int, month.split("-"))
    for measure, heading in names.items():
        text = row[heading]
        computed = text not in ("", "-")
        yield (
            month_end(date(year, number, 1)), level, code, function, "2", measure,
            float(text) if computed else None, "" if computed else "-", (decimals or {}).get(measure),
        )  # fmt: skip


def put(engine: Engine, section: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """The rows as the figures of a workbook named `section`, an extract for each month."""
    from datetime import UTC, datetime

    months: dict[date, list[tuple[Any, ...]]] = {}
    for row in rows:
        months.setdefault(row[0], []).append(row)
    with engine.begin() as connection:
        for month, mine in months.items():
            load_id = connection.execute(
                insert(load)
                .values(
                    state="loaded", file_name=section, file_sha256=f"{section} {month}", file_bytes=0,
                    rows_read=0, rows_left_out=0, started_at=datetime(2025, 4, 1, tzinfo=UTC), seconds=0,
                    problems="[]",
                )
                .returning(load.c.id)
            ).scalar_one()  # fmt: skip
            extract_id = connection.execute(
                insert(extract)
                .values(
                    load_id=load_id, source=PUBLISHED, census_date=month, provider_code="", section=section,
                    revision=1, open_band=104, rows=len(mine), providers=0,
                )
                .returning(extract.c.id)
            ).scalar_one()  # fmt: skip
            connection.execute(
                insert(published_figure),
                [{"extract_id": extract_id, **dict(zip(COLUMNS, row, strict=True))} for row in mine],
            )
