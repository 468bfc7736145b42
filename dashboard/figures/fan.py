"""The fan of a projection: what was, solid; what is expected, hollow, with its 50, 80 and 95 per cent bands.

Past the forecast months the bands go on as a scenario, dashed and paler. What came after the origin, where it
is known, is drawn over the fan. Standards and milestones are dated on it.
"""

from collections.abc import Sequence
from datetime import date

from dashboard.figures import theme
from dashboard.figures.chart import Chart
from dashboard.figures.notes import Note, with_notes
from dashboard.figures.plot import Axis, Band, Line, Plot, Reference, Style
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
    notes: Sequence[Note] = (),
) -> Chart:
    """A measure's projection from one origin; `history` is every month known, before and after the origin.

    `targets` are (date, value, name). `said` must not be empty.
    """
    first = said[0]
    before = sorted(day for day in history if day <= first.origin)[-MONTHS_BEFORE:]
    after = sorted(day for day in history if first.origin < day <= said[-1].target)
    scale = 0.01 if first.measure == "share_within_18" else 1.0
    dated = [each for each in targets if before[0] <= each[0] <= said[-1].target]
    chart = Chart(
        plot=_plot(said, history, before, after, scale, dated),
        title=f"{NAMES[first.measure]}: forecast from {date_text(first.origin)}",
        caption=_caption(said),
        alt=_alt(said, history, before, where),
        columns=("Month end", "Kind", "Figure", *(f"{words} interval" for words in COVERAGE_WORDS)),
        rows=tuple(_rows(said, history, before, after)),
    )
    return with_notes(chart, notes, [*before, *(each.target for each in said), *after])


def _plot(
    said: Sequence[Issued],
    history: dict[date, float],
    before: Sequence[date],
    after: Sequence[date],
    scale: float,
    targets: Sequence[tuple[date, float, str]],
) -> Plot:
    start, measure = (said[0].origin, said[0].last), said[0].measure
    forecast = [each for each in said if not is_scenario(each.horizon)]
    scenario = (
        [forecast[-1], *(each for each in said if is_scenario(each.horizon))] if forecast else list(said)
    )
    drawn = [history[day] for day in (*before, *after)] + [limit for each in said for limit in each.limits[2]]
    low, high = _range([scale * value for value in drawn], share=scale != 1.0)
    inside = [each for each in targets if low <= scale * each[1] <= high]
    series: list[Band | Line | Reference] = []
    for band in (2, 1, 0):
        series.append(_band(forecast, band, scale, BANDS[band], start=start))
        series.append(_band(scenario, band, scale, SCENARIO[band]))
    series.append(_past(before, history, scale, measure))
    series.append(_expected(forecast, scale, start=start))
    series.append(_scenario(scenario, scale))
    series += [_past(after, history, scale, measure, name="Actual")] if after else []
    series += [_target(each, scale) for each in inside]
    share = scale != 1.0
    shown = theme.share_format(low, high) if share else theme.count_format(low, high, plain=",")
    return Plot(
        kind="dates",
        series=tuple(series),
        axis=Axis(low, high, shown, "share" if share else "pathways"),
        days=(*before, *(each.target for each in said)),
        web={
            "annotations": [
                *_labels(said, forecast, scale),
                *(_target_label(each, scale, said) for each in inside),
            ],
            "margin": {"l": 56, "r": 20, "t": 28, "b": 48},
        },
    )


def _range(values: Sequence[float], *, share: bool) -> tuple[float, float]:
    low, high = min(values), max(values)
    room = max(high - low, abs(high) * 0.02) * 0.12
    return max(0.0, low - room), min(high + room, 1.0) if share else high + room


def _band(
    said: Sequence[Issued], band: int, scale: float, colour: str, *, start: tuple[date, float] | None = None
) -> Band:
    days = [each.target for each in said]
    low = [scale * each.limits[band][0] for each in said]
    high = [scale * each.limits[band][1] for each in said]
    if start:
        days, low, high = [start[0], *days], [scale * start[1], *low], [scale * start[1], *high]
    return Band(
        f"{COVERAGE_WORDS[band]} interval",
        tuple(days),
        tuple(low),
        tuple(high),
        Style(theme.BLUE, width=1.5, dash=DASHES[band]),
        colour,
    )


