"""The way from England to what is shown: each step widens the scope again, and the basis is said in words.

From England to an ICB the figures count the ICB's own patients, wherever they are treated; at a trust they
count everyone waiting there, whoever pays. The two never add up to one another, so the basis always stands
beside the way. The way down is `drill_down`.
"""

from dataclasses import replace
from typing import Any

from dash import html

from dashboard.filters import LEVELS_OF_KIND, Filters, to_query
from dashboard.layouts.frame.attributes import attributes
from dashboard.layouts.frame.components import link
from dashboard.scope.scope import Scope
from dashboard.store.loaded_extracts import Organisation
from rtt.findings.list_shape import band_words
from rtt.terms.treatment_functions import short_name_of
from rtt.terms.wording import list_text

Component = Any

BASIS = {
    "england": "Patients of every commissioner in England, wherever they are treated.",
    "region": "Patients of this region’s ICBs, wherever they are treated.",
    "icb": "Patients of this ICB, wherever they are treated.",
    "commissioner": "Patients of this commissioner, wherever they are treated.",
    "provider": "Everyone waiting at this provider, whoever commissions their care.",
}
BASIS_OF_PART = "Patients of the English commissioners in this month’s file: not the whole of England."
BASIS_OF_GROUP = "Everyone waiting at the trusts of this group, whoever commissions their care."
WIDE: dict[str, Any] = {"org": "", "level": "", "group": "", "site": "", "tf": (), "band": ""}


def breadcrumb(scope: Scope) -> Component:
    """The steps, the last one being here, and the basis of the figures."""
    steps = steps_of(scope)
    items = [
        *(html.Li(link(name, to_query(filters) or "?")) for name, filters in steps[:-1]),
        html.Li(html.Span(steps[-1][0], **attributes(aria_current="true"))),
    ]
    return html.Div(
        [
            html.Nav(html.Ol(items), className="rtt-breadcrumb", **attributes(aria_label="Scope")),
            html.P(basis_words(scope), className="rtt-small"),
        ]
    )


def basis_words(scope: Scope) -> str:
    """Whose pathways are counted: "Patients of this ICB, wherever they are treated."."""
    if scope.organisation.kind == "group":
        return BASIS_OF_GROUP
    if scope.shortfall.words and scope.organisation.level == "england":
        return BASIS_OF_PART
    return BASIS[scope.organisation.level]


def steps_of(scope: Scope) -> list[tuple[str, Filters]]:
    """Name and filters of every step, widest first; the last is what is shown."""
    at = scope.filters
    steps: list[tuple[str, Filters]] = []
    for organisation in _line(scope):
        code = organisation.code if organisation.level != "england" else ""
        level = organisation.level if code else ""
        if organisation == scope.organisation:
            steps.append((organisation.name, replace(at, tf=(), band="", site="")))
        else:
            kind = at.kind if level in LEVELS_OF_KIND or at.compares_providers else ""
            wider = WIDE | {"org": code, "level": level, "kind": kind}
            steps.append((organisation.name, replace(at, **wider)))
    if at.site:
        name = dict(scope.sites).get(at.site) or at.site
        steps.append((f"Site: {name}", replace(at, tf=(), band="")))
    if scope.functions:
        named = list_text([short_name_of(code) for code in scope.functions[:3]])
        words = named if len(scope.functions) <= 3 else f"{len(scope.functions)} specialties"
        steps.append((words, replace(at, band="")))
    if at.band:
        steps.append((band_words(int(at.band), open_band=scope.open_band), at))
    return steps


def _line(scope: Scope) -> list[Organisation]:
    """The organisation with those above it, England first."""
    here = scope.organisation
    if scope.source == "weekly" or here.level == "england":
        return [here]
    line = [here]
    above = {"provider": "icb", "commissioner": "icb", "icb": "region"}
    while (level := above.get(line[0].level)) is not None:
        parent = next(
            (o for o in scope.organisations if o.level == level and o.code == line[0].parent_code), None
        )
        if parent is None:
            break
        line.insert(0, parent)
    return [scope.england, *line]
