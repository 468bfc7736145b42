"""Specialties and benchmark: who is really different?

The specialties of the scope, each beside its own national figure; then either one specialty across providers
of a kind, or the specialties of the scope against their national norms, with limits; and what the mix of
specialties explains. Peers are known from the monthly return alone.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from dash import html
from sqlalchemy import Connection

from dashboard.analysis.benchmark import Peers, peers_of
from dashboard.analysis.facts import specialties
from dashboard.analysis.findings import Figures, figures_of
from dashboard.filters import Filters, to_query
from dashboard.layouts.frame import components as show
from dashboard.layouts.frame.controls import BENCHMARK_MEASURES
from dashboard.layouts.frame.drill_down import next_level, next_level_card, week_by_week
from dashboard.layouts.frame.small_numbers import small_numbers_note
from dashboard.layouts.specialties import benchmark
from dashboard.scope.scope import Scope, compared_with, scope_words
from rtt.findings import sentences
from rtt.findings.findings import Earlier, Finding, display
from rtt.findings.left_out import unranked_words
from rtt.measures.indicators import INDICATORS
from rtt.terms.treatment_functions import TOTAL, short_name_of
from rtt.terms.wording import date_text, list_text

Component = Any

USUAL = "year"
MARKED = "The table below shows every specialty and marks your choice."
KEYS = ("total", *BENCHMARK_MEASURES, "over_52", "median_weeks")


@dataclass(frozen=True, slots=True)
class Found:
    """The specialties now and before, England's now, the peers, and the level below."""

    specialties: Figures
    before: date | None
    national: Figures | None
    peers: Peers | None
    england: Peers | None
    below: Figures | None


def measure_of(scope: Scope) -> str:
    """The benchmark's measure: the one asked for, else % within 18 weeks."""
    asked = scope.filters.measure
    return asked if asked in BENCHMARK_MEASURES else BENCHMARK_MEASURES[0]


def load(connection: Connection, scope: Scope) -> Found | None:
    """None on an empty database; at most five statements beside those of the shell."""
    if scope.census is None:
        return None
    before = compared_with(scope, USUAL)
    facts = specialties(connection, scope, scope.since(before), flows=False)
    monthly = scope.source == "monthly"
    measure = measure_of(scope)
    return Found(
        specialties=figures_of(scope, facts, apart="treatment_function", keys=KEYS),
        before=before,
        national=_national(connection, scope) if monthly and _is_below_england(scope) else None,
        peers=peers_of(connection, scope, benchmark.peer_level(scope), measure) if monthly else None,
        england=peers_of(connection, scope, "england", measure) if monthly else None,
        below=next_level(connection, scope),
    )


def _is_below_england(scope: Scope) -> bool:
    return scope.organisation.level != "england"


def _national(connection: Connection, scope: Scope) -> Figures:
    assert scope.census is not None
    england = scope.of_england()
    facts = specialties(connection, england, (scope.census,), flows=False)
    return figures_of(england, facts, apart="treatment_function", keys=BENCHMARK_MEASURES)


def draw(scope: Scope, found: Found | None) -> Component:
    """The page."""
    if found is None:
        way = show.link("How to load it", "/")
        return html.Div([html.H1("Specialties and benchmark"), show.empty("No data is loaded yet.", way)])
    headline = found.specialties.find(measure_of(scope), unit=TOTAL)
    where = scope_words(scope)
    if headline is None:
        return html.Div(
            [
                html.H1(f"Specialties and benchmark: {where}"),
                show.empty(f"No pathways: {where}.", show.link("Show everything", "?")),
            ]
        )
    return html.Div(
        [
            html.H1(f"Specialties and benchmark: {where}"),
            html.P(
                "Which specialties or providers really differ from the others? "
                f"{INDICATORS[measure_of(scope)].definition} {sentences.source_line(headline)}",
                className="rtt-question",
            ),
            *_notices(scope),
            *_chosen(scope, found),
            *show.placed(parts(scope, found), scope.filters),
            *([week_by_week(scope)] if scope.functions else []),
        ]
    )


def parts(scope: Scope, found: Found) -> list[show.Part]:
    """The benchmark, the table and the level below; nothing of an empty list."""
    if found.specialties.find(measure_of(scope), unit=TOTAL) is None:
        return []
    return [*_benchmark(scope, found), _table(scope, found), *next_level_card(scope, found.below)]


def _notices(scope: Scope) -> list[Component]:
    asked = scope.filters.measure
    if asked and asked not in BENCHMARK_MEASURES:
        said = f"“{asked}” is not a measure on this page; {INDICATORS[measure_of(scope)].name} is shown."
        return [show.notice(html.P(said))]
    return []


