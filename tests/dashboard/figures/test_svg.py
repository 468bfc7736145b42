"""A picture shows what its plot holds: read back from its lines and words, by the numbers on its axes."""

import ast
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache, cached_property, reduce
from itertools import pairwise
from math import hypot, log10
from pathlib import Path
from typing import get_args
from xml.etree import ElementTree

import pytest
from PIL import ImageFont

from dashboard import figures
from dashboard.figures import plot as typed
from dashboard.figures import theme
from dashboard.figures.plot import Band, Bars, Line, Reference, RowMarks, Tiles, colour_and_shape
from dashboard.figures.svg.numbers import number_on_axis
from dashboard.figures.svg.picture import svg_of
from dashboard.packs.contents.axes import with_axes
from ingest.store.database import make_engine
from rtt.terms.calendar import month_end
from tests import allowances
from tests.dashboard.figures import every_chart

HEIGHT, NEAR = 380, 0.05
"""Pixels of a picture, and within which a place is the same."""
NAMES = [*every_chart.DRAWN, "control_chart.control_chart", "level_chart.level_chart", "shape.shape_chart"]
MAP = "tile_map.tile_map"
FONTS = Path("/usr/share/fonts/truetype/liberation")
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def charts(demo_template):
    engine = make_engine(f"sqlite:///{demo_template}")
    yield every_chart.charts_of(engine)
    engine.dispose()


@pytest.fixture(params=NAMES)
def chart(request, charts):
    return charts[request.param]


@dataclass
class Picture:
    """What stands in an SVG: lines and areas by their points, marks, and words with their boxes."""

    size: tuple[float, float]
    paths: list[tuple[list[tuple[float, float]], dict[str, str]]]
    marks: list[tuple[float, float, dict[str, str]]]
    words: list[tuple[str, tuple[float, float, float, float]]]

    def at(self, x, y):
        """Whether a line, an area or a mark has a point here."""
        return any(hypot(x - a, y - b) < NEAR for a, b in self.ends)

    @cached_property
    def ends(self):
        return {point for points, _ in self.paths for point in points} | {mark[:2] for mark in self.marks}

    @cached_property
    def lines(self):
        return {pair for points, _ in self.paths for pair in pairwise(points)}

    def joined(self, one, other):
        """Whether a line goes straight from one point to another."""
        return any(
            hypot(one[0] - a[0], one[1] - a[1]) < NEAR and hypot(other[0] - b[0], other[1] - b[1]) < NEAR
            for a, b in self.lines
        )


@cache
def font(bold):
    path = FONTS / f"LiberationSans-{'Bold' if bold else 'Regular'}.ttf"
    if not path.exists():
        allowances.skip_without_package("fonts-liberation")
    return ImageFont.truetype(str(path), 1000)


def read(svg):
    root = ElementTree.fromstring(svg)
    _, _, *size = map(float, root.get("viewBox").split())
    shapes = {each for defs in root.iter(f"{SVG}defs") for each in defs.iter(f"{SVG}path")}
    paths = [
        ([tuple(map(float, pair)) for pair in re.findall(r"[ML] (\S+) (\S+)", each.get("d"))], style_of(each))
        for each in root.iter(f"{SVG}path")
        if each not in shapes
    ]
    marks = [(float(each.get("x")), float(each.get("y")), style_of(each)) for each in root.iter(f"{SVG}use")]
    return Picture(tuple(size), paths, marks, [words_of(each) for each in root.iter(f"{SVG}text")])


def style_of(element):
    return dict(re.findall(r"([\w-]+): ([^;]+)", element.get("style") or ""))


def words_of(element):
    style = style_of(element)
    size = float(re.search(r"([\d.]+)px", element.get("style"))[1])
    bold = style.get("font-weight") in ("700", "bold") or " 700 " in style.get("font", "")
    x, y = map(float, re.search(r"translate\(([\d.-]+) ([\d.-]+)\)", element.get("transform")).groups())
    wide = font(bold).getlength(element.text) * size / 1000
    return element.text, (x, y - 0.73 * size, x + wide, y + 0.21 * size)


