"""Specialties and peers: who is really different?

A specialty that is chosen is shown across providers, with its own figures and the ways on from it; without
one the specialties of the scope stand against their national norms, with limits. Then every specialty, and
what their mix explains. Peers are known from the monthly return alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection

from dashboard.analysis.benchmark import FUNNEL_MEASURES, PEER_MEASURES, Peers, peers_of, read_peers
from dashboard.analysis.beside import Beside, places_beside, to_read
from dashboard.analysis.facts import read_bands, specialties
from dashboard.analysis.findings import Figures, figures_of
from dashboard.analysis.peers import PeersOverTime, choose, lists_needed, peers_over_time
from dashboard.analysis.plan_shown import plans_beside
from dashboard.figures.side_by_side import other_of
from dashboard.filters import Filters, to_query
from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html
from dashboard.layouts.frame.drill_down import next_level, next_level_card, selection_below
from dashboard.layouts.frame.folded import folded
from dashboard.layouts.frame.small_numbers import small_numbers_note
from dashboard.layouts.specialties import benchmark, plan_columns
from dashboard.layouts.specialties.chosen import chosen_section
from dashboard.layouts.specialties.peers import peers_parts
from dashboard.scope.scope import Scope, compared_with, scope_words
from dashboard.store.plans import PlanRow
from rtt.disclosure.small_numbers import FEWEST_FOR_RATE, UNDER
from rtt.findings import sentences
from rtt.findings.findings import Earlier, Finding, display
from rtt.findings.left_out import unranked_words
from rtt.measures.indicators import INDICATORS
from rtt.terms.treatment_functions import TOTAL, short_name_of
from rtt.terms.wording import date_text

Component = Any

USUAL = "year"
MOST_ROWS = 7
"""Specialties that are shown before the fold."""
KEYS = tuple(dict.fromkeys(("total", *PEER_MEASURES, "over_52")))


@dataclass(frozen=True, slots=True)
class Found:
    """The specialties now and before, England's now, the peers, the level below, and plans by specialty."""

    specialties: Figures
    before: date | None
    national: Figures | None
    peers: Peers | None
    england: Peers | None
    below: Figures | None
    over_time: PeersOverTime | None
    beside: tuple[Beside, ...]
    plans: dict[str, PlanRow]


def measure_of(scope: Scope) -> str:
    """The page's measure: the one asked for, else % within 18 weeks."""
    asked = scope.filters.measure
    return asked if asked in PEER_MEASURES else PEER_MEASURES[0]


def _limited(scope: Scope) -> str:
    """The measure of the funnels: waits in weeks have no limits."""
    return measure_of(scope) if measure_of(scope) in FUNNEL_MEASURES else FUNNEL_MEASURES[0]


def load(connection: Connection, scope: Scope) -> Found | None:
    """None on an empty database; at most six statements beside those of the shell."""
    if scope.census is None:
        return None
    before = compared_with(scope, USUAL)
    _read_ahead(connection, scope, before)
    facts = specialties(connection, scope, scope.since(before), flows=False)
    monthly = scope.source == "monthly"
    limited = _limited(scope)
    if monthly:
        read_peers(connection, scope, (benchmark.peer_level(scope), "england", *lists_needed(scope)))
    return Found(
        specialties=figures_of(scope, facts, apart="treatment_function", keys=KEYS),
        before=before,
        national=_national(connection, scope) if monthly and _is_below_england(scope) else None,
        peers=peers_of(connection, scope, benchmark.peer_level(scope), limited) if monthly else None,
        england=peers_of(connection, scope, "england", limited) if monthly else None,
        over_time=_over_time(connection, scope) if monthly else None,
        beside=places_beside(connection, scope, (measure_of(scope),)),
        below=next_level(connection, scope),
        plans=plans_beside(connection, scope),
    )


def _over_time(connection: Connection, scope: Scope) -> PeersOverTime:
    return peers_over_time(connection, scope, choose(connection, scope), measure_of(scope))


def _read_ahead(connection: Connection, scope: Scope, before: date | None) -> None:
    """The specialties, England's, the level below and the places beside, in one statement."""
    own = scope.selection(scope.since(before), each_function=True)
    national = None
    if scope.source == "monthly" and _is_below_england(scope) and scope.census:
        national = scope.of_england().selection((scope.census,), each_function=True)
    read_bands(
        connection,
        (own, "treatment_function", False),
        (national, "treatment_function", False),
        (selection_below(scope), "organisation_code", False),
        *to_read(scope),
    )


