"""Overview: are we within the standard, is it getting better, where is the problem, is the data fresh?"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from dash import html
from sqlalchemy import Connection

from dashboard.analysis.attention import Attention
from dashboard.analysis.attention import attention as needs_attention
from dashboard.analysis.control_charts import Charted, findings_beside
from dashboard.analysis.facts import every_census, read_bands, specialties
from dashboard.analysis.findings import Figures, figures_of
from dashboard.analysis.report import report
from dashboard.figures.level_chart import level_chart
from dashboard.figures.notes import Note
from dashboard.filters import each_query, to_query
from dashboard.layouts.frame import components as show
from dashboard.layouts.frame.drill_down import next_level, next_level_card, selection_below
from dashboard.layouts.frame.empty import nothing_loaded
from dashboard.layouts.frame.missing_returns import as_if_section
from dashboard.layouts.frame.signals import assurance_line, signal_line
from dashboard.layouts.frame.small_numbers import small_numbers_note
from dashboard.layouts.overview import attention
from dashboard.scope.scope import Scope, compared_with
from dashboard.store.reconciliation import reconciliation
from dashboard.store.written import Annotation
from ingest.reconcile.england import Reconciliation
from rtt.findings import sentences
from rtt.findings.findings import Finding, display
from rtt.findings.left_out import cut_words
from rtt.measures.indicators import INDICATORS, shown_in
from rtt.terms.treatment_functions import TOTAL, short_name_of
from rtt.terms.wording import date_text, plural

Component = Any

TILE_KEYS = shown_in("overview")
# Told in the tile of another, or not judged, as who passes 18 weeks; those with a tile in words of its own.
_WITHIN = ("share_over_52", "high_percentile_weeks", "passing_18_in_4_weeks", "unreported_removals")
_WORDED = ("share_within_18", "total", "over_52", "median_weeks", "starts", "stops", "clearance_weeks")
CHARTED = tuple(key for key in TILE_KEYS if key not in _WITHIN)
# The list and its share first, with the change of the share; then the others.
TABLE_KEYS = tuple(dict.fromkeys(("total", "share_within_18", *shown_in("specialties"))))
CENSUSES_DRAWN = 36


@dataclass(frozen=True, slots=True)
class Overview:
    """What the page shows: the scope over time with its control charts and notes, its specialties now and
    at the census compared with, the reconciliation.
    """

    figures: Figures
    charts: dict[str, Charted]
    notes: tuple[Annotation, ...]  # on the share within 18 weeks
    specialties: Figures
    compared: date | None
    reconciled: Reconciliation | None
    below: Figures | None  # the organisations one level down
    attention: Attention


def load(connection: Connection, scope: Scope) -> Overview | None:
    """None on an empty database; at most eight statements with those of the shell."""
    if scope.census is None:
        return None
    compared = compared_with(scope, "year")
    dates = scope.since(compared)
    read_bands(
        connection,
        (every_census(scope), "", True),
        (scope.selection(dates, each_function=True), "treatment_function", False),
        (selection_below(scope), "organisation_code", False),
    )
    own = report(connection, scope, CHARTED)
    return Overview(
        figures=own.figures,
        charts=own.charts,
        notes=tuple(each for each in own.notes if each.series.measure in ("", "share_within_18")),
        specialties=figures_of(
            scope,
            specialties(connection, scope, dates, flows=False),
            apart="treatment_function",
            keys=TABLE_KEYS,
        ),
        compared=compared,
        reconciled=reconciliation(connection) if _is_published(scope) else None,
        below=next_level(connection, scope),
        attention=needs_attention(connection, scope, own.figures, own.charts),
    )


def _is_published(scope: Scope) -> bool:
    return scope.source == "monthly" and scope.loaded.kind == "real"


def draw(scope: Scope, found: Overview | None) -> Component:
    """The page."""
    if found is None:
        return nothing_loaded()
    where = sentences.scope_words(_headline(found).scope)
    return html.Div(
        [
            html.H1(f"Overview: {where}"),
            html.P(
                "Patients waiting for consultant-led treatment, and clock starts and stops. "
                f"{sentences.source_line(_headline(found))}",
                className="rtt-question",
            ),
            show.tiles(_tiles(scope, found)),
            *small_numbers_note([_found(found, key) for key in TILE_KEYS]),
            attention.card(scope, found.attention),
            *show.placed(parts(scope, found), scope.filters),
            *([_reconciled(found.reconciled)] if found.reconciled else []),
        ]
    )


def parts(scope: Scope, found: Overview) -> list[show.Part]:
    """The cards that files can be taken from, and what stands between them."""
    return [
        *as_if_section(scope, found.figures),
        _trend(scope, found),
        *next_level_card(scope, found.below),
        _specialty_table(scope, found),
    ]


def _headline(found: Overview) -> Finding:
    return _found(found, "share_within_18")


def _found(found: Overview, key: str, at: date | None = None) -> Finding:
    scope = found.figures.scope
    finding = found.figures.find(key, at=at, before=scope.previous)
    if finding is None:
        # Nobody of this scope is in any census held: the figure is a known zero, not an error.
        return found.figures.nobody(key)
    return finding


def _tiles(scope: Scope, found: Overview) -> list[Component]:
    get = {key: _found(found, key) for key in found.figures.measures}
    flow_words = "this week" if scope.source == "weekly" else "this month"
    return [
        _tile(found, get["share_within_18"], [sentences.versus_standard(get["share_within_18"])]),
        _tile(found, get["total"], []),
        _tile(found, get["over_52"], [_with(get["share_over_52"], "of the list")]),
        show.tile(
            sentences.name(get["passing_18_in_4_weeks"]),
            display(get["passing_18_in_4_weeks"]),
            ["A count, not a forecast", sentences.change_words(get["passing_18_in_4_weeks"])],
            href=f"/breaches{to_query(scope.filters)}",
        ),
        show.tile(
            "Median wait and 92nd percentile",
            display(get["median_weeks"]),
            [
                _percentiles(get["median_weeks"], get["high_percentile_weeks"]),
                sentences.change_words(get["median_weeks"]),
                *_judgement(found, "median_weeks"),
            ],
            href=_trends(scope, "median_weeks"),
        ),
        show.tile(
            f"Starts and stops {flow_words}",
            _in_words(get["starts"], "{} in"),
            [
                _in_words(get["stops"], "{} clocks stopped", one="1 clock stopped"),
                _in_words(get["unreported_removals"], "{} left without a reported stop"),
                _list_change(get["list_change"]),
                *_judgement(found, "stops", of="Stops: "),
            ],
            href=_trends(scope, "stops"),
        ),
        _tile(found, get["clearance_weeks"], ["List ÷ weekly clock stops, last three months"]),
        *(_tile(found, get[key], []) for key in CHARTED if key not in _WORDED),
    ]


def _in_words(finding: Finding, words: str, *, one: str = "") -> str:
    """A figure within a few words; where it is not known its name and why."""
    if finding.value is None and not finding.withheld:
        return sentences.title(finding)
    return one if one and finding.value == 1 else words.format(display(finding))


def _with(finding: Finding, words: str) -> str:
    """The figure and what it counts; '' where there is none to put before the words."""
    return f"{display(finding)} {words}" if finding.value is not None or finding.withheld else ""


def _percentiles(half: Finding, most: Finding) -> str:
    said = ["Half have waited less"] if half.value is not None else []
    if most.withheld:
        said.append(f"92 in 100: {most.withheld}")
    elif most.value is not None:
        said.append(f"92 in 100 under {display(most)}")
    return "; ".join(said)


def _tile(found: Overview, finding: Finding, lines: list[str]) -> Component:
    key = finding.indicator_key
    return show.tile(
        sentences.name(finding),
        display(finding),
        [*lines, sentences.change_words(finding), *_judgement(found, key)],
        href=_trends(found.figures.scope, key),
    )


def _judgement(found: Overview, key: str, *, of: str = "") -> list[Component]:
    """The signal of a tile's chart, and in how many censuses its standard was met."""
    last = found.charts[key].judged
    signal = signal_line(last)
    return [html.Span([of, signal]) if of and signal else signal, assurance_line(last)]


