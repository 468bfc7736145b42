"""A picture that is being drawn: where its plot lies, and what is put on it, in pixels from its lower left.

matplotlib draws and writes. Its own axes are not used: they cost more than all else, and have their own mind
of room, ticks and words. Importing it takes half a second: this room is entered when a picture is made.
"""

import io
import re
from collections.abc import Sequence
from datetime import date
from functools import cache, lru_cache
from html import unescape
from math import log10

import matplotlib
from matplotlib.artist import Artist
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, fontManager, get_font
from matplotlib.ft2font import LoadFlags
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon
from matplotlib.transforms import Bbox, IdentityTransform

from dashboard.figures import theme
from dashboard.figures.plot import Place
from dashboard.figures.svg.ink import STAR, Colour, colour_of, dashes_of, marker_of
from rtt.terms.text_edges import shortened

DOTS = 72
"""An inch: at so many a point of type is a pixel."""
LETTERS, LINE, EDGE = 14, 1.3, 2.0
"""Pixels of type where nothing else is said; a line in heights of it; pixels from the picture's edge."""
FONTS = ("Liberation Sans", "Arial", "Helvetica")
"""Of one width, letter by letter; whoever opens a picture has one of them."""
Point = tuple[float, float]
Box = tuple[float, float, float, float]
"""Left, bottom, right, top."""
UNDATED = {"Date": None, "Creator": None}
_PIXELS = IdentityTransform()
_RUN = re.compile(r"<b>(.*?)</b>|((?:(?!<b>).)+)")

matplotlib.rcParams.update(
    {
        "svg.fonttype": "none",  # words stay words
        "svg.hashsalt": "rtt",  # the same picture has the same bytes
        "text.parse_math": False,  # "$" is what somebody wrote
        "lines.scale_dashes": False,
        "path.simplify": False,
    }
)


def number_of(place: Place | str) -> float:
    """A place on an axis as a number: a day, in either writing, by its count."""
    if isinstance(place, str):
        place = date.fromisoformat(place)
    return float(place.toordinal()) if isinstance(place, date) else float(place)


class Frame:
    """A picture of this size; `box` is its plot, `across` and `up` are the ends of its axes."""

    def __init__(self, size: Point, box: Box, across: Point, up: Point, *, log: bool = False) -> None:
        self.size, self.box, self._across, self._up, self._log = size, box, across, up, log
        self._figure = Figure((size[0] / DOTS, size[1] / DOTS), dpi=DOTS, facecolor=theme.CARD)
        self._plot = Bbox.from_extents(*box)

    def x(self, place: Place | str) -> float:
        """Where a place along the axis stands."""
        value = number_of(place)
        return _between(log10(value) if self._log else value, self._across, self.box[0], self.box[2])

    def y(self, place: Place | str) -> float:
        """How high a value stands."""
        return _between(number_of(place), self._up, self.box[1], self.box[3])

    def line(
        self, points: Sequence[Point], colour: str, width: float, dash: str = "", *, within: bool = True
    ) -> None:
        """A line; `within`: no further than the plot."""
        x, y = zip(*points, strict=True)
        style = dashes_of(dash, width)
        self._put(Line2D(x, y, color=colour_of(colour), linewidth=width, linestyle=style), within)

    def marks(
        self, points: Sequence[Point], symbol: str, size: float, fill: str, edge: str, width: float
    ) -> None:
        """Marks of one kind; they may reach over the edge of the plot."""
        x, y = zip(*points, strict=True)
        size *= STAR if symbol.startswith("star") else 1.0
        face, pen = colour_of(fill), colour_of(edge)
        self._put(
            Line2D(
                x, y, linestyle="", marker=marker_of(symbol), markersize=size,
                markerfacecolor=face, markeredgecolor=pen, markeredgewidth=width,
            ),
            within=False,
        )  # fmt: skip

    def area(self, points: Sequence[Point], fill: str, edge: str = "", width: float = 0.0) -> None:
        """An area within its outline."""
        pen = colour_of(edge if width else "")
        self._put(Polygon(points, facecolor=colour_of(fill), edgecolor=pen, linewidth=width), within=True)

    def words(
        self, text: str, at: Point, *, across: str, up: str, size: float = LETTERS, colour: str = theme.TEXT,
        ground: str = "",
    ) -> None:  # fmt: skip
        """Words beside a place, on a ground of their own: lines end at <br>, what is within <b> is bold."""
        lines = [_runs(line) for line in text.split("<br>")]
        high = size * LINE
        top = at[1] + high * len(lines) * {"top": 0.0, "middle": 0.5, "bottom": 1.0}[up]
        top = min(max(top, high * len(lines) + EDGE), self.size[1] - EDGE)
        for number, runs in enumerate(_fitting(line, size, self.size[0] - 2 * EDGE) for line in lines):
            wide = [_width(words, size, bold) for words, bold in runs]
            left = at[0] - sum(wide) * {"left": 0.0, "center": 0.5, "right": 1.0}[across]
            left = max(min(left, self.size[0] - EDGE - sum(wide)), EDGE)
            foot = top - high * (number + 1)
            if ground:
                right, head = left + sum(wide) + 1, foot + high
                self.area([(left - 1, foot), (left - 1, head), (right, head), (right, foot)], ground)
            for (words, bold), length in zip(runs, wide, strict=True):
                place = left, self.size[1] - foot - size * 0.37
                self._put(_Words(words, place, _font(size, bold), colour_of(colour)), within=False)
                left += length

    def written(self) -> bytes:
        """The picture as it is now."""
        file = io.BytesIO()
        FigureCanvasSVG(self._figure).print_figure(file, format="svg", metadata=UNDATED)
        named = ", ".join(map(repr, FONTS))
        return file.getvalue().replace(f"'{_family()}'".encode(), f"{named}, sans-serif".encode())

    def _put(self, artist: Artist, within: bool) -> None:
        artist.set_transform(_PIXELS)
        artist.set_zorder(self._next())
        self._figure.add_artist(artist)
        if within:
            artist.set_clip_box(self._plot)
        else:
            artist.set_clip_on(False)

    def _next(self) -> int:
        return len(self._figure.get_children())


