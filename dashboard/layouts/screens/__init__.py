"""Wall screens: those that are set up, and one more with what the page before was about."""

from dashboard.layouts.frame.page import SCOPE_CONTROLS, Page
from dashboard.layouts.screens import draw

PAGE = Page(
    "/screens",
    "Wall screens",
    draw.load,
    draw.draw,
    # No census: a screen follows the newest.
    (*SCOPE_CONTROLS, "pathway", "priority"),
    parts=draw.parts,
    menu="Reports",
)
