"""A finding shows, records and says the same figure, and says in words when there is none."""

import csv
import io
import math
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtt.findings import sentences
from rtt.findings.findings import (
    MONTHLY,
    PUBLISHED,
    UNVALIDATED,
    WEEKLY,
    Earlier,
    Population,
    Remark,
    display,
    from_measure,
    record,
    remarks_of,
)
from rtt.measures.band_facts import band_facts
from rtt.measures.indicators import MINIMUM_SET, compute
from rtt.terms.waits import BANDS
from rtt.terms.wording import share_text

ENGLAND = Population("england", "ENG", "England")
TRUST = Population(
    "provider", "RXX", "Anytown Hospitals", treatment_function="C_110", stage="admitted", priority="2"
)
OCTOBER = date(2026, 10, 31)


def finding(key, *, bands=None, scope=ENGLAND, on=OCTOBER, source=MONTHLY, status=PUBLISHED, **given):
    """A finding of a list with `bands`: {band: pathways}."""
    vector = np.zeros(BANDS)
    for band, pathways in (bands or {}).items():
        vector[band] = pathways
    keep = {name: given.pop(name) for name in ("earlier", "standard", "open_band") if name in given}
    facts = band_facts(vector, part=scope.part, open_band=keep.get("open_band", 104), **given)
    return from_measure(
        key, compute(facts, [key])[key], scope=scope, census_date=on, source=source, status=status, **keep
    )


FLOWS = (
    "starts",
    "stops_admitted",
    "stops_non_admitted",
    "opening",
    "recent_stops",
    "recent_days",
    "with_decision_to_admit",
)
SIXTY = {0: 29_072, 18: 18_465, 60: 675}  # 48,212 pathways, 60.3% within 18 weeks


TABLE = Path(__file__).parents[2] / "spec" / "sentences.csv"


def sentence_rows():
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("row", sentence_rows(), ids=lambda row: f"{row['indicator']} {row['bands']}")
def test_a_finding_s_sentence(row):
    bands = {
        int(band): int(pathways) for band, pathways in (pair.split(":") for pair in row["bands"].split())
    }
    flows = {name: int(count) for name, count in (pair.split("=") for pair in row["flows"].split())}
    assert sentences.sentence(finding(row["indicator"], bands=bands, **flows)) == row["sentence"]


def test_the_level_can_be_told_without_the_standard():
    told = sentences.level_sentence(finding("share_within_18", bands=SIXTY))
    assert told == "60.3% of 48,212 pathways were within 18 weeks on 31 Oct 2026."


MISSING = [
    ("share_within_18", {}, {}, "No pathways"),
    ("median_weeks", {}, {}, "No pathways"),
    ("median_weeks", {5: 19}, {}, "Not computed (fewer than 20 pathways)"),
    ("over_65", {52: 30}, {"open_band": 52}, "Not known (this census has no bands over 52 weeks)"),
    ("stops", {5: 30}, {}, "Not known"),
    ("clearance_weeks", {5: 30}, {"recent_stops": 0, "recent_days": 91}, "No clock stops"),
    ("clearance_weeks", {5: 30}, {}, "Not known (needs the clock stops of three months)"),
]


@pytest.mark.parametrize(("key", "bands", "given", "words"), MISSING)
def test_where_there_is_no_figure_there_are_words(key, bands, given, words):
    found = finding(key, bands=bands, **given)
    assert found.value is None
    assert display(found) == words
    assert record(found)["value"] == ""
    assert words[1:] in sentences.sentence(found)
    assert words[1:] in sentences.title(found)


def test_nought_pathways_over_52_weeks_are_nought_and_not_missing():
    assert display(finding("over_52", bands={3: 5})) == "0"


