"""The parts of a scope that a page puts side by side: its specialties, or the organisations below it.

Trusts stand below an ICB as those it is the home of: their figures count everyone waiting there and never add
up to the ICB's own.
"""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from dashboard.analysis.parts_over_time import Signals, latest_signals, parts_over_time, seen_over_time
from dashboard.filters import to_query
from dashboard.scope.scope import Scope
from dashboard.store.counts import Selection
from dashboard.store.loaded_extracts import Organisation
from rtt.terms.treatment_functions import TOTAL, in_order, short_name_of

SPECIALTIES, ORGANISATIONS, TRUSTS = "specialties", "organisations", "trusts"
LEVEL_BELOW = {"england": "region", "region": "icb", "icb": "provider"}
PLURALS = {"region": "Regions", "icb": "ICBs", "provider": "Trusts and providers"}


@dataclass(frozen=True, slots=True)
class Part:
    """One row: its code, its name, and what the address says of it."""

    code: str
    name: str
    chosen: dict[str, Any]

    def href(self, scope: Scope) -> str:
        """The address of this part, without a measure: the cells of its row add theirs."""
        return to_query(scope.filters, **self.chosen, measure="") or "?"


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts in the order of the table, their cells, and what the rows are called."""

    rows: str
    title: str
    parts: tuple[Part, ...]
    signals: Signals


def parts_of(connection: Connection, scope: Scope) -> Parts:
    """The parts asked for, specialties otherwise; one statement."""
    rows = scope.filters.rows if scope.filters.rows in dict(offered(scope)) else SPECIALTIES
    if rows == SPECIALTIES:
        parts = _specialties(scope)
        selection, by = scope.selection(scope.dates, each_function=True), "treatment_function"
        selection = replace(selection, functions=tuple(each.code for each in parts) or (TOTAL,))
    else:
        members = below(scope, rows)
        parts = tuple(_organisation(each) for each in members)
        selection, by = _selection(scope, members), "organisation_code"
    over_time = parts_over_time(connection, selection, by)
    # A row lacks what is missing of itself: an ICB may be short of a trust that England hardly misses.
    level = by if by == "treatment_function" else selection.level
    gaps = {unit: scope.gaps_of_unit(unit, level) for unit in over_time.units}
    seen = seen_over_time(connection, scope, over_time, by)
    signals = latest_signals(over_time, scope.rules, seen=seen, gaps=gaps)
    return Parts(rows, dict(offered(scope))[rows], parts, signals)


def offered(scope: Scope) -> list[tuple[str, str]]:
    """What the rows may be, with its name."""
    found = [(SPECIALTIES, "Specialties")]
    members = below(scope, ORGANISATIONS)
    if len(members) > 1:
        found.append((ORGANISATIONS, PLURALS[members[0].level]))
    if scope.source == "monthly" and scope.organisation.level == "england":
        found.append((TRUSTS, "NHS trusts"))
    return found


def below(scope: Scope, rows: str) -> list[Organisation]:
    """The organisations of the rows, by name."""
    here, everybody = scope.organisation, scope.organisations
    if here.kind == "group":
        return [each for each in everybody if each.level == "provider" and each.code in scope.codes]
    if scope.source == "weekly":
        return []
    if rows == TRUSTS:
        return [each for each in everybody if each.level == "provider" and each.kind == "nhs"]
    level = LEVEL_BELOW.get(here.level)
    kind = scope.filters.kind if level == "provider" else ""
    return [
        each
        for each in everybody
        if each.level == level
        and (here.level == "england" or each.parent_code == here.code)
        and kind in ("", each.kind)
    ]


def _specialties(scope: Scope) -> tuple[Part, ...]:
    codes = sorted(scope.offered_functions, key=in_order)
    return tuple(
        Part(code, short_name_of(code), {"tf": (code,), "group": _kept_group(scope)}) for code in codes
    )


def _kept_group(scope: Scope) -> str:
    # A group of specialties makes way for one of them; a group of trusts stays.
    return scope.filters.group if scope.organisation.kind == "group" else ""


def _organisation(each: Organisation) -> Part:
    return Part(each.code, each.name, {"level": each.level, "org": each.code, "group": "", "rows": ""})


def _selection(scope: Scope, members: list[Organisation]) -> Selection:
    return scope.selection(scope.dates, by=members[0].level, only=tuple(each.code for each in members))
