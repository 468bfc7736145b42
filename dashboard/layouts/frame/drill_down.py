"""The way down: the regions of England, the ICBs of a region, the providers that lie under an ICB.

The step from an ICB to its providers changes whose pathways are counted, and says so: nothing adds providers
up to an ICB. Specialties are a table of the page itself, week bands the page of the list's shape.
"""

from typing import Any

from sqlalchemy import Connection

from dashboard.analysis.facts import facts_of
from dashboard.analysis.findings import Figures, figures_of
from dashboard.figures.bars import Bar, bar_chart, height
from dashboard.filters import to_query
from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html
from dashboard.scope.scope import Scope
from dashboard.store.counts import Selection
from dashboard.store.loaded_extracts import Organisation
from rtt.findings import sentences
from rtt.findings.findings import display
from rtt.measures.indicators import INDICATORS, shown_in
from rtt.terms.organisation_names import short_label

Component = Any

BELOW = {"england": "region", "region": "icb", "icb": "provider"}
KEYS = shown_in("below")
TITLES = {
    "region": "By region",
    "icb": "By ICB",
    "provider": "Providers under this ICB: everyone waiting at each",
}
BASIS_CHANGES = (
    "This step changes whose pathways are counted. Here it is the patients of this ICB, wherever they are "
    "treated; below, everyone waiting at each provider. The providers’ figures do not add up to the ICB’s."
)


def next_level(connection: Connection, scope: Scope) -> Figures | None:
    """The figures of each part of the scope, None where there is no level below; one statement."""
    selection = selection_below(scope)
    if selection is None:
        return None
    facts = facts_of(connection, selection, by="organisation_code", flows=False)
    return figures_of(scope, facts, apart=selection.level, keys=KEYS)


def selection_below(scope: Scope) -> Selection | None:
    """Now and the census before, of each part of the scope; None where there is no level below."""
    below = parts_of(scope)
    if scope.census is None or scope.source == "weekly" or not below:
        return None
    codes = tuple(each.code for each in below)
    return scope.selection(scope.since(scope.previous), by=BELOW[scope.organisation.level], only=codes)


def parts_of(scope: Scope) -> list[Organisation]:
    """The organisations one level below, by name; providers of the kind chosen."""
    here = scope.organisation
    level = BELOW.get(here.level)
    return [
        each
        for each in scope.organisations
        if each.level == level
        and (here.level == "england" or each.parent_code == here.code)
        and (level != "provider" or scope.filters.kind in ("", each.kind))
    ]


def next_level_card(scope: Scope, figures: Figures | None) -> list[show.Card]:
    """The card of the level below, empty where there is none: for a page to put where it likes."""
    if figures is None:
        return []
    level = BELOW[scope.organisation.level]
    bars = [bar for each in parts_of(scope) if (bar := _bar(scope, figures, each)) is not None]
    if not bars:
        return []
    caption = (
        BASIS_CHANGES
        if level == "provider"
        else ("Choose a bar, or a name in the table, to see its figures.")
    )
    chart = bar_chart(
        bars,
        unit=INDICATORS["share_within_18"].unit,
        title=TITLES[level],
        caption=caption,
        what=f"the share within 18 weeks, {TITLES[level][0].lower()}{TITLES[level][1:]}",
        columns=(
            head_of(level),
            INDICATORS[KEYS[0]].head,
            "Change",
            *(INDICATORS[key].head for key in KEYS[1:]),
        ),
    )
    return [show.card(f"next-{level}", chart, height=height(bars), measures=KEYS)]


def head_of(level: str) -> str:
    """The head of the column of names."""
    return {"region": "Region", "icb": "ICB", "provider": "Provider"}[level]


def _bar(scope: Scope, figures: Figures, each: Organisation) -> Bar | None:
    found = {key: figures.find(key, unit=each.code, before=scope.previous) for key in KEYS}
    share, total = found["share_within_18"], found["total"]
    if share is None or total is None or not total.value:
        return None
    return Bar(
        label=short_label(each.name),
        name=f"{each.name} ({each.code})" if each.level == "provider" else each.name,
        value=share.value,
        shown=display(share),
        href=to_query(scope.filters, level=each.level, org=each.code, group="", band="", site=""),
        others=(
            sentences.short_change(share),
            *(display(finding) for key in KEYS[1:] if (finding := found[key]) is not None),
        ),
    )


def week_by_week(scope: Scope) -> Component:
    """The way on from a specialty to its week bands."""
    return html.P(
        show.link("See this list week by week", f"/list{to_query(scope.filters, band='')}"),
        className="rtt-card__links",
    )
