"""A small history: a line of at most 24 figures, with the standard as a tick, as an image of its own.

It is an SVG in the address of the image: no script and no chart library, a few hundred bytes. Its numbers are
those of the chart that it leads to, suppressed and rounded alike: nothing more can be read off it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from dashboard.figures import theme

POINTS = 24
WIDTH, HEIGHT, EDGE = 120, 30, 4
LINE, TICK = theme.BAR, theme.MUTED
"""3:1 on the cards of both screens: an image does not know which one it stands on."""


@dataclass(frozen=True, slots=True)
class Spark:
    """The image's address and its words for who does not see it."""

    src: str
    alt: str


def spark(values: Sequence[float | None], *, alt: str, standard: float | None = None) -> Spark | None:
    """The newest values, oldest first, None in a gap; None where fewer than two are known.

    The scale is that of the values. A standard beyond it is a small arrow at that edge.
    """
    shown = list(values)[-POINTS:]
    known = [value for value in shown if value is not None]
    if len(known) < 2:
        return None
    low, high = min(known), max(known)
    drawn = "".join(
        [
            *(_run(run, len(shown), low, high) for run in _runs(shown)),
            _newest(shown, low, high),
            "" if standard is None else _tick(standard, low, high),
        ]
    )
    picture = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">{drawn}</svg>'
    return Spark(f"data:image/svg+xml,{quote(picture, safe=' =:/')}", alt)


def _runs(values: Sequence[float | None]) -> list[list[tuple[int, float]]]:
    """Places and values between gaps."""
    runs: list[list[tuple[int, float]]] = [[]]
    for at, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append((at, value))
    return [run for run in runs if run]


def _run(run: Sequence[tuple[int, float]], count: int, low: float, high: float) -> str:
    places = [_place(at, value, count, low, high) for at, value in run]
    if len(places) == 1:
        return f'<circle cx="{places[0][0]:.1f}" cy="{places[0][1]:.1f}" r="1.5" fill="{LINE}"/>'
    points = " ".join(f"{x:.1f},{y:.2f}" for x, y in places)
    return f'<polyline points="{points}" fill="none" stroke="{LINE}" stroke-width="2"/>'


def _newest(values: Sequence[float | None], low: float, high: float) -> str:
    if values[-1] is None:
        return ""
    x, y = _place(len(values) - 1, values[-1], len(values), low, high)
    return f'<circle cx="{x:.1f}" cy="{y:.2f}" r="3" fill="{LINE}"/>'


def _tick(standard: float, low: float, high: float) -> str:
    if low <= standard <= high:
        y = _height(standard, low, high)
        return f'<path d="M{WIDTH - 14} {y:.2f}H{WIDTH}" stroke="{TICK}" stroke-width="2"/>'
    if standard > high:
        return f'<path d="M{WIDTH - 10} 7L{WIDTH - 5} 0L{WIDTH} 7z" fill="{TICK}"/>'
    return f'<path d="M{WIDTH - 10} {HEIGHT - 7}L{WIDTH - 5} {HEIGHT}L{WIDTH} {HEIGHT - 7}z" fill="{TICK}"/>'


def _place(at: int, value: float, count: int, low: float, high: float) -> tuple[float, float]:
    # The tick keeps the last pixels for itself.
    across = WIDTH - 16 - 2 * EDGE
    return EDGE + across * at / (count - 1), _height(value, low, high)


def _height(value: float, low: float, high: float) -> float:
    if high == low:
        return HEIGHT / 2
    return EDGE + (HEIGHT - 2 * EDGE) * (high - value) / (high - low)
