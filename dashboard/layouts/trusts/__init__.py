"""The weekly PTLs of all trusts."""

from dashboard.layouts.frame.page import Page
from dashboard.layouts.trusts import draw

PAGE = Page(
    draw.PATH,
    "All trusts’ PTLs",
    draw.load,
    draw.draw,
    ("source", "tf", "census"),
    parts=draw.parts,
    menu="Data",
    kept=True,
    source="weekly",
    scope_words=draw.scope_words,
)
