"""Overview: are we within the standard, is it getting better, where is the problem, what to do next?

The first screen answers it: six tiles, the share within 18 weeks over time, the list of what to do. The
tables of its parts stand below.
"""

from dataclasses import replace
from datetime import date
from typing import Any

from dashboard.analysis.control_charts import findings_beside
from dashboard.analysis.published import NONE_PUBLISHED, SINCE, offer_words
from dashboard.figures.level_chart import level_chart
from dashboard.figures.notes import Note, mergers
from dashboard.figures.side_by_side import other_of
from dashboard.filters import to_query
from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html
from dashboard.layouts.frame.beside import beside_line
from dashboard.layouts.frame.empty import nothing_loaded
from dashboard.layouts.frame.icb_map import icb_map_card
from dashboard.layouts.frame.missing_returns import as_if_section
from dashboard.layouts.frame.small_numbers import small_numbers_note
from dashboard.layouts.frame.why import why_links
from dashboard.layouts.overview import do_next, other_figures, places, plan_tile, specialties
from dashboard.layouts.overview.load import CHARTED, HERO, Overview
from dashboard.layouts.overview.tiles import limits_words, tiles
from dashboard.scope.scope import Scope
from rtt.findings import sentences
from rtt.findings.findings import Finding, remarks_of

Component = Any

CENSUSES_DRAWN = 36
HERO_HEIGHT = 320
TOLD_WHY = ("share_within_18", "total", "over_52", "starts", "stops")
"""Figures of tiles that may differ from another published one."""


def draw(scope: Scope, found: Overview | None) -> Component:
    """The page."""
    if found is None:
        return nothing_loaded(scope)
    where = sentences.scope_words(_found(found, HERO).scope)
    get = {key: _found(found, key) for key in found.figures.measures}
    caveat = limits_words(found)
    return html.Div(
        [
            html.H1(f"Overview: {where}"),
            tiles(scope, found, get.__getitem__),
            plan_tile.tile(scope, found.plan, found.lines),
            *([html.P(caveat, className="rtt-small")] if caveat else []),
            *small_numbers_note([get[key] for key in CHARTED]),
            html.Div(
                [
                    html.Div(
                        [
                            *show.placed([_hero(scope, found)], scope.filters),
                            *_since(scope, found),
                        ],
                        className="rtt-first__main",
                    ),
                    do_next.card(scope, found.attention),
                ],
                className="rtt-first",
            ),
            *show.placed(_tables(scope, found), scope.filters),
            html.Div(
                [html.Div(show.placed(part, scope.filters)) for part in _halves(scope, found) if part],
                className="rtt-cards rtt-cards--halves",
            ),
            html.P(sentences.source_line(get[HERO]), className="rtt-small"),
        ],
        className="rtt-overview",
    )


def parts(scope: Scope, found: Overview) -> list[show.Part]:
    """The cards that files can be taken from, and what stands between them."""
    return [
        _hero(scope, found),
        *_tables(scope, found),
        *(part for half in _halves(scope, found) for part in half),
    ]


def _tables(scope: Scope, found: Overview) -> list[show.Part]:
    return [*as_if_section(scope, found.figures), specialties.table(scope, found)]


def _halves(scope: Scope, found: Overview) -> tuple[list[show.Part], list[show.Part]]:
    """Side by side: the organisations below, the map of ICBs where there is one, the other figures."""
    below, rest = places.cards(scope, found), _rest(scope, found)
    icbs = icb_map_card(scope, found.icbs)
    return ([*below, *rest], icbs) if icbs else (below, rest)


def _rest(scope: Scope, found: Overview) -> list[show.Part]:
    """The figures that no tile tells, and whether ours equal the published ones."""
    other = other_figures.table(scope, found, lambda key: _found(found, key))
    return [other, *other_figures.reconciled(found.reconciled)]


def _found(found: Overview, key: str, at: date | None = None) -> Finding:
    scope = found.figures.scope
    finding = found.figures.find(key, at=at, before=scope.previous)
    if finding is None:
        # Nobody of this scope is in any census held: the figure is a known zero, not an error.
        return found.figures.nobody(key)
    return finding


def _hero(scope: Scope, found: Overview) -> show.Part:
    """The share within 18 weeks over time, with its standards, notes and projection."""
    chart = found.charts[HERO]
    beside = findings_beside(found.figures, chart)
    if not any(beside):
        return show.empty("No pathways in this scope.", show.link("Show everything", "?"))
    notes = [Note(each.noted_on, each.text, each.author) for each in found.notes] + mergers(scope)
    # Its signal, and what limits need, stand on its tile.
    judged = replace(chart.judged, remarks=remarks_of(chart.judged, "assurance"))
    plain = replace(chart, judged=judged, variation=None)
    drawn = level_chart(
        plain,
        beside,
        points=CENSUSES_DRAWN,
        notes=notes,
        published=found.published if scope.filters.since else NONE_PUBLISHED,
        projection=found.projection,
        others=[other_of(each.name, each.over_time(HERO)) for each in found.beside],
    )
    foot = beside_line(scope, "/")
    return show.card("share-trend", drawn, height=HERO_HEIGHT, measures=("share_within_18",), foot=foot)


def _since(scope: Scope, found: Overview) -> list[Component]:
    """The ways to the published months and back, where there are any, and to other figures of the tiles."""
    offered = offer_words(scope, HERO, found.published)
    if not offered:
        return why_links(scope, TOLD_WHY)
    whole = bool(scope.filters.since)
    words = "Only the months that are loaded" if whole else offered
    since = html.P(show.link(words, to_query(scope.filters, since="" if whole else SINCE) or "?"))
    return [since, *why_links(scope, TOLD_WHY)]
