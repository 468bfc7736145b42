"""Every figure that NHS England published for these months is the figure that our facts give."""

import math
import sqlite3
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from rtt.measures.percentiles import percentile_weeks
from rtt.terms.calendar import month_end
from rtt.terms.waits import BAND_COLUMNS

pytestmark = [pytest.mark.real_data, pytest.mark.slow]

CELL = ["census_date", "organisation_code", "treatment_function"]


@pytest.fixture(scope="session")
def facts_of(twelve_months_path):
    """facts_of(level, part) -> the English facts of all months: a row for each census, place and function."""

    def read(level: str, part: str) -> pd.DataFrame:
        with sqlite3.connect(f"file:{twelve_months_path}?mode=ro", uri=True) as connection:
            return pd.read_sql_query(
                "SELECT * FROM pathway_counts WHERE source = 'monthly' AND level = ? AND part = ?"
                " AND basis = 'english'",
                connection,
                params=(level, part),
            )

    return read


def published_file(published: Path, pattern: str) -> pd.DataFrame:
    [path] = (published / "reference").glob(pattern)
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def beside(theirs: pd.DataFrame, ours: pd.DataFrame) -> pd.DataFrame:
    """Each published row with our facts of the same cell; an absent row of ours is all zero."""
    both = theirs.merge(ours, on=CELL, how="left", suffixes=("_published", ""), validate="1:1")
    numbers = [
        "total",
        "within_18",
        "over_18",
        "over_52",
        "over_65",
        "over_78",
        "over_104",
        "unknown_clock_start",
    ]
    both[[*numbers, *BAND_COLUMNS]] = both[[*numbers, *BAND_COLUMNS]].fillna(0)
    return both.copy()


def weeks(both: pd.DataFrame, p: float) -> np.ndarray:
    return percentile_weeks(both[list(BAND_COLUMNS)].to_numpy(), p)


def month(text: str) -> str:
    return month_end(date.fromisoformat(text if len(text) > 7 else f"{text}-01")).isoformat()


def assert_counts(both: pd.DataFrame, columns: dict[str, str]) -> None:
    """No difference in any row: published column -> ours."""
    for theirs, ours in columns.items():
        different = both[both[theirs].astype(float) != both[ours]]
        assert different.empty, different[[*CELL, theirs, ours]].head(20).to_string()


def assert_weeks(both: pd.DataFrame, column: str, p: float, *, within: float = 1e-6) -> None:
    """Percentiles equal; '-' or a blank under 20 pathways; '104+' or 104 off the scale."""
    ours = weeks(both, p)
    theirs = np.array([_weeks(text) for text in both[column]])
    same = (np.isnan(ours) & np.isnan(theirs)) | (np.isinf(ours) & np.isinf(theirs))
    with np.errstate(invalid="ignore"):  # open bands: infinity less infinity
        same |= np.abs(ours - theirs) <= within
    assert same.all(), both[~same][[*CELL, column]].assign(ours=ours[~same]).head(20).to_string()


def _weeks(text: str) -> float:
    if text in {"", "-"}:
        return math.nan
    return math.inf if text in {"104", "104.0", "104+"} else float(text)


def test_every_icb_and_treatment_function(published, facts_of):
    theirs = published_file(published, "official_icb_tfc_incomplete*")
    theirs = theirs[theirs["Period"] >= "2024-04"].rename(
        columns={"ICB_Code": "organisation_code", "TF_Code": "treatment_function"}
    )
    theirs["census_date"] = theirs["Period"].map(month)
    both = beside(theirs, facts_of("icb", "2"))
    assert len(both) == 12 * 42 * 23
    assert_counts(
        both,
        {
            "Incomplete_Pathways": "total",
            "Within_18wks": "within_18",
            "Waiters_52plus": "over_52",
            "Waiters_65plus": "over_65",
            "Waiters_78plus": "over_78",
        },
    )
    assert_weeks(both, "Median_Wait_Wks", 0.5)
    assert_weeks(both, "P92_Wait_Wks", 0.92)


def test_every_provider_and_treatment_function_to_its_rounding(published, facts_of):
    theirs = published_file(published, "official_provider_tfc_incomplete*").rename(
        columns={"provider_code": "organisation_code", "tfc": "treatment_function"}
    )
    theirs = theirs.rename(
        columns={name: f"their_{name}" for name in ("total", "within18", "over52", "over65", "over78")}
    )
    theirs["census_date"] = theirs["month"].map(month)
    both = beside(theirs, facts_of("provider", "2"))
    assert len(both) > 18_000
    assert_counts(
        both,
        {
            "their_total": "total",
            "their_within18": "within_18",
            "their_over52": "over_52",
            "their_over65": "over_65",
            "their_over78": "over_78",
        },
    )
    assert_weeks(both, "median_2dp", 0.5, within=0.005 + 1e-9)
    some = both[both["total"] > 0]
    shares = (some["within_18"] / some["total"] - some["pct18_2dp"].astype(float)).abs()
    assert shares.max() <= 0.005 + 1e-9


