"""The specialties of the scope, the smallest share within 18 weeks first."""

from collections.abc import Sequence
from typing import Any

from dashboard.filters import each_query
from dashboard.layouts.frame import components as show
from dashboard.layouts.frame.small_numbers import small_numbers_note
from dashboard.layouts.frame.table_order import Value
from dashboard.layouts.overview.load import HERO, TABLE_KEYS, Overview
from dashboard.scope.scope import Scope
from rtt.findings import sentences
from rtt.findings.findings import Finding, display
from rtt.measures.indicators import INDICATORS
from rtt.measures.percentiles import FEWEST_PATHWAYS
from rtt.terms.treatment_functions import TOTAL, short_name_of
from rtt.terms.wording import date_text

Component = Any
Found = dict[str, Finding]
MOST_ROWS = 8
"""Specialties that are shown before the fold, the furthest from the standard."""


def table(scope: Scope, found: Overview) -> show.Card:
    """The table: worst first, the total last, grey what stands on fewer than 20 pathways."""
    functions = [*scope.offered_functions, TOTAL]
    ways = dict(zip(functions, each_query(scope.filters, "tf", functions), strict=True))
    each = {code: figures for code in functions if (figures := _figures(found, code))}
    order = sorted(each, key=lambda code: _place(code, each[code]))
    rows = [_row(found, code, each[code], ways[code]) for code in order]
    heads = [_head(key) for key in TABLE_KEYS]
    since = [f"Since {date_text(found.compared)}"] if found.compared else []
    columns = ["Specialty", *heads[:2], *since, *heads[2:]]
    table = show.Table(
        "Specialties of this scope",
        columns,
        rows,
        label="Specialties, table",
        name="specialties",
        values=show.values_of(rows, instead=_weeks(columns, [each[code] for code in order])),
        worst=(2, "asc"),
        faint=[at for at, code in enumerate(order) if _is_few(each[code])],
        most=MOST_ROWS,
        folded_words="of other specialties",
    )
    return show.table_card(
        "Specialties",
        table,
        *small_numbers_note(figure for figures in each.values() for figure in figures.values()),
        name="specialties",
    )


def _figures(found: Overview, code: str) -> Found:
    """The figures of a specialty; {} where nobody waits or nothing is known of it."""
    figures = {key: found.specialties.find(key, unit=code, before=found.compared) for key in TABLE_KEYS}
    known = {key: figure for key, figure in figures.items() if figure is not None}
    total = known.get("total")
    return known if len(known) == len(figures) and total and (total.value or total.withheld) else {}


def _place(code: str, figures: Found) -> tuple[bool, bool, float, str]:
    """Where a row stands by default: known shares from the lowest up, then the rest, the total at the end."""
    share = figures[HERO].value
    return code == TOTAL, share is None, share or 0.0, short_name_of(code)


def _is_few(figures: Found) -> bool:
    total = figures["total"]
    return bool(total.withheld) or (total.value is not None and total.value < FEWEST_PATHWAYS)


def _row(found: Overview, code: str, figures: Found, way: str) -> list[Component]:
    name = short_name_of(code)
    change = [sentences.short_change(figures[HERO])] if found.compared else []
    return [
        name if code == TOTAL else show.link(name, way),
        display(figures["total"]),
        [display(figures[HERO]), show.bar(figures[HERO].value, 1.0)],
        *change,
        *(_cell(figures[key]) for key in TABLE_KEYS[2:]),
    ]


def _head(key: str) -> str:
    """The head of a column; a wait is counted in weeks there, and not in each of its cells."""
    return f"{INDICATORS[key].head}{_IN_WEEKS}" if INDICATORS[key].unit == "weeks" else INDICATORS[key].head


_IN_WEEKS = ", weeks"


def _cell(finding: Finding) -> str:
    shown = display(finding)
    return shown.removesuffix(" weeks") if finding.unit == "weeks" else shown


def _weeks(columns: Sequence[str], figures: Sequence[Found]) -> dict[int, list[Value]]:
    """What the columns of waits are sorted by: the figures themselves, as their cells are words."""
    return {
        columns.index(_head(key)): [each[key].value for each in figures]
        for key in TABLE_KEYS
        if INDICATORS[key].unit == "weeks"
    }
