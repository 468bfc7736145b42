"""How each place that a reader keeps stands: its share within 18 weeks with its signal, its list, and who
will breach without a date. A kept place gives no right: its scope is resolved with the reader's own, each
time.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from dashboard.analysis.facts import every_census, read_bands
from dashboard.analysis.report import report
from dashboard.analysis.through_time import became_sentence
from dashboard.analysis.without_date import WithoutDate, without_date
from dashboard.places import Place
from dashboard.scope.scope import Scope, resolve, scope_words
from dashboard.server.access import Enquiry
from rtt.findings.findings import Finding

SHARE, LISTED, BREACHING = "share_within_18", "total", "passing_18_in_4_weeks"


@dataclass(frozen=True, slots=True)
class Service:
    """`missing`: why there are no figures of it; the data may not have it any more."""

    place: Place
    scope: Scope
    name: str
    missing: str = ""
    share: Finding | None = None  # with what its chart and its standard add
    listed: Finding | None = None
    breaching: Finding | None = None
    undated: WithoutDate | None = None


def services(connection: Connection, places: Sequence[Place], enquiry: Enquiry) -> list[Service]:
    """The places in their order. One statement for the bands of all; then, for each, what was written on it,
    and of a PTL its dates.
    """
    scopes = [resolve(connection, place.filters, enquiry) for place in places]
    there = [scope for scope in scopes if scope.census and not scope.notices]
    read_bands(connection, *((every_census(scope), "", True) for scope in there))
    return [_service(connection, place, scope) for place, scope in zip(places, scopes, strict=True)]


def name_of(place: Place, scope: Scope) -> str:
    """What its reader calls it, else its scope in words."""
    if place.name:
        return place.name
    site = dict(scope.sites).get(scope.filters.site, scope.filters.site)
    return f"{scope_words(scope)}{f', {site}' if site else ''}"


def ended_words(scope: Scope) -> str:
    """What became of a place that has ended, and what to do; '' for one that still is."""
    words = became_sentence(scope) if scope.census and scope.notices else ""
    return f"{words} Keep what it became in its place." if words else ""


def _service(connection: Connection, place: Place, scope: Scope) -> Service:
    if scope.census is None:
        return Service(place, scope, name_of(place, scope), "No data is loaded yet.")
    if scope.notices:
        # The nearest scope that exists is another place: its figures are not those that were asked for.
        words = ended_words(scope) or f"The newest data does not have this place. {scope.notices[0]}"
        return Service(place, scope, place.name or _asked(place), words)
    own = report(connection, scope, (SHARE, LISTED))
    return Service(
        place,
        scope,
        name_of(place, scope),
        share=own.charts[SHARE].judged,
        listed=own.charts[LISTED].judged,
        breaching=own.figures.find(BREACHING, before=scope.previous) or own.figures.nobody(BREACHING),
        undated=without_date(connection, scope),
    )


def _asked(place: Place) -> str:
    """The codes of a place that is not there."""
    filters = place.filters
    return " ".join(each for each in (filters.org, filters.site, ", ".join(filters.tf)) if each) or "England"