@pytest.mark.parametrize("level", ["Region", "ICB"])
def test_totals_of_regions_and_icbs(level, published, facts_of):
    theirs = published_file(published, "official_region_icb_totals*")
    theirs = theirs[theirs["Geography Type"] == level].rename(
        columns={"Geography Code": "organisation_code", "Specialty Code": "treatment_function"}
    )
    theirs["census_date"] = theirs["Date"].map(month)
    both = beside(theirs, facts_of(level.lower(), "2"))
    assert len(both) == 12 * (8 if level == "Region" else 43)
    assert_counts(
        both,
        {
            "Waiting List": "total",
            "Within 18 Weeks": "within_18",
            "Waits Over 52 Weeks": "over_52",
            "Waits Over 65 Weeks": "over_65",
            "Waits Over 78 Weeks": "over_78",
        },
    )
    assert_weeks(both, "Median Wait Weeks", 0.5)
    assert_weeks(both, "92nd Percentile Wait Weeks", 0.92)


@pytest.mark.parametrize(
    ("sheet", "level", "code", "rows"),
    [
        ("National", "england", None, 24),
        ("Region", "region", "Region Code", 192),
        ("ICB", "icb", "ICB Code", 1032),
        ("Sub-ICB", "commissioner", "Org Code", 3072),
    ],
)
def test_admitted_by_commissioner_in_december_2024(sheet, level, code, rows, published, facts_of):
    theirs = published_file(published, "official_commissioner_admitted*")
    theirs = theirs[theirs["sheet"] == sheet].rename(
        columns={"Treatment Function Code": "treatment_function", "unknown_clock_start": "their_unknown"}
    )
    theirs["organisation_code"] = theirs[code] if code else "ENG"
    theirs["census_date"] = "2024-12-31"
    both = beside(theirs, facts_of(level, "1A"))
    both = both.assign(known=both["total"] - both["unknown_clock_start"])
    assert len(both) == rows
    assert_counts(
        both,
        {
            "total_all": "total",
            "total_known": "known",
            "their_unknown": "unknown_clock_start",
            "over52": "over_52",
            "over65": "over_65",
            "over78": "over_78",
            "gt104": "over_104",
        },
    )
    assert_weeks(both, "median", 0.5)
    assert_weeks(both, "p95", 0.95)


@pytest.mark.parametrize("part", ["1A", "1B", "2", "2A", "3"])
def test_england_band_by_band(part, published, facts_of):
    theirs = published_file(published, "england_band_counts*")
    theirs = theirs[theirs["part"] == f"Part_{part}"].rename(columns={"total_all": "their_total"})
    theirs["census_date"] = theirs["period"].map(month)
    theirs["organisation_code"], theirs["treatment_function"] = "ENG", "C_999"
    both = beside(theirs, facts_of("england", part))
    assert len(both) == 12
    assert_counts(both, {"their_total": "total"})
    if part != "3":
        assert_counts(both, {f"wk{week:03d}": name for week, name in enumerate(BAND_COLUMNS)})
        assert_counts(both, {"within18": "within_18"})
        assert_weeks(both, "median", 0.5)
        assert_weeks(both, "p92", 0.92)


def test_published_provider_percentiles_from_their_own_bands(published):
    rows = published_file(published, "golden_provider_percentiles*")
    bands = rows[[f"wk{week:03d}" for week in range(105)]].astype(int).to_numpy()
    assert len(rows) == 187
    for column, p in (("published_median", 0.5), ("published_p95", 0.95)):
        for ours, theirs in zip(percentile_weeks(bands, p), rows[column], strict=True):
            if theirs == "-":
                assert math.isnan(ours)
            elif theirs == "104+":
                assert math.isinf(ours)
            else:  # printed to one decimal place; a tie may have been rounded either way
                assert abs(ours - float(theirs)) <= 0.05 + 1e-9


def test_pathways_and_rows_of_each_month(published, twelve_months_path):
    theirs = published_file(published, "full_extract_verification*")
    with sqlite3.connect(f"file:{twelve_months_path}?mode=ro", uri=True) as connection:
        ours = dict(
            connection.execute(
                "SELECT census_date, rows || ' ' || providers FROM extract WHERE source = 'monthly'"
            )
        )
    expected = {
        month(row.period): f"{row.rows} {row.provider_codes}" for row in theirs.itertuples(index=False)
    }
    assert ours == expected
