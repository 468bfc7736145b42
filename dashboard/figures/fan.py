"""The fan of a projection: what was, solid; what is expected, hollow, with its 50, 80 and 95 per cent bands.

Past the forecast months the bands go on as a scenario, dashed and paler. What came after the origin, where it
is known, is drawn over the fan. Standards and milestones are dated on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from dashboard.figures import theme
from dashboard.figures.census_axis import census_axis
from dashboard.figures.chart import Chart
from rtt.forecast.monthly.forecast_words import NAMES, expected_sentence, figure_text, interval_text
from rtt.forecast.monthly.projection import is_scenario
from rtt.forecast.score.issued import Issued
from rtt.forecast.score.words import COVERAGE_WORDS
from rtt.terms.wording import date_text

BANDS = ("rgba(0,94,184,0.30)", "rgba(0,94,184,0.19)", "rgba(0,94,184,0.10)")
SCENARIO = ("rgba(76,98,114,0.26)", "rgba(76,98,114,0.17)", "rgba(76,98,114,0.09)")
DASHES = ("solid", "dash", "dot")
MONTHS_BEFORE = 18


def fan_chart(
    said: Sequence[Issued],
    history: dict[date, float],
    *,
    where: str,
    targets: Sequence[tuple[date, float, str]] = (),
) -> Chart:
    """A measure's projection from one origin; `history` is every month known, before and after the origin.

    `targets` are (date, value, name). `said` must not be empty.
    """
    first = said[0]
    before = sorted(day for day in history if day <= first.origin)[-MONTHS_BEFORE:]
    after = sorted(day for day in history if first.origin < day <= said[-1].target)
    scale = 0.01 if first.measure == "share_within_18" else 1.0
    dated = [each for each in targets if before[0] <= each[0] <= said[-1].target]
    figure = _figure(said, history, before, after, scale, dated)
    return Chart(
        figure=figure,
        title=f"{NAMES[first.measure]}: forecast from {date_text(first.origin)}",
        caption=_caption(said),
        alt=_alt(said, history, before, where),
        columns=("Month end", "Kind", "Figure", *(f"{words} interval" for words in COVERAGE_WORDS)),
        rows=tuple(_rows(said, history, before, after)),
    )


def _figure(
    said: Sequence[Issued],
    history: dict[date, float],
    before: Sequence[date],
    after: Sequence[date],
    scale: float,
    targets: Sequence[tuple[date, float, str]],
) -> dict[str, Any]:
    last = said[0].last
    forecast = [each for each in said if not is_scenario(each.horizon)]
    scenario = (
        [forecast[-1], *(each for each in said if is_scenario(each.horizon))] if forecast else list(said)
    )
    drawn = [history[day] for day in (*before, *after)] + [limit for each in said for limit in each.limits[2]]
    low, high = _range([scale * value for value in drawn], share=scale != 1.0)
    inside = [each for each in targets if low <= scale * each[1] <= high]
    data: list[dict[str, Any]] = []
    for band in (2, 1, 0):
        data.append(_band(forecast, band, scale, BANDS[band], start=(said[0].origin, last)))
        data.append(_band(scenario, band, scale, SCENARIO[band]))
    data.append(_past(before, history, scale, said[0].measure))
    data.append(_expected(forecast, scale, start=(said[0].origin, last)))
    data.append(_scenario(scenario, scale))
    data += [_past(after, history, scale, said[0].measure, name="What came")] if after else []
    data += [_target(each, scale) for each in inside]
    return {
        "data": data,
        "layout": theme.layout(
            **theme.unit_of("share" if scale != 1.0 else "pathways"),
            xaxis=census_axis([*before, *(each.target for each in said)]),
            yaxis=theme.value_axis(
                tickformat=theme.share_format(low, high)
                if scale != 1.0
                else theme.count_format(low, high, plain=","),
                range=[low, high],
            ),
            annotations=[
                *_labels(said, forecast, scale),
                *(_target_label(each, scale, said) for each in inside),
            ],
            margin={"l": 56, "r": 20, "t": 28, "b": 48},
        ),
    }


def _range(values: Sequence[float], *, share: bool) -> tuple[float, float]:
    low, high = min(values), max(values)
    room = max(high - low, abs(high) * 0.02) * 0.12
    return max(0.0, low - room), min(high + room, 1.0) if share else high + room


def _band(
    said: Sequence[Issued], band: int, scale: float, colour: str, *, start: tuple[date, float] | None = None
) -> dict[str, Any]:
    days = [each.target.isoformat() for each in said]
    low = [scale * each.limits[band][0] for each in said]
    high = [scale * each.limits[band][1] for each in said]
    if start:
        days, low, high = [start[0].isoformat(), *days], [scale * start[1], *low], [scale * start[1], *high]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": days + days[::-1],
        "y": high + low[::-1],
        "fill": "toself",
        "fillcolor": colour,
        # Not drawn here: for programs that draw a band as two lines.
        "line": {"width": 0, "color": theme.BLUE, "dash": DASHES[band]},
        "hoverinfo": "skip",
        "name": f"{COVERAGE_WORDS[band]} interval",
    }


def _past(
    days: Sequence[date], history: dict[date, float], scale: float, measure: str, *, name: str = "Published"
) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": [day.isoformat() for day in days],
        "y": [scale * history[day] for day in days],
        "text": [figure_text(measure, history[day]) for day in days],
        "hovertemplate": "%{x|%d %b %Y}: %{text}<extra>" + name + "</extra>",
        "line": {"color": theme.BLUE if name == "Published" else theme.ORANGE, "width": 3},
        "marker": {
            "size": 7,
            "color": theme.BLUE if name == "Published" else theme.ORANGE,
            "symbol": "circle" if name == "Published" else "square",
        },
        "name": name,
    }


def _expected(said: Sequence[Issued], scale: float, *, start: tuple[date, float]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": [start[0].isoformat(), *(each.target.isoformat() for each in said)],
        "y": [scale * start[1], *(scale * each.value for each in said)],
        "text": ["", *(_hover(each) for each in said)],
        "hovertemplate": "%{x|%d %b %Y}: %{text}<extra>Forecast</extra>",
        "line": {"color": theme.BLUE, "width": 2},
        "marker": {
            "size": [0, *(9 for _ in said)],
            "color": theme.CARD,
            "line": {"color": theme.BLUE, "width": 2},
        },
        "name": "Forecast",
    }


def _scenario(said: Sequence[Issued], scale: float) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [each.target.isoformat() for each in said],
        "y": [scale * each.value for each in said],
        "text": [_hover(each) for each in said],
        "hovertemplate": "%{x|%d %b %Y}: %{text}<extra>Scenario</extra>",
        "line": {"color": theme.GREY, "width": 2, "dash": "dash"},
        "name": "Scenario",
    }


def _hover(each: Issued) -> str:
    return f"{figure_text(each.measure, each.value)}, 80%: {interval_text(each.measure, each.limits[1])}"


def _target(target: tuple[date, float, str], scale: float) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [target[0].isoformat()],
        "y": [scale * target[1]],
        "marker": {"symbol": "star-diamond-open", "size": 12, "color": theme.TEXT},
        "hovertemplate": f"{target[2]}<extra></extra>",
        "name": target[2],
    }


def _target_label(target: tuple[date, float, str], scale: float, said: Sequence[Issued]) -> dict[str, Any]:
    half = said[0].origin + (said[-1].target - said[0].origin) / 2
    side = "left" if target[0] <= half else "right"
    return theme.text_at(
        target[0].isoformat(), scale * target[1], target[2], yshift=6, xanchor=side, font={"size": 13}
    )


def _labels(said: Sequence[Issued], forecast: Sequence[Issued], scale: float) -> list[dict[str, Any]]:
    labels = [
        theme.text_at(
            said[0].origin.isoformat(),
            scale * said[0].last,
            f"<b>{figure_text(said[0].measure, said[0].last)}</b>",
            yshift=9,
            font={"size": 15, "color": theme.BLUE},
        )
    ]
    if forecast and len(said) > len(forecast):
        boundary = forecast[-1].target.isoformat()
        labels.append(
            theme.text_at(
                boundary, 1, "Scenario →", yref="paper", xanchor="left", xshift=4,
                font={"size": 13, "color": theme.SECONDARY},
            )
        )  # fmt: skip
    return labels


def _caption(said: Sequence[Issued]) -> str:
    far = [each for each in said if not is_scenario(each.horizon)] or list(said)
    return (
        f"{expected_sentence(far[-1])} Hollow markers are forecasts; the bands should hold 50, 80 and 95 of "
        "100 times. The dashed line is a scenario."
    )


def _alt(said: Sequence[Issued], history: dict[date, float], before: Sequence[date], where: str) -> str:
    first, measure = before[0], said[0].measure
    return (
        f"Line chart of {NAMES[measure].lower()}, {where}, from {date_text(first)} "
        f"({figure_text(measure, history[first])}) to {date_text(said[0].origin)} "
        f"({figure_text(measure, said[0].last)}), then its forecast with widening bands up to "
        f"{date_text(said[-1].target)} ({figure_text(measure, said[-1].value)}, 95% interval "
        f"{interval_text(measure, said[-1].limits[2])}). The same figures stand in the table below the chart."
    )


def _rows(
    said: Sequence[Issued], history: dict[date, float], before: Sequence[date], after: Sequence[date]
) -> list[tuple[str, ...]]:
    measure = said[0].measure
    rows = [(date_text(day), "Published", figure_text(measure, history[day]), "", "", "") for day in before]
    for each in said:
        kind = "Scenario" if is_scenario(each.horizon) else "Forecast"
        limits = (interval_text(measure, pair) for pair in each.limits)
        rows.append((date_text(each.target), kind, figure_text(measure, each.value), *limits))
    rows += [(date_text(day), "What came", figure_text(measure, history[day]), "", "", "") for day in after]
    return rows
