"""About."""

from dashboard.layouts.about import draw
from dashboard.layouts.frame.page import Page

PAGE = Page("/about", "About", draw.load, draw.draw, parts=draw.parts, menu="Data", kept=True)
