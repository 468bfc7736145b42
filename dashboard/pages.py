"""The pages, in the order of the navigation: each name is a module of `dashboard.layouts` with a `PAGE`."""

from importlib import import_module

from dashboard.layouts.frame.page import Page

NAMES = (
    "overview",
    "plan",
    "specialties",
    "breaches",
    "ptl",
    "ptl.book_next",
    "trends",
    "initiatives",
    "pack",
    "screens",
    "services",
    "status",
    "quality",
    "trusts",
    "inequality",
    "status.audit",
    "status.access",
    "about",
    "shape",
    "why",
)
PAGES: tuple[Page, ...] = tuple(import_module(f"dashboard.layouts.{name}").PAGE for name in NAMES)
BY_PATH = {page.path: page for page in PAGES}