def _trends(scope: Scope, key: str) -> str:
    return f"/trends{to_query(scope.filters, measure=key)}"


def _list_change(finding: Finding) -> str:
    return "" if finding.value is None else sentences.title(finding)


def _trend(scope: Scope, found: Overview) -> show.Part:
    chart = found.charts["share_within_18"]
    beside = findings_beside(found.figures, chart)
    if not any(beside):
        return show.empty("No pathways in this scope.", show.link("Show everything", "?"))
    notes = [Note(each.noted_on, each.text, each.author) for each in found.notes]
    return show.card("share-trend", level_chart(chart, beside, points=CENSUSES_DRAWN, notes=notes))


def _specialty_table(scope: Scope, found: Overview) -> show.Card:
    functions = [*scope.offered_functions, TOTAL]
    ways = each_query(scope.filters, "tf", functions)
    rows = [
        row for code, way in zip(functions, ways, strict=True) if (row := _specialty_row(found, code, way))
    ]
    heads = [INDICATORS[key].head for key in TABLE_KEYS]
    since = [f"Since {date_text(found.compared)}"] if found.compared else []
    columns = ["Specialty", *heads[:2], *since, *heads[2:]]
    return show.table_card(
        "Specialties",
        show.Table("Specialties of this scope", columns, rows, label="Specialties, table"),
        *small_numbers_note(
            found.specialties.find(key, unit=code) for code in functions for key in TABLE_KEYS
        ),
        name="specialties",
    )


def _specialty_row(found: Overview, code: str, way: str) -> list[Component] | None:
    figures = {key: found.specialties.find(key, unit=code, before=found.compared) for key in TABLE_KEYS}
    if any(finding is None for finding in figures.values()):
        return None
    shown = {key: finding for key, finding in figures.items() if finding is not None}
    if not shown["total"].value:
        return None
    name = short_name_of(code)
    change = [sentences.short_change(shown["share_within_18"])] if found.compared else []
    label = name if code == TOTAL else show.link(name, way)
    return [
        label,
        display(shown["total"]),
        display(shown["share_within_18"]),
        *change,
        *(display(shown[key]) for key in TABLE_KEYS[2:]),
    ]


def _reconciled(reconciled: Reconciliation) -> Component:
    return show.section(
        "Against the published figures",
        html.P(f"{reconciled.sentence}."),
        *(
            []
            if reconciled.compared
            else [
                html.P(
                    [
                        "Load the published time series to compare: ",
                        html.Code("rtt load RTT-Overview-Timeseries….xlsx"),
                    ]
                )
            ]
        ),
        *(
            [
                html.P(
                    f"{plural(len(reconciled.differing), 'figure')} "
                    f"{'differs' if len(reconciled.differing) == 1 else 'differ'}: "
                    + "; ".join(
                        f"{date_text(each.month)} {each.section} {each.measure}: ours {each.ours}, "
                        f"published {each.published}"
                        for each in reconciled.differing[:5]
                    )
                    + (f". {cut}" if (cut := cut_words(5, len(reconciled.differing))) else "")
                )
            ]
            if reconciled.differing
            else []
        ),
        *([html.P(show.link("Every comparison", "/about"))] if reconciled.compared else []),
        name="reconciliation",
    )