def _is_below_england(scope: Scope) -> bool:
    return scope.organisation.level != "england"


def _national(connection: Connection, scope: Scope) -> Figures:
    assert scope.census is not None
    england = scope.of_england()
    facts = specialties(connection, england, (scope.census,), flows=False)
    return figures_of(england, facts, apart="treatment_function", keys=PEER_MEASURES)


def draw(scope: Scope, found: Found | None) -> Component:
    """The page."""
    if found is None:
        way = show.link("How to load it", "/")
        return html.Div([html.H1("Specialties and peers"), show.empty("No data is loaded yet.", way)])
    headline = found.specialties.find(measure_of(scope), unit=TOTAL)
    where = scope_words(scope)
    if headline is None:
        return html.Div(
            [
                html.H1(f"Specialties and peers: {where}"),
                show.empty(f"No pathways: {where}.", show.link("Show everything", "?")),
            ]
        )
    return html.Div(
        [
            html.H1(f"Specialties and peers: {where}"),
            html.P(
                "Which specialties or providers really differ from the others? "
                f"{INDICATORS[measure_of(scope)].definition} {sentences.source_line(headline)}",
                className="rtt-question",
            ),
            *_notices(scope),
            *chosen_section(scope, found.specialties, measure_of(scope)),
            *show.placed(parts(scope, found), scope.filters),
        ]
    )


def parts(scope: Scope, found: Found) -> list[show.Part]:
    """The benchmark, the table and the level below; nothing of an empty list."""
    if found.specialties.find(measure_of(scope), unit=TOTAL) is None:
        return []
    over_time = _peers(scope, found)
    compared, table, below = (
        _benchmark(scope, found),
        _table(scope, found),
        _below(scope, found),
    )
    # Who has chosen a specialty asks about it; who has not looks for one.
    if scope.functions:
        return [*compared, *over_time, table, *below]
    return [table, *compared, *over_time, *below]


def _below(scope: Scope, found: Found) -> list[show.Part]:
    """The level below; providers, of whom there can be thirty, as a table behind its heading."""
    cards = next_level_card(scope, found.below)
    if scope.organisation.level != "icb":
        return [*cards]
    return [folded(card.title, _as_table(card)) for card in cards]


def _as_table(card: show.Card) -> show.Card:
    assert card.chart is not None
    assert card.table is not None
    said = html.P(card.chart.caption)
    return show.table_card(card.title, said, card.table, name=card.name, as_csv=True, measures=card.measures)


def _peers(scope: Scope, found: Found) -> list[show.Part]:
    if found.over_time is None:
        return []
    others = [other_of(each.name, each.over_time(measure_of(scope))) for each in found.beside]
    return peers_parts(scope, found.over_time, [each.within(*_ends(found.over_time)) for each in others])


def _ends(over_time: PeersOverTime) -> tuple[date, date]:
    return over_time.days[0], over_time.days[-1]


def _notices(scope: Scope) -> list[Component]:
    asked = scope.filters.measure
    if asked and asked not in PEER_MEASURES:
        said = f"“{asked}” is not a measure on this page; {INDICATORS[measure_of(scope)].name} is shown."
        return [show.notice(html.P(said))]
    return []


def _benchmark(scope: Scope, found: Found) -> list[show.Part]:
    if found.peers is None or found.england is None:
        return [show.notice(html.P(["Peer comparison needs the monthly return. ", *_monthly_link(scope)]))]
    if scope.filters.compares_providers:
        return benchmark.across_providers(scope, found.peers, found.england, _limited(scope))
    return benchmark.across_specialties(scope, found.peers, found.england, _limited(scope))


def _monthly_link(scope: Scope) -> list[Component]:
    if "monthly" not in scope.loaded.sources:
        return ["Load NHS England’s monthly extract to compare with other trusts."]
    monthly = Filters(source="monthly", level="provider", org=scope.organisation.code, tf=scope.functions)
    return [show.link("Compare the monthly return with other trusts", to_query(monthly))]


