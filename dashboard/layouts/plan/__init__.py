"""What it would take."""

from dashboard.layouts.frame.page import SCOPE_CONTROLS, Page
from dashboard.layouts.plan import draw, load

PAGE = Page(
    draw.PATH,
    "Plan",
    load.load,
    draw.draw,
    (*SCOPE_CONTROLS, "census", "audience"),
    parts=draw.parts,
    # Whoever asks for the tracking list still has the way there.
    source="monthly",
    kept=True,
)
