"""The rules against published files: percentiles from their own bands, the map of codes, England's shares."""

import csv
from collections import Counter

import numpy as np
import pytest

from rtt.measures.band_facts import band_facts
from rtt.measures.indicators import compute
from rtt.measures.standards import every_standard
from rtt.terms.parts import part_of
from rtt.terms.treatment_functions import RETURN_ROWS, name_of
from rtt.terms.waits import BANDS
from rtt.terms.wording import percent, rounded

pytestmark = pytest.mark.real_data


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def shown(weeks):
    """A percentile as provider tables print it: one decimal, "104+", "-" where it is hidden."""
    if np.isnan(weeks):
        return "-"
    return "104+" if np.isinf(weeks) else str(rounded(weeks, 1))


def test_percentiles_of_187_provider_tables_equal_the_published_ones(published):
    rows = rows_of(published / "reference" / "golden_provider_percentiles.csv")
    assert len(rows) == 187
    wrong = []
    for row in rows:
        bands = [int(row[f"wk{band:03d}"]) for band in range(BANDS)]
        found = compute(
            band_facts(bands, part=part_of(row["part"])), ["median_weeks", "high_percentile_weeks"]
        )
        weeks = [float(measure.value) for measure in found.values()]
        for value, printed in zip(weeks, (row["published_median"], row["published_p95"]), strict=True):
            # A value on the edge between two tenths may be printed as either.
            edge = np.isfinite(value) and abs(value * 20 % 2 - 1) < 1e-6
            if shown(value) != printed and not (edge and abs(value - float(printed)) < 0.0501):
                wrong.append((row["provider"], row["tfc"], row["part"], value, printed))
    assert wrong == []


def test_england_s_shares_percentiles_and_long_waits(published):
    counts = {
        row["month"]: row
        for row in rows_of(published / "reference" / "england_timeseries_vintage_2026-05__to_2025-03.csv")
    }
    months = {}
    for row in rows_of(published / "reference" / "england_band_counts_to_2025-03.csv"):
        months.setdefault(row["period"], {})[part_of(row["part"])] = [
            int(row[f"wk{w:03d}"]) for w in range(BANDS)
        ]
    assert len(months) == 12
    for month, parts in months.items():
        found = compute(band_facts(parts["2"]))
        for key, column in (
            ("total", "incomplete.total"),
            ("share_within_18", "incomplete.pct18"),
            ("median_weeks", "incomplete.median"),
            ("high_percentile_weeks", "incomplete.p92"),
            ("over_52", "incomplete.over52"),
            ("over_65", "incomplete.over65"),
            ("over_78", "incomplete.over78"),
            ("over_104", "incomplete.over104"),
        ):
            assert float(found[key].value) == pytest.approx(float(counts[month][column]), abs=1e-6), (
                month,
                key,
            )


def test_the_map_of_treatment_functions_is_the_guidance_s(published):
    rows = rows_of(published / "reference" / "tfc_to_rtt_group.csv")
    assert {row["treatment_function_code"]: row["rtt_return_row"] for row in rows} == RETURN_ROWS
    for row in rows:
        if row["group"]:
            assert name_of(row["treatment_function_code"]) == row["name"]


def test_the_standards_are_england_s_targets(published):
    rows = [row for row in rows_of(published / "reference" / "targets.csv") if row["nation"] == "England"]
    theirs = Counter(
        (row["effective_from"], row["effective_to"], row["operator"], row["level"], row["value"])
        for row in rows
    )
    ours = Counter(
        (
            one.starts.isoformat(),
            one.ends.isoformat() if one.ends else "",
            one.comparison,
            "+".join(one.levels),
            as_written(one),
        )
        for one in every_standard()
    )
    assert ours == theirs


def as_written(standard):
    """The value as the table of targets has it: "92", or "max(60; baseline_nov_2024+5)"."""
    if standard.plus is None:
        return f"{percent(standard.value) if standard.unit == 'percent' else standard.value:.0f}"
    month = standard.baseline_month
    baseline = f"baseline_{month:%b_%Y}".lower() if month else "baseline"
    return f"max({percent(standard.least):.0f}; {baseline}+{percent(standard.plus):.0f})"
