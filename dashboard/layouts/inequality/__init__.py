"""Inequality."""

from dashboard.layouts.frame.page import Page
from dashboard.layouts.inequality import draw

PAGE = Page(
    draw.PATH,
    "Inequality",
    draw.load,
    draw.draw,
    ("source", "org", "group", "site", "tf", "census"),
    parts=draw.parts,
    menu="Data",
)
