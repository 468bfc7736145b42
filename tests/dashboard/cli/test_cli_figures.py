"""`rtt figures` against a count made the slow way: from the pathways themselves, one row after the other."""

import itertools
from datetime import date

import pytest

from dashboard.analysis.figures_table import COLUMNS, figures
from dashboard.store.figures import FigureScope
from ingest.loading.load import load_path
from tests import makers

MARCH, FEBRUARY = date(2025, 3, 31), date(2025, 2, 28)
# Providers, commissioners of two ICBs, a hub without a parent and a non-English one; parts with every oddity:
# under twenty pathways, unknown starts, a list whose high percentile is off the scale, no known start at all.
FACTS = {
    ("RTD", "01A", "2", "C_110"): {
        0: 60,
        17: 5,
        18: 30,
        51: 2,
        52: 3,
        64: 1,
        65: 4,
        77: 1,
        78: 2,
        103: 1,
        104: 1,
    },
    ("RTD", "91Q", "2", "C_110"): {0: 9, 104: 12},
    ("RTD", "00R", "2", "C_100"): {3: 11, 20: 8},
    ("R1K", "01A", "2", "C_100"): {10: 40},
    ("R1K", "13Q", "2", "C_110"): {2: 25, 30: 5},
    ("RTD", "NONC", "2", "C_110"): {104: 500},
    ("RTD", "01A", "2A", "C_110"): {18: 21},
    ("RTD", "01A", "1A", "C_110"): {1: 19, "unknown": 3},
    ("RTD", "91Q", "1B", "C_100"): {5: 20, 60: 1, "unknown": 1},
    ("R1K", "01A", "1B", "C_502"): {"unknown": 2},
    ("RTD", "01A", "3", "C_110"): 33,
    ("R1K", "NONC", "3", "C_110"): 4,
}
LEVELS = ("england", "icb", "provider", "commissioner")


def naive(facts, level, *, census, include_nonc=False, open_band=104):
    """The rows by key, from a list with one entry for each pathway."""
    waits = {}
    for (provider, commissioner, part, function), value in makers.with_totals(facts).items():
        if commissioner == "NONC" and not include_nonc:
            continue
        icb = makers.PARENTS[commissioner] or ("" if commissioner == "NONC" else "-")
        code = {"england": "ENG", "icb": icb, "provider": provider, "commissioner": commissioner}[level]
        if code == "":
            continue
        pathways = waits.setdefault((census, code, part, function), [])
        if isinstance(value, int):
            pathways += ["new"] * value
        else:
            pathways += itertools.chain.from_iterable([band] * count for band, count in value.items())
    return {key: naive_row(key[2], pathways, open_band) for key, pathways in waits.items()}


def naive_row(part, pathways, open_band):
    if part == "3":
        return {"total": len(pathways)}
    known = sorted(band for band in pathways if band != "unknown")
    row = {
        "total": len(pathways),
        "unknown_clock_start": len(pathways) - len(known),
        "within_18": sum(band < 18 for band in known),
        "over_18": sum(band >= 18 for band in known),
        "over_52": sum(band >= 52 for band in known),
    }
    for weeks in (65, 78, 104):
        if weeks <= open_band:
            row[f"over_{weeks}"] = sum(band >= weeks for band in known)
    if known:
        row["share_within_18"] = row["within_18"] / len(known)
    if len(known) >= 20:
        row["median_weeks"] = naive_percentile(known, 0.5, open_band)
        row["high_percentile_weeks"] = naive_percentile(
            known, 0.95 if part in ("1A", "1B") else 0.92, open_band
        )
    return row


def naive_percentile(known, p, open_band):
    """Walk through the bands to position p x N; inside its band, a pathway's share of the week."""
    position, passed = p * len(known), 0
    for band in sorted(set(known)):
        count = known.count(band)
        if passed + count >= position:
            return f"{open_band}+" if band == open_band else pytest.approx(band + (position - passed) / count)
        passed += count
    raise AssertionError("a percentile lies within the list")


def printed(engine, **scope):
    with engine.connect() as connection:
        frame = figures(connection, FigureScope(**scope))
    assert tuple(frame.columns) == COLUMNS
    return {
        (row["census_date"], row["organisation_code"], row["part"], row["treatment_function_code"]): {
            name: row[name] for name in COLUMNS[7:] if row[name] is not None
        }
        for row in frame.astype(object).where(frame.notna(), None).to_dict("records")
    }


@pytest.fixture
def loaded(engine, make_extract):
    def load(*extracts, **layout):
        for census, facts in extracts:
            (result,) = load_path(engine, make_extract(facts, census=census, **layout))
            assert result.state == "loaded", result.problems
        return engine

    return load


@pytest.mark.parametrize("level", LEVELS)
def test_every_figure_equals_a_count_of_the_pathways(loaded, level):
    engine = loaded((MARCH, FACTS))
    assert printed(engine, level=level) == naive(FACTS, level, census=MARCH)


@pytest.mark.parametrize("level", ["england", "provider", "commissioner"])
def test_non_english_commissioners_are_kept_when_asked_for(loaded, level):
    engine = loaded((MARCH, FACTS))
    assert printed(engine, level=level, include_nonc=True) == naive(
        FACTS, level, census=MARCH, include_nonc=True
    )


def test_a_month_with_the_old_open_band_ends_at_52_weeks(loaded):
    old = {("RTD", "01A", "2", "C_110"): {0: 20, 52: 80}, ("R1K", "01A", "2", "C_110"): {51: 30, 52: 1}}
    engine = loaded((date(2020, 3, 31), old), open_band=52)
    rows = printed(engine, level="provider")
    assert rows == naive(old, "provider", census=date(2020, 3, 31), open_band=52)
    assert rows[date(2020, 3, 31), "RTD", "2", "C_110"]["high_percentile_weeks"] == "52+"
    assert "over_65" not in rows[date(2020, 3, 31), "RTD", "2", "C_110"]
    both = printed(engine, level="provider", include_nonc=True)
    assert both == rows


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ({}, lambda *_: True),
        ({"part": "2"}, lambda census, code, part, function: part == "2"),
        ({"treatment_function": "C_999"}, lambda census, code, part, function: function == "C_999"),
        ({"organisation": "R1K"}, lambda census, code, part, function: code == "R1K"),
        ({"first": MARCH}, lambda census, code, part, function: census == MARCH),
        (
            {"last": FEBRUARY, "part": "3"},
            lambda census, code, part, function: census == FEBRUARY and part == "3",
        ),
        ({"source": "weekly"}, lambda *_: False),
    ],
    ids=lambda value: None if callable(value) else str(value),
)
def test_an_option_keeps_a_part_of_everything(loaded, asked, kept):
    engine = loaded(
        (FEBRUARY, {("RTD", "01A", "3", "C_110"): 5, ("R1K", "01A", "2", "C_100"): {4: 3}}), (MARCH, FACTS)
    )
    everything = printed(engine, level="provider")
    assert printed(engine, level="provider", **asked) == {
        key: row for key, row in everything.items() if kept(*key)
    }


def test_a_name_is_that_of_the_census(loaded):
    engine = loaded((MARCH, FACTS))
    with engine.connect() as connection:
        names = {
            level: set(figures(connection, FigureScope(level=level))["organisation_name"]) for level in LEVELS
        }
    assert names["england"] == {"England"}
    assert "RTD HOSPITALS NHS TRUST" in names["provider"]
    assert makers.NAMES["QKS"] in names["icb"]


def test_an_empty_database_has_no_rows_and_the_same_columns(engine):
    assert printed(engine) == {}
