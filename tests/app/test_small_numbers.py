"""Small numbers of a tracking list, on every way out: pages, the address for machines, `rtt figures`."""

import csv
import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dashboard.access import Reader, Visit
from dashboard.application import create_app
from dashboard.filters import Filters
from dashboard.queries.choices import settle
from dashboard.queries.facts import series, specialties
from dashboard.queries.figures import FigureScope, figures
from dashboard.queries.findings import figures_of
from dashboard.queries.memo import reading
from dashboard.queries.small_figures import concealed_by_census
from dashboard.settings import Settings
from rtt.findings import display, record
from rtt.sentences import caption, change_words, sentence, title
from rtt.small_numbers import UNDER, WITHHELD, small
from rtt.treatment_functions import TOTAL
from tests.app.commands import Command

ANYBODY, LEAD = Reader(), Reader("jo", may_see_pathways=True)
SETTINGS = Settings(home=Path("unused"))


def chosen(connection, reader, **filters):
    choice = settle(connection, Filters(**filters))
    return replace(choice, visit=Visit(reader, date(2026, 3, 2), SETTINGS))


def by_specialty(connection, reader):
    choice = chosen(connection, reader, source="weekly", priority="3")
    facts = specialties(connection, choice, choice.dates[-1:], flows=False)
    return figures_of(choice, facts, apart="treatment_function", keys=("total", "over_18", "share_within_18"))


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
                choice = chosen(connection, reader, source=source, level="provider" * (source == "weekly"))
                found = figures_of(choice, series(connection, choice))
                shown.append([display(found.find(key)) for key in ("total", "share_within_18", "over_18")])
            assert shown[0] == shown[1]


def test_published_figures_are_never_withheld(demo):
    with reading(demo) as connection:
        choice = chosen(connection, ANYBODY, source="monthly")
        assert not choice.conceals
        scope = FigureScope(source="monthly", level="provider")
        shown = pd.concat(list(concealed_by_census(connection, scope)), ignore_index=True)
        pd.testing.assert_frame_equal(shown, figures(connection, scope))


def weekly_table(connection):
    """Every figure of the lists as they are, and as they are shown to anybody."""
    scope = FigureScope(source="weekly", level="provider")
    shown = pd.concat(list(concealed_by_census(connection, scope)), ignore_index=True)
    return figures(connection, scope), shown


def test_percentiles_of_twenty_and_more_are_rounded_and_not_lost(demo):
    """Faults 10 and 31: of a list of 20 and more that shows any week limit, both percentiles are shown."""
    with reading(demo) as connection:
        plain, shown = weekly_table(connection)
    listed = (plain["part"] == "2") & (plain["within_18"] + plain["over_18"]).fillna(0).ge(20)
    lost = {
        name: (shown.loc[listed, name] == WITHHELD).mean()
        for name in ("median_weeks", "high_percentile_weeks")
    }
    assert max(lost.values()) < 0.05, lost
    whole = listed & (plain["treatment_function_code"] == TOTAL)
    for name in lost:
        exact = pd.to_numeric(plain.loc[whole, name])
        assert (pd.to_numeric(shown.loc[whole, name]) - exact).abs().max() <= 0.5 + 1e-9
        numbers = [each for each in shown.loc[listed, name] if isinstance(each, float)]
        assert all(each == round(each, 1) for each in numbers)


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
        (*_, together) = concealed_by_census(connection, scope)
        for code in together["treatment_function_code"]:
            (*_, alone) = concealed_by_census(
                connection, replace(scope, treatment_function=code, first=together["census_date"].iloc[0])
            )
            same = together[together["treatment_function_code"] == code]
            assert alone.astype(str).to_numpy().tolist() == same.astype(str).to_numpy().tolist()
