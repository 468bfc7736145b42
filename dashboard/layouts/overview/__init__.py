"""Overview."""

from dashboard.layouts.frame.page import SCOPE_CONTROLS, Page
from dashboard.layouts.overview import draw, load

PAGE = Page(
    "/",
    "Overview",
    load.load,
    draw.draw,
    (*SCOPE_CONTROLS, "pathway", "priority", "census", "compare=year", "audience"),
    parts=draw.parts,
    kept=True,
)
