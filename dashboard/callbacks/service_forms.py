"""The forms of My services, and what the search for a place asks: the reader's own places as JSON."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from flask import Flask, Response, jsonify, redirect, request
from sqlalchemy import Engine
from werkzeug.wrappers import Response as AnyResponse

from dashboard.analysis.services import name_of
from dashboard.callbacks.writing import field
from dashboard.filters import Filters, from_query
from dashboard.places import NAME_LENGTH, address_of, in_address, place_of
from dashboard.scope.scope import resolve
from dashboard.server import guard
from dashboard.store import kept_places
from dashboard.store.cache import reading
from dashboard.store.writing import Unacceptable
from rtt.terms.text_edges import one_line, shortened

PAGE = "/services"


def register(server: Flask, engine: Engine) -> None:
    @server.post("/services", endpoint="place-keep")
    def keep() -> AnyResponse:
        place = place_of(from_query(field("query"))[0])
        reader = guard.enquiry().reader
        return _kept(lambda: kept_places.keep(engine, reader, place, at=datetime.now(UTC)))

    @server.post("/services/<row:number>/rename", endpoint="place-rename")
    def rename(number: int) -> AnyResponse:
        return _kept(lambda: kept_places.rename(engine, guard.enquiry().reader, number, field("name")))

    @server.post("/services/<row:number>/move", endpoint="place-move")
    def move(number: int) -> AnyResponse:
        by = -1 if field("to") == "up" else 1
        return _kept(lambda: kept_places.move(engine, guard.enquiry().reader, number, by))

    @server.post("/services/<row:number>/remove", endpoint="place-remove")
    def remove(number: int) -> AnyResponse:
        at = datetime.now(UTC)
        return _kept(lambda: kept_places.remove(engine, guard.enquiry().reader, number, at=at))

    @server.get("/services/renamed", endpoint="place-renamed")
    def renamed() -> AnyResponse:
        return redirect(_renamed(_filters()), 303)

    @server.get("/services.json")
    def own_places() -> Response:
        enquiry = guard.enquiry()
        with reading(engine) as connection:
            name = enquiry.reader.name
            places = kept_places.places_of(connection, name) if name else in_address(_filters())
            scopes = [resolve(connection, place.filters, enquiry) for place in places]
        listed = [
            {"name": name_of(place, scope), "query": place.query, "href": f"/{place.query}"}
            for place, scope in zip(places, scopes, strict=True)
            if not scope.notices
        ]
        return jsonify(places=listed)


def _filters() -> Filters:
    return from_query(request.query_string.decode("utf-8", "replace"))[0]


def _renamed(filters: Filters) -> str:
    """The address in which one of its places has another name."""
    places, at = in_address(filters), request.args.get("at", "")
    if at.isascii() and at.isdigit() and int(at) < len(places):
        name = shortened(one_line(request.args.get("name", "")), NAME_LENGTH)
        places[int(at)] = replace(places[int(at)], name=name)
    return address_of(places, filters)


def _kept(write: Callable[[], object]) -> AnyResponse:
    try:
        write()
    except Unacceptable as reason:
        return guard.answer(400, "Nothing was saved", str(reason), link=PAGE)
    return redirect(PAGE, 303)
