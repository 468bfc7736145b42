"""Whom a pack or chart is made for: public, or internal. It is printed on the file and decides what it shows.

Public: figures as a reader without access sees them. Internal: as the person who makes it may see them.
"""

from dataclasses import dataclass

from dashboard.scope.scope import Scope
from dashboard.server.access import ANYBODY
from ingest.store.schema import WEEKLY

PUBLIC, INTERNAL = "public", "internal"
AUDIENCES = (PUBLIC, INTERNAL)
NAMES = {PUBLIC: "Public", INTERNAL: "Internal: not for publication"}
STAFF_ALONE = "For staff of the organisation only. Do not publish or forward it."
HOLDS_SMALL = (
    "For staff of the organisation only: it holds small numbers from the PTL, which could identify "
    "patients. Do not publish or forward it."
)
NOTHING_SMALL = "Small numbers from the PTL are suppressed."
PUBLISHED_ALONE = "It holds published figures only."


@dataclass(frozen=True, slots=True)
class Audience:
    """`name` as in addresses and file names, `label` as it is printed, `sentence`: what follows from it."""

    name: str
    label: str
    sentence: str

    @property
    def told(self) -> str:
        """For the title page."""
        return f"{self.label}. {self.sentence}"


EVERYBODY = Audience(PUBLIC, NAMES[PUBLIC], PUBLISHED_ALONE)


def audience_name(scope: Scope) -> str:
    """What the address asks for: public, unless it says otherwise."""
    return scope.filters.audience or PUBLIC


def audience_of(scope: Scope) -> Audience:
    """Of a choice that `for_audience` made."""
    name = audience_name(scope)
    if name == INTERNAL:
        sentence = HOLDS_SMALL if holds_small_numbers(scope) else STAFF_ALONE
    else:
        sentence = NOTHING_SMALL if scope.source == WEEKLY else EVERYBODY.sentence
    return Audience(name, NAMES[name], sentence)


def for_audience(scope: Scope) -> Scope:
    """The choice as its audience may see it: of somebody without access, unless it is internal."""
    return scope if audience_name(scope) == INTERNAL else scope.seen_by(ANYBODY)


def holds_small_numbers(scope: Scope) -> bool:
    """Whether a file of this choice may hold small numbers of a tracking list, or tell those of the reader's
    own list to whoever takes the others off a sum.
    """
    return scope.source == WEEKLY and (not scope.conceals or scope.is_known_in_part)
