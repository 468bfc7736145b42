"""North Middlesex (RAP) became a part of the Royal Free (RAL) on 1 January 2025: the twelve real months."""

from datetime import date

import numpy as np
import pytest
from sqlalchemy import text

from dashboard.analysis.facts import series
from dashboard.analysis.figures_table import figures
from dashboard.analysis.forecasts import forecasts_of, jump_words, truth_of
from dashboard.analysis.through_time import history_words, marks_of
from dashboard.filters import from_query
from dashboard.scope.scope import resolve
from dashboard.store.cache import reading
from dashboard.store.figures import FigureScope
from ingest.forecasts.issue import _jumped
from ingest.forecasts.monthly_inputs import monthly_inputs
from ingest.forecasts.planning_inputs import planning_inputs
from ingest.store.database import make_engine
from rtt.measures.percentiles import FEWEST_PATHWAYS
from rtt.planning.lists import known_flows
from rtt.terms.bands import BAND_COLUMNS
from tests.dashboard import enquiries

MERGED = date(2025, 1, 1)
COUNTS = ("total", "within_18", "over_18", "over_52", "over_65", "over_78", "over_104", *BAND_COLUMNS)
RAW = text(
    f"SELECT census_date, part, treatment_function, {', '.join(f'SUM({each})' for each in COUNTS)} "
    "FROM pathway_counts WHERE source = 'monthly' AND level = 'provider' AND basis = 'english' "
    "AND (organisation_code = 'RAL' OR (organisation_code = 'RAP' AND census_date < '2025-01-01')) "
    "GROUP BY census_date, part, treatment_function"
)


def scope_for(connection, query):
    return resolve(connection, from_query(query)[0], enquiries.by(today=date(2025, 6, 1)))


def test_the_table_of_figures_is_the_sum_of_both_in_every_measure(twelve_months):
    with reading(twelve_months) as connection:
        raw = {(row[0], row[1], row[2]): row[3:] for row in connection.execute(RAW)}
        found = figures(connection, FigureScope(level="provider", organisation="RAL"))
    assert len(found) == len(raw) > 12 * 5 * 15
    for row in found.to_dict("records"):
        sums = raw[row["census_date"].isoformat(), row["part"], row["treatment_function_code"]]
        assert row["total"] == sums[0]
        if row["part"] != "3":
            for name, wanted in zip(COUNTS[1:7], sums[1:7], strict=True):
                assert row[name] == wanted, (row["census_date"], row["part"], name)
            bands = np.array(sums[7:], dtype=float)
            known = bands.sum()
            if known >= FEWEST_PATHWAYS:
                cumulative = np.cumsum(bands)
                k = int(np.searchsorted(cumulative, known / 2))
                if k < 104:
                    median = k + (known / 2 - (cumulative[k] - bands[k])) / bands[k]
                    assert row["median_weeks"] == pytest.approx(median)


def test_the_page_has_the_same_list_and_says_what_happened(twelve_months):
    with reading(twelve_months) as connection:
        for history, jump in (("", False), ("&history=then", True)):
            scope = scope_for(connection, f"?level=provider&org=RAL{history}")
            found = series(connection, scope)
            own = figures(
                connection,
                FigureScope(level="provider", organisation="RAL", part="2", treatment_function="C_999",
                            history=scope.filters.history),
            )  # fmt: skip
            lists = found.facts.bands[0].sum(axis=1)
            assert lists.astype(int).tolist() == own["total"].tolist()
            at = found.dates.index(date(2025, 1, 31))
            assert (lists[at] > 1.15 * lists[at - 1]) == jump
        joined = scope_for(connection, "?level=provider&org=RAL")
        assert [(mark.day, mark.words) for mark in marks_of(joined)] == [
            (MERGED, "RAP merged into it, 1 Jan 2025")
        ]
        assert history_words(joined).endswith("Months before are shown with it added up.")


def test_every_provider_together_is_england_as_now_and_as_then(twelve_months):
    with reading(twelve_months) as connection:
        england = figures(connection, FigureScope(part="2", treatment_function="C_999"))
        for history in ("", "then"):
            asked = FigureScope(level="provider", part="2", treatment_function="C_999", history=history)
            found = figures(connection, asked).groupby("census_date")[["total", "within_18", "over_52"]].sum()
            for row in england.to_dict("records"):
                sums = found.loc[row["census_date"]]
                assert all(sums[name] == row[name] for name in found.columns)
            codes = set(figures(connection, asked)["organisation_code"])
            assert ("RAP" in codes) == bool(history)


def test_a_place_without_predecessors_asks_for_what_it_always_did(twelve_months):
    with reading(twelve_months) as connection:
        for query in (
            "?level=provider&org=RTD",
            "?level=icb&org=QMJ",
            "?level=region&org=Y56",
            "?level=england",
        ):
            scope = scope_for(connection, query)
            assert not scope.has_predecessors
            assert scope.selection(scope.dates).blocks == ()


def test_forecasts_and_plans_are_made_from_the_joined_list(twelve_months):
    with twelve_months.connect() as connection:
        inputs = monthly_inputs(connection, until=date(2025, 1, 31))
        flows = planning_inputs(connection)
    codes = [key[0] for key in inputs.providers.keys]
    lists = inputs.providers.bands[codes.index("RAL")].sum(axis=1)
    assert "RAP" not in codes
    assert np.abs(np.diff(np.log(lists))).max() < 0.05
    assert "RAL" not in _jumped(inputs.providers)
    rows = [at for at, key in enumerate(flows.keys) if key[0] == "RAL"]
    assert known_flows(flows)[:, rows].all()  # no month is left out for a jump


def test_the_forecast_of_the_joined_trust_shows_no_jump(planned_path):
    engine = make_engine(f"sqlite:///{planned_path}")
    with reading(engine) as connection:
        scope = scope_for(connection, "?level=provider&org=RAL")
        [made] = [each for each in forecasts_of(connection, scope) if each.census == scope.census]
        truth = truth_of(connection, scope)
        last = truth["total"][scope.census]
        ahead = [step.said["total"].value for step in made.steps if step.horizon <= 6]
        assert made.steps[0].said["total"].last == last
        assert len(ahead) == 6
        assert np.abs(np.diff(np.log([last, *ahead]))).max() < 0.03
        for census in (date(2025, 1, 31), date(2025, 2, 28)):
            assert jump_words(truth, census) == ""
    engine.dispose()