class _Words(Artist):
    """Words at a place from the upper left.

    matplotlib's own are measured again, and warn of every letter that the font does not have: whoever opens
    the picture has another for it.
    """

    def __init__(self, words: str, place: Point, font: FontProperties, colour: Colour) -> None:
        super().__init__()
        self._said, self._place, self._font, self._colour = words, place, font, colour

    def draw(self, renderer: RendererBase) -> None:
        pen = renderer.new_gc()
        pen.set_foreground(self._colour)
        renderer.draw_text(pen, *self._place, self._said, self._font, 0.0)
        pen.restore()


def _between(value: float, ends: Point, first: float, last: float) -> float:
    return first + (value - ends[0]) / (ends[1] - ends[0]) * (last - first)


def _runs(line: str) -> list[tuple[str, bool]]:
    """The parts of a line as they are read, and whether each is bold."""
    return [(unescape(bold or plain), bool(bold)) for bold, plain in _RUN.findall(line)]


def _fitting(runs: list[tuple[str, bool]], size: float, room: float) -> list[tuple[str, bool]]:
    """The parts of a line, the longest of them cut where together they are wider than the picture."""
    while (wide := sum(_width(words, size, bold) for words, bold in runs)) > room:
        at = max(range(len(runs)), key=lambda at: len(runs[at][0]))
        words, bold = runs[at]
        runs = [
            *runs[:at],
            (shortened(words, min(len(words) - 1, int(len(words) * room / wide))), bold),
            *runs[at + 1 :],
        ]
    return runs


@cache
def _family() -> str:
    """The font of this machine that words are measured with: others would be looked up every time."""
    there = fontManager.get_font_names()
    return next((name for name in FONTS if name in there), "DejaVu Sans")


@cache
def _font(size: float, bold: bool) -> FontProperties:
    return FontProperties(family=_family(), size=size, weight="bold" if bold else "normal")


def _width(words: str, size: float, bold: bool) -> float:
    return sum(_advance(letter, bold) for letter in words) * size


@lru_cache(maxsize=10_000)
def _advance(letter: str, bold: bool) -> float:
    """The width of a letter in type of a pixel; of one that the font does not have, that of its empty box."""
    font = get_font(findfont(_font(1.0, bold)))
    font.set_size(100.0, DOTS)
    glyph = font.load_glyph(font.get_char_index(ord(letter)), LoadFlags.NO_HINTING)
    return glyph.linearHoriAdvance / 65_536 / 100.0
