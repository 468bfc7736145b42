"""Colours, type and axes of every chart. Contrast and colour-blind distance are tested from the values here.

No red or green carries meaning, and no colour carries it alone: a shape and a word always stand beside it.
Figures are plain dictionaries: building `go.Figure` objects costs twenty times the rest of a page.
"""

from collections.abc import Sequence
from typing import Any

Drawn = dict[str, Any]
"""Something that Plotly draws, in its words."""

PAGE = "#f0f4f5"
CARD = "#ffffff"
TEXT = "#212b32"
SECONDARY = "#4c6272"
GRID = "#d8dde0"

BLUE = "#005eb8"
ORANGE = "#b35900"
GREY = "#4c6272"
PURPLE = "#330072"
CHOSEN = "#d9e5f2"
PALE_BLUE = "#7fa9d6"
BAR = "#4a86c5"  # of many bars: 3:1 against the card, and against a dark outline drawn over it

MUTED = "#75838e"  # of what counts for less

# Shades of a map, from low to high: dark words on the first three, white on the others. They are told apart
# without colour, and on a dark screen they run from dark to light.
STEP_ONE = "#e6eef7"
STEP_TWO = "#b3cde8"
STEP_THREE = "#8ab2dd"
STEP_FOUR = "#2a6cb5"
STEP_FIVE = "#00305e"
STEPS = (STEP_ONE, STEP_TWO, STEP_THREE, STEP_FOUR, STEP_FIVE)
DARK_WORDS = 3

# What each becomes on a dark screen; assets/colours.css does it in the browser, so that a figure is drawn
# once for both. GREY is SECONDARY.
DARK = {
    PAGE: "#0f1a22",
    CARD: "#18252f",
    TEXT: "#eef2f4",
    SECONDARY: "#b8c5ce",
    GRID: "#3b4c58",
    BLUE: "#74b7f5",
    ORANGE: "#f2a23c",
    PURPLE: "#cbb2f5",
    CHOSEN: "#1f4363",
    PALE_BLUE: "#4672a0",
    BAR: "#4f8fcf",
    MUTED: "#8c9ba5",
    STEP_ONE: "#1b2f40",
    STEP_TWO: "#27496a",
    STEP_THREE: "#39648f",
    STEP_FOUR: "#7db4ea",
    STEP_FIVE: "#cfe6fb",
}

# meaning -> (colour, marker, word): colour, shape and word always travel together
SIGNALS = {
    "improving": (BLUE, "triangle-up"),
    "concerning": (ORANGE, "square"),
    "common cause": (GREY, "circle"),
    "neutral": (PURPLE, "diamond"),
}
FONT = "Arial, Helvetica, sans-serif"


def layout(**changes: Any) -> dict[str, Any]:
    """The layout of a chart; keyword arguments replace whole entries."""
    base: dict[str, Any] = {
        "font": {"family": FONT, "size": 14, "color": TEXT},
        "paper_bgcolor": CARD,
        "plot_bgcolor": CARD,
        "margin": {"l": 56, "r": 16, "t": 12, "b": 44},
        "hovermode": "closest",
        "dragmode": False,
        "showlegend": False,
        "colorway": [BLUE, ORANGE, PURPLE, GREY],
        "xaxis": axis(),
        "yaxis": axis(),
        "hoverlabel": {
            "bgcolor": CARD,
            "bordercolor": TEXT,
            "font": {"family": FONT, "size": 14, "color": TEXT},
        },
        "transition": {"duration": 0},
    }
    return base | changes


def axis_title(words: str) -> dict[str, Any]:
    """What an axis measures, quieter than its numbers."""
    return {"text": words, "font": {"size": 13, "color": SECONDARY}}


def axis(**changes: Any) -> dict[str, Any]:
    """An axis: horizontal text, sparse grid, fixed range (a chart is read, not zoomed)."""
    base: dict[str, Any] = {
        "fixedrange": True,
        "showgrid": False,
        "zeroline": False,
        "linecolor": SECONDARY,
        "tickcolor": SECONDARY,
        "ticks": "outside",
        "ticklen": 4,
        # Only up and down: to the sides room is given by hand, or a phone's plot would lose 240 pixels.
        "automargin": "height",
        "tickangle": 0,
        "gridcolor": GRID,
    }
    return base | changes


def value_axis(**changes: Any) -> dict[str, Any]:
    """The axis numbers are read from: with grid lines."""
    return axis(showgrid=True, ticks="", linecolor=CARD, nticks=6, **changes)


def row_band(row: int) -> dict[str, Any]:
    """A pale band behind a row that the reader has chosen; a word in its label says the same."""
    ends = {"x0": 0, "x1": 1, "xref": "paper", "y0": row - 0.5, "y1": row + 0.5}
    return {"type": "rect", **ends, "fillcolor": CHOSEN, "line": {"width": 0}, "layer": "below"}


def rows_of_bars(labels: Sequence[str], *, at: float = 0) -> dict[str, Any]:
    """For the layout of a row for each bar: its label above it; a press anywhere in a row is one on its bar.

    A bar of one pathway beside one of hundreds is two pixels wide: no finger finds it.
    """
    return {
        "hovermode": "y",
        "annotations": [
            text_at(at, row, words, xanchor="left", bgcolor="rgba(0,0,0,0)")
            for row, words in enumerate(labels)
        ],
        "margin": {"l": 12, "r": 16, "t": 4, "b": 36},
    }


def count_format(low: float, high: float, *, plain: str = ",d") -> str:
    """Counts of at most seven characters, for which the left margin has room: 99,000, then 300k, 7.4M."""
    return "~s" if max(abs(low), abs(high)) >= 100_000 else plain


def share_format(low: float, high: float) -> str:
    """As many decimals as neighbouring grid lines need to read differently."""
    return ".0%" if high - low > 0.06 else ".1%"


def text_at(x: Any, y: Any, text: str, **changes: Any) -> Drawn:
    """A label beside what it names, instead of a legend."""
    return {
        "x": x,
        "y": y,
        "text": text,
        "showarrow": False,
        "xanchor": "right",
        "yanchor": "bottom",
        "font": {"size": 14, "color": TEXT},
        "bgcolor": "rgba(255,255,255,0.8)",
    } | changes
