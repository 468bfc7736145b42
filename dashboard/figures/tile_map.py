"""A tile map of ICBs: a square each, all of one size, shaded by a measure in fifths.

An ICB of ten times the people has the same square: a map of areas would show moorland. The figure stands in
the square, so the shade is never alone, and the shades are told apart in grey too.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from dashboard.figures import theme
from dashboard.figures.chart import Chart
from dashboard.figures.icb_tiles import Tile
from dashboard.figures.plot import Axis, Plot, Tiles
from dashboard.figures.plotly import square

FIFTHS = (20, 40, 60, 80)


@dataclass(frozen=True, slots=True)
class Place:
    """An ICB on the map: its figure (None: no shade), that in its square, and the cells of its row."""

    tile: Tile
    value: float | None
    shown: str
    cells: tuple[str, ...]
    href: str
    chosen: bool = False


def tile_map(
    places: Sequence[Place],
    *,
    title: str,
    caption: str,
    measure: str,
    unit: str,
    columns: Sequence[str],
    words: Callable[[float], str],
) -> Chart:
    """The map and its table; `words` writes a value for the legend."""
    steps = fifths([place.value for place in places])
    tiles = Tiles(
        at=tuple((place.tile.column, place.tile.row) for place in places),
        names=tuple(place.tile.name for place in places),
        shown=tuple(place.shown for place in places),
        steps=tuple(steps),
        told=tuple(f"{place.cells[0]}: {place.cells[1]}" for place in places),
        hrefs=tuple(place.href for place in places),
        edged=frozenset(at for at, place in enumerate(places) if place.chosen),
    )
    shapes, labels = _legend(places, steps, words)
    return Chart(
        plot=Plot(
            kind="tiles",
            series=(tiles,),
            axis=Axis(0, 1, "", unit),
            web={
                "shapes": shapes,
                "annotations": labels,
                "margin": {"l": 4, "r": 4, "t": 4, "b": 4},
                "hoverdistance": 40,
            },
        ),
        title=title,
        caption=caption,
        alt=f"Tile map of {measure.lower()} by ICB. {title}. {caption} The table has every ICB.",
        columns=tuple(columns),
        rows=tuple(place.cells for place in places),
        hrefs=tuple(place.href for place in places),
    )


def fifths(values: Sequence[float | None]) -> list[int | None]:
    """The fifth of each value, 0 to 4, by numpy's "linear" percentiles; None without a finite value."""
    known = [value for value in values if value is not None and np.isfinite(value)]
    if not known:
        return [None for _ in values]
    edges = np.percentile(known, FIFTHS, method="linear")
    return [
        None if value is None or not np.isfinite(value) else int(np.searchsorted(edges, value, side="left"))
        for value in values
    ]


def _legend(
    places: Sequence[Place], steps: Sequence[int | None], words: Callable[[float], str]
) -> tuple[list[theme.Drawn], list[theme.Drawn]]:
    """What each shade spans, in the upper right corner, where England has sea."""
    shapes: list[theme.Drawn] = []
    labels: list[theme.Drawn] = []
    right, top = max(place.tile.column for place in places), -0.1
    for step in range(len(theme.STEPS)):
        values = [place.value or 0.0 for place, at in zip(places, steps, strict=True) if at == step]
        if not values:
            continue
        low, high = words(min(values)), words(max(values))
        row = top + 0.46 * step
        edge = {"color": theme.SECONDARY, "width": 1}
        shapes.append(square(right - 1.75, row, 0.34, theme.STEPS[step], edge))
        text = low if low == high else f"{low} to {high}"
        labels.append(
            theme.text_at(
                right - 1.5, row, text, xanchor="left", yanchor="middle", font={"size": 11}, borderpad=0
            )
        )
    return shapes, labels
