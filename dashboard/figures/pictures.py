"""Charts as PNG pictures at twice their size, drawn by one Chromium that is kept open between calls.

For files that no office program opens: HTML and PDF. Where there is no Chromium `NoBrowser` names the
package; nothing is downloaded, no address is asked: Plotly's script comes from its own package.
"""

from __future__ import annotations

import atexit
import shutil
from collections.abc import Sequence
from threading import Lock
from typing import Any

import kaleido

from dashboard.figures.chart import Chart

WIDTH, SCALE = 720, 2
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_lock = Lock()
_running: list[bool] = []


class NoBrowser(RuntimeError):
    """There is no Chromium to draw with; the message names the package."""


def browser() -> str:
    """The browser's path. Raises `NoBrowser`."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        raise NoBrowser("Pictures of charts are drawn by Chromium, which is not installed: package chromium")
    return found


def pictures(charts: Sequence[tuple[Chart, int]]) -> list[bytes]:
    """A PNG of each chart, given with its height in pixels. Raises `NoBrowser`."""
    path = browser()
    with _lock:
        if not _running:
            kaleido.start_sync_server(path=path, mathjax=False, silence_warnings=True)
            atexit.register(kaleido.stop_sync_server, silence_warnings=True)
            _running.append(True)
        return [_drawn(chart, height) for chart, height in charts]


def _drawn(chart: Chart, height: int) -> bytes:
    figure: dict[str, Any] = {"data": chart.figure["data"], "layout": dict(chart.figure["layout"])}
    options = {"format": "png", "width": WIDTH, "height": height, "scale": SCALE}
    return bytes(kaleido.calc_fig_sync(figure, opts=options))
