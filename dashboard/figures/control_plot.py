"""The plot of a process control chart: limits, centre line, points with their marks, and labels.

What is said about it, and its table, are `figures.control_chart`.
"""

from collections.abc import Callable, Sequence
from datetime import date

import numpy as np

from dashboard.analysis.control_charts import Charted
from dashboard.figures import theme
from dashboard.figures.census_axis import span_of
from dashboard.figures.label_places import Area, Place, label_at
from dashboard.figures.plot import Axis, Line, Mark, Plot, Style
from rtt.terms.arrays import Floats
from rtt.terms.wording import NOT_KNOWN, date_text

BOUNDS = ("lower", "centre", "upper")
BOUND_NAMES = {"lower": "Lower limit", "centre": "Middle", "upper": "Upper limit"}
LINES = dict.fromkeys(BOUNDS, Style(theme.SECONDARY, width=1.5, dash="dash")) | {
    "centre": Style(theme.TEXT, width=1, dash="solid")
}


def control_plot(
    found: Charted,
    first: int,
    marks: Sequence[Mark],
    shown: Sequence[str],
    *,
    amount: Callable[[float], str],
) -> Plot:
    """The periods from `first` on, with their marks and printed values; `amount` writes a limit."""
    days = tuple(found.days[first:])
    unit = found.indicator.unit
    scale = 100.0 if unit == "share" else 1.0
    # A change between rounded figures is not told, and not drawn.
    values = np.where([words == NOT_KNOWN for words in shown], np.nan, found.reading.values[first:])
    bounds = {name: getattr(found.reading, name)[first:] for name in BOUNDS}
    low, high = _range([scale * values, *(scale * each for each in bounds.values())])
    phases = found.phases[first:].tolist()
    breaks = tuple(at for at in range(1, len(days)) if phases[at] != phases[at - 1])
    lines = [(scale * each, LINES[name], BOUND_NAMES[name]) for name, each in bounds.items()]
    lines.append((scale * values, Style(theme.GREY, width=1.5), ""))
    return Plot(
        kind="dates",
        series=(
            *(
                Line(days, _known(each), style, name, breaks=breaks, web={"connectgaps": False})
                for each, style, name in lines
            ),
            Line(
                days,
                _known(scale * values),
                Style(theme.GREY),
                marks=tuple(marks),
                told=tuple(_told(*each) for each in zip(days, shown, marks, strict=True)),
                hover="%{text}<extra></extra>",
            ),
        ),
        axis=Axis(
            low,
            high,
            _tick_format(low, high, unit),
            "points" if unit == "share" else unit,
            title=_axis_words(found),
        ),
        days=days,
        span=span_of(days),
        web={
            "annotations": [
                _axis_label(found),
                *_bound_labels(found, days[-1], bounds, scale, amount),
                *_newest_label(days, scale * values, (low, high), shown[-1]),
            ],
            "margin": {"l": 56, "r": 20, "t": 34, "b": 48},
        },
    )


def _known(values: Floats) -> tuple[float | None, ...]:
    return tuple(None if value != value else value for value in values.tolist())


def _told(day: date, words: str, mark: Mark) -> str:
    return f"{date_text(day)}: {words}{f', {mark.signal.icon.word}' if mark.signal else ''}"


def _range(series: Sequence[Floats]) -> tuple[float, float]:
    known = np.concatenate([each[~np.isnan(each)] for each in series])
    if not known.size:
        return -1.0, 1.0
    low, high = float(known.min()), float(known.max())
    room = max(high - low, abs(high) * 0.02, 0.1) * 0.14
    return low - room, high + room


def _tick_format(low: float, high: float, unit: str) -> str:
    span = high - low
    if unit not in ("share", "weeks"):
        return theme.count_format(low, high)
    return ".2f" if span < 1 else ".1f" if span < 6 else theme.count_format(low, high)


def _axis_words(found: Charted) -> str:
    unit = {"share": "points", "pathways": "pathways", "weeks": "weeks", "band": "weeks"}[
        found.indicator.unit
    ]
    if found.reading.kind == "stock":
        return f"Change since the census before, {unit}"
    if found.indicator.unit == "share":
        return "%"
    return "Per working day" if found.per_working_day else "Per week"


def _axis_label(found: Charted) -> theme.Drawn:
    return theme.text_at(
        0,
        1,
        _axis_words(found),
        xref="paper",
        yref="paper",
        xanchor="left",
        yshift=8,
        font={"size": 13, "color": theme.SECONDARY},
    )


def _bound_labels(
    found: Charted, last: date, bounds: dict[str, Floats], scale: float, amount: Callable[[float], str]
) -> list[theme.Drawn]:
    labels = []
    limit = "trial limit" if found.reading.trial[-1] else "limit"
    for name, words, side, shift in (
        ("upper", "Upper", "bottom", 1),
        ("lower", "Lower", "top", -1),
    ):
        value = float(bounds[name][-1])
        if value == value:
            text = f"{words} {limit} {amount(value)}"
            labels.append(
                theme.text_at(
                    last.isoformat(),
                    scale * value,
                    text,
                    yanchor=side,
                    yshift=shift,
                    font={"size": 13, "color": theme.SECONDARY},
                )
            )
    return labels


def _newest_label(
    days: Sequence[date], values: Floats, ends: tuple[float, float], shown: str
) -> list[theme.Drawn]:
    """Above or below the newest point, where fewer others stand."""
    newest = float(values[-1])
    if newest != newest:
        return []
    points = tuple((day, value) for day, value in zip(days, values.tolist(), strict=True) if value == value)
    area = Area(*span_of(days), *ends, points)
    places = [Place(days[-1], newest, "left", above) for above in (True, False)]
    return [label_at(f"<b>{shown}</b>", places, area, gap=9, xshift=12)]
