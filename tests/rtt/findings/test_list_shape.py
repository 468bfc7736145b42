"""The sentence about nine in ten, beside week bands of which some are hidden."""

import numpy as np

from rtt.findings.list_shape import nine_in_ten_sentence

BANDS = np.zeros(105)
BANDS[10], BANDS[39], BANDS[60] = 88, 3, 9


def test_nine_in_ten_have_waited_so_long():
    assert nine_in_ten_sentence(BANDS) == "9 in 10 have waited under 39.7 weeks."


def test_beside_hidden_bands_it_is_said_to_the_week_and_of_hidden_ones_alone_not_at_all():
    hidden = np.zeros(105, dtype=bool)
    assert nine_in_ten_sentence(BANDS, hidden=hidden) == "9 in 10 have waited under 39.7 weeks."
    hidden[39] = True
    assert nine_in_ten_sentence(BANDS, hidden=hidden) == "9 in 10 have waited under about 40 weeks."
    assert nine_in_ten_sentence(BANDS, hidden=~np.zeros(105, dtype=bool)) == ""
