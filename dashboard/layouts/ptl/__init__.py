"""The patient list (PTL) as a worklist, and whom to book next."""

from dashboard.layouts.frame.page import SCOPE_CONTROLS, Page
from dashboard.layouts.ptl import draw

PAGE = Page(
    draw.PATH,
    "Patients",
    draw.load,
    draw.draw,
    (*SCOPE_CONTROLS, "pathway", "priority", "census", "band"),
    audited=True,
)
