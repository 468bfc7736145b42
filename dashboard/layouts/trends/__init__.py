"""Trends."""

from dashboard.layouts.frame.page import SCOPE_CONTROLS, Page
from dashboard.layouts.trends import draw

PAGE = Page(
    "/trends",
    "Trends",
    draw.load,
    draw.draw,
    (*SCOPE_CONTROLS, "pathway", "priority", "census", "audience"),
    parts=draw.parts,
    menu="Reports",
    kept=True,
)
