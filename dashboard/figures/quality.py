"""One data-quality check over time: the share of rows that failed, census by census."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from dashboard.figures.chart import Chart
from dashboard.figures.trend import Point, described, trend_figure
from rtt.data_quality import Check
from rtt.wording import NOT_KNOWN, date_text

Row = tuple[date, float | None, str, str, str]
"""Census, share (None: not asked or not shown) and how share, failed and checked are printed."""


def check_trend(check: Check, rows: Sequence[Row], *, where: str) -> Chart:
    """The chart of one check, `rows` oldest first."""
    points = [Point(day, share, shown) for day, share, shown, _, _ in rows]
    day, _, shown, failed, checked = rows[-1]
    return Chart(
        figure=trend_figure(points, []),
        title=f"{check.name}: {_lower(shown)} of {check.of}",
        caption=f"{failed} of {checked} {check.of} on {date_text(day)}, {where}. {check.meaning}",
        alt=described(points, f"the share of {check.of} that failed “{check.name}”, {where}"),
        columns=("Census", "Share", "Failed", "Checked"),
        rows=tuple(
            (date_text(day), shown, failed, checked) for day, _, shown, failed, checked in reversed(rows)
        ),
    )


def _lower(shown: str) -> str:
    return shown.lower() if shown == NOT_KNOWN else shown
