"""Predicted breaches."""

from dashboard.layouts.breaches import draw
from dashboard.layouts.frame.page import SCOPE_CONTROLS, Page

PAGE = Page(
    "/breaches",
    "Breaches",
    draw.load,
    draw.draw,
    (*SCOPE_CONTROLS, "pathway", "priority", "census", "audience"),
    parts=draw.parts,
    load_every=draw.load_every,
    kept=True,
)
