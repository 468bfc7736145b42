"""Board pack."""

from dashboard.layouts.frame.page import Page
from dashboard.layouts.pack import draw

PAGE = Page(
    draw.PATH,
    "Board pack",
    draw.load,
    draw.draw,
    ("source", "level", "org", "tf", "kind", "group", "site", "census", "audience=always"),
    parts=draw.parts,
    menu="Reports",
    kept=True,
)
