"""Small numbers of a tracking list, on every way out: pages, the address for machines, `rtt figures`."""

import csv
import io
import itertools
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dashboard.analysis.control_charts import charted, findings_beside
from dashboard.analysis.disclosure.small_figures import suppressed_by_census
from dashboard.analysis.facts import series, specialties
from dashboard.analysis.figures_table import figures
from dashboard.analysis.findings import figures_of
from dashboard.application import create_app
from dashboard.figures.control_chart import control_chart
from dashboard.filters import Filters
from dashboard.layouts.frame.small_numbers import WHY
from dashboard.scope.scope import resolve
from dashboard.server.access import Reader
from dashboard.settings.settings import Settings
from dashboard.store.cache import reading
from dashboard.store.figures import FigureScope
from rtt.disclosure.small_numbers import UNDER, WITHHELD, small
from rtt.findings.findings import display, record
from rtt.findings.sentences import caption, change_words, sentence, short_change, title, versus_standard
from rtt.terms.treatment_functions import TOTAL
from tests.dashboard import enquiries
from tests.dashboard import served_pages as served
from tests.dashboard.commands import Command
from tests.dashboard.planted import Planted

ANYBODY, LEAD = Reader(), Reader("jo", may_see_pathways=True)
SETTINGS = Settings(home=Path("unused"))


def chosen(connection, reader, **filters):
    return resolve(connection, Filters(**filters), enquiries.by(reader))


def by_specialty(connection, reader):
    scope = chosen(connection, reader, source="weekly", priority="3")
    facts = specialties(connection, scope, scope.dates[-1:], flows=False)
    return figures_of(scope, facts, apart="treatment_function", keys=("total", "over_18", "share_within_18"))


def test_a_reader_who_may_not_see_pathways_reads_under_8(demo):
    with reading(demo) as connection:
        open_, closed = by_specialty(connection, LEAD), by_specialty(connection, ANYBODY)
    seen = 0
    for unit in open_.facts.units:
        for key in ("total", "over_18"):
            number, words = open_.find(key, unit=unit), closed.find(key, unit=unit)
            if 0 < number.value < 8:
                seen += 1
                assert (display(words), words.value, words.numerator) == (UNDER, None, None)
                assert record(words)["shown"] == UNDER
                assert record(words)["value"] == record(words)["numerator"] == ""
                assert title(words).endswith(f": {UNDER}")
                assert UNDER in sentence(words)
                assert caption(words) == caption(number)
                assert change_words(words) == ""
            elif number.value == 0:
                assert display(words) in ("0", WITHHELD)
    assert seen > 0, "the sample must hold small numbers for this test to mean anything"


def test_no_specialty_can_be_had_by_taking_the_others_from_the_total(demo):
    with reading(demo) as connection:
        closed = by_specialty(connection, ANYBODY)
    parts = [unit for unit in closed.facts.units if unit != TOTAL]
    hidden = [closed.find("over_18", unit=unit) for unit in parts]
    assert sum(1 for finding in hidden if finding.withheld) != 1


def test_no_rate_on_fewer_than_20(demo):
    with reading(demo) as connection:
        open_, closed = by_specialty(connection, LEAD), by_specialty(connection, ANYBODY)
    few = [
        unit
        for unit in open_.facts.units
        if 0 < (open_.find("share_within_18", unit=unit).denominator or 0) < 20
    ]
    assert few, "the sample must hold few of something"
    assert {display(closed.find("share_within_18", unit=unit)) for unit in few} == {WITHHELD}


def test_large_numbers_and_those_of_a_month_are_shown_as_they_are(demo):
    with reading(demo) as connection:
        for source in ("weekly", "monthly"):
            readers = (
                [ANYBODY, LEAD] if source == "weekly" else [ANYBODY, Reader("jo", may_see_pathways=True)]
            )
            shown = []
            for reader in readers:
                scope = chosen(connection, reader, source=source, level="provider" * (source == "weekly"))
                found = figures_of(scope, series(connection, scope))
                shown.append([display(found.find(key)) for key in ("total", "share_within_18", "over_18")])
            assert shown[0] == shown[1]


