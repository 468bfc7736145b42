"""What trusts have added: an entry for each list, and which of them counts.

An entry is named by its number and its hash: of several of one census, trust and section the highest number
counts. Two that are added at the same moment have one number, and the higher hash counts, so that everybody
takes the same. What an entry holds never changes, and an older one stays.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from pydantic import TypeAdapter, ValidationError

from ingest.lake.layout import ADDED, KEYS, REFUSED, digest, partition
from ingest.lake.parquet import NotOfThisLake
from ingest.lake.stores import NotThere, Store
from ingest.lake.tasks import Part

UNKNOWN = "unknown"
_NAME = re.compile(
    rf"{ADDED}/census_date=(\d{{4}}-\d\d-\d\d)/provider_code=([A-Z0-9]+)/([a-z]+)-(\d{{6}})-[0-9a-f]{{16}}\.json"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A list that a trust added: what the ledger keeps of a load, and its rows by table.

    The name of the file stays at the trust: somebody may have written a patient's into it.
    """

    census_date: date
    provider_code: str
    section: str
    revision: int
    rows_read: int
    rows_left_out: int
    message: str
    notes: tuple[str, ...]
    file_sha256: str
    content_sha256: str
    key: str  # the fingerprint of the key that made the tokens, '' where there are none
    parts: tuple[Part, ...]
    added_at: datetime  # UTC

    @property
    def rows(self) -> int:
        return self.rows_read - self.rows_left_out

    @property
    def providers(self) -> int:
        return 1

    @property
    def file_name(self) -> str:
        return list_name(self.section, self.provider_code, self.census_date)

    def part(self, table: str) -> Part | None:
        """Its rows of a table, if it has any."""
        return next((part for part in self.parts if part.table == table), None)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that was not added, and why; of which week and trust, where that is known."""

    census_date: date | None
    provider_code: str
    section: str
    file_sha256: str
    reasons: tuple[str, ...]
    refused_at: datetime  # UTC


Names = Mapping[tuple[str, date], Mapping[str, str]]
"""Trust and census -> section -> the name of the entry that counts."""

_ENTRY, _REFUSAL = TypeAdapter(Entry), TypeAdapter(Refusal)


def list_name(section: str, provider: str, census: date) -> str:
    """What a list is called where the name of its file is not known."""
    return f"{section} {provider} {census.isoformat()}"


def names_in_place(store: Store, *, provider: str | None = None) -> Names:
    """The entries that count. A listing alone: no entry is read."""
    found: dict[tuple[str, date], dict[str, str]] = {}
    for path in store.list(f"{ADDED}/"):  # sorted: the last of a section counts
        if (name := named(path)) and provider in (None, name[0]):
            found.setdefault(name[:2], {})[name[2]] = path
    return found


def named(path: str) -> tuple[str, date, str] | None:
    """Trust, census and section of an entry by its name; None of a file that is no entry."""
    if name := _NAME.fullmatch(path):
        with suppress(ValueError):
            return name[2], date.fromisoformat(name[1]), name[3]
    return None


def unknown(
    store: Store, *, providers: Collection[str] = (), census: date | None = None
) -> tuple[list[str], bool]:
    """Of what somebody named: the trusts that have added no list, and whether nobody has for the week."""
    if not providers and census is None:
        return [], False
    listed = names_in_place(store)
    trusts = {who for who, _ in listed}
    no_week = census is not None and census not in {day for _, day in listed}
    return sorted(set(providers) - trusts), no_week


def entry_at(store: Store, path: str) -> Entry:
    """Raises `NotOfThisLake` and `NotThere`."""
    try:
        return _ENTRY.validate_json(store.read(path))
    except ValidationError:
        raise NotOfThisLake(f"{path} is not what this version wrote") from None


def history(store: Store, provider: str, census: date, section: str) -> Sequence[str]:
    """The names of every entry of a section, oldest first."""
    return [path for path in store.list(f"{ADDED}/{partition(census, provider)}/{section}-") if named(path)]


def put(store: Store, entry: Entry) -> str:
    """Write an entry as the newest of its section; its name. One that counts already is left as it is."""
    before = history(store, entry.provider_code, entry.census_date, entry.section)
    # The moment is no part of what it is: the same list added twice is one entry.
    core = replace(entry, added_at=datetime.fromtimestamp(0, UTC))
    mark = digest(_ENTRY.dump_json(core))[:16]
    if before and before[-1].endswith(f"-{mark}.json"):
        if not _is_readable(store, before[-1]):
            store.write(before[-1], _ENTRY.dump_json(entry, indent=1))
        return before[-1]
    number = int(before[-1].rsplit("-", 2)[1]) + 1 if before else 1
    folder = f"{ADDED}/{partition(entry.census_date, entry.provider_code)}"
    path = f"{folder}/{entry.section}-{number:06d}-{mark}.json"
    store.write(path, _ENTRY.dump_json(entry, indent=1))
    return path


def _is_readable(store: Store, path: str) -> bool:
    try:
        return bool(entry_at(store, path))
    except NotOfThisLake:
        return False


def put_refusal(store: Store, refusal: Refusal) -> None:
    where = UNKNOWN
    if refusal.census_date is not None:
        where = partition(refusal.census_date, refusal.provider_code)
    path = f"{REFUSED}/{where}/{refusal.section or UNKNOWN}-{refusal.file_sha256[:16]}.json"
    store.write(path, _REFUSAL.dump_json(refusal, indent=1))


def refusals(store: Store) -> Iterator[Refusal]:
    """Every file that was refused and not yet followed by a better one."""
    for path in store.list(f"{REFUSED}/"):
        try:
            yield _REFUSAL.validate_json(store.read(path))
        except (ValidationError, NotThere):  # a better one may have come just now
            continue


def forget_unplaced(store: Store, before: date) -> None:
    """Let go what was refused before a day and is of no known trust and week: no list can settle it."""
    for path in store.list(f"{REFUSED}/{UNKNOWN}/"):
        try:
            refusal = _REFUSAL.validate_json(store.read(path))
        except (ValidationError, NotThere):
            continue
        if refusal.refused_at.date() < before:
            store.remove(path)


def settle_refusals(store: Store, entry: Entry) -> None:
    """Let go what was refused of a list that has now come."""
    for path in store.list(f"{REFUSED}/{partition(entry.census_date, entry.provider_code)}/{entry.section}-"):
        store.remove(path)
    for path in store.list(f"{REFUSED}/{UNKNOWN}/"):
        if path.endswith(f"-{entry.file_sha256[:16]}.json"):
            store.remove(path)


def other_user_of_key(store: Store, key: str, provider: str) -> str | None:
    """Note that a trust uses a key, by its fingerprint; the other trust that uses it, if there is one."""
    own = f"{KEYS}/{key}/{provider}"
    if not store.exists(own):
        store.write(own, b"")
    others = [path.rpartition("/")[2] for path in store.list(f"{KEYS}/{key}/") if path != own]
    if others:
        store.remove(own)
    return others[0] if others else None
