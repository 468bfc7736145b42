"""What a percentile may say beside week bands of which the small ones are hidden."""

from itertools import product

import numpy as np
import pytest

from rtt.list_shape import BORDERS, nine_in_ten_sentence, percentile_withheld, withheld_bands
from rtt.percentiles import percentile_weeks

FILLED = range(18, 26)  # all between two of the borders, so that their sum is known


def lists():
    """A thousand lists of twenty pathways and more, in which some bands are small."""
    random = np.random.default_rng(21)
    for _ in range(1000):
        bands = np.zeros(105)
        bands[list(FILLED)] = random.choice([0, 1, 2, 3, 5, 7, 9, 12, 20], size=len(FILLED))
        if bands.sum() >= 20:
            yield bands


def possible(bands, hidden, p, weeks=None):
    """Every list that a reader can imagine who sees the others, who is under 8, sum and percentile."""
    places = [band for band in FILLED if hidden[band]]
    if not places:
        return []
    rest = bands[places].sum()
    choices = [range(1, 8) if bands[place] < 8 else range(8, 40) for place in places[:-1]]
    found = []
    for numbers in product(*choices):
        last = rest - sum(numbers)
        if last < 1 or (last < 8) != (bands[places[-1]] < 8):
            continue
        imagined = bands.copy()
        imagined[places] = [*numbers, last]
        if weeks is None or abs(float(percentile_weeks(imagined, p)) - weeks) <= 0.05 + 1e-9:
            found.append(tuple(imagined[places]))
    return found


@pytest.mark.parametrize("p", [0.5, 0.92])
def test_no_percentile_that_is_shown_tells_a_small_band(p):
    shown = withheld = 0
    for bands in lists():
        hidden = withheld_bands(bands)
        places = [band for band in FILLED if hidden[band]]
        exact = float(percentile_weeks(bands, p))
        if not 0 < len(places) <= 4:
            continue
        if percentile_withheld(exact, bands, hidden):
            withheld += 1
            continue
        shown += 1
        before = possible(bands, hidden, p)
        after = possible(bands, hidden, p, round(exact, 1))
        assert tuple(bands[places]) in after
        for place, band in enumerate(places):
            if bands[band] < 8 and len({each[place] for each in before}) > 1:
                assert len({each[place] for each in after}) > 1, (bands[list(FILLED)], exact)
    assert shown > 20
    assert withheld > 20


def test_a_percentile_in_a_small_band_is_withheld():
    # 314 pathways, 288 of them before week 39 and 3 in it: 39 + (288.88 - 288) / 3 has one fraction only.
    bands = np.zeros(105)
    bands[10], bands[39], bands[60] = 288, 3, 23
    weeks = percentile_weeks(bands, 0.92)
    assert weeks == pytest.approx(39.29333, abs=1e-5)
    assert percentile_withheld(weeks, bands, withheld_bands(bands))
    assert nine_in_ten_sentence(bands) == "9 in 10 have waited under 11.0 weeks."


def test_nine_in_ten_is_not_said_where_it_would_tell_a_band():
    bands = np.zeros(105)
    bands[10], bands[39], bands[60] = 88, 3, 9
    assert nine_in_ten_sentence(bands) == "9 in 10 have waited under 39.7 weeks."
    assert nine_in_ten_sentence(bands, hidden=withheld_bands(bands)) == ""


def test_without_small_bands_every_percentile_is_shown():
    bands = np.zeros((2, 105))
    bands[:, 5:50] = 30
    weeks = percentile_weeks(bands, 0.92)
    assert not percentile_withheld(weeks, bands, withheld_bands(bands)).any()
    assert not percentile_withheld([np.nan, np.inf], bands, withheld_bands(bands)).any()


def test_the_borders_hold_every_band():
    assert (BORDERS[0], BORDERS[-1]) == (0, 105)
