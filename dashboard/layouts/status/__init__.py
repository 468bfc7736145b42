"""Data status."""

from dashboard.layouts.frame.page import Page
from dashboard.layouts.status import draw

PAGE = Page(
    "/status",
    "Data status",
    draw.load,
    draw.draw,
    parts=draw.parts,
    menu="Data",
)