def number_read(words):
    found = re.fullmatch(r"(−?)([\d,.]+)([%kMG]?)", words)
    if not found:
        return None
    times = {"%": 0.01, "k": 1e3, "M": 1e6, "G": 1e9}.get(found[3], 1.0)
    return (-1 if found[1] else 1) * float(found[2].replace(",", "")) * times


def through(known):
    """The straight line through places and their pixels, from the two that lie furthest apart."""
    (low, first), (high, last) = min(known), max(known)
    assert high > low
    return lambda value: first + (value - low) / (high - low) * (last - first)


def value_axis(picture, plot):
    """Where a value stands, by the lines of the grid and the numbers beside them."""
    lies = plot.kind == "horizontal"
    grid = [points for points, style in picture.paths if style.get("stroke") == theme.GRID]
    known = []
    for points in grid:
        at = points[0][0 if lies else 1]
        beside = [
            value
            for words, (left, top, right, bottom) in picture.words
            if (value := number_read(words)) is not None
            and (
                abs((left + right) / 2 - at) < 1 and top > picture.size[1] * 0.6
                if lies
                else right < 56 and top < at < bottom
            )
        ]
        known += [(value, at) for value in beside[:1]]
    return through(known)


def along_axis(picture, plot):
    """Where a place along the axis stands, by the words below its ticks."""
    ticks = [
        points[0]
        for points, style in picture.paths
        if style.get("stroke") == theme.SECONDARY
        and len(points) == 2
        and points[0][0] == points[1][0]
        and abs(points[0][1] - points[1][1]) == 4
    ]
    known = []
    for x, foot in ticks:
        below = [
            words
            for words, (left, top, right, _) in picture.words
            if abs((left + right) / 2 - x) < 1 and top > foot
        ]
        known.append((place_read(below, plot), x))
    along = through(known)
    return lambda place: along(
        place.toordinal() if isinstance(place, date) else log10(place) if plot.log else place
    )


def place_read(lines, plot):
    if plot.kind == "dates":
        words = " ".join(lines)
        day = words if words[0].isdigit() else f"1 {words}"
        shown = datetime.strptime(f"{day} +0000", "%d %b %Y %z").date()
        return (shown if day == words else month_end(shown)).toordinal()
    if plot.log:
        return log10(number_read(lines[0]))
    # The title of the axis may stand below one of them.
    shown = ("<br>".join(lines[:many]) for many in (2, 1))
    ticks = dict(zip(plot.along["ticktext"], plot.along["tickvals"], strict=True))
    return next(ticks[words] for words in shown if words in ticks)


def test_every_function_that_makes_a_chart_has_one_here(charts):
    made = set()
    for path in Path(figures.__file__).parent.glob("*.py"):
        for function in ast.walk(ast.parse(path.read_text())):
            if isinstance(function, ast.FunctionDef) and any(
                isinstance(each, ast.Call) and getattr(each.func, "id", "") == "Chart"
                for each in ast.walk(function)
            ):
                made.add(f"{path.stem}.{function.name}")
    assert set(charts) == made == set(NAMES)


def test_every_kind_of_plot_and_of_series_is_among_them(charts):
    plots = [chart.plot for chart in charts.values()]
    assert {plot.kind for plot in plots} == set(get_args(typed.Kind))
    assert {type(series) for plot in plots for series in plot.series} == set(get_args(typed.Series))


@pytest.mark.parametrize("name", [name for name in NAMES if name != MAP])
def test_every_value_stands_where_the_axes_say(charts, name):
    plot = charts[name].plot
    picture = read(svg_of(plot, HEIGHT))
    up = value_axis(picture, plot)
    along = None if plot.kind == "horizontal" else along_axis(picture, plot)
    for series in plot.series:
        if isinstance(series, Bars):
            check_bars(picture, plot, series, up)
        elif isinstance(series, RowMarks):
            check_row_marks(picture, series, up)
        else:
            check_points(picture, series, along, up)


