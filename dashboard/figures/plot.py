"""What a chart shows, as values: series with their marks, bars, bands and reference lines, and their axis.

Every drawing is made from it: `figures.plotly` for browsers, `figures.svg` for PDF and HTML, `packs.office`
for PowerPoint, Word and Excel. What Office draws by itself (labels at places, room at the edges, text at the
pointer) stands beside the values as `web`, in Plotly's words; `figures.svg` reads it too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from dashboard.figures import theme
from rtt.spc.reading import Variation

Kind = Literal["dates", "vertical", "horizontal", "points", "tiles"]
Place = date | float
Web = Mapping[str, Any]
NOT_JUDGED = (theme.GREY, "circle")
LABELLED = 14
"""Vertical bars that have room for a number or a word each."""


@dataclass(frozen=True, slots=True)
class Style:
    """Colour and shape. `width` 0: no line; `marker` '': no marks; one that ends with -open is hollow."""

    colour: str
    width: float = 0.0
    dash: str = ""
    marker: str = ""
    size: int = 7


@dataclass(frozen=True, slots=True)
class Mark:
    """What is known of one point beside its value: its signal (None: not judged), and its week."""

    signal: Variation | None
    bank_holiday: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """Values at places along the axis, None in a gap: a line, marks, or both.

    `marks`: one for each value, where they are judged. `breaks`: positions before which the line is broken.
    `told` and `hover`: the words of each point, and how the pointer shows them; '' shows none.
    """

    at: tuple[Place, ...]
    values: tuple[float | None, ...]
    style: Style
    name: str = ""
    marks: tuple[Mark, ...] = ()
    breaks: tuple[int, ...] = ()
    labels: tuple[str, ...] = ()
    told: tuple[str, ...] | None = None
    hover: str = ""
    hrefs: tuple[str, ...] | None = None
    web: Web = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reference:
    """One value from a place to another, such as a standard; at one place alone it is a mark."""

    name: str
    value: float
    starts: date
    ends: date
    style: Style
    hover: str = ""
    web: Web = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Band:
    """An interval at each place: `fill` colours its area, `style` its ends where they are drawn as lines."""

    name: str
    at: tuple[date, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    style: Style
    fill: str


@dataclass(frozen=True, slots=True)
class Bars:
    """A bar for each name of the plot, or from the `first` of them on; None draws none.

    From zero, or from `bases` where they float.
    """

    values: tuple[float | None, ...]
    colour: str
    name: str = ""
    first: int = 0
    bases: tuple[float, ...] = ()
    told: tuple[str, ...] | None = None
    hrefs: tuple[str, ...] | None = None
    web: Web = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RowMarks:
    """Marks at single numbers in the rows of horizontal bars; a marker "line" is a short one across the row.

    `lower` and `upper`: the ends of an interval around each.
    """

    name: str
    rows: tuple[int, ...]
    values: tuple[float | None, ...]
    style: Style
    lower: tuple[float | None, ...] = ()
    upper: tuple[float | None, ...] = ()
    offset: float = 0.0  # from the middle of the row down
    told: tuple[str, ...] | None = None
    hover: str = ""
    hrefs: tuple[str, ...] | None = None
    web: Web = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tiles:
    """Squares of one size at whole places counted from the upper left, with two lines of words each: a map.

    `steps`: the shade of each, a position in `theme.STEPS`; None is without one. `edged`: positions of those
    that the reader has chosen. Office draws no such thing: the table stands in for it.
    """

    at: tuple[tuple[int, int], ...]  # column and row
    names: tuple[str, ...]
    shown: tuple[str, ...]
    steps: tuple[int | None, ...]
    told: tuple[str, ...]
    hrefs: tuple[str, ...]
    edged: frozenset[int] = frozenset()


Series = Line | Reference | Band | Bars | RowMarks | Tiles


@dataclass(frozen=True, slots=True)
class Axis:
    """The axis of values: its ends, its format as d3 writes it, and the unit of the measure or ''.

    `title`: what it measures, '' where that is the measure itself.
    """

    low: float
    high: float
    format: str
    unit: str = ""
    web: Web = field(default_factory=dict)
    title: str = ""


@dataclass(frozen=True, slots=True)
class Plot:
    """A chart as values. `names` are those of bars; `days` and `span` are of an axis of dates.

    `short_names`: for an axis of very many bars. `uprights`: lines between two bars, each before the bar of
    this number, and their words. `along_title` names the other axis, `along`: how browsers draw it; `web`:
    the rest of what they draw.
    """

    kind: Kind
    series: tuple[Series, ...]
    axis: Axis
    names: tuple[str, ...] = ()
    days: tuple[date, ...] = ()
    span: tuple[date, date] | None = None
    log: bool = False
    along_title: str = ""
    short_names: tuple[str, ...] = ()
    uprights: tuple[tuple[int, str], ...] = ()
    along: Web = field(default_factory=dict)
    web: Web = field(default_factory=dict)


def colour_and_shape(mark: Mark) -> tuple[str, str]:
    """How a mark tells its signal; hollow in the week of a bank holiday."""
    icon = mark.signal.icon if mark.signal else None
    colour, shape = (theme.SIGNALS[icon.meaning][0], icon.shape) if icon else NOT_JUDGED
    return colour, f"{shape}-open" if mark.bank_holiday else shape


def names_of(rows: Sequence[tuple[str, float | None, str]]) -> tuple[str, ...]:
    """Names of bars, from (name, value, as printed); one without a bar says what the table has: "under 8"."""
    return tuple(f"{name}: {shown}" if value is None else name for name, value, shown in rows)
