"""The drawing of a process control chart: limits, centre line, points by shape and colour, and their labels.

What is said about it, and its table, are `figures.control_chart`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import numpy as np

from dashboard.analysis.control_charts import Charted
from dashboard.figures import theme
from dashboard.figures.census_axis import census_axis
from rtt.spc.reading import Icon, Meaning
from rtt.terms.arrays import Floats
from rtt.terms.calendar import is_bank_holiday_week
from rtt.terms.wording import NOT_KNOWN, date_text

SIGNAL_OF: dict[Meaning, str] = {
    "improving": "improving",
    "concerning": "concerning",
    "common cause": "common",
    "neutral": "changed",
}
NOT_JUDGED = (theme.GREY, "circle")
BOUNDS = ("lower", "centre", "upper")
BOUND_NAMES = {"lower": "Lower limit", "centre": "Middle", "upper": "Upper limit"}


def control_figure(
    found: Charted,
    first: int,
    icons: Sequence[Icon | None],
    shown: Sequence[str],
    *,
    amount: Callable[[float], str],
) -> dict[str, Any]:
    """The periods from `first` on, with their icons and printed values; `amount` writes a limit."""
    days = found.days[first:]
    scale = 100.0 if found.indicator.unit == "share" else 1.0
    # A change between rounded figures is not told, and not drawn.
    values = np.where([words == NOT_KNOWN for words in shown], np.nan, found.reading.values[first:])
    bounds = {name: getattr(found.reading, name)[first:] for name in BOUNDS}
    phases = found.phases[first:].tolist()
    low, high = _range([scale * values, *(scale * each for each in bounds.values())])
    return {
        "data": [
            *(_bound(days, scale * each, phases, name) for name, each in bounds.items()),
            _joined(days, scale * values, phases),
            _points(found, days, values, icons, scale, shown),
        ],
        "layout": theme.layout(
            **theme.unit_of("points" if found.indicator.unit == "share" else found.indicator.unit),
            xaxis=census_axis(days, range=_span(days)),
            yaxis=theme.value_axis(
                range=[low, high], tickformat=_tick_format(low, high, found.indicator.unit)
            ),
            annotations=[
                _axis_label(found),
                *_bound_labels(found, days[-1], bounds, scale, amount),
                *_newest_label(days[-1], float(values[-1]), scale, shown[-1]),
            ],
            margin={"l": 56, "r": 20, "t": 34, "b": 48},
        ),
    }


def _range(series: Sequence[Floats]) -> tuple[float, float]:
    known = np.concatenate([each[~np.isnan(each)] for each in series])
    if not known.size:
        return -1.0, 1.0
    low, high = float(known.min()), float(known.max())
    room = max(high - low, abs(high) * 0.02, 0.1) * 0.14
    return low - room, high + room


def _span(days: Sequence[date]) -> list[str]:
    room = max((days[-1] - days[0]).days, 30) // 25
    first, last = days[0].toordinal() - room, days[-1].toordinal() + room
    return [date.fromordinal(first).isoformat(), date.fromordinal(last).isoformat()]


def _tick_format(low: float, high: float, unit: str) -> str:
    span = high - low
    if unit not in ("share", "weeks"):
        return theme.count_format(low, high)
    return ".2f" if span < 1 else ".1f" if span < 6 else theme.count_format(low, high)


def _broken(days: Sequence[date], values: Floats, phases: Sequence[int]) -> dict[str, Any]:
    """x and y with a break before each new phase; nan is a break too."""
    x: list[str | None] = []
    y: list[float | None] = []
    for at, (day, value) in enumerate(zip(days, values.tolist(), strict=True)):
        if at and phases[at] != phases[at - 1]:
            x.append(None)
            y.append(None)
        x.append(day.isoformat())
        y.append(None if value != value else value)
    return {"x": x, "y": y, "type": "scatter", "connectgaps": False, "hoverinfo": "skip"}


def _bound(days: Sequence[date], values: Floats, phases: Sequence[int], name: str) -> dict[str, Any]:
    centre = name == "centre"
    line = {
        "color": theme.TEXT if centre else theme.SECONDARY,
        "width": 1 if centre else 1.5,
        "dash": "solid" if centre else "dash",
    }
    return _broken(days, values, phases) | {"mode": "lines", "line": line, "name": BOUND_NAMES[name]}


def _joined(days: Sequence[date], values: Floats, phases: Sequence[int]) -> dict[str, Any]:
    return _broken(days, values, phases) | {"mode": "lines", "line": {"color": theme.GREY, "width": 1.5}}


def _points(
    found: Charted,
    days: Sequence[date],
    values: Floats,
    icons: Sequence[Icon | None],
    scale: float,
    shown: Sequence[str],
) -> dict[str, Any]:
    drawn = [
        (theme.SIGNALS[SIGNAL_OF[icon.meaning]][0], icon.shape) if icon else NOT_JUDGED for icon in icons
    ]
    holidays = found.scope.source == "weekly" and found.indicator.kind == "flow"
    opened = ["-open" if holidays and is_bank_holiday_week(day) else "" for day in days]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [day.isoformat() for day in days],
        "y": [None if value != value else scale * value for value in values.tolist()],
        "text": [
            f"{date_text(day)}: {words}{f', {icon.word}' if icon else ''}"
            for day, words, icon in zip(days, shown, icons, strict=True)
        ],
        "hovertemplate": "%{text}<extra></extra>",
        "marker": {
            # Of marks of several sizes Plotly fades the colours, and with them their contrast.
            "opacity": 1,
            "color": [colour for colour, _ in drawn],
            "symbol": [shape + hollow for (_, shape), hollow in zip(drawn, opened, strict=True)],
            "size": [11 if icon and icon.arrow else 8 for icon in icons],
            "line": {"width": 1.5, "color": [colour for colour, _ in drawn]},
        },
    }


def _axis_label(found: Charted) -> dict[str, Any]:
    unit = {"share": "points", "pathways": "pathways", "weeks": "weeks", "band": "weeks"}[
        found.indicator.unit
    ]
    if found.reading.kind == "stock":
        words = f"Change since the census before, {unit}"
    elif found.indicator.unit == "share":
        words = "%"
    else:
        words = "Per working day" if found.per_working_day else "Per week"
    return theme.text_at(
        0,
        1,
        words,
        xref="paper",
        yref="paper",
        xanchor="left",
        yshift=8,
        font={"size": 13, "color": theme.SECONDARY},
    )


def _bound_labels(
    found: Charted, last: date, bounds: dict[str, Floats], scale: float, amount: Callable[[float], str]
) -> list[dict[str, Any]]:
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


def _newest_label(last: date, value: float, scale: float, shown: str) -> list[dict[str, Any]]:
    if value != value:
        return []
    text = f"<b>{shown}</b>"
    return [theme.text_at(last.isoformat(), scale * value, text, yshift=9, xshift=12)]
