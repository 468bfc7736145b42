"""What the page says of the specialties chosen: their figures in this scope, and the ways on from each.

The table of the page still shows every specialty and marks these, for they are read beside the others.
"""

from typing import Any

from dashboard.analysis.findings import Figures
from dashboard.filters import Filters, to_query
from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html
from dashboard.scope.scope import Scope
from rtt.findings.findings import Finding, display
from rtt.measures.indicators import INDICATORS
from rtt.terms.organisation_names import short_label
from rtt.terms.treatment_functions import short_name_of
from rtt.terms.wording import list_text

Component = Any
TILES = ("share_within_18", "total", "over_52", "median_weeks")


def chosen_section(scope: Scope, specialties: Figures, measure: str) -> list[Component]:
    """The figures of one specialty as tiles, of several in a sentence; and where to go from here."""
    if not scope.functions:
        return []
    name = list_text([short_name_of(code) for code in scope.functions])
    title = html.H2(f"{name}: {short_label(scope.organisation.name)}", className="nhsuk-heading-m")
    if len(scope.functions) > 1:
        found = [specialties.find(measure, unit=code) for code in scope.functions]
        shown = list_text([display(each) for each in found if each is not None])
        figures: Component = html.P(f"{INDICATORS[measure].name}: {shown}.")
    else:
        figures = show.tiles(_tiles(scope, specialties))
    return [html.Section([title, figures, _ways_on(scope)], className="rtt-chosen")]


def _tiles(scope: Scope, specialties: Figures) -> list[Component]:
    (code,) = scope.functions
    found = {key: specialties.find(key, unit=code, before=scope.previous) for key in TILES}
    return [
        show.tile(INDICATORS[key].name, display(figure), [], href=_behind(scope, figure))
        for key, figure in found.items()
        if figure is not None
    ]


def _behind(scope: Scope, figure: Finding) -> str:
    """Where a figure is looked at more closely."""
    if figure.indicator_key == "total":
        return f"/list{_query(scope)}"
    if figure.indicator_key == "over_52":
        return f"/breaches{_query(scope, threshold='52')}"
    return f"/trends{_query(scope, measure=figure.indicator_key)}"


def _ways_on(scope: Scope) -> Component:
    ways = [
        ("Weeks waited", f"/list{_query(scope)}"),
        ("Who will breach", f"/breaches{_query(scope)}"),
        ("Trend", f"/trends{_query(scope)}"),
        *_patients(scope),
        ("All specialties", _query(scope, tf=(), group=trusts_only(scope)) or "?"),
    ]
    links = [show.link(words, href) for words, href in ways]
    return html.P(links, className="rtt-card__links")


def _query(scope: Scope, **changes: Any) -> str:
    """The same scope without the settings of this page."""
    return to_query(scope.filters, **({"measure": "", "peers": "", "limits": ""} | changes))


def _patients(scope: Scope) -> list[tuple[str, str]]:
    """The pathways of these specialties, where a list of this trust is loaded and its reader may see them."""
    if not scope.enquiry.reader.at(scope.codes).sees_some_pathways:
        return []
    if scope.source == "weekly":
        return [("Patients", f"/ptl{_query(scope)}")]
    lists = {each.provider_code for each in scope.loaded.of("weekly")}
    if scope.organisation.level != "provider" or scope.organisation.code not in lists:
        return []
    weekly = Filters(
        data=scope.filters.data,
        source="weekly",
        level="provider",
        org=scope.organisation.code,
        tf=scope.functions,
    )
    return [("Patients", f"/ptl{to_query(weekly)}")]


def trusts_only(scope: Scope) -> str:
    """A group of trusts stays chosen when a specialty is; a group of specialties makes way."""
    return scope.filters.group if scope.organisation.kind == "group" else ""