def check_points(picture, series, along, up):
    match series:
        case Line():
            check_line(picture, series, along, up)
        case Band():
            outline = zip((*series.at, *series.at), (*series.low, *series.high), strict=True)
            assert all(picture.at(along(day), up(value)) for day, value in outline)
        case Reference():
            assert all(picture.at(along(day), up(series.value)) for day in (series.starts, series.ends))


def check_line(picture, line, along, up):
    points = [
        None if value is None or value != value else (along(at), up(value))
        for at, value in zip(line.at, line.values, strict=True)
    ]
    stepped = line.web.get("line", {}).get("shape") == "hvh"
    lone = line.style.width and not line.style.marker and len(points) > 1
    for at, point in enumerate(points):
        neighbours = [points[near] for near in (at - 1, at + 1) if 0 <= near < len(points)]
        if point and not (lone and not any(neighbours)) and not stepped:
            assert picture.at(*point), (line.name, line.at[at], line.values[at])
    if line.style.width and not stepped:
        for at, (one, other) in enumerate(pairwise(points), 1):
            if one and other:
                assert picture.joined(one, other) == (at not in line.breaks), (line.name, at)
    known = [at for at, point in enumerate(points) if point]
    for before, after in pairwise(known):
        if after > before + 1:  # a gap
            assert not picture.joined(points[before], points[after]), (line.name, line.at[after])
    if stepped:
        tops = {round(y, 1) for ends, _ in picture.paths for _, y in ends}
        assert {round(point[1], 1) for point in points if point} <= tops
    for point, mark in zip(points, line.marks, strict=False):
        colour, shape = colour_and_shape(mark)
        drawn = [style for x, y, style in picture.marks if point and hypot(x - point[0], y - point[1]) < NEAR]
        assert not point or any(
            style.get("stroke") == colour
            and (
                style.get("fill") == colour
                if not shape.endswith("-open")
                else style.get("fill-opacity") == "0"
            )
            for style in drawn
        )


def check_bars(picture, plot, bars, up):
    """Each is as long as its value, in the order of the names."""
    way = 0 if plot.kind == "horizontal" else 1
    own = bars.web.get("marker", {}).get("color", bars.colour)
    colours = own if isinstance(own, list) else [own]
    drawn = sorted(
        (min(points, key=lambda point: point[1 - way])[1 - way], points)
        for points, style in picture.paths
        if style.get("fill") in colours and len(points) == 4
    )
    ends = [sorted(point[way] for point in points)[:: len(points) - 1] for _, points in drawn]
    bases = bars.bases or (0.0,) * len(bars.values)
    known = [
        sorted((up(base), up(base + value)))
        for base, value in zip(bases, bars.values, strict=True)
        if value is not None and value == value
    ]
    assert len(ends) == len(known)
    for found, expected in zip(ends, known, strict=True):
        assert found == pytest.approx(expected, abs=NEAR)


def check_row_marks(picture, marks, up):
    known = [value for value in marks.values if value is not None and value == value]
    ends = [value for value in (*marks.lower, *marks.upper) if value is not None]
    across = [x for x, _, _ in picture.marks] + [x for points, _ in picture.paths for x, _ in points]
    for value in (*known, *ends):
        assert any(abs(up(value) - x) < NEAR for x in across), (marks.name, value)


