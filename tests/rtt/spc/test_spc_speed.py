"""The summary table of every provider, specialty and measure is charted while its reader waits."""

import time

import numpy as np
import pytest

from rtt.spc.charts import directions, flow_charts, stock_charts


@pytest.mark.parametrize("chart", [flow_charts, stock_charts])
def test_twenty_thousand_series_of_three_years_take_under_three_seconds(chart):
    levels = np.random.default_rng(1).normal(size=(20_000, 36)).cumsum(axis=1)
    start = time.perf_counter()
    directions(chart(levels))
    assert time.perf_counter() - start < 3
