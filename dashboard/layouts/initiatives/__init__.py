"""Initiatives."""

from dashboard.layouts.frame.page import Page
from dashboard.layouts.initiatives import draw

PAGE = Page(
    draw.PATH, "Initiatives", draw.load, draw.draw, ("source",), parts=draw.parts, menu="Reports", kept=True
)
