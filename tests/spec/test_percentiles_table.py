"""Percentiles from week bands: the published method by hand, and what is not computed.

Source: RTT Overview Timeseries, England incomplete pathways, November 2024 (median 13.9976760159511, 92nd
percentile 42.2320457238447, 4,424,701 of 7,479,867 within 18 weeks); the steps by hand from the full extract.
"""

import numpy as np
import pytest

from rtt.measures.percentiles import percentile_text, percentile_weeks
from rtt.terms.waits import BANDS


def bands(**counts):
    """A vector from w013=..., with the rest 0."""
    vector = np.zeros(BANDS)
    for name, pathways in counts.items():
        vector[int(name[1:])] = pathways
    return vector


def test_england_november_2024_by_hand():
    # Below the median's band lie 3,590,324 pathways, in it 149,958; below the 92nd's 6,868,161, in it 57,388.
    england = bands(
        w000=3_590_324,
        w013=149_958,
        w014=6_868_161 - 3_590_324 - 149_958,
        w042=57_388,
        w060=7_479_867 - 6_868_161 - 57_388,
    )
    assert england.sum() == 7_479_867
    assert percentile_weeks(england, 0.5) == pytest.approx(13.9976760159511, abs=1e-9)
    assert percentile_weeks(england, 0.92) == pytest.approx(42.2320457238447, abs=1e-9)


#   bands                          p     weeks    why
WORKED = [
    ({"w000": 20}, 0.5, 0.5, "the first band is one week wide, though it holds eight days"),
    ({"w010": 40}, 0.5, 10.5, "half way through the only band"),
    ({"w010": 40}, 0.92, 10.92, "0.92 of the way through it"),
    ({"w004": 10, "w005": 10}, 0.5, 5.0, "position 10 of 20 is the end of band 4, not (N + 1) / 2 = 10.5"),
    (
        {"w004": 10, "w020": 10},
        0.5,
        5.0,
        "the band that reaches the position, not the next one filled",
    ),
    ({"w000": 92, "w030": 8}, 0.92, 1.0, "position 92 of 100 is the end of band 0"),
    ({"w000": 50, "w103": 50}, 0.95, 103.9, "the last closed band"),
    ({"w000": 10, "w104": 10}, 0.95, np.inf, "the open band has no upper end"),
    ({"w000": 19}, 0.5, np.nan, "19 pathways are too few"),
    ({"w000": 10, "w001": 10}, 0.5, 1.0, "20 are enough"),
    ({}, 0.5, np.nan, "nobody"),
]


@pytest.mark.parametrize(("counts", "p", "weeks", "why"), WORKED)
def test_worked_by_hand(counts, p, weeks, why):
    assert percentile_weeks(bands(**counts), p) == pytest.approx(weeks, nan_ok=True), why


def test_before_april_2021_the_open_band_begins_at_52_weeks():
    older, newer = bands(w000=10, w052=10), bands(w000=10, w052=10)
    found = percentile_weeks(np.stack([older, newer]), 0.95, open_band=np.array([52, 104]))
    assert found[0] == np.inf
    assert found[1] == pytest.approx(52.9)
    assert percentile_text(found[0], open_band=52) == "52+"
    assert percentile_text(np.inf) == "104+"
    assert percentile_text(52.9) is None
