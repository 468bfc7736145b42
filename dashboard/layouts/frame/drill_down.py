"""The way down: the regions of England, the ICBs of a region, the providers that lie under an ICB.

The step from an ICB to its providers changes whose pathways are counted, and says so: nothing adds providers
up to an ICB. Specialties are a table of the page itself, week bands the page of the list's shape.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dash import html
from sqlalchemy import Connection

from dashboard.analysis.facts import facts_of
from dashboard.analysis.findings import Figures, figures_of
from dashboard.figures.bars import Bar, bar_chart, height
from dashboard.filters import to_query
from dashboard.layouts.frame import components as show
from dashboard.scope.scope import Choice
from dashboard.store.counts import Selection
from dashboard.store.holdings import Organisation
from rtt.findings import sentences
from rtt.findings.findings import display
from rtt.measures.indicators import INDICATORS
from rtt.terms.organisation_names import short_label

Component = Any

BELOW = {"england": "region", "region": "icb", "icb": "provider"}
KEYS = ("share_within_18", "total", "over_52", "share_over_52", "median_weeks")
TITLES = {
    "region": "By region",
    "icb": "By ICB",
    "provider": "Providers under this ICB: everyone waiting at each",
}
BASIS_CHANGES = (
    "This step changes whose pathways are counted: from patients of this ICB, wherever they are treated, to "
    "everyone waiting at each provider. The providers’ figures do not add up to the ICB’s."
)


def next_level(connection: Connection, choice: Choice) -> Figures | None:
    """The figures of each part of the scope, None where there is no level below; one statement."""
    selection = selection_below(choice)
    if selection is None:
        return None
    facts = facts_of(connection, selection, by="organisation_code", flows=False)
    return figures_of(choice, facts, apart=selection.level, keys=KEYS)


def selection_below(choice: Choice) -> Selection | None:
    """Now and the census before, of each part of the scope; None where there is no level below."""
    below = parts_of(choice)
    if choice.census is None or choice.source == "weekly" or not below:
        return None
    dates = (choice.census,) if choice.previous is None else (choice.previous, choice.census)
    selection = choice.selection(dates, by=BELOW[choice.organisation.level])
    return replace(selection, codes=tuple(each.code for each in below))


def parts_of(choice: Choice) -> list[Organisation]:
    """The organisations one level below, by name; providers of the kind chosen."""
    here = choice.organisation
    level = BELOW.get(here.level)
    return [
        each
        for each in choice.organisations
        if each.level == level
        and (here.level == "england" or each.parent_code == here.code)
        and (level != "provider" or choice.filters.kind in ("", each.kind))
    ]


def next_level_card(choice: Choice, figures: Figures | None) -> list[Component]:
    """The card of the level below, empty where there is none: for a page to put where it likes."""
    if figures is None:
        return []
    level = BELOW[choice.organisation.level]
    bars = [bar for each in parts_of(choice) if (bar := _bar(choice, figures, each)) is not None]
    if not bars:
        return []
    caption = BASIS_CHANGES if level == "provider" else "Choose a bar, or a name in the table, to go there."
    chart = bar_chart(
        bars,
        unit=INDICATORS["share_within_18"].unit,
        title=TITLES[level],
        caption=caption,
        what=f"the share within 18 weeks, {TITLES[level][0].lower()}{TITLES[level][1:]}",
        columns=(
            head_of(level),
            "Within 18 weeks",
            "Change",
            "Waiting",
            "Over 52 weeks",
            "Share over 52",
            "Median",
        ),
    )
    return [show.card(f"next-{level}", chart, height=height(bars))]


def head_of(level: str) -> str:
    """The head of the column of names."""
    return {"region": "Region", "icb": "ICB", "provider": "Provider"}[level]


def _bar(choice: Choice, figures: Figures, each: Organisation) -> Bar | None:
    found = {key: figures.find(key, unit=each.code, before=choice.previous) for key in KEYS}
    share, total = found["share_within_18"], found["total"]
    if share is None or total is None or not total.value:
        return None
    return Bar(
        label=short_label(each.name),
        name=f"{each.name} ({each.code})" if each.level == "provider" else each.name,
        value=share.value,
        shown=display(share),
        href=to_query(choice.filters, level=each.level, org=each.code, group="", band="", site=""),
        others=(
            sentences.short_change(share),
            *(display(finding) for key in KEYS[1:] if (finding := found[key]) is not None),
        ),
    )


def week_by_week(choice: Choice) -> Component:
    """The way on from a specialty to its week bands."""
    return html.P(
        show.link("See this list week by week", f"/list{to_query(choice.filters, band='')}"),
        className="rtt-card__links",
    )
