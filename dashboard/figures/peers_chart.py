"""An organisation's line over months among the deciles of its peers, or among too few peers' own lines.

As OpenPrescribing draws deciles: thin lines, the median heavier, the organisation's own line on top. The
deciles come from `rtt.benchmark.deciles`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from dashboard.figures import theme
from dashboard.figures.census_axis import span_of
from dashboard.figures.chart import Chart
from dashboard.figures.labels import Place, Wish, label_at, placed
from dashboard.figures.plot import Axis, Line, Plot, Style
from dashboard.figures.side_by_side import Other, with_places
from rtt.benchmark.deciles import DECILES, MEDIAN
from rtt.terms.arrays import Floats
from rtt.terms.wording import date_text, number_text, plural

_DECILE = Style(theme.SECONDARY, width=1, dash="dot")
_MEDIAN = Style(theme.SECONDARY, width=2.5, dash="dash")
_OWN = Style(theme.BLUE, width=3, marker="circle")
_DASHES = ("dash", "dot", "dashdot", "longdash", "solid")
_MARKERS = ("square", "diamond", "triangle-up", "triangle-down", "circle")
_ROOM = 46
"""Pixels beside the plot for "Median"."""

NEAR_THE_AXIS = 0.35
"""Of the plot's width: a long name is as wide on a phone."""

Words = Callable[[float], str]


@dataclass(frozen=True, slots=True)
class Own:
    """The organisation's own line: short name, values with nan for gaps, and each as it is printed."""

    name: str
    values: Floats
    shown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """Of each month: how many peers have a figure, and how many are left out for each reason."""

    there: tuple[int, ...]
    absent: tuple[int, ...]
    few: tuple[int, ...]


def decile_chart(
    days: Sequence[date],
    own: Own,
    values: Floats,
    counted: Counted,
    *,
    title: str,
    caption: str,
    measure: str,
    unit: str,
    words: Words,
    others: Sequence[Other] = (),
) -> Chart:
    """`values` (9, month) are the deciles, `words` writes one; rows are the months, newest first.

    `others`: places to draw beside the organisation.
    """
    names = [_decile_name(at) for at in range(len(DECILES))]
    lines = [
        _line(days, row, _MEDIAN if at == MEDIAN else _DECILE, names[at], words)
        for at, row in enumerate(values)
    ]
    ends = [(short, float(values[at, -1])) for at, short in ((0, "1st"), (MEDIAN, "Median"), (8, "9th"))]
    columns = ("Census", own.name, *names, "Peers", "No such list", "Under 20 pathways")
    rows = tuple(
        (
            date_text(days[t]),
            own.shown[t],
            *(words(float(value)) for value in values[:, t]),
            number_text(counted.there[t]),
            number_text(counted.absent[t]),
            number_text(counted.few[t]),
        )
        for t in reversed(range(len(days)))
    )
    months = plural(len(days), "month")
    what = f"Line chart of {measure.lower()} over {months}, among the deciles of peers"
    alt = f"{what}. {title}. {caption}"
    return with_places(
        Chart(_plot(days, own, lines, ends, unit, others), title, caption, alt, columns, rows), others
    )


def few_peers_chart(
    days: Sequence[date],
    own: Own,
    peers: Sequence[tuple[str, Floats, Sequence[str]]],
    *,
    title: str,
    caption: str,
    measure: str,
    unit: str,
    others: Sequence[Other] = (),
) -> Chart:
    """Peers too few for deciles, each as a line of its own: name, values and their words."""
    lines = [
        Line(
            tuple(days),
            _known(values),
            Style(theme.SECONDARY, 1.5, _DASHES[at % 5], _MARKERS[at % 5], 5),
            name,
            told=tuple(f"{name}: {words}" for words in shown),
            hover="%{x|%d %b %Y}: %{text}<extra></extra>",
            web={"connectgaps": False, "marker": _marker(_MARKERS[at % 5], theme.SECONDARY, 6)},
        )
        for at, (name, values, shown) in enumerate(peers)
    ]
    columns = ("Census", own.name, *(name for name, _, _ in peers))
    rows = tuple(
        (date_text(days[t]), own.shown[t], *(shown[t] for _, _, shown in peers))
        for t in reversed(range(len(days)))
    )
    months = plural(len(days), "month")
    alt = f"Line chart of {measure.lower()} over {months}, beside its peers. {title}. {caption}"
    chart = Chart(_plot(days, own, lines, [], unit, others), title, caption, alt, columns, rows)
    return with_places(chart, others)


def _decile_name(at: int) -> str:
    ends = {1: "st", 2: "nd", 3: "rd"}
    return "Median" if at == MEDIAN else f"{at + 1}{ends.get(at + 1, 'th')} decile"


def _line(days: Sequence[date], values: Floats, style: Style, name: str, words: Words) -> Line:
    told = tuple(f"{name} {words(value)}" for value in values.tolist())
    hover = "%{x|%d %b %Y}: %{text}<extra></extra>"
    return Line(tuple(days), _known(values), style, name, told=told, hover=hover, web={"connectgaps": False})


