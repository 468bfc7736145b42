"""Deciles and nearest lists, against second implementations that a reader can check by eye."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtt.benchmark.case_mix import mix_distances, nearest, similar_sizes
from rtt.benchmark.deciles import DECILES, deciles, place_words
from rtt.benchmark.funnel import FEWEST_PEERS

KNOWN = st.floats(0, 100)
NOT_REPORTED = math.nan


def naive_decile(values, percent):
    """The value at the place percent/100 of the way along the sorted values, between neighbours."""
    values = sorted(values)
    place = percent * (len(values) - 1)
    step, rest = divmod(place, 100)
    if rest == 0:
        return values[step]
    return values[step] + (values[step + 1] - values[step]) * rest / 100


@given(st.lists(st.lists(KNOWN | st.just(NOT_REPORTED), min_size=4, max_size=4), min_size=1, max_size=40))
def test_deciles_are_those_of_the_peers_that_reported_that_month(figures):
    found = deciles(figures)
    for month in range(4):
        there = [row[month] for row in figures if not math.isnan(row[month])]
        assert found.peers[month] == len(there)
        if len(there) < FEWEST_PEERS:
            assert np.isnan(found.values[:, month]).all()
        else:
            naive = [naive_decile(there, percent) for percent in DECILES]
            assert found.values[:, month] == pytest.approx(naive, rel=1e-9, abs=1e-9)


def test_a_decile_among_waits_beyond_the_last_band_lies_there_too():
    found = deciles([[float(week)] for week in range(10)] + [[math.inf]] * 10).values[:, 0]
    assert found[-1] == math.inf
    assert found[0] == pytest.approx(1.9)
    assert not np.isnan(found).any()


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.5, "below the 1st decile"),
        (1, "at the 1st decile"),
        (4.5, "between the 4th decile and the median"),
        (5, "at the median"),
        (7.2, "between the 7th decile and the 8th decile"),
        (12, "above the 9th decile"),
        (math.nan, ""),
    ],
)
def test_the_place_among_deciles_in_words(value, said):
    assert place_words(value, np.arange(1.0, 10.0)) == said


LISTS = st.lists(st.lists(st.integers(0, 3000), min_size=5, max_size=5), min_size=2, max_size=30)


def naive_distance(one, other):
    """The share of one list that would have to be in another specialty: what it has too much of."""
    return sum(max(0, mine / sum(one) - theirs / sum(other)) for mine, theirs in zip(one, other, strict=True))


@given(LISTS)
def test_distance_is_the_share_that_would_have_to_change_specialty(lists):
    own, *others = lists
    found = mix_distances(others, own)
    for distance, other in zip(found, others, strict=True):
        if sum(own) == 0 or sum(other) == 0:
            assert math.isnan(distance)
        else:
            assert distance == pytest.approx(naive_distance(own, other), abs=1e-9)
            assert 0 <= distance <= 1 + 1e-12


@given(LISTS)
def test_nobody_left_out_is_nearer_than_anybody_chosen(lists):
    own, *others = lists
    codes = [f"R{at:02}" for at in range(len(others))]
    distances = mix_distances(others, own)
    chosen = nearest(codes, distances)
    left = [row for row in range(len(others)) if row not in chosen and not math.isnan(distances[row])]
    assert len(chosen) == min(10, len(chosen) + len(left))
    for row in left:
        assert all(distances[row] >= distances[each] - 1e-9 for each in chosen)


def test_the_same_mix_is_no_distance_whatever_the_size():
    assert mix_distances([[10, 30], [0, 8]], [100, 300]).tolist() == pytest.approx([0, 0.25])


def test_similar_lists_are_from_half_to_twice_as_long():
    assert similar_sizes([499, 500, 900, 2000, 2001, 0], 1000) == [2, 1, 3]
