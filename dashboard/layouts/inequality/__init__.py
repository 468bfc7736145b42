"""Inequality."""

from dashboard.layouts.frame.page import Page
from dashboard.layouts.inequality import draw

PAGE = Page(
    draw.PATH,
    "Inequality",
    draw.load,
    draw.draw,
    ("source", "org", "tf", "group", "site", "census"),
    parts=draw.parts,
    menu="Data",
    kept=True,
)