CHANGES = [
    ("share_within_18", SIXTY, 0.599, {}, "up 0.4 points since 30 Sep 2026"),
    ("share_within_18", SIXTY, 0.613, {}, "down 1.0 points since 30 Sep 2026"),
    ("share_within_18", SIXTY, 0.60304, {}, "unchanged since 30 Sep 2026"),
    ("total", SIXTY, 49_000, {}, "down 788 since 30 Sep 2026"),
    ("median_weeks", {14: 20}, 13.5, {}, "up 1.0 weeks since 30 Sep 2026"),
    ("median_weeks", {104: 20}, 98.24, {}, "98.2 weeks on 30 Sep 2026"),
    ("median_weeks", {104: 20}, math.inf, {}, "unchanged since 30 Sep 2026"),
    ("starts", {}, 2_500, {"starts": 2_610}, "up 110 on September 2026"),
    ("starts", {}, None, {"starts": 2_610}, ""),
]


@pytest.mark.parametrize(("key", "bands", "before", "flows", "words"), CHANGES)
def test_change_since_the_census_before(key, bands, before, flows, words):
    found = finding(key, bands=bands, earlier=Earlier(before, date(2026, 9, 30)), **flows)
    assert sentences.change_words(found) == words
    if words:
        assert sentences.paragraph(found).endswith(f"{words[0].upper()}{words[1:]}.")


@pytest.mark.parametrize(
    ("key", "bands", "before", "cell"),
    [
        ("share_within_18", SIXTY, 0.599, "+0.4 points"),
        ("share_within_18", SIXTY, 0.613, "−1.0 points"),
        ("share_within_18", SIXTY, 0.60304, "0.0 points"),
        ("total", SIXTY, 49_000, "−788"),
        ("median_weeks", {14: 20}, 13.5, "+1.0 weeks"),
        ("median_weeks", {104: 20}, 98.24, "Not known"),
        ("median_weeks", {}, 98.24, "Not known"),
        ("total", SIXTY, None, "Not known"),
    ],
)
def test_a_change_in_a_table_cell(key, bands, before, cell):
    found = finding(key, bands=bands, earlier=Earlier(before, date(2025, 10, 31)))
    assert sentences.short_change(found) == cell


def test_a_weekly_flow_is_told_by_its_week():
    week_before = Earlier(2_500, date(2026, 11, 8))
    weekly = {"source": WEEKLY, "status": UNVALIDATED, "earlier": week_before}
    found = finding("starts", on=date(2026, 11, 15), starts=2_610, **weekly)
    assert sentences.sentence(found) == "2,610 clocks started in the week to 15 Nov 2026."
    assert sentences.change_words(found) == "up 110 on the week to 8 Nov 2026"
    assert sentences.source_line(found) == (
        "Source: weekly patient tracking list of Sunday 15 Nov 2026, unvalidated."
    )


def test_completed_pathways_are_told_by_their_month_and_their_own_percentile():
    treated = replace(ENGLAND, part="1A")
    high = finding("high_percentile_weeks", bands={20: 100}, scope=treated)
    assert sentences.name(high) == "95th percentile wait"
    assert sentences.sentence(high) == "The 95th percentile wait was 21.0 weeks in October 2026."
    within = finding("share_within_18", bands={3: 300, 20: 100}, scope=treated, on=date(2014, 6, 30))
    assert sentences.sentence(within) == (
        "75.0% of 400 completed admitted pathways were within 18 weeks in June 2014, "
        "15.0 points below the 90% standard."
    )


def test_part_2a_is_held_against_no_standard():
    found = finding("share_within_18", bands=SIXTY, scope=replace(ENGLAND, part="2A"))
    assert found.standard is None
    assert "of 48,212 pathways with a decision to admit were" in sentences.sentence(found)


def test_caption_and_source_say_whose_when_and_how_sure():
    found = finding("total", bands=SIXTY)
    assert sentences.caption(found) == (
        "Incomplete pathways, England, all specialties, 31 Oct 2026 (published)."
    )
    assert sentences.source_line(found) == (
        "Source: NHS England, consultant-led referral to treatment waiting times, October 2026, published."
    )
    assert sentences.scope_words(TRUST) == "Anytown Hospitals, Trauma & orthopaedics, admitted, urgent"
    assert sentences.scope_words(replace(ENGLAND, with_nonc=True, site_code="RXX01")) == (
        "England, all specialties, site RXX01, non-English commissioners included"
    )


