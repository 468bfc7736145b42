"""A small history: every value in its place, a gap where nothing is known, seen on either screen."""

import re
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.figures import theme
from dashboard.figures.sparkline import HEIGHT, STANDARD, WIDTH, sparkline
from dashboard.layouts.frame import components as show
from tests.dashboard.figures.test_theme import contrast

VALUES = st.lists(st.none() | st.floats(-1e6, 1e6), min_size=1, max_size=30)
NAMESPACE = "{http://www.w3.org/2000/svg}"


def paths_of(drawn):
    return [path.get("d") for path in ElementTree.fromstring(drawn).iter(f"{NAMESPACE}path")]


@given(VALUES, st.none() | st.floats(-1e6, 1e6))
def test_each_known_value_is_drawn_once_in_order_and_within_the_picture(values, standard):
    drawn = sparkline(values, standard)
    known = [value for value in values if value is not None]
    if not known:
        assert drawn == ""
        return
    *_, line, last = paths_of(drawn)
    points = [(int(x), int(y)) for x, y in re.findall(r"[ML](\d+) (\d+)", line)]
    assert len(points) == len(known)
    assert [x for x, _ in points] == sorted(x for x, _ in points)
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in points)
    for (_, one), (_, other), before, after in zip(points, points[1:], known, known[1:], strict=False):
        assert (one - other) * (after - before) >= 0, "what rises is drawn higher"
    gaps = len(re.findall("M", line))
    runs = len(
        [1 for at, value in enumerate(values) if value is not None and (at == 0 or values[at - 1] is None)]
    )
    assert gaps == runs, "the pen is lifted over each gap"
    assert last == f"M{points[-1][0]} {points[-1][1]}h0"


def test_the_standard_stands_at_its_own_height():
    low, _, _ = paths_of(sparkline([50, 60], standard=40))
    high, _, _ = paths_of(sparkline([50, 60], standard=70))
    assert int(re.search(r"M0 (\d+)", low)[1]) > int(re.search(r"M0 (\d+)", high)[1])


@pytest.mark.parametrize("colour", [theme.BAR, STANDARD])
@pytest.mark.parametrize("ground", [theme.CARD, theme.PAGE, theme.DARK[theme.CARD], theme.DARK[theme.PAGE]])
def test_one_picture_can_be_seen_on_a_light_and_on_a_dark_screen(colour, ground):
    assert contrast(colour, ground) >= 3


def test_a_picture_in_a_cell_says_its_words_and_weighs_little():
    image = show.spark([float(value) for value in range(24)], 12, label="24 months, from 0 to 23")["props"]
    assert image["alt"] == "24 months, from 0 to 23"
    kind, _, drawn = image["src"].partition(",")
    assert kind == "data:image/svg+xml"
    assert unquote(drawn) == sparkline([float(value) for value in range(24)], 12)
    assert len(image["src"]) < 800
    assert show.spark([None, None]) is None


def test_a_bar_is_as_long_as_its_part_and_is_not_said_twice():
    drawn = str(show.bar(25, 100))
    assert "25%" in drawn
    assert "aria-hidden" in drawn
    assert "100%" in str(show.bar(300, 100))
    assert "'0%'" in str(show.bar(-1, 100))
    assert show.bar(None, 100) is None
    assert show.bar(1, 0) is None
