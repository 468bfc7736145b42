"""What a census of a trust is made from: its own lists, the one before, and the stops between the two.

All of it is known from the names of entries, so that a build reads no entry of a census in which nothing has
changed. A revision changes what its own week is made from, and what the movement into the next is: no more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from ingest.lake.entries import Names
from ingest.lake.layout import digest
from ingest.lake.manifest import Missing
from ingest.lake.tasks import RECIPE
from ingest.store.closures import has_closed


@dataclass(frozen=True, slots=True)
class Made:
    """The names of the entries that one census of a trust is made from."""

    provider: str
    census: date
    entries: Mapping[str, str]  # by section
    previous: date | None  # the census of the open list before this one
    before: str  # its entry, '' where there is none
    stops: tuple[str, ...]  # the entries of stops after `previous` and up to this census

    @property
    def made_from(self) -> str:
        own = [f"{section}={name}" for section, name in sorted(self.entries.items())]
        return digest("\n".join([str(RECIPE), str(self.previous), self.before, *self.stops, *own]).encode())


def planned(names: Names) -> dict[date, dict[str, Made]]:
    """Census -> trust -> what it is made from."""
    of_trust: dict[str, dict[date, Mapping[str, str]]] = defaultdict(dict)
    for (provider, census), sections in names.items():
        of_trust[provider][census] = sections
    found: dict[date, dict[str, Made]] = defaultdict(dict)
    for provider, weeks in of_trust.items():
        previous, stops = None, []
        for census in sorted(weeks):
            sections = weeks[census]
            if "stops" in sections:
                stops.append(sections["stops"])
            if "open" not in sections:
                found[census][provider] = Made(provider, census, sections, None, "", ())
                continue
            moved = (previous, weeks[previous]["open"], tuple(stops)) if previous else (None, "", ())
            found[census][provider] = Made(provider, census, sections, *moved)
            previous, stops = census, []
    return {census: found[census] for census in sorted(found)}


def missing(names: Names, census: date) -> tuple[Missing, ...]:
    """Who has sent an open list of a census before, and none of this one; not who is known to have closed."""
    last: dict[str, date] = {}
    for (provider, day), sections in names.items():
        if "open" in sections and day <= census:
            last[provider] = max(day, last.get(provider, day))
    return tuple(
        Missing(provider, day)
        for provider, day in sorted(last.items())
        if day < census and not has_closed(provider, census, {})
    )
