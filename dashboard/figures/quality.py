"""One data-quality check over time: the share of rows that failed, census by census."""

from collections.abc import Sequence
from datetime import date

from dashboard.figures.chart import Chart
from dashboard.figures.trend import Point, described, trend_plot
from rtt.measures.data_quality import Check, of_words
from rtt.terms.wording import date_text

Row = tuple[date, float | None, str, str, str]
"""Census, share (None: not asked or not shown) and how share, failed and checked are printed."""


def check_trend(check: Check, rows: Sequence[Row], *, where: str) -> Chart:
    """The chart of one check, `rows` oldest first."""
    points = [Point(day, share, shown) for day, share, shown, _, _ in rows]
    day, share, shown, failed, checked = rows[-1]
    told = f"{shown} of {check.of}" if share is not None else "the newest share is not shown"
    return Chart(
        plot=trend_plot(points, [], axis_format=_axis_format(points)),
        title=f"{check.name}: {told}",
        caption=f"{failed[0].upper()}{failed[1:]} of {of_words(check, checked)} on {date_text(day)}, "
        f"{where}. {check.meaning}",
        alt=described(points, f"the share of {check.of} that failed “{check.name}”, {where}"),
        columns=("Census", "Share", "Failed", "Checked"),
        rows=tuple(
            (date_text(day), shown, failed, checked) for day, _, shown, failed, checked in reversed(rows)
        ),
    )


def _axis_format(points: Sequence[Point]) -> str:
    """Shares of a few in ten thousand need two decimals, or neighbouring grid lines read the same."""
    known = [point.value for point in points if point.value is not None]
    return ".2%" if known and max(known) - min(known) < 0.004 else ""
