"""Specialties and peers."""

from dashboard.layouts.frame.page import SCOPE_CONTROLS, Page
from dashboard.layouts.specialties import draw

PAGE = Page(
    "/specialties",
    "Specialties",
    draw.load,
    draw.draw,
    (
        *SCOPE_CONTROLS,
        "pathway",
        "census",
        "compare=year",
        "benchmark_measure",
        "peers",
        "limits",
        "audience",
    ),
    parts=draw.parts,
    kept=True,
)