def test_every_place_of_a_map_has_a_square_with_its_words_and_shade():
    plot = every_chart.DRAWN[MAP].plot
    (tiles,) = (each for each in plot.series if isinstance(each, Tiles))
    picture = read(svg_of(plot, HEIGHT))
    squares = [(points, style) for points, style in picture.paths if len(points) == 4 and style.get("stroke")]
    for name, shown, step in zip(tiles.names, tiles.shown, tiles.steps, strict=True):
        ((left, top, right, bottom),) = (box for words, box in picture.words if words == name)
        around = [
            style
            for points, style in squares
            if min(x for x, _ in points) < left and max(x for x, _ in points) > right
            and min(y for _, y in points) < top and max(y for _, y in points) > bottom
        ]  # fmt: skip
        assert [style["fill"] for style in around] == [theme.CARD if step is None else theme.STEPS[step]]
        assert shown in [words for words, _ in picture.words]


def written_in(text):
    """The words of a label, each as it is read."""
    plain = re.sub(r"</?b>|<br>", "\0", text)
    known = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
    return [
        reduce(lambda words, pair: words.replace(*pair), known, each) for each in plain.split("\0") if each
    ]


def test_all_its_words_are_words_of_the_picture_inside_it_and_none_on_another(chart):
    for drawn in (chart, with_axes(chart, "Within 18 weeks, % of pathways")):
        plot = drawn.plot
        picture = read(svg_of(plot, HEIGHT))
        shown = [words for words, _ in picture.words]
        labels = [words for each in plot.web.get("annotations", ()) for words in written_in(each["text"])]
        labels += [
            words for series in plot.series if isinstance(series, Line) for words in series.labels if words
        ]
        labels += [plot.along_title] if plot.along_title else []
        assert [words for words in labels if words not in shown] == []
        for at, (words, box) in enumerate(picture.words):
            assert min(box) >= 0, words
            assert (box[2] <= picture.size[0], box[3] <= picture.size[1]) == (True, True), words
            for other, beside in picture.words[:at]:
                wide = min(box[2], beside[2]) - max(box[0], beside[0])
                high = min(box[3], beside[3]) - max(box[1], beside[1])
                assert wide < 1 or high < 1, (words, other)


@pytest.mark.parametrize(
    ("value", "form", "words"),
    [
        (0.6, ".0%", "60%"), (0.0047, ".2%", "0.47%"), (-0.02, ".1%", "−2.0%"), (1234.0, ",d", "1,234"),
        (-5.0, "d", "−5"), (0.0, "d", "0"), (-1e-15, ".1f", "0.0"), (300_000.0, "~s", "300k"),
        (7_450_000.0, "~s", "7.45M"), (0.0, "~s", "0"), (2.5, ",", "2.5"), (26_000.0, ",", "26,000"),
        (3.0, "", "3"),
    ],
)  # fmt: skip
def test_numbers_on_an_axis_read_as_browsers_write_them(value, form, words):
    assert number_on_axis(value, form) == words


def test_a_name_wider_than_the_picture_is_cut_and_its_number_kept():
    long = every_chart.bar_chart(
        [every_chart.Bar("NHS " * 60, "N", 0.5, "50.0%", "")], unit="share", what="w", columns=("a", "b"),
        **every_chart.SAID,
    )  # fmt: skip
    picture = read(svg_of(long.plot, 100))
    name, number = (words for words, _ in picture.words if not words.endswith("0%") or words == "50.0%")
    assert (name[-1], number) == ("…", "50.0%")
    assert max(box[2] for _, box in picture.words) <= picture.size[0]


def test_what_somebody_wrote_is_shown_as_it_is():
    chart = every_chart.DRAWN["bars.bar_chart"]
    odd = replace(
        chart.plot, web={**chart.plot.web, "annotations": [theme.text_at(0, 0, "$a_1$ &lt;b> 5 < 6")]}
    )
    assert "$a_1$ <b> 5 < 6" in [words for words, _ in read(svg_of(odd, 200)).words]


def test_pictures_drawn_at_the_same_time_are_those_drawn_alone():
    plots = [chart.plot for chart in every_chart.DRAWN.values()]
    alone = [svg_of(plot, HEIGHT) for plot in plots]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda plot: svg_of(plot, HEIGHT), plots * 2)) == alone * 2