def test_published_figures_are_never_withheld(demo):
    with reading(demo) as connection:
        scope = chosen(connection, ANYBODY, source="monthly")
        assert not scope.conceals
        asked = FigureScope(source="monthly", level="provider")
        shown = pd.concat(list(suppressed_by_census(connection, asked)), ignore_index=True)
        pd.testing.assert_frame_equal(shown, figures(connection, asked))


def weekly_table(connection):
    """Every figure of the lists as they are, and as they are shown to anybody."""
    scope = FigureScope(source="weekly", level="provider")
    shown = pd.concat(list(suppressed_by_census(connection, scope)), ignore_index=True)
    return figures(connection, scope), shown


PERCENTILES = {"median_weeks": 16, "high_percentile_weeks": 100}


def test_percentiles_are_rounded_to_the_week_and_never_wrong(demo):
    """Faults 10 and 31: a percentile with 8 pathways on either side is shown, of every list that shows any
    week limit, and the shown one is the true one rounded.
    """
    with reading(demo) as connection:
        plain, shown = weekly_table(connection)
    known = (plain["within_18"] + plain["over_18"]).fillna(0)
    for name, fewest in PERCENTILES.items():
        listed = (plain["part"] == "2") & known.ge(max(fewest, 20))
        assert (shown.loc[listed, name] == WITHHELD).mean() < 0.05, name
        small_list = (plain["part"] == "2") & known.lt(fewest) & (plain["treatment_function_code"] != TOTAL)
        assert not [each for each in shown.loc[small_list, name] if isinstance(each, float)]
        pairs = list(zip(pd.to_numeric(plain[name], errors="coerce"), shown[name], strict=True))
        told = [(exact, each) for exact, each in pairs if isinstance(each, float) and exact == exact]
        assert len(told) > 100
        assert max(abs(exact - each) for exact, each in told) <= 0.5 + 1e-9


def check_of_about(open_, closed):
    """How many figures are about right: each within its rounding, and none with a change."""
    number = 0
    for unit in open_.facts.units:
        for day, before in itertools.pairwise(reversed(open_.facts.dates)):
            for key in closed.measures:
                exact = open_.find(key, unit=unit, at=day, before=before)
                found = closed.find(key, unit=unit, at=day, before=before)
                if found.about or (found.earlier and found.earlier.about):
                    assert (change_words(found), short_change(found)) == ("", "Not known")
                if not found.about or found.value is None:
                    continue
                number += 1
                assert versus_standard(found) == ""
                if key in PERCENTILES:
                    assert display(found).startswith("about ") or np.isinf(found.value)
                    assert found.value == exact.value or abs(found.value - exact.value) <= 0.5 + 1e-9
                elif key == "longest_wait_weeks":
                    assert display(found).startswith("over ")
                    assert 0 < found.value <= exact.value
    return number


def test_no_figure_that_is_about_right_is_wrong_or_tells_a_change(demo):
    """ "Down 1.0 weeks" was told of two rounded medians where -0.3 was true; "about 75%, +5.0 points"."""
    with reading(demo) as connection:
        made = []
        for reader in (LEAD, ANYBODY):
            scope = chosen(connection, reader, source="weekly")
            facts = specialties(connection, scope, scope.dates[-3:], flows=False)
            made.append(figures_of(scope, facts, apart="treatment_function"))
    assert check_of_about(*made) > 50


@pytest.mark.parametrize("seed", range(4))
def test_no_figure_of_a_planted_list_that_is_about_right_is_wrong(seed, sqlite_engine, tmp_path):
    Planted(seed).load(sqlite_engine, tmp_path)
    number = 0
    with reading(sqlite_engine) as connection:
        for asked in ({}, {"site": "R9A01"}, {"priority": "1"}):
            made = []
            for reader in (LEAD, ANYBODY):
                scope = chosen(connection, reader, source="weekly", **asked)
                facts = specialties(connection, scope, scope.dates, flows=False)
                made.append(figures_of(scope, facts, apart="treatment_function"))
            for key in ("median_weeks", "high_percentile_weeks", "longest_wait_weeks"):
                for unit in made[0].facts.units:
                    exact, found = (each.find(key, unit=unit) for each in made)
                    if found.about and found.value is not None:
                        number += 1
                        if key == "longest_wait_weeks":
                            assert 0 < found.value <= exact.value
                        else:
                            assert abs(found.value - exact.value) <= 0.5 + 1e-9
    assert number > 0


