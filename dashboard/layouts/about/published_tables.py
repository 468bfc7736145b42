"""The publisher's tables by organisation beside our figures: how many are equal, and those that differ."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html
from ingest.reconcile.tables import REASONS, CellComparison, Held, TableReconciliation, code_words
from rtt.terms.parts import PART_NAMES
from rtt.terms.treatment_functions import short_name_of
from rtt.terms.wording import list_text, month_text, number_text, plural

Component = Any

TITLE = "Against the published tables, by level, part and specialty"
MOST_ROWS, MOST_DIFFERING = 240, 50
LEVELS = {
    "england": "England",
    "region": "Region",
    "icb": "ICB",
    "commissioner": "Commissioner",
    "provider": "Provider",
    "area_team": "Area team",
    "sha": "SHA",
}


def tables_section(found: TableReconciliation) -> show.Part:
    """The tables loaded, or how to load one."""
    if not (found.held or found.without_extract):
        why = "No published table by provider or commissioner is loaded. To load one, open"
        words = [why, " ", show.link("Data status", "/status"), "."]
        return show.section(TITLE, html.P(words), name="published-tables")
    columns = ["Month", "Level", "Part", "Specialty", "Compared", "Equal", "Different", "Largest difference"]
    newest = sorted(found.held, key=lambda each: each.month, reverse=True)
    rows = [_row(each) for each in newest[:MOST_ROWS]]
    more = len(newest) - len(rows)
    return show.table_card(
        TITLE,
        *([html.P(_sentence(found))] if found.sentence else []),
        *([html.P(without_extract_words(found.without_extract))] if found.without_extract else []),
        *(
            [show.Table(TITLE, columns, rows, text_columns=4, label="Published tables, table")]
            if rows
            else []
        ),
        *(
            [html.P(f"{number_text(more)} older rows: rtt reconcile --tables lists them.")]
            if more > 0
            else []
        ),
        *([_differing(found.differing)] if found.differing else []),
        name="published-tables",
        as_csv=True,
    )


def _sentence(found: TableReconciliation) -> str:
    if not found.months_left:
        return f"{found.sentence}."
    older = plural(found.months_left, "older month")
    return f"{found.sentence}, of the newest months. rtt reconcile compares {older} too: see Data status."


def without_extract_words(tables: Mapping[tuple[str, str], Sequence[date]]) -> str:
    """ "No extract is loaded for April 2023 (new periods, by provider), so the published figures ..."."""
    named = [
        f"{_months(months)} ({PART_NAMES[part].lower()}, by {basis})"
        for (basis, part), months in tables.items()
    ]
    return f"No extract is loaded for {list_text(named)}, so the published figures cannot be compared yet."


def _months(months: Sequence[date]) -> str:
    """ "April 2023", or "84 months from April 2009 to March 2016"."""
    first, last = month_text(months[0]), month_text(months[-1])
    return f"{plural(len(months), 'month')} from {first} to {last}" if months[1:] else first


def _row(each: Held) -> list[str]:
    return [
        month_text(each.month),
        LEVELS[each.level],
        PART_NAMES[each.part],
        short_name_of(each.treatment_function),
        number_text(each.figures),
        number_text(each.equal),
        number_text(each.differs),
        "None" if each.largest < 1e-9 else f"{each.largest:.6g}",
    ]


def _differing(found: tuple[CellComparison, ...]) -> Component:
    columns = ["Month", "Level", "Organisation", "Specialty", "Measure", "Reason", "Ours", "Published"]
    rows = [
        [
            month_text(each.month),
            LEVELS[each.level],
            " ".join(filter(None, (each.organisation_code, code_words(each.organisation_code)))),
            short_name_of(each.treatment_function),
            each.measure,
            REASONS[each.reason],
            "None" if each.ours is None else f"{each.ours:g}",
            f"{each.published:g}" if isinstance(each.published, float) else each.published or "None",
        ]
        for each in found[:MOST_DIFFERING]
    ]
    more = len(found) - len(rows)
    return html.Div(
        [
            show.scrolling(
                show.table("Figures of tables that differ", columns, rows, text_columns=6),
                label="Figures of tables that differ, table",
            ),
            *([html.P(f"{number_text(more)} more: rtt reconcile --tables lists them.")] if more > 0 else []),
        ]
    )