def _chosen(scope: Scope, found: Found) -> list[Component]:
    """What the page does with the specialties chosen: it shows all, to compare with, and marks these."""
    if not scope.functions:
        return []
    measure, names = measure_of(scope), list_text([short_name_of(code) for code in scope.functions])
    figures = [found.specialties.find(measure, unit=code) for code in scope.functions]
    shown = list_text([display(figure) for figure in figures if figure is not None])
    said = f"Chosen: {names}, {INDICATORS[measure].name} {shown}."
    everything = to_query(scope.filters, tf=(), group=benchmark.trusts_only(scope))
    back = show.link("Show all specialties alike", everything)
    if scope.source != "monthly":
        return [show.notice(html.P([f"{said} {MARKED} ", back, "."]))]
    if scope.filters.peers == "providers":
        return [show.notice(html.P([f"{said} The chart compares providers in it. {MARKED} ", back, "."]))]
    compare = show.link(f"Compare providers in {names}", to_query(scope.filters, peers="providers"))
    return [show.notice(html.P([f"{said} {MARKED} ", compare, ". ", back, "."]))]


def _benchmark(scope: Scope, found: Found) -> list[show.Part]:
    if found.peers is None or found.england is None:
        return [show.notice(html.P(["Peer comparison needs the monthly return. ", *_monthly_link(scope)]))]
    measure = measure_of(scope)
    if scope.filters.peers == "providers":
        return benchmark.across_providers(scope, found.peers, found.england, measure)
    return benchmark.across_specialties(scope, found.peers, found.england, measure)


def _monthly_link(scope: Scope) -> list[Component]:
    if "monthly" not in scope.loaded.sources:
        return ["Load NHS England’s monthly extract to compare with other trusts."]
    monthly = Filters(source="monthly", level="provider", org=scope.organisation.code, tf=scope.functions)
    return [show.link("Compare the monthly return with other trusts", to_query(monthly))]


def _table(scope: Scope, found: Found) -> show.Card:
    measure = measure_of(scope)
    columns = ["Specialty", "Waiting", INDICATORS[measure].name]
    if found.before:
        columns.append(f"Since {date_text(found.before)}")
    if found.national:
        columns.append(f"Against {scope.england.name}, same specialty")
    columns += ["Over 52 weeks", "Share over 52", "Median"]
    last = unranked_words(_without_size(scope, found))
    made = [(code, _row(scope, found, code, measure)) for code in _by_size(scope, found)]
    made = [(code, row) for code, row in made if row]
    chosen = {at for at, (code, _) in enumerate(made) if code in scope.functions}
    rows = [row for _, row in made]
    return show.table_card(
        "Specialties, largest list first",
        *([html.P(f"{last} Listed last.")] if last else []),
        show.Table("Specialties of this scope", columns, rows, chosen=chosen, label="Specialties, table"),
        *small_numbers_note(found.specialties.find(key, unit=code) for code, _ in made for key in KEYS),
        name="specialties",
    )


def _by_size(scope: Scope, found: Found) -> list[str]:
    def size(code: str) -> float:
        total = found.specialties.find("total", unit=code)
        return total.value or 0.0 if total else 0.0

    return [*sorted(scope.offered_functions, key=size, reverse=True), TOTAL]


def _without_size(scope: Scope, found: Found) -> list[tuple[str, str]]:
    """The specialties whose list is not known to this reader, and the words in its place."""
    totals = [(code, found.specialties.find("total", unit=code)) for code in scope.offered_functions]
    return [(short_name_of(code), display(total)) for code, total in totals if total and total.value is None]


def _row(scope: Scope, found: Found, code: str, measure: str) -> list[Component]:
    get = {key: found.specialties.find(key, unit=code, before=found.before) for key in KEYS}
    total, figure = get["total"], get[measure]
    if total is None or figure is None or total.value == 0:
        return []
    return [
        _name(scope, code),
        display(total),
        display(figure),
        *([sentences.short_change(figure)] if found.before else []),
        *([_against(figure, found.national.find(measure, unit=code))] if found.national else []),
        *(display(more) for key in ("over_52", "share_over_52", "median_weeks") if (more := get[key])),
    ]


def _against(figure: Finding, national: Finding | None) -> str:
    """The difference from the national figure of the same specialty, of the figures as shown."""
    value = national.value if national else None
    return sentences.short_change(replace(figure, earlier=Earlier(value, figure.census_date)))


def _name(scope: Scope, code: str) -> Component:
    if code == TOTAL:
        return short_name_of(code)
    return show.link(short_name_of(code), to_query(scope.filters, tf=(code,), group="", band=""))
