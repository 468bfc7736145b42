"""A small history without axes, as the text of an SVG picture: for a tile, or a cell of a table.

Its two colours stand out on the light card and on the dark one alike, so that one picture serves both, on
paper too. What it says must stand beside it in words.
"""

from collections.abc import Sequence

from dashboard.figures.theme import BAR

WIDTH, HEIGHT, MARGIN = 96, 24, 3
STANDARD = "#75838e"  # 3:1 against the light card and the dark one, as BAR


def sparkline(values: Sequence[float | None], standard: float | None = None) -> str:
    """The values from left to right, evenly spaced, a gap for None, and a dashed line for the standard.

    The lowest and highest of all that is drawn fill the height. '' where no value is known.
    """
    known = [value for value in (*values, standard) if value is not None]
    if not any(value is not None for value in values):
        return ""
    low, high = min(known), max(known)

    def y_of(value: float) -> int:
        rest = (high - value) / (high - low) if high > low else 0.5
        return round(MARGIN + rest * (HEIGHT - 2 * MARGIN))

    step = (WIDTH - 2 * MARGIN) / max(len(values) - 1, 1)
    points = [
        (round(MARGIN + at * step), y_of(value)) if value is not None else None
        for at, value in enumerate(values)
    ]
    target = (
        f"<path d='M0 {y_of(standard)}H{WIDTH}' stroke='{STANDARD}' {_LINE} stroke-dasharray='3 2'/>"
        if (standard is not None)
        else ""
    )
    x, y = next(point for point in reversed(points) if point)
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {WIDTH} {HEIGHT}' preserveAspectRatio='none'>"
        f"{target}<path d='{_path(points)}' stroke='{BAR}' stroke-width='2' {_LINE}/>"
        # The last value: a line without length under a round pen stays round however wide the picture is.
        f"<path d='M{x} {y}h0' stroke='{BAR}' stroke-width='6' stroke-linecap='round' {_LINE}/></svg>"
    )


_LINE = "fill='none' vector-effect='non-scaling-stroke'"


def _path(points: Sequence[tuple[int, int] | None]) -> str:
    """A pen that is lifted over a gap; a value between two gaps is a dot."""
    drawn, lifted = "", True
    for at, point in enumerate(points):
        if point is not None:
            after = points[at + 1] if at + 1 < len(points) else None
            drawn += f"{'M' if lifted else 'L'}{point[0]} {point[1]}" + (
                "h1" if lifted and after is None else ""
            )
        lifted = point is None
    return drawn
