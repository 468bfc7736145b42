"""Overview: are we within the standard, is it getting better, where is the problem, is the data fresh?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from dash import html
from sqlalchemy import Connection

from dashboard.figures.share_trend import share_trend
from dashboard.filters import to_query
from dashboard.layouts import components as show
from dashboard.queries.choices import Choice
from dashboard.queries.facts import series, specialties
from dashboard.queries.findings import Figures, figures_of
from dashboard.queries.reconciliation import reconciliation
from ingest.reconcile import Reconciliation
from rtt import sentences
from rtt.calendar import add_months
from rtt.findings import Finding, display
from rtt.treatment_functions import TOTAL, short_name_of
from rtt.wording import date_text

Component = Any

TABLE_KEYS = (
    "total",
    "share_within_18",
    "over_52",
    "share_over_52",
    "median_weeks",
    "high_percentile_weeks",
)


@dataclass(frozen=True, slots=True)
class Overview:
    """What the page shows: the scope over time, its specialties now and a year ago, the reconciliation."""

    scope: Figures
    specialties: Figures
    year_ago: date | None
    reconciled: Reconciliation | None


def load(connection: Connection, choice: Choice) -> Overview | None:
    """None on an empty database; at most eight statements with those of the shell."""
    if choice.census is None:
        return None
    year_ago = year_before(choice)
    dates = (choice.census,) if year_ago is None else (year_ago, choice.census)
    return Overview(
        scope=figures_of(choice, series(connection, choice)),
        specialties=figures_of(
            choice,
            specialties(connection, choice, dates, flows=False),
            apart="treatment_function",
            keys=TABLE_KEYS,
        ),
        year_ago=year_ago,
        reconciled=reconciliation(connection) if _is_published(choice) else None,
    )


def year_before(choice: Choice) -> date | None:
    """The census a year before: the same month, or the Sunday 52 weeks earlier; None if it is not held."""
    assert choice.census is not None
    wanted = (
        date.fromordinal(choice.census.toordinal() - 364)
        if choice.source == "weekly"
        else add_months(choice.census, -12)
    )
    return wanted if wanted in choice.dates else None


def _is_published(choice: Choice) -> bool:
    return choice.source == "monthly" and choice.holdings.kind == "real"


def draw(choice: Choice, found: Overview | None) -> Component:
    """The page."""
    if found is None:
        return _empty()
    where = sentences.scope_words(_headline(found).scope)
    return html.Div(
        [
            html.H1(f"Overview: {where}"),
            html.P(
                "Waiting for consultant-led treatment, and clocks that started and stopped. "
                f"{sentences.source_line(_headline(found))}",
                className="rtt-question",
            ),
            show.tiles(_tiles(choice, found)),
            _trend(choice, found),
            _specialty_table(choice, found),
            *([_reconciled(found.reconciled)] if found.reconciled else []),
        ]
    )


def _empty() -> Component:
    return html.Div(
        [
            html.H1("No data is loaded yet"),
            html.P(
                "Load NHS England’s monthly full extract, or a trust’s weekly tracking list, from a terminal:"
            ),
            html.Pre("rtt load FILE_OR_FOLDER", className="rtt-code"),
            html.P(["To look round with a made-up region first: ", html.Code("rtt demo")]),
        ]
    )


def _headline(found: Overview) -> Finding:
    return _found(found, "share_within_18")


def _found(found: Overview, key: str, at: date | None = None) -> Finding:
    choice = found.scope.choice
    finding = found.scope.find(key, at=at, before=choice.previous)
    if finding is None:
        # Nobody of this scope is in any census held: the figure is a known zero, not an error.
        return found.scope.nobody(key)
    return finding


def _tiles(choice: Choice, found: Overview) -> list[Component]:
    get = {key: _found(found, key) for key in found.scope.measures}
    flow_words = "this week" if choice.source == "weekly" else "this month"
    return [
        _tile(get["share_within_18"], [sentences.versus_standard(get["share_within_18"])]),
        _tile(get["total"], []),
        show.tile(
            "Over 52 weeks",
            display(get["over_52"]),
            [f"{display(get['share_over_52'])} of the list", sentences.change_words(get["over_52"])],
        ),
        show.tile(
            "Median wait and 92nd percentile",
            display(get["median_weeks"]),
            [
                f"Half have waited less; 92 in 100 under {display(get['high_percentile_weeks'])}",
                sentences.change_words(get["median_weeks"]),
            ],
        ),
        show.tile(
            f"Starts and stops {flow_words}",
            f"{display(get['starts'])} in",
            [
                f"{display(get['stops'])} clocks stopped",
                f"{display(get['unreported_removals'])} left without a reported stop",
                _list_change(get["list_change"]),
            ],
        ),
        _tile(get["clearance_weeks"], ["List ÷ weekly clock stops, last three months"]),
    ]


def _tile(finding: Finding, lines: list[str]) -> Component:
    return show.tile(sentences.name(finding), display(finding), [*lines, sentences.change_words(finding)])


def _list_change(finding: Finding) -> str:
    return "" if finding.value is None else sentences.title(finding)


def _trend(choice: Choice, found: Overview) -> Component:
    findings = [
        finding
        for day in choice.dates
        if (finding := found.scope.find("share_within_18", at=day)) is not None
    ]
    if not findings:
        return show.empty("No pathways in this scope.", show.link("Show everything", "?"))
    return show.card("share-trend", share_trend(findings))


def _specialty_table(choice: Choice, found: Overview) -> Component:
    functions = [*choice.offered_functions, TOTAL]
    rows = [row for code in functions if (row := _specialty_row(choice, found, code))]
    columns = ["Specialty", "Waiting", "Within 18 weeks"]
    if found.year_ago:
        columns.append(f"Since {date_text(found.year_ago)}")
    columns += ["Over 52 weeks", "Share over 52", "Median", "92nd percentile"]
    return show.section(
        "Specialties",
        show.scrolling(show.table("Specialties of this scope", columns, rows), label="Specialties, table"),
        name="specialties",
    )


def _specialty_row(choice: Choice, found: Overview, code: str) -> list[Component] | None:
    figures = {key: found.specialties.find(key, unit=code, before=found.year_ago) for key in TABLE_KEYS}
    if any(finding is None for finding in figures.values()):
        return None
    shown = {key: finding for key, finding in figures.items() if finding is not None}
    if not shown["total"].value:
        return None
    name = short_name_of(code)
    change = [sentences.short_change(shown["share_within_18"])] if found.year_ago else []
    label = name if code == TOTAL else show.link(name, to_query(choice.filters, tf=(code,)) or "?")
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
                    f"{len(reconciled.differing)} figures differ: "
                    + "; ".join(
                        f"{date_text(each.month)} {each.section} {each.measure}: ours {each.ours}, "
                        f"published {each.published}"
                        for each in reconciled.differing[:5]
                    )
                )
            ]
            if reconciled.differing
            else []
        ),
        *([html.P(show.link("Every comparison", "/about"))] if reconciled.compared else []),
        name="reconciliation",
    )
