"""What reads faster than a number in a cell or on a tile: a bar, and a small history."""

from collections.abc import Sequence
from urllib.parse import quote

from dashboard.figures.sparkline import HEIGHT, WIDTH, sparkline
from dashboard.layouts.frame import html
from dashboard.layouts.frame.attributes import attributes
from dashboard.layouts.frame.phrases import Component

_PLAIN = " '=:/,"
"""What a picture in an address may hold as it is, inside of double quotes. A "#" would end the address."""


def bar(value: float | None, most: float) -> Component:
    """A bar under the number of a cell, as long as its part of the `most` of the column; nothing for None.

    The number beside it says the same, so that who hears the page hears it once.
    """
    if value is None or most <= 0:
        return None
    share = min(max(value / most, 0.0), 1.0)
    inside = html.Span(className="rtt-bar__part", style={"width": f"{100 * share:.0f}%"})
    return html.Span(inside, className="rtt-bar", **attributes(aria_hidden="true"))


def spark(values: Sequence[float | None], standard: float | None = None, *, label: str = "") -> Component:
    """A small history, oldest value first; None where nothing is known.

    `label` says in words what is seen, for those who do not see it: "24 months, from 52.1% to 60.4%". Without
    it the picture is left out of what is heard, since words beside it say the same.
    """
    drawn = sparkline(values, standard)
    if not drawn:
        return None
    source = f"data:image/svg+xml,{quote(drawn, safe=_PLAIN)}"
    return html.Img(src=source, alt=label, width=WIDTH, height=HEIGHT, className="rtt-spark")