@pytest.mark.parametrize("measure", ["median_weeks", "share_within_18"])
def test_charts_of_rounded_figures_draw_and_print_no_change(demo, measure):
    """A chart's newest point of a rounded measure printed "-1.0 weeks"."""
    with reading(demo) as connection:
        numbers = 0
        for code in ("C_150", "C_140", "C_330", "C_410"):
            scope = chosen(connection, ANYBODY, source="weekly", tf=(code,))
            figures_ = figures_of(scope, series(connection, scope))
            found = charted(figures_, [measure])[measure]
            beside = findings_beside(figures_, found)
            chart = control_chart(found, beside, points=20)
            drawn = chart.figure["data"][-1]["y"]
            pairs = list(itertools.pairwise(beside))[-len(drawn) :]
            for (before, now), y, row in zip(pairs, drawn, reversed(chart.rows), strict=True):
                if now and before and (now.about or before.about):
                    numbers += 1
                    assert (y, row[2]) == (None, "Not known")
            if found.last.about and found.last.value is not None:
                assert not re.search(r"\b(up|down) \d", chart.caption)
    assert numbers > 0


def test_pages_say_why_figures_are_rounded_or_withheld_and_only_then(demo):
    closed = create_app(demo, Settings(home=Path("unused"), access="none")).server.test_client()
    opened = create_app(demo, Settings(home=Path("unused"), access="single-user")).server.test_client()
    for path in ("/", "/specialties"):
        pages = [served.drawn(each, path, "?source=weekly")["page"] for each in (closed, opened)]
        assert [WHY in served.words(page) for page in pages] == [True, False]
        links = {link["props"]["href"] for link in served.of_type(pages[0], "A")}
        assert "/about#method-title" in links
        monthly = served.drawn(closed, path, "?source=monthly")["page"]
        assert WHY not in served.words(monthly)
    told = served.drawn(closed, "/about")["page"]
    assert "“about” is rounded" in served.words(told)


COUNTS = ["total", "unknown_clock_start", "within_18", "over_18", "over_52", "over_65", "over_78", "over_104"]


def test_the_table_of_figures_holds_no_small_count_and_no_rate_on_few(demo):
    with reading(demo) as connection:
        plain, shown = weekly_table(connection)
    numbers = plain[COUNTS].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    assert small(numbers).any()
    words = shown[COUNTS].to_numpy()
    assert (words[small(numbers)] == UNDER).all()
    kept = ~shown[COUNTS].isin([UNDER, WITHHELD]).to_numpy() & ~np.isnan(numbers)
    assert (words[kept] == numbers[kept]).all()
    few = (plain["within_18"] + plain["over_18"]).between(1, 19).fillna(False).to_numpy(dtype=bool)
    assert (shown.loc[few, "share_within_18"] == WITHHELD).all()


@pytest.mark.parametrize("access", ["none", "single-user"])
def test_the_address_for_machines_says_what_rtt_figures_says(demo, demo_url, monkeypatch, capsys, access):
    monkeypatch.setenv("RTT_DATABASE_URL", demo_url)
    rtt = Command(monkeypatch, capsys)
    asked = ["--source", "weekly", "--census", "2026-02-22", "--level", "provider", "--format", "csv"]
    if access == "none":
        asked.append("--small-numbers")
    client = create_app(demo, Settings(home=Path("unused"), access=access)).server.test_client()
    answer = client.get("/api/figures.csv?source=weekly&census=2026-02-22&level=provider")
    assert answer.text == rtt("figures", *asked).out
    assert (UNDER in answer.text) is (access == "none")
    assert list(csv.DictReader(io.StringIO(answer.text)))


def test_specialties_asked_for_one_by_one_are_withheld_as_they_are_together(demo):
    scope = FigureScope(source="weekly", level="provider", part="2")
    with reading(demo) as connection:
        (*_, together) = suppressed_by_census(connection, scope)
        for code in together["treatment_function_code"]:
            (*_, alone) = suppressed_by_census(
                connection, replace(scope, treatment_function=code, first=together["census_date"].iloc[0])
            )
            same = together[together["treatment_function_code"] == code]
            assert alone.astype(str).to_numpy().tolist() == same.astype(str).to_numpy().tolist()
