"""The manifest of a census: what of it can be seen. It is put in place last, and is the only commit.

It names the lists that each trust's facts were made from, the files of the facts with their hashes and rows,
who is missing, and the version that made them. Who reads the lake reads manifests, and only the files that
they name: what a build that was killed left behind is seen by nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date

from pydantic import TypeAdapter, ValidationError

from ingest.lake.layout import CENSUS, manifest_path
from ingest.lake.parquet import NotOfThisLake
from ingest.lake.stores import NotThere, Store
from ingest.lake.tasks import Part


@dataclass(frozen=True, slots=True)
class TrustFacts:
    """What one trust has at a census: by section the entry that counts, and the facts of it.

    `made_from`: what all of it depends on. `refusal`: why its newest list could not be used; then the facts
    are those of the list before it, or none.
    """

    provider_code: str
    made_from: str
    version: str  # of the product that made the facts
    entries: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, tuple[Part, ...]] = field(default_factory=dict)
    previous: date | None = None  # the list that the movement begins at
    refusal: str = ""
    note: str = ""

    @property
    def is_listed(self) -> bool:
        """Whether its open list is there."""
        return "open" in self.facts


@dataclass(frozen=True, slots=True)
class Missing:
    """A trust that has sent no list for a census, and the last before it."""

    provider_code: str
    last: date


@dataclass(frozen=True, slots=True)
class Manifest:
    """`waiting`: trusts whose lists are added and not yet built; a census is complete when nobody waits."""

    census_date: date
    recipe: int
    trusts: tuple[TrustFacts, ...]
    missing: tuple[Missing, ...] = ()
    waiting: tuple[str, ...] = ()

    @property
    def is_complete(self) -> bool:
        return not self.waiting

    def of(self, provider: str) -> TrustFacts | None:
        return next((trust for trust in self.trusts if trust.provider_code == provider), None)


_MANIFEST = TypeAdapter(Manifest)


def as_bytes(manifest: Manifest) -> bytes:
    """One manifest, one text: a build that changes nothing writes nothing."""
    return _MANIFEST.dump_json(manifest, indent=1)


def manifest_of(store: Store, census: date) -> Manifest | None:
    """The manifest of a census, None before the first build. Raises `NotOfThisLake`."""
    path = manifest_path(census)
    try:
        return _MANIFEST.validate_json(store.read(path))
    except NotThere:
        return None
    except ValidationError:
        way = f"Run rtt lake build --census {census.isoformat()}: it writes it anew."
        raise NotOfThisLake(f"{path} is not what this version wrote. {way}") from None


def readable(store: Store, census: date) -> Manifest | None:
    """The manifest of a census, None where there is none that can be read: a build writes it anew."""
    try:
        return manifest_of(store, census)
    except NotOfThisLake:
        return None


def censuses(store: Store) -> Iterator[date]:
    """The censuses that have a manifest, oldest first. A file of another name is none of ours."""
    for path in store.list(f"{CENSUS}/"):
        with suppress(ValueError):
            day = date.fromisoformat(path.removeprefix(f"{CENSUS}/").removesuffix(".json"))
            if path == manifest_path(day):
                yield day
