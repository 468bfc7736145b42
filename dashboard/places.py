"""A place that a reader keeps: an organisation, specialties of it, a site, and what the reader calls it.

It is a question, not a right: whoever keeps it sees of it what they may see, each time. Where people sign in
their places are in the database; where nobody does they are in the address, and a bookmark keeps them. There
each is a text: its fields one after the other with "~" between, "weekly~~R9A~R9A01~C_110.C_120".
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote, unquote

from dashboard.filters import MOST_PLACES, PLACES_LENGTH, Filters, from_query, to_query
from rtt.terms.text_edges import one_line

NAME_LENGTH = 80
FULL = f"You keep {MOST_PLACES} places, which is the most. Remove one first."
FULL_LINK = "A link cannot hold more places than these. Remove one first."
_TEXTS = ("source", "level", "org", "site")


@dataclass(frozen=True, slots=True)
class Place:
    """`query`: its filters as the address of a page has them. `id` 0 where it stands in the address."""

    query: str
    name: str = ""
    id: int = 0

    @property
    def filters(self) -> Filters:
        """What the address of its pages says."""
        return from_query(self.query)[0]


def place_of(filters: Filters, name: str = "", id: int = 0) -> Place:
    """The place that a page is about: its scope without the day, the part of the list, or its settings."""
    kept = {each: getattr(filters, each) for each in (*_TEXTS, "group", "tf")}
    return Place(to_query(Filters(**kept)), name, id)


def as_text(place: Place) -> str:
    """The place as it stands in an address."""
    filters = place.filters
    fields = [*(getattr(filters, each) for each in _TEXTS), ".".join(filters.tf), filters.group, place.name]
    return "~".join(map(_quoted, fields)).rstrip("~") or "~"


def from_text(text: str) -> Place:
    """The place that a text of the address means; what it does not say is not chosen."""
    fields = [one_line(unquote(each)) for each in text.split("~")[:7]]
    fields += [""] * (7 - len(fields))
    texts: dict[str, Any] = dict(zip(_TEXTS, fields, strict=False))
    given = replace(
        Filters(), tf=tuple(each for each in fields[4].split(".") if each), group=fields[5], **texts
    )
    # As an address is read: a value that means nothing is left out.
    return place_of(from_query(to_query(given))[0], fields[6][:NAME_LENGTH])


def in_address(filters: Filters) -> list[Place]:
    """The places of the address, each once."""
    return list({each.query: each for each in map(from_text, filters.places)}.values())


def address_of(places: Iterable[Place], filters: Filters | None = None) -> str:
    """The address of the page with these places and no others: it says so also where there are none."""
    texts = tuple(map(as_text, places))
    query = to_query(Filters(data=filters.data if filters else "", places=texts))
    return f"/services{query}" if texts else "/services?places="


def fits(places: Sequence[Place]) -> bool:
    """Whether an address can hold them."""
    return len(places) <= MOST_PLACES and len(",".join(map(as_text, places))) <= PLACES_LENGTH


def moved(places: Sequence[Place], at: int, by: int) -> list[Place]:
    """The places with one of them further up or down; as they are at either end."""
    ordered = list(places)
    if 0 <= at < len(ordered) and 0 <= at + by < len(ordered):
        ordered.insert(at + by, ordered.pop(at))
    return ordered


def _quoted(field: str) -> str:
    return quote(field, safe="").replace("~", "%7E")
