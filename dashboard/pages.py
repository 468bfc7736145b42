"""The contents page: every page's address, title, question, controls, and how it is loaded and drawn.

Navigation, routing, filters and the tests of accessibility all go through `PAGES`; a new page is one layout
module and one line here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from dashboard.layouts.about import draw as about
from dashboard.layouts.breaches import draw as breaches
from dashboard.layouts.frame.components import Card, Part, cards_of
from dashboard.layouts.overview import draw as overview
from dashboard.layouts.pack import draw as pack
from dashboard.layouts.ptl import book_next
from dashboard.layouts.ptl import draw as ptl
from dashboard.layouts.quality import draw as quality
from dashboard.layouts.shape import draw as shape
from dashboard.layouts.specialties import draw as specialties
from dashboard.layouts.status import audit
from dashboard.layouts.status import draw as status
from dashboard.layouts.trends import draw as trends
from dashboard.scope.scope import Scope
from dashboard.server.access import Reader


@dataclass(frozen=True, slots=True)
class Page:
    """`load` makes the SQL statements and nothing else; `draw` turns what it found into components."""

    path: str
    title: str
    question: str  # what a reader gets from it in five seconds
    controls: tuple[str, ...]
    load: Callable[[Connection, Scope], Any]
    draw: Callable[[Scope, Any], Any]
    # The cards of the page and what stands between them, as `draw` places them.
    parts: Callable[[Scope, Any], list[Part]] = lambda _scope, _found: []
    # Whose navigation has a link to it; what the page then shows to whom is its own to ask.
    in_navigation: Callable[[Reader], bool] = lambda _reader: True
    # Shows what is written down before it is shown: it has files of its own, and never a card's.
    audited: bool = False

    def cards(self, scope: Scope, found: Any) -> dict[str, Card]:
        """The cards that files can be taken from, by name; none on an empty database."""
        return cards_of(self.parts(scope, found)) if found else {}


_SCOPE = ("source", "level", "kind", "org", "group", "site", "tf")

PAGES: tuple[Page, ...] = (
    Page(
        "/",
        "Overview",
        "Are we within the standard, is it getting better, and where is the problem?",
        (*_SCOPE, "pathway", "priority", "census", "compare=year", "audience"),
        overview.load,
        overview.draw,
        overview.parts,
    ),
    Page(
        "/trends",
        "Trends",
        "Signal or noise, and is the standard met?",
        (
            "source",
            "level",
            "kind",
            "org",
            "group",
            "site",
            "tf",
            "pathway",
            "priority",
            "census",
            "audience",
        ),
        trends.load,
        trends.draw,
        trends.parts,
    ),
    Page(
        "/list",
        "Waiting list shape",
        "Is a bulge about to arrive, and is the tail shrinking?",
        (*_SCOPE, "pathway", "priority", "census", "compare=year/quarter", "band", "audience"),
        shape.load,
        shape.draw,
        shape.parts,
    ),
    Page(
        "/breaches",
        "Breaches",
        "How many will pass 18 weeks, how sure is that, and how many can still be saved?",
        (*_SCOPE, "pathway", "priority", "census", "audience"),
        breaches.load,
        breaches.draw,
        breaches.parts,
    ),
    Page(
        "/ptl",
        "Tracking list",
        "Which pathways need a date now?",
        (*_SCOPE, "pathway", "priority", "census", "band"),
        ptl.load,
        ptl.draw,
        audited=True,
    ),
    Page(
        "/book-next",
        "Book next",
        "Whom to offer the next slots, and what does that do?",
        ("source", "org", "site", "tf", "census"),
        book_next.load,
        book_next.draw,
        in_navigation=lambda _reader: False,
        audited=True,
    ),
    Page(
        "/specialties",
        "Specialties",
        "Who is really different?",
        (*_SCOPE, "pathway", "census", "compare=year", "benchmark_measure", "peers", "limits", "audience"),
        specialties.load,
        specialties.draw,
        specialties.parts,
    ),
    Page(
        "/quality",
        "Data quality",
        "Can this figure be trusted, and how far could it be out?",
        ("source", "level", "kind", "org", "tf", "census", "audience"),
        quality.load,
        quality.draw,
        quality.parts,
    ),
    Page(
        "/pack",
        "Board pack",
        "What goes to the board, and what is said about it?",
        ("source", "level", "kind", "org", "group", "site", "tf", "census", "audience=always"),
        pack.load,
        pack.draw,
        pack.parts,
    ),
    Page(
        "/status",
        "Data status",
        "Did it load, is anything late, what was refused and why?",
        (),
        status.load,
        status.draw,
        status.parts,
    ),
    Page(
        "/audit",
        "Audit trail",
        "Who looked at which pathways, when, and what for?",
        (),
        audit.load,
        audit.draw,
        in_navigation=audit.may_see,
        audited=True,
    ),
    Page(
        "/about",
        "About",
        "What does each figure mean, how is it made, and does it match the published one?",
        (),
        about.load,
        about.draw,
        about.parts,
    ),
)

BY_PATH = {page.path: page for page in PAGES}
