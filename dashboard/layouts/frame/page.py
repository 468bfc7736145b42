"""What a page is: its folder declares one `PAGE`, and `dashboard.pages` names the folder."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from dashboard.layouts.frame.components import Card, Part, cards_of
from dashboard.scope.scope import Scope, scope_words
from dashboard.server.access import Reader

MENUS = ("Reports", "Data")
# The menu of specialties comes first: it stays open while its boxes are ticked, and chips that a choice adds
# or takes away must not move it from under the pointer.
SCOPE_CONTROLS = ("source", "level", "org", "tf", "kind", "group", "site")


@dataclass(frozen=True, slots=True)
class Page:
    """`load` makes the SQL statements and nothing else; `draw` turns what it found into components.

    `controls` are those of `frame.controls`. An `audited` page records who sees it before it is shown: it has
    exports of its own, and no card of it can be downloaded.
    """

    path: str
    title: str
    load: Callable[[Connection, Scope], Any]
    draw: Callable[[Scope, Any], Any]
    controls: tuple[str, ...] = ()
    # The cards of the page and what stands between them, as `draw` places them.
    parts: Callable[[Scope, Any], list[Part]] = lambda _scope, _found: []
    # Whose navigation has a link to it; what it shows to whom, the page decides.
    in_navigation: Callable[[Reader], bool] = lambda _reader: True
    audited: bool = False
    # Whether its answers may be kept: nothing is in them but facts, what is witnessed, who asks and the day.
    kept: bool = False
    menu: str = ""  # one of MENUS; '' for the navigation itself
    # What it opens on where the address names no source: it asks for what that source alone knows.
    source: str = ""

    # What its figures are of, in words, for the files of its cards.
    scope_words: Callable[[Scope], str] = scope_words
    # What every card needs, where `load` reads only what the part of the page that is open needs.
    load_every: Callable[[Connection, Scope], Any] | None = None

    @property
    def of_patients(self) -> bool:
        """Whether it can be drawn from a PTL alone."""
        return self.audited and "source" in self.controls

    def cards(self, scope: Scope, found: Any) -> dict[str, Card]:
        """The cards that files can be taken from, by name; none on an empty database."""
        return cards_of(self.parts(scope, found)) if found else {}

    def every_card(self, connection: Connection, scope: Scope) -> dict[str, Card]:
        """The cards of the whole page by name, those of a part that is not open too."""
        return self.cards(scope, (self.load_every or self.load)(connection, scope))
