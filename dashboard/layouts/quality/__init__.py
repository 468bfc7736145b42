"""Data quality."""

from dashboard.layouts.frame.page import Page
from dashboard.layouts.quality import draw

PAGE = Page(
    "/quality",
    "Data quality",
    draw.load,
    draw.draw,
    ("source", "level", "org", "tf", "kind", "census", "audience"),
    parts=draw.parts,
    menu="Data",
    kept=True,
)
