"""The shape of a waiting list: a bar for each week waited, the list of an earlier census as an outline.

Counts only, from zero, so that areas compare; lines at 18 and 52 weeks. Clicking a bar chooses its band, as
the links of the table do for the keyboard. Admitted and non-admitted lists are charts of their own: stacked,
the upper one could not be read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dashboard.figures import theme
from dashboard.figures.chart import Chart
from dashboard.figures.plot import Axis, Bars, Line, Plot, Style
from rtt.disclosure.small_numbers import Mask
from rtt.findings import sentences
from rtt.findings.findings import Finding, display
from rtt.findings.list_shape import band_words, count_words, nine_in_ten_sentence, passing_sentence
from rtt.terms.arrays import Floats
from rtt.terms.wording import date_text

MARKED = (18, 52)


@dataclass(frozen=True, slots=True)
class Shape:
    """A list at one census: its size as a finding, its bands (105,), and which of them are not shown."""

    total: Finding
    passing: Finding
    bands: Floats
    hidden: Mask
    open_band: int


def shape_chart(
    now: Shape,
    then: Shape | None,
    *,
    title: str,
    hrefs: Sequence[str],
    chosen: int | None = None,
) -> Chart:
    """The chart of one list; `hrefs` are the addresses of its bands, from band 0 on."""
    last = now.open_band
    # An open band that begins elsewhere is no outline of this list.
    shapes = [now] if then is None or then.open_band != last else [now, then]
    links = tuple(hrefs[: last + 1])
    days = [date_text(shape.total.census_date) for shape in shapes]
    return Chart(
        plot=_plot(shapes, days, links, chosen),
        title=title,
        caption=" ".join(
            words
            for words in (
                passing_sentence(now.passing, now.total),
                nine_in_ten_sentence(now.bands, open_band=last, hidden=now.hidden),
            )
            if words
        )
        or sentences.level_sentence(now.total),
        alt=_described(now),
        columns=("Weeks waited", *(f"Pathways, {day}" for day in days)),
        rows=tuple(_rows(shapes)),
        hrefs=links,
    )


def _rows(shapes: Sequence[Shape]) -> list[tuple[str, ...]]:
    last = shapes[0].open_band
    return [
        (band_words(band, open_band=last), *(_text(shape, band) for shape in shapes))
        for band in range(last + 1)
    ]


def _text(shape: Shape, band: int) -> str:
    return count_words(float(shape.bands[band]), hidden=bool(shape.hidden[band]))


def _drawn(shape: Shape) -> list[float | None]:
    bands = range(shape.open_band + 1)
    return [None if shape.hidden[band] else float(shape.bands[band]) for band in bands]


def _plot(shapes: Sequence[Shape], days: Sequence[str], links: tuple[str, ...], chosen: int | None) -> Plot:
    now = shapes[0]
    last = now.open_band
    bands = range(last + 1)
    # Of what is shown alone: the end of the axis must not tell a bar that is not.
    high = max(1.0, *(max(bar or 0.0 for bar in _drawn(shape)) for shape in shapes)) * 1.12
    ticks = [week for week in (0, 18, 52, 78, 104) if week <= last]
    colours = [theme.PURPLE if band == chosen else theme.BAR for band in bands]
    bars = Bars(
        tuple(_drawn(now)),
        theme.BAR,
        days[0],
        told=tuple(f"{band_words(band, open_band=last)}: {_text(now, band)}" for band in bands),
        hrefs=links,
        web={"marker": {"color": colours, "line": {"width": 0}}},
    )
    outlines = (
        Line(
            tuple(bands),
            tuple(_drawn(shape)),
            Style(theme.TEXT, width=1.5),
            day,
            # Along the tops of the bars that there were.
            web={"line": {"color": theme.TEXT, "width": 1.5, "shape": "hvh"}},
        )
        for shape, day in zip(shapes[1:], days[1:], strict=True)
    )
    return Plot(
        kind="vertical",
        names=tuple(band_words(band, open_band=last) for band in bands),
        series=(bars, *outlines),
        axis=Axis(
            0, high, theme.count_format(0, high), web={"rangemode": "tozero"}, title="Pathways waiting"
        ),
        along_title="Weeks waited",
        short_names=tuple(f"{band}+" if band == last else str(band) for band in bands),
        uprights=tuple((weeks, f"{weeks} weeks") for weeks in MARKED if weeks <= last),
        along={
            "tickvals": ticks,
            "ticktext": [f"{week}+" if week == last else str(week) for week in ticks],
            "range": [-0.8, last + 0.8],
            "title": {"text": "Weeks waited", "standoff": 4, "font": {"size": 14}},
        },
        web=_around(last, days),
    )


def _around(last: int, days: Sequence[str]) -> dict[str, Any]:
    marked = [weeks for weeks in MARKED if weeks <= last]
    legend = f"Bars: {days[0]}" + (f"<br>Outline: {days[1]}" if len(days) > 1 else "")
    return {
        "bargap": 0.12,
        # A press anywhere above a band is one on its bar, be that a pixel high.
        "hovermode": "x",
        "shapes": [_line(weeks) for weeks in marked],
        "annotations": [
            *(_line_label(weeks) for weeks in marked),
            theme.text_at(1, 1, legend, xref="paper", yref="paper", yshift=6, align="right"),
        ],
        "margin": {"l": 56, "r": 16, "t": 48, "b": 52},
    }


def _line(weeks: int) -> dict[str, Any]:
    # Between the last band within and the first over.
    return {
        "type": "line",
        "x0": weeks - 0.5,
        "x1": weeks - 0.5,
        "y0": 0,
        "y1": 1,
        "yref": "paper",
        "line": {"color": theme.TEXT, "width": 2, "dash": "dot"},
    }


def _line_label(weeks: int) -> dict[str, Any]:
    return theme.text_at(weeks, 1, f"{weeks} weeks", yref="paper", xanchor="left", yanchor="top")


def _described(shape: Shape) -> str:
    scope = sentences.scope_words(shape.total.scope)
    last = shape.open_band
    counts = np.where(shape.hidden, 0.0, shape.bands)[: last + 1]
    if not counts.any():
        return f"Bar chart of the waiting list by weeks waited, {scope}: no bar is shown."
    highest = int(np.argmax(counts))
    return (
        f"Bar chart of {display(shape.total)} pathways by weeks waited, {scope}, "
        f"{date_text(shape.total.census_date)}: most in {band_words(highest, open_band=last)} ("
        f"{_text(shape, highest)}). The same figures are in the table below the chart."
    )
