"""Find a place: what was typed as hits for the field in the header, and as a plain page of links.

A hit is an address: the page that is open, in another scope. A browser keeps the places that it went to by
level and code alone, and asks here for their names: it is told of none that the reader's data does not hold.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import Flask, Response, jsonify, request
from sqlalchemy import Connection, Engine

from dashboard.filters import Filters, from_query, to_query
from dashboard.layouts.frame.of_source import of_source
from dashboard.layouts.frame.shell import place_words
from dashboard.pages import BY_PATH, PAGES
from dashboard.places import in_address
from dashboard.scope.find import LIMIT, Hit, Place, find, places_of
from dashboard.scope.scope import Scope, resolve
from dashboard.server import guard
from dashboard.server.html import filled
from dashboard.server.path_prefix import root
from dashboard.store import kept_places
from dashboard.store.cache import reading
from rtt.terms.organisation_names import short_name
from rtt.terms.treatment_functions import short_name_of

MOST_LETTERS = 100
MOST_RECENT = 5
HEADINGS = {
    "england": "England",
    "region": "Regions",
    "icb": "ICBs",
    "provider": "Trusts and providers",
    "commissioner": "Commissioners",
    "group": "Saved groups",
}
# What a scope elsewhere does not keep.
_ELSEWHERE: dict[str, Any] = {"site": "", "group": "", "kind": "", "band": "", "page": ""}


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed, on which page, in which scope, after which places were chosen before."""

    typed: str
    page: str
    scope: Scope
    places: tuple[Place, ...]
    recent: tuple[str, ...]
    kept: tuple[dict[str, str], ...]  # of My services


def register(server: Flask, engine: Engine) -> None:
    @server.get("/places.json", endpoint="places-json")
    def typed() -> Response:
        asked = _asked(engine)
        hits, total = _hits(asked)
        results = [*asked.kept, *(_result(asked, hit) for hit in hits)]
        return jsonify(results=results, total=total + len(asked.kept))

    @server.get("/places", endpoint="places")
    def page() -> Response:
        asked = _asked(engine)
        hits, total = _hits(asked, limit=200) if asked.typed else ([], 0)
        parts = [("Found", hits)] if asked.typed else _everywhere(asked.places)
        lists = [(name, [_result(asked, hit) for hit in found]) for name, found in parts if found]
        page = filled(
            "callbacks/find.html.jinja",
            title="Places",
            typed=asked.typed,
            lists=lists,
            total=total,
            root=root(),
        )
        return Response(page, mimetype="text/html")


def _asked(engine: Engine) -> Asked:
    given: Callable[..., str] = request.args.get
    typed, page = given("q", "")[:MOST_LETTERS].strip(), given("page", "/")
    filters, _ = from_query(given("at", ""))
    here = guard.enquiry()
    with reading(engine) as connection:
        scope = resolve(connection, replace(filters, data=given("data", filters.data)), here)
        places = places_of(connection, scope)
        kept = () if typed else tuple(_kept(connection, scope, page))
    return Asked(typed, page, scope, places, tuple(given("recent", "").split(",")[:MOST_RECENT]), kept)


def _kept(connection: Connection, scope: Scope, page: str) -> Iterator[dict[str, str]]:
    """The places of My services, which come first: this page in each of them."""
    name = scope.reader.name
    for each in kept_places.places_of(connection, name) if name else in_address(scope.filters):
        there = resolve(connection, each.filters, scope.enquiry)
        words = each.name or place_words(there)
        path = _path(page, each.filters.source or there.source)
        yield {"name": words, "about": "My services", "href": path + each.query, "key": ""}


def _hits(asked: Asked, *, limit: int = LIMIT) -> tuple[list[Hit], int]:
    """What was typed; before anything is: the places chosen before, then the widest there are."""
    if asked.typed:
        return find(asked.typed, asked.places, asked.scope.offered_functions, limit=limit)
    by_key = {place.key: place for place in asked.places}
    before = [by_key[key] for key in asked.recent if key in by_key]
    wide = [place for place in asked.places if place.level in ("england", "region", "group")]
    hits = [Hit(place) for place in dict.fromkeys([*before, *wide, *asked.places])][:limit]
    return hits, len(hits)


def _everywhere(places: Sequence[Place]) -> list[tuple[str, list[Hit]]]:
    return [
        (name, [Hit(place) for place in places if place.level == level]) for level, name in HEADINGS.items()
    ]


def _result(asked: Asked, hit: Hit) -> dict[str, str]:
    place, function = hit.place, hit.function
    here = short_name(asked.scope.organisation.name)
    if place is None:
        return {
            "name": short_name_of(function),
            "about": f"Specialty, {here}",
            "href": _href(asked, None, function),
            "key": "",
        }
    name = short_name(place.name)
    return {
        "name": f"{name}, {short_name_of(function)}" if function else name,
        "about": place.about,
        "href": _href(asked, place, function),
        "key": place.key,
    }


def _href(asked: Asked, place: Place | None, function: str) -> str:
    filters = _filters(asked.scope, place)
    if function:
        filters = replace(filters, tf=(function,), band="", page="")
    return _path(asked.page, filters.source or asked.scope.source) + to_query(filters)


def _path(asked: str, source: str) -> str:
    """The page that was asked for, where it has a place to choose and patients to show; else the Overview."""
    page = BY_PATH.get(asked, PAGES[0])
    fits = "org" in page.controls and not (page.of_patients and source != "weekly")
    return page.path if fits else PAGES[0].path


def _filters(scope: Scope, place: Place | None) -> Filters:
    at = scope.filters
    if place is None:
        return at
    weekly = {held.provider_code for held in scope.loaded.of("weekly")}
    if scope.source == "weekly" and place.level == "provider" and place.code in weekly:
        return replace(at, **_ELSEWHERE, org=place.code)
    at = replace(of_source(scope, at, "monthly"), **_ELSEWHERE)
    if place.level == "group":
        return replace(at, level="", org="", group=place.code)
    return replace(at, level=place.level if place.code else "", org=place.code)
