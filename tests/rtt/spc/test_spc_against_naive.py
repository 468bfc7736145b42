"""The vectorised charts equal a slow and literal second implementation, on random series with gaps."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtt.spc.charts import ControlCharts, flow_charts, stock_charts
from rtt.spc.rules import RULES
from rtt.spc.settings import Rules
from tests.rtt import naive_spc

# Small whole numbers tie often: on the centre, on a limit, level steps.
FIGURES = st.one_of(st.none(), st.integers(-3, 3), st.integers(-3, 3), st.integers(-60, 60))
DRIFTS = st.sampled_from([-2, -1, 0, 1, 2])
KINDS = {"flow": (flow_charts, naive_spc.flow), "stock": (stock_charts, naive_spc.stock)}


@st.composite
def series(draw, *, most=60):
    """Figures with a drift (so that runs and trends do occur) and phase numbers."""
    figures = draw(st.lists(FIGURES, min_size=0, max_size=most))
    drift = draw(DRIFTS)
    drifting = [None if figure is None else figure + drift * t for t, figure in enumerate(figures)]
    rebased = draw(st.sets(st.integers(0, most), max_size=2))
    phases, number = [], 0
    for t in range(len(figures)):
        number += t in rebased
        phases.append(number)
    return drifting, phases


def as_array(figures):
    return np.array([[np.nan if figure is None else float(figure) for figure in figures]])


def found(flags):
    return {
        (rule, int(at)) for rule, row in zip(RULES, flags[:, 0], strict=True) for at in np.flatnonzero(row)
    }


def same(array, exact):
    return array == pytest.approx([np.nan if value is None else float(value) for value in exact], nan_ok=True)


@pytest.mark.parametrize("kind", ["flow", "stock"])
@given(given=series(), length=st.sampled_from([6, 7, 8]), two_sigma=st.sampled_from(["beyond", "between"]))
def test_charts_equal_the_naive_ones(kind, given, length, two_sigma):
    figures, phases = given
    vectorised, naive = KINDS[kind]
    charts = vectorised(as_array(figures), phases=phases, rules=Rules(length=length, two_sigma=two_sigma))
    expected = naive(figures, phases, length, two_sigma)
    for line in ("centre", "lower", "upper"):
        assert same(getattr(charts, line)[0], expected[line])
    assert found(charts.high) == expected["high"]
    assert found(charts.low) == expected["low"]


def random_figures(*, runs, periods):
    """Whole numbers: noise, drift, a late jump and gaps, each in some of the series."""
    random = np.random.default_rng(7)
    drift = random.choice([-6, -1, 0, 0, 1, 6], size=(runs, 1)) * np.arange(periods)
    jump = random.integers(-9, 9, size=(runs, 1)) * (np.arange(periods) > periods // 2)
    figures = (random.integers(-4, 5, size=(runs, periods)) + drift + jump).astype(float)
    figures[random.random((runs, periods)) < 0.03] = np.nan
    return figures


@pytest.mark.parametrize("kind", ["flow", "stock"])
def test_many_series_at_once_equal_the_naive_charts_one_by_one(kind):
    figures = random_figures(runs=400, periods=40)
    phases = np.sort(np.random.default_rng(8).integers(0, 2, size=figures.shape), axis=1)
    vectorised, naive = KINDS[kind]
    charts = vectorised(figures, phases=phases)
    rules_seen = set()
    for i, row in enumerate(figures):
        exact = [None if np.isnan(value) else int(value) for value in row]
        expected = naive(exact, phases[i].tolist(), 7, "beyond")
        assert found(charts.high[:, [i]]) == expected["high"]
        assert found(charts.low[:, [i]]) == expected["low"]
        rules_seen |= {rule for rule, _ in expected["high"]} | {rule for rule, _ in expected["low"]}
    # The series are rich enough to meet every rule that applies.
    assert rules_seen == set(RULES) - ({"trend"} if kind == "stock" else set())


@given(given=series())
def test_upside_down_charts_have_the_same_signals_upside_down(given):
    figures, phases = given
    upright = flow_charts(as_array(figures), phases=phases)
    turned = flow_charts(-as_array(figures), phases=phases)
    assert found(turned.high) == found(upright.low)
    assert found(turned.low) == found(upright.high)


@given(
    given=series(), factor=st.sampled_from([0.001, 1 / 3, 7.0, 1e6]), offset=st.sampled_from([0.0, 0.1, -2e5])
)
def test_signals_do_not_depend_on_the_unit_of_the_figures(given, factor, offset):
    figures, phases = given
    plain = flow_charts(as_array(figures), phases=phases)
    scaled = flow_charts(as_array(figures) * factor + offset * factor, phases=phases)
    assert signals_of(plain) == signals_of(scaled)


def signals_of(charts: ControlCharts):
    return found(charts.high), found(charts.low)
