"""The card of a tile map of ICBs, for a page of England or a region to put where it likes.

Of the monthly return alone, whose commissioners are known. A region's own ICBs have a heavy edge among the
others.
"""

from typing import Any

from sqlalchemy import Connection

from dashboard.analysis.facts import facts_of
from dashboard.analysis.findings import Figures, figures_of
from dashboard.figures.icb_tiles import tiles
from dashboard.figures.tile_map import Place, tile_map
from dashboard.filters import to_query
from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html
from dashboard.layouts.frame.attributes import attributes
from dashboard.layouts.frame.controls import select
from dashboard.scope.scope import Scope
from dashboard.store.counts import Selection
from dashboard.store.loaded_extracts import Organisation
from rtt.disclosure.small_numbers import FEWEST_FOR_RATE
from rtt.findings.findings import Finding, display
from rtt.measures.indicators import INDICATORS
from rtt.terms.organisation_names import short_label
from rtt.terms.treatment_functions import short_name_of
from rtt.terms.wording import date_text, list_text, number_text, plural, share_text

Component = Any
MEASURES = ("share_within_18", "total", "over_52", "share_over_52", "median_weeks", "high_percentile_weeks")
_NO_PLACE = "-"  # NHS England's own commissioning is no ICB
HEIGHT = 450
SHORT = "One square for each ICB; darker is higher."
HOW = (
    "The squares are all of one size and stand roughly where each ICB lies. On a dark screen lighter is "
    "higher. Each shade holds a fifth of the ICBs. An ICB’s patients are counted wherever they are treated."
)


def icb_map_selection(scope: Scope) -> Selection | None:
    """What the map needs to be read; None where there is none: a page may read it with the rest."""
    shown = scope.source == "monthly" and scope.organisation.level in ("england", "region")
    if not shown or scope.census is None or len(_icbs(scope)) < 2:
        return None
    return scope.selection((scope.census,), by="icb")


def load_icb_map(connection: Connection, scope: Scope) -> Figures | None:
    """The figures of every ICB; one statement, none where `icb_map_selection` was read with others."""
    selection = icb_map_selection(scope)
    if selection is None:
        return None
    facts = facts_of(connection, selection, by="organisation_code", flows=False)
    return figures_of(scope, facts, apart="icb", keys=MEASURES)


def icb_map_card(scope: Scope, figures: Figures | None) -> list[show.Part]:
    """The choice of the measure and the map; nothing where there is no map."""
    if figures is None:
        return []
    key = scope.filters.map if scope.filters.map in MEASURES else MEASURES[0]
    options = [(each, INDICATORS[each].name) for each in MEASURES]
    control = html.Section(
        html.Div([select("map", "Map of ICBs by", options, key)], className="rtt-filters"),
        **attributes(aria_label="Measure of the map"),
    )
    return [
        control,
        show.card("icb-map", _chart(scope, figures, key), height=HEIGHT, measures=(key,), method=(HOW,)),
    ]


def _icbs(scope: Scope) -> dict[str, Organisation]:
    return {each.code: each for each in scope.organisations if each.level == "icb" and each.code != _NO_PLACE}


def _chart(scope: Scope, figures: Figures, key: str) -> Any:
    assert scope.census is not None
    icbs, indicator = _icbs(scope), INDICATORS[key]
    placed = tiles({code: each.name for code, each in icbs.items()}, scope.census)
    places = [_place(scope, figures, key, icbs[tile.code], tile) for tile in placed]
    few = sum(1 for place in places if place.value is None)
    what = list_text([short_name_of(code) for code in scope.functions])
    known = [place for place in places if place.value is not None]
    return tile_map(
        places,
        title=_title(known, indicator.name, what),
        caption=f"{indicator.name}{f', {what}' if what else ''}, {date_text(scope.census)}. {SHORT}"
        f"{_few_words(few)}",
        measure=indicator.name,
        unit=indicator.unit,
        columns=("ICB", indicator.head, "Waiting", "Region"),
        words=lambda value: _short(indicator.unit, value),
    )


def _place(scope: Scope, figures: Figures, key: str, icb: Organisation, tile: Any) -> Place:
    figure, total = (figures.find(each, unit=icb.code) for each in (key, "total"))
    large = bool(total and total.value is not None and total.value >= FEWEST_FOR_RATE)
    value = figure.value if figure and (large or _is_count(key)) else None
    region = short_label(icb.parent_name)
    return Place(
        tile=tile,
        value=value,
        shown=_in_square(figure, value),
        cells=(
            short_label(icb.name),
            display(figure) if figure else "No pathways",
            display(total) if total else "No pathways",
            region,
        ),
        href=to_query(scope.filters, level="icb", org=icb.code, group="", band="", site=""),
        chosen=icb.parent_code == scope.organisation.code,
    )


def _is_count(key: str) -> bool:
    """Whether a measure is a count, which may be small, and not a share or a wait."""
    return INDICATORS[key].unit == "pathways"


def _in_square(figure: Finding | None, value: float | None) -> str:
    if figure is None or value is None:
        return "few" if figure and figure.denominator else "–"
    return _short(figure.unit, value)


def _short(unit: str, value: float) -> str:
    """A figure of at most six characters."""
    if unit == "share":
        return share_text(value)
    if unit == "weeks":
        return "104+" if value == float("inf") else f"{number_text(value, 1)} wk"
    return number_text(value) if value < 100_000 else f"{number_text(value / 1000)}k"


def _title(known: list[Place], measure: str, what: str) -> str:
    if not known:
        return f"{measure} by ICB"
    low = min(known, key=lambda place: place.value or 0.0)
    high = max(known, key=lambda place: place.value or 0.0)
    of = f" in {what}" if what else ""
    return f"From {low.cells[1]} in {low.cells[0]} to {high.cells[1]} in {high.cells[0]}{of}"


def _few_words(few: int) -> str:
    return f" {plural(few, 'ICB')} without a shade: fewer than {FEWEST_FOR_RATE} pathways." if few else ""
