"""A bridge from one list to the next: what joined, what left, and the list that is left over.

The two lists are far larger than what moves between them, so the bars of the steps float on an axis that does
not begin at zero; the lists themselves are lines with their numbers, never bars cut short.
"""

from collections.abc import Sequence, Sized
from dataclasses import dataclass

from dashboard.figures import theme
from dashboard.figures.chart import Chart
from dashboard.figures.plot import Axis, Bars, Plot, RowMarks, Style, names_of

ROW = 44


@dataclass(frozen=True, slots=True)
class Step:
    """One change of the list: negative where pathways leave; None: not shown to this reader."""

    name: str
    change: float | None
    shown: str


def bridge_chart(
    before: tuple[str, float, str],
    after: tuple[str, float, str],
    steps: Sequence[Step],
    *,
    title: str,
    caption: str,
    share: bool = False,
) -> Chart:
    """From `before` to `after`, each a name, a number and the number as printed; of pathways, or a share."""
    rows = [before[0], *(step.name for step in steps), after[0]]
    shown = [before[2], *(step.shown for step in steps), after[2]]
    return Chart(
        plot=_plot(before[1], after[1], steps, rows, shown, share=share),
        title=title,
        caption=caption,
        alt="Bridge chart: "
        + "; ".join(f"{name} {text}" for name, text in zip(rows, shown, strict=True))
        + ".",
        columns=("Step", "Share" if share else "Pathways"),
        rows=tuple(zip(rows, shown, strict=True)),
    )


def height(steps: Sized) -> int:
    """Pixels that the bridge needs."""
    return 48 + ROW * (len(steps) + 2)


def _levels(start: float, steps: Sequence[Step]) -> list[float]:
    """The list after each step; a step that is not shown draws nothing and changes nothing."""
    levels = []
    for step in steps:
        start += step.change or 0.0
        levels.append(start)
    return levels


def _range(values: Sequence[float], least: float) -> tuple[float, float]:
    low, high = min(values), max(values)
    room = max((high - low) * 0.08, least)
    return low - room, high + room


def _share_format(low: float, high: float) -> str:
    """Steps of a share are often less than a tenth of a point."""
    return theme.share_format(low, high) if high - low > 0.006 else ".2%" if high - low > 0.0006 else ".3%"


def _plot(
    before: float,
    after: float,
    steps: Sequence[Step],
    rows: Sequence[str],
    shown: Sequence[str],
    *,
    share: bool,
) -> Plot:
    levels = _levels(before, steps)
    low, high = _range([before, after, *levels], 0.0001 if share else 1.0)
    changes = (0.0, *(step.change for step in steps), 0.0)
    named = zip(rows, changes, shown, strict=True)
    labels = [f"{name}  <b>{text}</b>" for name, text in zip(rows, shown, strict=True)]
    return Plot(
        kind="horizontal",
        names=names_of(list(named)),
        series=(
            Bars(
                tuple(step.change for step in steps),
                theme.BAR,
                "Change",
                first=1,
                bases=tuple(level - (step.change or 0.0) for step, level in zip(steps, levels, strict=True)),
                told=tuple(f"{step.name}: {step.shown}" for step in steps),
            ),
            RowMarks(
                "The figure" if share else "The list",
                (0, len(rows) - 1),
                (before, after),
                Style(theme.TEXT, width=4, marker="line"),
            ),
        ),
        axis=Axis(
            low,
            high,
            _share_format(low, high) if share else ",d",
            "share" if share else "",
            web={"automargin": True},
        ),
        # Room for half of the last number of the axis, such as 7,450,000.
        web=theme.rows_of_bars(labels, at=low)
        | {"hovermode": "closest", "margin": {"l": 12, "r": 34, "t": 4, "b": 36}},
    )
