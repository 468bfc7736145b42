"""What an office chart is made of: categories, series and their styles, with no format known.

A series may be a bar, a line over bars, or the unseen offset of a stack that makes the rest of it float.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise
from typing import Any, Literal

from dashboard.figures.plot import Axis, Style
from dashboard.packs.office.letters import width_of
from rtt.terms.text_edges import shortened

Kind = Literal["dates", "columns", "stacked", "bars", "points"]
FORMATS = {
    ".0%": "0%",
    ".1%": "0.0%",
    ".2%": "0.00%",
    ".3%": "0.000%",
    ",d": "#,##0",
    "d": "0",
    ",": "#,##0",
    "~s": "#,##0",  # Office has room for the whole number
    ".1f": "0.0",
    ".2f": "0.00",
}


@dataclass(frozen=True, slots=True)
class Series:
    """Values beside the categories; None is a gap. Of points, `values` stand beside `at`, their places.

    `line`: drawn as a line or marks over the bars of the others. `shown`: the number format of labels at its
    points, '' for none; `labels`: words there instead. `fill` False: a bar that is an outline alone.
    `unseen`: one that takes its room and shows nothing. `upright`: one point, from which a line falls.
    `sides`: of each label, where it stands beside its point ("above", "below", "left", "right"), '' for none.
    """

    name: str
    values: tuple[float | None, ...]
    style: Style
    at: tuple[float, ...] = ()
    line: bool = False
    shown: str = ""
    labels: tuple[str, ...] = ()
    sides: tuple[str, ...] = ()
    named: bool = False  # its name stands at it
    in_legend: bool = True
    fill: bool = True
    unseen: bool = False
    upright: bool = False


@dataclass(frozen=True, slots=True)
class Dates:
    """An axis of dates: its unit, how many of them are between two labels, and how a label is written."""

    unit: Literal["months", "days"]
    step: int
    shown: str


@dataclass(frozen=True, slots=True)
class Plot:
    """`categories` are dates or words; of points there are none, for each series has places of its own."""

    kind: Kind
    categories: tuple[Any, ...]
    series: tuple[Series, ...]
    number_format: str
    low: float | None
    high: float | None
    step: float | None = None  # between two labels of the axis
    log: bool = False  # of the axis along which points lie
    label: str = ""  # the number format at points, where it is not the axis'
    up_title: str = ""  # of the axis of values
    along_title: str = ""  # of the other

    def __post_init__(self) -> None:
        named = (
            shortened(each, MOST_OF_LABEL) if isinstance(each, str) else each for each in self.categories
        )
        object.__setattr__(self, "categories", tuple(named))

    @property
    def dates(self) -> Dates:
        """Where the labels of an axis of dates stand: always at a census."""
        days = self.categories
        if all((day + timedelta(days=1)).day == 1 for day in days):
            months = 12 * (days[-1].year - days[0].year) + days[-1].month - days[0].month
            # By whole months a label and its month end are one place; by days a label drifts from 30 April to
            # 30 May, and to the 1st where a month is shorter.
            return Dates("months", 1 + months // MOST_LABELS, "mmm yy")
        apart = math.gcd(*((later - day).days for day, later in pairwise(days))) or 1
        steps = (days[-1] - days[0]).days // apart
        return Dates("days", apart * (1 + steps // MOST_LABELS), "d mmm yy")

    @property
    def is_newest_below(self) -> bool:
        """Whether the number at the newest point stands below it, for the name of a line stands above."""
        if self.low is None or self.high is None:
            return False
        near = (self.high - self.low) * NEAR
        newest = [
            known[-1]
            for each in self.series
            if each.style.width
            and each.style.marker
            and (known := [value for value in each.values if value is not None])
        ]
        lines = [value for each in self.series if each.named for value in each.values if value is not None]
        return any(0 <= line - value < near for line in lines for value in newest)

    @property
    def has_legend(self) -> bool:
        """Whether there is more than one series to tell apart."""
        return sum(each.in_legend for each in self.series) > 1


def number_format(axis: Axis) -> str:
    """The format of an axis in Office."""
    return FORMATS.get(axis.format, "General")


NEAR = 0.25
"""Of the height of a plot: two labels within it could touch, one of them in three lines."""
MOST_LABELS = 7
"""Dates along an axis that stand apart; more of them would be turned."""
MOST_OF_NAME, MOST_OF_LABEL = 60, 40
"""Characters in the legend of a chart, and along its axis or at a point: the table has the whole name."""
LABELS = {"share": "0.0%", "points": "0.0", "weeks": "0.0", "pathways": "#,##0", "band": "#,##0"}


def label_format(axis: Axis) -> str:
    """Of numbers at bars and points, as the table has them: by the unit of the measure, where it is said.

    An axis may need more decimals than the table, never fewer.
    """
    own, along = LABELS.get(axis.unit, ""), number_format(axis)
    if along == "0.00%" and own == "0.0%":
        return along
    return own or ("0.0%" if along == "0%" else along)


def gap_between(plot: Plot) -> int:
    """Between two bars, as a percentage of their width: wider where there are few."""
    return 60 if plot.kind == "stacked" else 20 if len(plot.categories) > 6 else 120


def round_ends(axis: Axis) -> tuple[float, float, float]:
    """The ends of an axis at round numbers, five or so steps apart: Office labels from the lower end."""
    # Room above all of a whole is none.
    high = min(axis.high, 1.0) if axis.format.endswith("%") else axis.high
    rough = (high - axis.low) / 5
    power = 10.0 ** math.floor(math.log10(rough))
    step = power * next(times for times in (1, 2, 5, 10) if times * power >= rough * 0.999)
    return (
        round(math.floor(axis.low / step) * step, 10),
        round(math.ceil(high / step) * step, 10),
        round(step, 10),
    )


def _short(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(shortened(each, MOST_OF_LABEL) for each in words)


def named_apart(series: Iterable[Series]) -> Iterator[Series]:
    """Names told apart: the legend of an office chart, and the columns of its workbook, need it."""
    seen: dict[str, int] = {}
    for each in series:
        each = replace(each, name=shortened(each.name, MOST_OF_NAME), labels=_short(each.labels))
        seen[each.name] = seen.get(each.name, 0) + 1
        number = seen[each.name]
        yield each if number == 1 else replace(each, name=f"{each.name} ({number})")


WIDE, HIGH, LABEL = 7.0, 4.0, 10.0
"""Inches of a chart, and points of a label at a mark, by which labels are kept apart."""
_SIDES = ("above", "right", "left", "below")


def labels_apart(series: tuple[Series, ...], log: bool) -> tuple[Series, ...]:
    """Words at points, each on a side where it lies on no other; without a free side they are left out."""
    xs = [math.log10(x) if log else x for each in series for x in each.at]
    ys = [y for each in series for y in each.values if y is not None]
    if not xs or not ys:
        return series
    wide, high = (max(xs) - min(xs)) or 1.0, (max(ys) - min(ys)) or 1.0
    taken: list[tuple[float, float, float, float]] = []
    found = []
    for each in series:
        sides = []
        for x, y, words in zip(each.at, each.values, each.labels, strict=False):
            along = ((math.log10(x) if log else x) - min(xs)) / wide * WIDE
            up = ((y or 0.0) - min(ys)) / high * HIGH
            boxes = {side: _box(side, along, up, width_of(words, LABEL)) for side in _SIDES}
            free = (
                side for side, box in boxes.items() if words and not any(_meet(box, one) for one in taken)
            )
            side = next(free, "")
            taken += [boxes[side]] if side else []
            sides.append(side)
        found.append(replace(each, sides=tuple(sides)))
    return tuple(found)


def _box(side: str, x: float, y: float, wide: float) -> tuple[float, float, float, float]:
    """Left, bottom, right, top of a label beside its point."""
    high, gap = LABEL * 1.2 / 72, 0.08
    if side in ("above", "below"):
        bottom = y + gap if side == "above" else y - gap - high
        return x - wide / 2, bottom, x + wide / 2, bottom + high
    left = x + gap if side == "right" else x - gap - wide
    return left, y - high / 2, left + wide, y + high / 2


def _meet(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
