"""How each list of a lake stands: there, missing, refused or revised; built; published."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from ingest.lake import entries, manifest, plan
from ingest.lake.entries import Refusal
from ingest.lake.in_place import mark_of
from ingest.lake.layout import ADDED
from ingest.lake.manifest import Manifest
from ingest.lake.plan import Made
from ingest.lake.stores import Store
from ingest.store.closures import has_closed

State = Literal["present", "revised", "refused", "missing"]
Step = Literal["yes", "no", "older"]
COLUMNS = ("census_date", "provider_code", "state", "sections", "versions", "built", "published", "words")


@dataclass(frozen=True, slots=True)
class TrustWeek:
    """One trust at one census. `built` and `published` are 'older' where a newer list waits for it.

    `refused`: the newest file that came was refused, or cannot be used; the list before it may be there.
    """

    census_date: date
    provider_code: str
    state: State
    sections: tuple[str, ...]
    versions: int  # of its open list
    built: Step
    published: Step
    words: str = ""


def trust_weeks(
    store: Store,
    marks: Mapping[str, tuple[str, date]],
    *,
    closed: Mapping[str, date] | None = None,
    census: date | None = None,
    provider: str | None = None,
) -> Iterator[TrustWeek]:
    """Every trust at every census, oldest first. `marks`: what is published and in place (see `in_place`).
    `closed`: who is noted to have closed (`rtt closed`) is missing from that day on no more.
    """
    names = entries.names_in_place(store)
    versions = _versions(store)
    refused = {
        (each.provider_code, each.census_date): each for each in entries.refusals(store) if each.census_date
    }
    planned = plan.planned(names)
    days = {*planned, *(day for _, day in refused)}
    for day in sorted(day for day in days if day is not None and census in (None, day)):
        found = manifest.readable(store, day)
        absent = {
            each.provider_code: each.last
            for each in plan.missing(names, day)
            if not has_closed(each.provider_code, day, closed or {})
        }
        who = {*planned.get(day, {}), *absent, *(code for code, of in refused if of == day)}
        for code in sorted(code for code in who if provider in (None, code)):
            made = planned.get(day, {}).get(code)
            yield _judged(day, code, made, found, refused.get((code, day)), absent.get(code), versions, marks)


def _judged(
    day: date,
    code: str,
    made: Made | None,
    found: Manifest | None,
    refusal: Refusal | None,
    last: date | None,
    versions: dict[tuple[str, date], int],
    marks: Mapping[str, tuple[str, date]],
) -> TrustWeek:
    own = found.of(code) if found else None
    built: Step = "no"
    published: Step = "no"
    if made is not None and own is not None and own.facts:
        built = "yes" if own.made_from == made.made_from and not own.refusal else "older"
        is_newest = built == "yes" and {mark_of(own, section) for section in own.facts} <= marks.keys()
        published = "yes" if is_newest else "older" if (code, day) in marks.values() else "no"
    number = versions.get((code, day), 0)
    state: State = "missing"
    words = ""
    if refusal is not None or (own is not None and own.refusal):
        state = "refused"
        words = own.refusal if own and own.refusal else "; ".join((refusal.reasons if refusal else ())[:1])
    elif number:
        state = "revised" if number > 1 else "present"
        words = own.note if own else ""
    elif last is not None:
        words = f"its last list is of {last.isoformat()}"
    sections = tuple(sorted(made.entries)) if made else ()
    return TrustWeek(day, code, state, sections, number, built, published, words)


def rows(found: Iterable[TrustWeek]) -> Iterator[tuple[Any, ...]]:
    """By COLUMNS, as they are printed."""
    for each in found:
        sections = " ".join(each.sections)
        day = each.census_date.isoformat()
        yield (
            day,
            each.provider_code,
            each.state,
            sections,
            each.versions,
            each.built,
            each.published,
            each.words,
        )


def unplaced_refusals(store: Store) -> list[Refusal]:
    """The files that were refused before anybody could tell whose list of which week they are."""
    return [each for each in entries.refusals(store) if each.census_date is None]


def _versions(store: Store) -> dict[tuple[str, date], int]:
    """How many open lists of a trust and census were added."""
    found: dict[tuple[str, date], int] = {}
    for path in store.list(f"{ADDED}/"):
        named = entries.named(path)
        if named is not None and named[2] == "open":
            found[named[:2]] = found.get(named[:2], 0) + 1
    return found
