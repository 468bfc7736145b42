"""The back-test on the published extracts of April 2024 to March 2025: England, providers and cells."""

import numpy as np
import pytest

from rtt.backtest import Row, coverage_by_month, in_every_month, score, trials
from rtt.history import CELLS, ENGLAND, PROVIDERS, EnglandSeries, History, measures, rolled_up
from rtt.projection import project
from tests.real_data import national_arrays

pytestmark = pytest.mark.real_data


@pytest.fixture(scope="module")
def cells(published) -> History:
    return national_arrays.cells(published)


@pytest.fixture(scope="module")
def providers(cells) -> History:
    names = sorted({key[0] for key in cells.keys})
    return rolled_up(cells, cells.provider, tuple((name,) for name in names))


@pytest.fixture(scope="module")
def england(published) -> EnglandSeries:
    return national_arrays.england(published)


@pytest.fixture(scope="module")
def provider_rows(providers, england) -> dict[tuple[str, int], Row]:
    rows = score(trials(providers, england, PROVIDERS), "provider")
    return {(row.measure, row.horizon): row for row in rows}


def test_the_extracts_sum_to_the_published_series(cells, england):
    whole = rolled_up(cells, np.zeros(len(cells.keys), dtype=np.int64), (("England",),))
    ours, theirs = measures(whole), slice(england.months.index(cells.months[0]), None)
    assert ours.total[0].tolist() == england.total[theirs].tolist()
    assert ours.over_52[0].tolist() == england.over_52[theirs].tolist()
    assert ours.share_within_18[0] == pytest.approx(england.share_within_18[theirs])


# Methods 9.1, last value: 142 providers with more than 5,000 pathways in every month, origins from July 2024,
# the list in per cent of the list that came.
@pytest.mark.parametrize(
    ("horizon", "total", "share", "over_52", "over_18"),
    [
        (1, 1.88, 0.82, 142, 533),
        (2, 3.03, 1.25, 252, 892),
        (3, 4.10, 1.56, 351, 1243),
        (6, 6.97, 2.40, 633, 2187),
    ],
)
def test_the_errors_of_the_last_value_are_those_measured_before(
    panel_rows, horizon, total, share, over_52, over_18
):
    found = {
        m: panel_rows[m, horizon].mae_last_value for m in ("total", "share_within_18", "over_52", "over_18")
    }
    assert round(found["total"], 2) == total
    assert round(found["share_within_18"], 2) == share
    assert round(found["over_52"]) == over_52
    assert round(found["over_18"]) == over_18


@pytest.fixture(scope="module")
def panel_rows(providers, england) -> dict[tuple[str, int], Row]:
    panel = in_every_month(providers, PROVIDERS)
    assert panel.sum() == 142
    rows = score(trials(providers, england, PROVIDERS, among=panel), "provider")
    return {(row.measure, row.horizon): row for row in rows}


# Methods 9.1, ridge: within a fiftieth of the errors measured there.
@pytest.mark.parametrize(
    ("horizon", "total", "share", "over_52", "over_18"),
    [
        (1, 1.76, 0.74, 110, 460),
        (2, 2.81, 1.10, 188, 758),
        (3, 3.76, 1.37, 252, 1049),
        (6, 6.40, 2.14, 437, 1857),
    ],
)
def test_the_errors_of_the_method_are_close_to_those_measured_before(
    panel_rows, horizon, total, share, over_52, over_18
):
    expected = {"total": total, "share_within_18": share, "over_52": over_52, "over_18": over_18}
    found = {m: panel_rows[m, horizon].mae for m in expected}
    assert found == pytest.approx(expected, rel=0.02)


@pytest.mark.parametrize(
    ("measure", "least"),
    [
        ("share_within_18", (0.08, 0.10, 0.10)),
        ("over_52", (0.10, 0.10, 0.10)),
        ("over_18", (0.10, 0.10, 0.10)),
        ("total", (0.04, 0.04, 0.04)),
    ],
)
def test_providers_are_forecast_better_than_by_their_last_value(provider_rows, measure, least):
    for horizon, skill in enumerate(least, start=1):
        assert provider_rows[measure, horizon].skill >= skill, horizon


@pytest.mark.parametrize("measure", ["share_within_18", "over_52", "over_18", "total"])
def test_the_eighty_per_cent_intervals_of_the_first_three_months_hold(provider_rows, measure):
    for horizon in (1, 2, 3):
        assert 0.75 <= provider_rows[measure, horizon].coverage_80 <= 0.88, horizon


def test_cells_gain_on_waits_and_never_lose_much_on_the_list(cells, england):
    tried = trials(cells, england, CELLS)
    rows = {(row.measure, row.horizon): row for row in score(tried, "cell")}
    for horizon in range(1, 7):
        assert rows["share_within_18", horizon].skill > 0.05
        assert rows["over_52", horizon].skill > 0.10
        assert rows["over_18", horizon].skill > 0.05
        # Before the record shows that nothing is gained on the list, a little is lost.
        assert rows["total", horizon].skill > -0.03
    assert {row.target for row in coverage_by_month(tried, "cell")} == set(cells.months[4:])


def test_england_is_forecast_better_than_by_its_last_value_on_lists_and_long_waits(providers, england):
    whole = rolled_up(providers, np.zeros(len(providers.keys), dtype=np.int64), (("England",),))
    rows = {(row.measure, row.horizon): row for row in score(trials(whole, england, ENGLAND), "england")}
    for horizon in (1, 2, 3):
        for measure in ("total", "over_52", "over_18"):
            assert rows[measure, horizon].skill > 0


def test_no_jump_becomes_a_trend(providers, england):
    # RDR's list doubled in December 2024 (5,239 to 10,790): its forecast stays near, not on the way to more.
    made = project(providers, england, PROVIDERS)
    unit = providers.keys.index(("RDR",))
    assert made.standings[unit] == "forecast"
    assert made.values["total"][unit, :6] == pytest.approx(np.full(6, made.last["total"][unit]), rel=0.15)
