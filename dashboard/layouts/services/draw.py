"""My services: how do the places that I look after stand, and which of them needs me first?"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from dashboard.analysis.services import Service, services
from dashboard.filters import MOST_PLACES
from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html
from dashboard.layouts.frame.signals import signal_line
from dashboard.layouts.services import alerts, arrange
from dashboard.places import Place, in_address
from dashboard.scope.scope import Scope
from dashboard.store.alerts import Choice, choice_of
from dashboard.store.kept_places import places_of
from rtt.findings import sentences
from rtt.findings.findings import display
from rtt.terms.wording import date_text

Component = Any
PATH = "/services"


@dataclass(frozen=True, slots=True)
class Found:
    """The services of the reader, or of the address where nobody signs in; alerts that the reader chose."""

    services: list[Service]
    choice: Choice | None  # of alerts


def load(connection: Connection, scope: Scope) -> Found:
    """One statement for the places, one for alerts, one for the bands of all, and two or three for each."""
    found = services(connection, kept(connection, scope), scope.enquiry)
    return Found(found, choice_of(connection, scope.reader.name))


def kept(connection: Connection, scope: Scope) -> list[Place]:
    """The places of the reader; those of the address for nobody in particular."""
    name = scope.reader.name
    return places_of(connection, name) if name else in_address(scope.filters)


def draw(scope: Scope, found: Found) -> Component:
    """The page."""
    return html.Div(
        [
            html.H1("My services"),
            html.P("How do the places that I look after stand?", className="rtt-question"),
            _tiles(scope, found.services) if found.services else _none(scope),
            *([_bookmark()] if found.services and not scope.reader.name else []),
            alerts.section(scope, found.choice),
        ]
    )


def _none(scope: Scope) -> Component:
    return show.empty(
        f"You keep no place yet. Open a trust, a specialty or a site and press “Keep this place”. You can "
        f"keep up to {MOST_PLACES}.",
        show.link("Go to the Overview", "/"),
    )


def _bookmark() -> Component:
    return show.notice(
        html.P(
            "Nobody signs in to this dashboard, so these places are kept in the address of this page. "
            "Bookmark it to come back to them, or send it to a colleague."
        )
    )


def _tiles(scope: Scope, found: list[Service]) -> Component:
    last = len(found) - 1
    items = [
        html.Li(
            [*_tile(each), arrange.controls(scope, found, at, first=at == 0, last=at == last)],
            className="rtt-tile rtt-service",
        )
        for at, each in enumerate(found)
    ]
    heading = html.H2("Places", className="nhsuk-u-visually-hidden")
    return html.Div([heading, html.Ul(items, className="rtt-services")])


def _tile(service: Service) -> list[Component]:
    if service.missing:
        missing = html.P(service.missing, className="rtt-tile__line")
        return [html.H3(service.name, className="rtt-tile__name"), missing]
    share = service.share
    assert share is not None
    assert service.listed is not None
    lines: list[Component] = [
        sentences.change_words(share),
        signal_line(share),
        ", ".join(
            filter(None, (f"{display(service.listed)} waiting", sentences.change_words(service.listed)))
        ),
        *_breaching(service),
        f"{sentences.when(share)[:1].upper()}{sentences.when(share)[1:]}",
    ]
    return [
        html.H3(
            show.link(service.name, f"/{service.place.query}", className="rtt-tile__link"),
            className="rtt-tile__name",
        ),
        html.P(
            [display(share), html.Span(" within 18 weeks", className="rtt-service__of")],
            className="rtt-tile__number",
        ),
        *(html.P(line, className="rtt-tile__line") for line in lines if line),
    ]


def _breaching(service: Service) -> list[Component]:
    """Who will breach without a date; of the return, which knows no dates, who will breach."""
    undated = service.undated
    if undated is not None:
        words = f"{undated.shown} will breach {undated.weeks} weeks by {date_text(undated.by)} without a date"
        return [show.link(words, f"/breaches{service.place.query}")]
    if service.breaching is None or service.breaching.value is None:
        return []
    words = f"{display(service.breaching)} will breach 18 weeks within 4 weeks unless treated"
    return [show.link(words, f"/breaches{service.place.query}")]
