"""Waiting list shape: is there a bulge about to arrive, is the tail shrinking?"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import Connection

from dashboard.analysis.facts import listed, specialties
from dashboard.analysis.findings import Figures, figures_of, hidden_bands
from dashboard.figures.shape import Shape, shape_chart
from dashboard.filters import each_query, to_query
from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html
from dashboard.scope.scope import Scope, compared_with
from rtt.disclosure.small_numbers import WITHHELD, Mask
from rtt.findings import sentences
from rtt.findings.findings import Finding, display
from rtt.findings.list_shape import band_sentence, band_words
from rtt.terms.arrays import Floats
from rtt.terms.treatment_functions import TOTAL, short_name_of
from rtt.terms.waits import BANDS
from rtt.terms.wording import number_text, share_text

Component = Any

KEYS = ("total", "passing_18_in_4_weeks")
PART_NAMES = {"admitted": "Admitted", "non-admitted": "Non-admitted", "dta": "With a decision to admit"}
BANDS_OF_A_WHOLE_LIST = (
    "Without access to pathways, single week bands are shown for the whole list only: for a part of it "
    "they could reveal small numbers. The counts over 18, 52 and more weeks are on the Overview."
)
USUAL = "year"
USUAL_WEEKLY = "quarter"


@dataclass(frozen=True, slots=True)
class Found:
    """The list now and at the census compared with; its parts; its specialties where a band is chosen."""

    figures: Figures
    before: date | None
    parts: tuple[Figures, ...]
    specialties: Figures | None


def load(connection: Connection, scope: Scope) -> Found | None:
    """None on an empty database; at most four statements beside those of the shell."""
    if scope.census is None:
        return None
    before = compared_with(scope, USUAL_WEEKLY if scope.source == "weekly" else USUAL)
    dates = scope.since(before)
    return Found(
        figures=_figures(connection, scope, dates),
        before=before,
        parts=tuple(_figures(connection, part, dates) for part in _split_scopes(scope)),
        specialties=_specialties(connection, scope) if scope.filters.band else None,
    )


def _figures(connection: Connection, scope: Scope, dates: tuple[date, ...]) -> Figures:
    return figures_of(scope, listed(connection, scope, dates), keys=KEYS)


def _split_scopes(scope: Scope) -> list[Scope]:
    """The same scope by the parts its source knows; none where the reader has chosen one.

    Nor where small numbers are hidden: then single week bands are shown of a whole list alone.
    """
    if scope.filters.pathway or scope.conceals:
        return []
    names = ("admitted", "non-admitted") if scope.source == "weekly" else ("dta",)
    return [scope.asking(pathway=name) for name in names]


def _specialties(connection: Connection, scope: Scope) -> Figures:
    assert scope.census is not None
    facts = specialties(connection, scope, (scope.census,), flows=False)
    return figures_of(scope, facts, apart="treatment_function", keys=("total",))


def draw(scope: Scope, found: Found | None) -> Component:
    """The page."""
    if found is None or scope.census is None:
        way = show.link("How to load it", "/")
        return html.Div([html.H1("Waiting list shape"), show.empty("No data is loaded yet.", way)])
    total = _finding(found.figures, "total", scope.census)
    where = sentences.scope_words(total.scope)
    body = parts(scope, found) or [show.empty(f"No pathways: {where}.", show.link("Show everything", "?"))]
    return html.Div(
        [
            html.H1(f"Waiting list shape: {where}"),
            html.P(
                "Are many patients about to reach 18 weeks, and are long waits falling? Everyone still "
                f"waiting, by the weeks they have waited. {sentences.source_line(total)}",
                className="rtt-question",
            ),
            *show.placed(body, scope.filters),
        ]
    )


def parts(scope: Scope, found: Found) -> list[show.Part]:
    """The list, the band that is chosen, the parts of the list; nothing of an empty list."""
    assert scope.census is not None
    if not _finding(found.figures, "total", scope.census).value:
        return []
    return [_chart(scope, found), *_band(scope, found), *_split(scope, found)]


def _finding(figures: Figures, key: str, at: date) -> Finding:
    return figures.find(key, at=at) or replace(figures.nobody(key), census_date=at)


def _shape(figures: Figures, at: date | None) -> Shape | None:
    if at is None:
        return None
    total = _finding(figures, "total", at)
    bands = _bands(figures, at)
    hidden = hidden_bands(figures, at) if figures.scope.conceals else np.zeros(BANDS, dtype=bool)
    passing = _finding(figures, "passing_18_in_4_weeks", at)
    return Shape(total, passing, bands, hidden, total.open_band)


def _bands(figures: Figures, at: date, unit: str = "") -> Floats:
    row = figures.facts.unit(unit)
    if row is None:
        return np.zeros(BANDS)
    # A census without a row of this scope is an empty list here: there is nothing to draw.
    return np.asarray(np.nan_to_num(figures.facts.facts.bands[row, figures.facts.dates.index(at)]))


def _chart(scope: Scope, found: Found) -> show.Part:
    now, then = _shape(found.figures, scope.census), _shape(found.figures, found.before)
    assert now is not None
    if now.hidden.all():
        return show.section(sentences.title(now.passing), html.P(BANDS_OF_A_WHOLE_LIST), name="shape")
    chart = shape_chart(
        now,
        then,
        title=sentences.title(now.passing),
        hrefs=_to_bands(scope),
        chosen=_chosen(scope),
    )
    return show.card("shape", chart, height=380, measures=KEYS)


def _to_bands(scope: Scope) -> list[str]:
    return each_query(scope.filters, "band", map(str, range(BANDS)))


def _chosen(scope: Scope) -> int | None:
    return int(scope.filters.band) if scope.filters.band else None


def _split(scope: Scope, found: Found) -> list[show.Halves]:
    """The parts side by side, on axes of their own."""
    cards = []
    for figures in found.parts:
        part = figures.scope
        now, then = _shape(figures, scope.census), _shape(figures, found.before)
        if now is None or not now.total.value:
            continue
        name = PART_NAMES[part.filters.pathway]
        chart = shape_chart(
            now,
            then,
            title=f"{name}: {display(now.total)} waiting",
            hrefs=_to_bands(part),
        )
        cards.append(show.card(f"shape-{part.filters.pathway}", chart, height=280, measures=KEYS))
    return [show.Halves(tuple(cards))] if cards else []


def _band(scope: Scope, found: Found) -> list[show.Part]:
    """Who is in the band chosen, by specialty, largest number first."""
    band, census = _chosen(scope), scope.census
    if band is None or found.specialties is None or census is None:
        return []
    if band > scope.open_band:
        return [show.notice(html.P(f"This census has no bands over {scope.open_band} weeks."))]
    shape = _shape(found.figures, census)
    assert shape is not None
    said = band_sentence(
        float(shape.bands[band]),
        shape.total,
        band,
        open_band=scope.open_band,
        hidden=bool(shape.hidden[band]),
    )
    words = band_words(band, open_band=scope.open_band)
    return [
        show.table_card(
            f"Waiting {words}, by specialty",
            html.P(said),
            show.Table(
                f"Pathways that have waited {words}, by specialty",
                ("Specialty", f"Waiting {words}", "Share of the specialty’s list", "Whole list"),
                _band_rows(scope, found.specialties, shape, band),
                label="Specialties in this week band, table",
            ),
            html.P(
                [show.link("No band", to_query(scope.filters, band="") or "?"), *_to_patients(scope)],
                className="rtt-card__links",
            ),
            name="band",
        )
    ]


def _to_patients(scope: Scope) -> list[Component]:
    """The way to the patients of the band, for who may see them."""
    seen = scope.reader.sees_all_of(scope.functions, scope.filters.site)
    if scope.source != "weekly" or not seen:
        return []
    return [" ", show.link("The patients in this band", "/ptl" + to_query(scope.filters, compare=""))]


def _band_rows(scope: Scope, figures: Figures, whole: Shape, band: int) -> list[list[Component]]:
    rows, census = [], whole.total.census_date
    for code in scope.functions or (*scope.offered_functions, TOTAL):
        total = figures.find("total", unit=code, at=census)
        if total is not None and total.value:
            rows.append((code, float(_bands(figures, census, code)[band]), total))
    hidden = _hidden(scope, rows, whole, band).tolist()
    # Those not shown stand last, in the order of the return: their place would tell their size.
    size = [(row[0] == TOTAL, cell, 0.0 if cell else -row[1]) for row, cell in zip(rows, hidden, strict=True)]
    return [
        [
            _name(scope, code),
            WITHHELD if cell else number_text(count),
            WITHHELD if cell else share_text(count / (total.value or 1.0)),
            display(total),
        ]
        for at in sorted(range(len(rows)), key=size.__getitem__)
        for (code, count, total), cell in [(rows[at], hidden[at])]
    ]


def _hidden(scope: Scope, rows: list[tuple[str, float, Finding]], whole: Shape, band: int) -> Mask:
    """Which counts of the rows are not shown: all but the whole list's, and those of the own area."""
    if not scope.conceals:
        return np.zeros(len(rows), dtype=bool)
    seen = [
        not whole.hidden[band] if code == TOTAL else scope.reader.sees_all_of((code,), scope.filters.site)
        for code, _, _ in rows
    ]
    return ~np.array(seen, dtype=bool)


def _name(scope: Scope, code: str) -> Component:
    if code == TOTAL:
        return short_name_of(code)
    return show.link(short_name_of(code), to_query(scope.filters, tf=(code,)))
