"""Charts as PNG pictures at twice their size, drawn by one Chromium that is kept open between calls.

For files that no office program opens: HTML and PDF. Where there is no Chromium `NoBrowser` names the
package; nothing is downloaded, no address is asked: Plotly's script comes from its own package. One that
ended or hangs is replaced once; `NotDrawn` says that this did not help, or that others drew for too long.
"""

import atexit
import logging
import shutil
from collections.abc import Sequence
from threading import Lock
from typing import Any

from dashboard.figures.chart import Chart
from dashboard.figures.chromium import Chromium

log = logging.getLogger("rtt.pictures")

WIDTH, SCALE = 720, 2
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SECONDS_A_PICTURE = 60.0
"""The start of the browser included: on a busy machine it takes ten."""
SECONDS_TO_WAIT = 30.0
"""For others that draw: a whole pack takes fifteen."""
_lock = Lock()
_open: list[Chromium] = []


class NoBrowser(RuntimeError):
    """There is no Chromium to draw with; the message names the package."""


class NotDrawn(RuntimeError):
    """There is a Chromium, but no picture for now; the message says why."""


def browser() -> str:
    """The browser's path. Raises `NoBrowser`."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        raise NoBrowser("Chart pictures need Chromium, which is not installed: package chromium")
    return found


def pictures(charts: Sequence[tuple[Chart, int]]) -> list[bytes]:
    """A PNG of each chart, given with its height in pixels. Raises `NoBrowser`, `NotDrawn`."""
    path = browser()
    if not _lock.acquire(timeout=SECONDS_TO_WAIT):
        raise NotDrawn("Chart pictures are being drawn for other users; try again in a minute")
    try:
        return [_drawn(path, chart, height) for chart, height in charts]
    finally:
        _lock.release()


def _drawn(path: str, chart: Chart, height: int) -> bytes:
    figure: dict[str, Any] = {"data": chart.figure["data"], "layout": dict(chart.figure["layout"])}
    options = {"format": "png", "width": WIDTH, "height": height, "scale": SCALE}
    for _ in range(2):
        if not _open:
            _open.append(Chromium(path))
        try:
            return _open[0].draw(figure, options, seconds=SECONDS_A_PICTURE)
        except Exception as error:
            # Of its message nobody knows what it quotes.
            log.warning("Chromium drew no picture (%s); it is ended", type(error).__qualname__)
            _close()
    raise NotDrawn("Chromium, which makes the chart pictures, is not responding; try again in a minute")


@atexit.register
def _close() -> None:
    while _open:
        _open.pop().close()