def test_what_other_modules_have_to_say_comes_as_remarks():
    signal = Remark("signal", "concerning", "The share has fallen seven months running.", mark="down")
    found = replace(finding("share_within_18", bands=SIXTY), remarks=(signal,))
    assert sentences.paragraph(found).endswith("standard. The share has fallen seven months running.")
    assert remarks_of(found, "signal") == (signal,)
    assert remarks_of(found, "forecast") == ()


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**6))
def test_every_place_shows_the_same_figure(early, late, very_late):
    bands = {3: early, 20: late, 60: very_late}
    for entry in MINIMUM_SET:
        flows = dict(zip(FLOWS, (early, late, very_late, early, late, 91, very_late), strict=True))
        found = finding(entry.key, bands=bands, **flows)
        shown, told = display(found), sentences.sentence(found)
        if found.value is None:
            continue
        assert shown.lstrip("−") in told or shown.capitalize() in told
        assert shown.lstrip("−") in sentences.title(found)
        assert record(found)["shown"] == shown
        if entry.unit == "share":
            assert shown == share_text(found.numerator / found.denominator)
        assert not re.search(r"improv|worse|better|concern", told)


@given(st.integers(1, 10**6), st.integers(0, 10**6))
def test_the_distance_from_the_standard_is_that_of_the_figures_shown(early, late):
    found = finding("share_within_18", bands={3: early, 20: late})
    apart = re.match(r"([\d.]+) points? (above|below)", sentences.versus_standard(found))
    shown = re.match(r"([\d.]+)%", display(found))
    if apart and shown:
        sign = 1 if apart[2] == "above" else -1
        assert float(shown[1]) == pytest.approx(92 + sign * float(apart[1]))


@pytest.mark.parametrize("entry", MINIMUM_SET, ids=lambda entry: entry.key)
def test_a_title_has_ten_words_or_fewer(entry):
    found = finding(entry.key, bands=SIXTY, **dict.fromkeys(FLOWS, 1))
    assert len(sentences.title(found).split()) <= 10


def test_a_record_is_a_row_of_csv_in_full_precision():
    found = finding("share_within_18", bands={0: 1, 20: 2}, scope=TRUST)
    row = record(found)
    file = io.StringIO()
    writer = csv.DictWriter(file, row)
    writer.writeheader()
    writer.writerow(row)
    back = next(csv.DictReader(io.StringIO(file.getvalue())))
    assert float(back["value"]) == 1 / 3
    assert (back["numerator"], back["denominator"], back["standard"]) == ("1", "3", "0.92")
    assert (back["census_date"], back["treatment_function_code"]) == ("2026-10-31", "C_110")


def test_findings_are_taken_from_many_scopes_by_their_place():
    bands = np.zeros((2, BANDS))
    bands[0, 3], bands[1, 20] = 10, 10
    measure = compute(band_facts(bands), ["share_within_18"])["share_within_18"]
    told = {"scope": ENGLAND, "census_date": OCTOBER, "source": MONTHLY, "status": PUBLISHED}
    shown = [display(from_measure("share_within_18", measure, at, **told)) for at in (0, (1,))]
    assert shown == ["100.0%", "0.0%"]


@pytest.mark.parametrize(("source", "said"), [(WEEKLY, " with a known clock start"), (MONTHLY, "")])
def test_a_share_of_a_tracking_list_says_that_it_leaves_out_unknown_clock_starts(source, said):
    """Fault 20: a tile said 5,624 and its caption 5,621, without the three lacking a clock start."""
    found = finding("share_within_18", bands={0: 3_000, 20: 2_621}, source=source)
    assert f"of 5,621 pathways{said} were within 18 weeks" in sentences.sentence(found)