def _table(scope: Scope, found: Found) -> show.Card:
    measure = measure_of(scope)
    more = [key for key in ("over_52", "share_over_52", "median_weeks") if key != measure]
    columns = ["Specialty", "Waiting", INDICATORS[measure].name]
    if found.before:
        columns.append(f"Since {date_text(found.before)}")
    if found.national:
        columns.append(f"Against {scope.england.name}, same specialty")
    columns += [INDICATORS[key].head for key in more]
    columns += plan_columns.HEADS if found.plans else ()
    last = unranked_words(_without_size(scope, found))
    made = [(code, _row(scope, found, code, (measure, *more))) for code in _by_size(scope, found)]
    made = [(code, row) for code, row in made if row]
    rows = [row for _, row in made]
    faint = {at for at, (code, _) in enumerate(made) if _is_few(found, code)}
    # A share of a few patients swings from month to month: the worst of them is nobody's worst specialty.
    steady = [_figure(found, measure, code) if at not in faint else None for at, (code, _) in enumerate(made)]
    return show.table_card(
        "Specialties",
        *([html.P(last)] if last else []),
        show.Table(
            "Specialties of this scope",
            columns,
            rows,
            label="Specialties, table",
            name="specialties",
            values=show.values_of(rows, instead={2: steady}),
            worst=(2, "asc" if INDICATORS[measure].good == "higher" else "desc"),
            chosen={at for at, (code, _) in enumerate(made) if code in scope.functions},
            faint=faint,
            most=MOST_ROWS,
            folded_words="of other specialties",
        ),
        *_small_numbers(found, [code for code, _ in made]),
        name="specialties",
        as_csv=True,
        method=plan_columns.method(found.plans),
    )


def _small_numbers(found: Found, codes: Sequence[str]) -> list[Component]:
    if found.specialties.suppressed is None:
        return []
    return small_numbers_note(found.specialties.find(key, unit=code) for code in codes for key in KEYS)


def _figure(found: Found, key: str, code: str) -> float | None:
    finding = found.specialties.find(key, unit=code)
    return finding.value if finding else None


def _is_few(found: Found, code: str) -> bool:
    """Whether a specialty is known to have too few pathways to read much into its figures."""
    total = found.specialties.find("total", unit=code)
    if total is None or total.value is None:
        return bool(total and total.withheld == UNDER)
    return total.value < FEWEST_FOR_RATE


def _by_size(scope: Scope, found: Found) -> list[str]:
    def size(code: str) -> float:
        total = found.specialties.find("total", unit=code)
        return total.value or 0.0 if total else 0.0

    return [*sorted(scope.offered_functions, key=size, reverse=True), TOTAL]


def _without_size(scope: Scope, found: Found) -> list[tuple[str, str]]:
    """The specialties whose list is not known to this reader, and the words in its place."""
    totals = [(code, found.specialties.find("total", unit=code)) for code in scope.offered_functions]
    return [(short_name_of(code), display(total)) for code, total in totals if total and total.value is None]


def _row(scope: Scope, found: Found, code: str, keys: Sequence[str]) -> list[Component]:
    find, (measure, *more) = found.specialties.find, keys
    total, figure = find("total", unit=code), find(measure, unit=code, before=found.before)
    if total is None or figure is None or total.value == 0:
        return []
    return [
        _name(scope, code),
        display(total),
        display(figure),
        *([sentences.short_change(figure)] if found.before else []),
        *([_against(figure, found.national.find(measure, unit=code))] if found.national else []),
        *(_on_one_line(display(each)) for key in more if (each := find(key, unit=code))),
        *(plan_columns.cells(found.plans.get(code)) if found.plans else []),
    ]


def _on_one_line(figure: str) -> Component:
    """A figure with its unit: a row of two lines for a word makes a long table longer."""
    return html.Span(figure, style={"whiteSpace": "nowrap"})


def _against(figure: Finding, national: Finding | None) -> str:
    """The difference from the national figure of the same specialty, of the figures as shown."""
    value = national.value if national else None
    return sentences.short_change(replace(figure, earlier=Earlier(value, figure.census_date)))


def _name(scope: Scope, code: str) -> Component:
    if code == TOTAL:
        return short_name_of(code)
    return show.link(short_name_of(code), to_query(scope.filters, tf=(code,), group="", band=""))
