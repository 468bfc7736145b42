"""My services."""

from dashboard.layouts.frame.page import Page
from dashboard.layouts.services import draw

PAGE = Page(draw.PATH, "My services", draw.load, draw.draw, menu="Reports")
