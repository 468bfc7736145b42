"""Waiting list shape."""

from dashboard.layouts.frame.page import SCOPE_CONTROLS, Page
from dashboard.layouts.shape import draw

PAGE = Page(
    "/list",
    "Waiting list shape",
    draw.load,
    draw.draw,
    (
        *SCOPE_CONTROLS,
        "pathway",
        "priority",
        "census",
        "compare=year/quarter",
        "band",
        "audience",
    ),
    parts=draw.parts,
    menu="Data",
    kept=True,
)
