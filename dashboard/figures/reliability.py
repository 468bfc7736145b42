"""How often the intervals of past forecasts held, by month: errors of one month are shared, so it swings."""

from collections.abc import Sequence
from datetime import date

from dashboard.figures import theme
from dashboard.figures.chart import Chart
from dashboard.figures.plot import Axis, Line, Plot, Reference, Style
from dashboard.store.forecasts import BackTest
from rtt.forecast.monthly.forecast_words import NAMES
from rtt.forecast.score.words import COVERAGE_WORDS
from rtt.terms.wording import date_text, number_text, plural, share_text

NOMINAL = 0.8


def _swing(lines: Sequence[BackTest], units: str) -> str:
    if max(line.n for line in lines) == 1:
        return "There is one forecast a month, and its interval either held or did not."
    held = [line.held[1] for line in lines]
    return (
        f"All {units} share the errors of a month, so the share varies by month: between "
        f"{share_text(min(held))} and {share_text(max(held))}."
    )


def reliability_chart(lines: Sequence[BackTest], *, horizon: int, units: str) -> Chart:
    """The share of 80 % intervals that held by month forecast; `lines`, one or more, are of one measure."""
    months = [line.target for line in lines if line.target is not None]
    name = NAMES[lines[0].measure].lower()
    held = [line.held[1] for line in lines]
    whole = sum(line.n * line.held[1] for line in lines) / sum(line.n for line in lines)
    return Chart(
        plot=_plot(lines, months),
        title=f"How often the 80% interval held, {plural(horizon, 'month')} ahead",
        caption=(
            f"{share_text(whole)} of {number_text(sum(line.n for line in lines))} back-tested forecasts "
            f"of {name} had the actual figure within the interval; the target is 80%. "
            f"{_swing(lines, units)}"
        ),
        alt=(
            f"Dot chart of the share of 80% intervals that held for {name}, by month from "
            f"{date_text(months[0])} to {date_text(months[-1])}, between {share_text(min(held))} and "
            f"{share_text(max(held))}, with a line at 80%. The same figures are in the table below the "
            "chart."
        ),
        columns=("Month forecast", "Forecasts", *(f"{words} interval held" for words in COVERAGE_WORDS)),
        rows=tuple(
            (date_text(month), number_text(line.n), *(share_text(each) for each in line.held))
            for month, line in reversed(list(zip(months, lines, strict=True)))
        ),
    )


def _plot(lines: Sequence[BackTest], months: Sequence[date]) -> Plot:
    meant = Reference("Target: 80%", NOMINAL, months[0], months[-1], Style(theme.TEXT, width=2, dash="dot"))
    held = Line(
        tuple(months),
        tuple(line.held[1] for line in lines),
        Style(theme.PALE_BLUE, width=2, marker="circle", size=9),
        "80% intervals that held",
        told=tuple(share_text(line.held[1]) for line in lines),
        hover="%{x|%d %b %Y}: %{text} held<extra></extra>",
        web={"marker": {"size": 9, "color": theme.BLUE}},
    )
    label = theme.text_at(months[-1].isoformat(), NOMINAL, "Target: 80%", yanchor="top", yshift=-3)
    return Plot(
        kind="dates",
        series=(meant, held),
        axis=Axis(0, 1.05, ".0%"),
        days=tuple(months),
        web={"annotations": [label], "margin": {"l": 56, "r": 20, "t": 20, "b": 48}},
    )