def _past(
    days: Sequence[date], history: dict[date, float], scale: float, measure: str, *, name: str = "Published"
) -> Line:
    colour, shape = (theme.BLUE, "circle") if name == "Published" else (theme.ORANGE, "square")
    return Line(
        tuple(days),
        tuple(scale * history[day] for day in days),
        Style(colour, width=3, marker=shape),
        name,
        told=tuple(figure_text(measure, history[day]) for day in days),
        hover="%{x|%d %b %Y}: %{text}<extra>" + name + "</extra>",
        web={"marker": {"size": 7, "color": colour, "symbol": shape}},
    )


def _expected(said: Sequence[Issued], scale: float, *, start: tuple[date, float]) -> Line:
    edge = {"color": theme.BLUE, "width": 2}
    return Line(
        (start[0], *(each.target for each in said)),
        (scale * start[1], *(scale * each.value for each in said)),
        Style(theme.BLUE, width=2, marker="circle-open"),
        "Forecast",
        told=("", *(_hover(each) for each in said)),
        hover="%{x|%d %b %Y}: %{text}<extra>Forecast</extra>",
        # White inside, so that the bands do not show through; the first point is that of the past.
        web={"marker": {"size": [0, *(9 for _ in said)], "color": theme.CARD, "line": edge}},
    )


def _scenario(said: Sequence[Issued], scale: float) -> Line:
    return Line(
        tuple(each.target for each in said),
        tuple(scale * each.value for each in said),
        Style(theme.GREY, width=2, dash="dash"),
        "Scenario",
        told=tuple(_hover(each) for each in said),
        hover="%{x|%d %b %Y}: %{text}<extra>Scenario</extra>",
    )


def _hover(each: Issued) -> str:
    return f"{figure_text(each.measure, each.value)}, 80%: {interval_text(each.measure, each.limits[1])}"


def _target(target: tuple[date, float, str], scale: float) -> Reference:
    day, value, name = target
    style = Style(theme.TEXT, marker="star-diamond-open", size=12)
    return Reference(name, scale * value, day, day, style, f"{name}<extra></extra>")


def _target_label(target: tuple[date, float, str], scale: float, said: Sequence[Issued]) -> theme.Drawn:
    half = said[0].origin + (said[-1].target - said[0].origin) / 2
    side = "left" if target[0] <= half else "right"
    return theme.text_at(
        target[0].isoformat(), scale * target[1], target[2], yshift=6, xanchor=side, font={"size": 13}
    )


def _labels(said: Sequence[Issued], forecast: Sequence[Issued], scale: float) -> list[theme.Drawn]:
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
        f"{expected_sentence(far[-1])} Hollow markers are forecasts. Actual figures should fall within "
        "the bands 50, 80 and 95 times in 100. The dashed line is a scenario."
    )


def _alt(said: Sequence[Issued], history: dict[date, float], before: Sequence[date], where: str) -> str:
    first, measure = before[0], said[0].measure
    return (
        f"Line chart of {NAMES[measure].lower()}, {where}, from {date_text(first)} ("
        f"{figure_text(measure, history[first])}) to {date_text(said[0].origin)} ("
        f"{figure_text(measure, said[0].last)}), then its forecast with widening bands up to "
        f"{date_text(said[-1].target)} ({figure_text(measure, said[-1].value)}, 95% interval "
        f"{interval_text(measure, said[-1].limits[2])}). The same figures are in the table below the "
        "chart."
    )


def _rows(
    said: Sequence[Issued], history: dict[date, float], before: Sequence[date], after: Sequence[date]
) -> list[tuple[str, ...]]:
    measure = said[0].measure
    rows: list[tuple[str, ...]] = [
        (date_text(day), "Published", figure_text(measure, history[day]), "", "", "") for day in before
    ]
    for each in said:
        kind = "Scenario" if is_scenario(each.horizon) else "Forecast"
        limits = (interval_text(measure, pair) for pair in each.limits)
        rows.append((date_text(each.target), kind, figure_text(measure, each.value), *limits))
    rows += [(date_text(day), "Actual", figure_text(measure, history[day]), "", "", "") for day in after]
    return rows
