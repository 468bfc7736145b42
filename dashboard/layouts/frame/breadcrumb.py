"""The way from England to what is shown: each step widens the scope again, and the basis is said in words.

From England to an ICB the figures count the ICB's own patients, wherever they are treated; at a trust they
count everyone waiting there, whoever pays. The two never add up to one another, so the basis always stands
beside the way. The way down is `drill_down`.
"""

from dataclasses import replace
from typing import Any

from dashboard.filters import LEVELS_OF_KIND, Filters, to_query
from dashboard.layouts.frame import html
from dashboard.layouts.frame.attributes import attributes
from dashboard.layouts.frame.components import link
from dashboard.layouts.frame.keep_place import keep_place
from dashboard.layouts.frame.of_source import of_source
from dashboard.scope.scope import Scope
from dashboard.store.loaded_extracts import ABOVE, Organisation
from rtt.findings.list_shape import band_words
from rtt.terms.organisation_names import short_name
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
WHY_NO_SPLIT = (
    "The monthly return does not split waiting patients into admitted and non-admitted: those without a "
    "decision to admit include everyone for whom nothing is decided yet."
)
WIDE: dict[str, Any] = {"org": "", "level": "", "group": "", "site": "", "tf": (), "band": ""}


def breadcrumb(scope: Scope) -> Component:
    """The steps, the last one being here; beside them who is counted, and a way to keep the place."""
    steps = steps_of(scope)
    items = [
        *(html.Li(link(name, to_query(filters) or "?")) for name, filters in steps[:-1]),
        html.Li(html.Span(steps[-1][0], **attributes(aria_current="true"))),
    ]
    return [
        html.Nav(html.Ol(items), className="rtt-breadcrumb", **attributes(aria_label="Scope")),
        html.Details(
            [
                html.Summary("About this place", className="rtt-note"),
                html.Div(
                    [*(html.P(words) for words in _notes(scope)), keep_place(scope)],
                    className="rtt-popup__panel",
                ),
            ],
            className="rtt-popup",
        ),
    ]


def _notes(scope: Scope) -> list[str]:
    return [basis_words(scope), *([WHY_NO_SPLIT] if scope.source == "monthly" else [])]


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
        name = short_name(organisation.name)
        if organisation == scope.organisation:
            steps.append((name, replace(at, tf=(), band="", site="")))
        else:
            steps.append((name, _wider(scope, organisation)))
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


def _wider(scope: Scope, organisation: Organisation) -> Filters:
    """Of an organisation above; that of a trust's PTL is in the monthly return alone."""
    at = of_source(scope, scope.filters, "monthly") if scope.source == "weekly" else scope.filters
    level = organisation.level.removeprefix(ABOVE)
    level, code = (level, organisation.code) if level != "england" else ("", "")
    kind = at.kind if level in LEVELS_OF_KIND or at.compares_providers else ""
    return replace(at, **WIDE | {"org": code, "level": level, "kind": kind})


def _line(scope: Scope) -> list[Organisation]:
    """The organisation with those above it, England first."""
    here = scope.organisation
    if here.level == "england":
        return [here]
    if scope.source == "weekly" and "monthly" not in scope.loaded.sources:
        return [here]
    line = [here]
    above = {"provider": "icb", "commissioner": "icb", "icb": "region"}
    mark = ABOVE if scope.source == "weekly" else ""
    while (level := above.get(line[0].level.removeprefix(mark))) is not None:
        parent = next(
            (o for o in scope.organisations if o.level == mark + level and o.code == line[0].parent_code),
            None,
        )
        if parent is None:
            break
        line.insert(0, parent)
    return [scope.england, *line]
