"""Why a figure differs from another: reached from the figures themselves, not from the navigation."""

from dashboard.layouts.frame.page import SCOPE_CONTROLS, Page
from dashboard.layouts.why import draw

PAGE = Page(
    "/why",
    "Why it differs",
    draw.load,
    draw.draw,
    (*SCOPE_CONTROLS, "census"),
    parts=draw.parts,
    in_navigation=lambda _reader: False,
    kept=True,
    source="monthly",
)