def _marker(symbol: str, colour: str, size: int) -> dict[str, object]:
    return {"symbol": symbol, "color": colour, "size": size}


def _known(values: Floats) -> tuple[float | None, ...]:
    """A wait in the open week band has no place on an axis."""
    return tuple(value if np.isfinite(value) else None for value in values.tolist())


def _plot(
    days: Sequence[date],
    own: Own,
    lines: list[Line],
    ends: Sequence[tuple[str, float]],
    unit: str,
    others: Sequence[Other],
) -> Plot:
    mine = Line(
        tuple(days),
        _known(own.values),
        _OWN,
        own.name,
        told=tuple(f"{own.name} {words}" for words in own.shown),
        hover="%{x|%d %b %Y}: %{text}<extra></extra>",
        web={"connectgaps": False, "marker": _marker("circle", theme.BLUE, 7)},
    )
    drawn = [*lines, mine]
    known = [value for line in drawn for value in line.values if value is not None]
    known = [*known, *(value for other in others for _, value in other.known)] or [0.0, 1.0]
    room = max(max(known) - min(known), abs(max(known)) * 0.02, 1e-9) * 0.08
    low, high = max(0.0, min(known) - room), max(known) + room
    span = span_of(days)
    form = theme.share_format(low, high) if unit == "share" else "d" if high - low > 6 else ".1f"
    return Plot(
        kind="dates",
        series=tuple(drawn),
        axis=Axis(low, high, form, unit),
        days=tuple(days),
        span=span,
        web={
            "annotations": [
                *_labels(drawn, own, span, (low, high), named=not ends),
                *_end_labels(ends, (low, high)),
            ],
            "margin": {"l": 56, "r": _ROOM if ends else 20, "t": 14, "b": 48},
        },
    )


def _labels(
    drawn: Sequence[Line],
    own: Own,
    span: tuple[date, date],
    ends: tuple[float, float],
    *,
    named: bool,
) -> list[theme.Drawn]:
    """Names beside the lines: the own one, and of few peers every one that has room."""
    paths = [_path(line, span, ends) for line in drawn]
    wanted = drawn if named else drawn[-1:]
    known = np.flatnonzero(~np.isnan(own.values))
    newest = own.shown[known[-1]] if known.size else ""
    wishes = []
    for line, path in zip(wanted, paths[-len(wanted) :], strict=True):
        mine = line is drawn[-1]
        text = f"{line.name} {newest}" if mine else line.name
        # Every other month is near enough to any place between.
        places = tuple((at, side) for at in path[::-2] for side in _sides(at))
        wishes.append(Wish(text, places, size=14.0 if mine else 12.0, needed=mine))
    # The own name first, whatever the others need.
    found = placed(wishes[::-1], lines=paths, points=[])
    labels = []
    for wish, place in zip(wishes[::-1], found, strict=True):
        mine = wish is wishes[-1]
        if place is None and mine and wish.places:
            place = wish.places[0]
        if place:
            font = {"size": int(wish.size), "color": theme.BLUE if mine else theme.SECONDARY}
            text = f"<b>{wish.text}</b>" if mine else wish.text
            labels.append(label_at(place, text, font=font, yshift=5 if "top" in place[1] else -5))
    return labels


def _sides(at: Place) -> tuple[str, ...]:
    """Where a name may stand beside a point: near the oldest, to the left it would lie on the axis."""
    if at[0] < NEAR_THE_AXIS:
        return ("bottom right", "top right")
    return ("top left", "bottom left", "top center", "bottom center")


def _path(line: Line, span: tuple[date, date], ends: tuple[float, float]) -> list[Place]:
    """The line in the plot, 0 to 1 both ways."""
    wide, (low, high) = (span[1] - span[0]).days, ends
    return [
        ((at - span[0]).days / wide, (value - low) / (high - low))
        for at, value in zip(line.at, line.values, strict=True)
        if value is not None and isinstance(at, date)
    ]


def _end_labels(ends: Sequence[tuple[str, float]], axis: tuple[float, float]) -> list[theme.Drawn]:
    """Short names right of the plot, no nearer than a line of text."""
    apart = 0.055
    known = [(text, (value - axis[0]) / (axis[1] - axis[0])) for text, value in ends if np.isfinite(value)]
    known.sort(key=lambda each: each[1])
    labels, below = [], -1.0
    for text, at in known:
        at = max(at, below + apart)
        below = at
        labels.append(
            {
                "x": 1,
                "y": at,
                "xref": "paper",
                "yref": "paper",
                "text": text,
                "showarrow": False,
                "xanchor": "left",
                "yanchor": "middle",
                "xshift": 2,
                "borderpad": 0,
                "font": {"size": 12, "color": theme.SECONDARY},
            }
        )
    return labels
