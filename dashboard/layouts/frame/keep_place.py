""" "Keep this place" on every page: a button where people sign in, a link where the address keeps places."""

from typing import Any

from dash import dcc

from dashboard.layouts.frame import html
from dashboard.layouts.frame.components import link
from dashboard.places import address_of, fits, in_address, place_of
from dashboard.scope.scope import Scope

Component = Any
WORDS = "Keep this place"
KEPT = "My services"


def keep_place(scope: Scope) -> Component:
    """What keeps the place that the page is about; a link to the kept ones where there is nothing to add."""
    here = place_of(scope.filters)
    if scope.reader.name:
        return html.Form(
            [
                dcc.Input(name="query", value=here.query, type="hidden"),
                html.Button(WORDS, type="submit", className="rtt-link-button"),
            ],
            action="/services",
            method="post",
            className="rtt-keep",
        )
    there = in_address(scope.filters)
    more = [*there, here]
    if any(each.query == here.query for each in there) or not fits(more):
        return html.Span(link(KEPT, address_of(there, scope.filters)), className="rtt-keep")
    return html.Span(link(WORDS, address_of(more, scope.filters)), className="rtt-keep")
