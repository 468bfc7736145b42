"""What can be expected of each specialty beside the count at risk: a ring with its interval, over a grey bar.

The bar is counted, the ring expected: word and shape tell them apart. What is not shown to the reader is not
drawn.
"""

from collections.abc import Sequence, Sized
from dataclasses import dataclass

from dashboard.figures import theme
from dashboard.figures.chart import Chart
from dashboard.figures.plot import Axis, Bars, Plot, RowMarks, Style, names_of
from dashboard.figures.plotly import BAR, OFFSET, WORDS_AT_POINTER

ROW = 44


@dataclass(frozen=True, slots=True)
class Expectation:
    """A specialty: its figure with the 80 % interval, its count (None: not shown), both as printed."""

    name: str
    expected: tuple[float, float, float] | None  # value, low, high
    said: str
    interval: str
    count: float | None
    counted: str
    href: str = ""

    @property
    def with_interval(self) -> str:
        """ "120 (100 to 141)"."""
        return f"{self.said} ({self.interval})" if self.interval else self.said


def expected_chart(rows: Sequence[Expectation], *, title: str, caption: str, weeks: int, by: str) -> Chart:
    """The chart; `by` is the day of the horizon in words."""
    said = "; ".join(f"{row.name} {row.with_interval} of {row.counted}" for row in rows)
    return Chart(
        plot=_plot(rows),
        title=title,
        caption=caption,
        alt=(
            f"Bar chart of patients expected to breach {weeks} weeks by {by}, with 80% intervals, of the "
            f"count at risk, by specialty: {said}. The same figures are in the table below the chart."
        ),
        columns=("Specialty", f"Expected to breach {weeks} weeks", "80% interval", "Count at risk"),
        rows=tuple((row.name, row.said, row.interval, row.counted) for row in rows),
        hrefs=tuple(row.href for row in rows),
    )


def height(rows: Sized) -> int:
    """Pixels that the rows need."""
    return 56 + ROW * len(rows)


def _plot(rows: Sequence[Expectation]) -> Plot:
    ends = [row.count or 0.0 for row in rows] + [row.expected[2] for row in rows if row.expected]
    high = max(ends, default=0.0) or 1.0
    return Plot(
        kind="horizontal",
        names=names_of([(row.name, row.count, row.said) for row in rows]),
        series=(_counts(rows), _expected(rows)),
        axis=Axis(0, high * 1.03, ",d", web={"rangemode": "tozero", "automargin": True}),
        web=theme.rows_of_bars([f"{row.name}  <b>{row.with_interval}</b> of {row.counted}" for row in rows]),
    )


def _counts(rows: Sequence[Expectation]) -> Bars:
    return Bars(
        tuple(row.count for row in rows),
        theme.GRID,
        told=tuple(f"{row.name}: {row.counted} at risk, counted" for row in rows),
        hrefs=tuple(row.href for row in rows),
        web={"marker": {"color": theme.GRID, "line": {"color": theme.GREY, "width": 1}}},
    )


def _expected(rows: Sequence[Expectation]) -> RowMarks:
    values, lower, upper = zip(*(row.expected or (None, None, None) for row in rows), strict=True)
    return RowMarks(
        "",
        tuple(range(len(rows))),
        values,
        Style(theme.BLUE, marker="circle-open", size=11),
        lower,
        upper,
        offset=OFFSET + BAR / 2,
        told=tuple(f"{row.name}: {row.with_interval} expected" for row in rows),
        hover=WORDS_AT_POINTER,
        hrefs=tuple(row.href for row in rows),
        web={"marker": {"size": 11, "color": theme.CARD, "line": {"color": theme.BLUE, "width": 3}}},
    )
