"""The arrangement of the tile map: everybody has one square, nobody two, of every real month and set."""

import csv
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.figures import icb_tiles
from dashboard.figures.tile_map import fifths

ROWS = list(csv.DictReader((Path(icb_tiles.__file__).parent / "icb_tiles.csv").read_text().splitlines()))
OLD = [row["icb_code"] for row in ROWS if not row["valid_from"]]
NEW = [row["icb_code"] for row in ROWS if row["valid_from"] == "2026-04-01"]


def test_the_sets_are_the_42_and_those_of_which_twelve_closed_and_six_opened():
    assert len(OLD) == len(set(OLD)) == 42
    assert len(NEW) == len(set(NEW)) == 36
    assert len(set(OLD) - set(NEW)) == 12
    assert len(set(NEW) - set(OLD)) == 6
    assert all(len(code) == 5 for code in set(NEW) - set(OLD))


@pytest.mark.parametrize(
    ("codes", "on"), [(OLD, date(2022, 7, 31)), (OLD, date(2026, 3, 31)), (NEW, date(2026, 4, 30))]
)
def test_each_has_a_square_of_its_own_and_a_name_that_fits(codes, on):
    placed = icb_tiles.tiles({code: f"NHS {code} INTEGRATED CARE BOARD" for code in codes}, on)
    assert {tile.code for tile in placed} == set(codes)
    assert len({(tile.column, tile.row) for tile in placed}) == len(codes)
    assert max(tile.column for tile in placed) < icb_tiles.WIDTH
    assert all(0 < len(tile.name) <= icb_tiles.LONGEST for tile in placed)
    assert len({tile.name for tile in placed}) == len(codes)


@given(st.sets(st.sampled_from([*OLD, *NEW, *(f"Z{at:04}" for at in range(30))])))
def test_whoever_has_no_place_stands_in_a_row_of_its_own_at_the_end(codes):
    on = date(2027, 4, 30)
    placed = icb_tiles.tiles({code: f"System {code}" for code in codes}, on)
    assert sorted(tile.code for tile in placed) == sorted(codes)
    assert len({(tile.column, tile.row) for tile in placed}) == len(codes)
    known = [tile.row for tile in placed if tile.code in NEW]
    strange = [tile.row for tile in placed if tile.code not in NEW]
    if known and strange:
        assert min(strange) > max(known) + 1


def naive_fifth(values, value):
    """How many of the four edges between fifths lie below a value."""
    known = sorted(values)
    edges = []
    for percent in (20, 40, 60, 80):
        place = percent * (len(known) - 1) / 100
        low = int(place)
        high = min(low + 1, len(known) - 1)
        edges.append(known[low] + (known[high] - known[low]) * (place - low))
    return sum(1 for edge in edges if edge < value)


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=60))
def test_shades_hold_fifths(values):
    found = fifths([float(value) for value in values])
    for value, step in zip(values, found, strict=True):
        assert abs(step - naive_fifth(values, value)) <= 1  # on an edge, by the last digit
    assert np.all(np.diff([step for _, step in sorted(zip(values, found, strict=True))]) >= 0)


def test_what_has_no_figure_has_no_shade():
    assert fifths([None, 1.0, float("inf")])[0] is None
    assert fifths([None]) == [None]
