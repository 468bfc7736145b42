"""The parts of a scope that a page puts side by side: its specialties, or the organisations below it.

Trusts stand below an ICB as those it is the home of: their figures count everyone waiting there and never add
up to the ICB's own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from dashboard.analysis.parts_over_time import Signals, latest_signals, parts_over_time, seen_over_time
from dashboard.filters import to_query
from dashboard.scope.scope import Choice
from dashboard.store.counts import Selection
from dashboard.store.holdings import Organisation
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

    def href(self, choice: Choice) -> str:
        """The address of this part, without a measure: the cells of its row add theirs."""
        return to_query(choice.filters, **self.chosen, measure="") or "?"


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts in the order of the table, their cells, and what the rows are called."""

    rows: str
    title: str
    parts: tuple[Part, ...]
    signals: Signals


def parts_of(connection: Connection, choice: Choice) -> Parts:
    """The parts asked for, specialties otherwise; one statement."""
    rows = choice.filters.rows if choice.filters.rows in dict(offered(choice)) else SPECIALTIES
    if rows == SPECIALTIES:
        parts = _specialties(choice)
        selection, by = choice.selection(choice.dates, each_function=True), "treatment_function"
        selection = replace(selection, functions=tuple(each.code for each in parts) or (TOTAL,))
    else:
        members = below(choice, rows)
        parts = tuple(_organisation(each) for each in members)
        selection, by = _selection(choice, members), "organisation_code"
    over_time = parts_over_time(connection, selection, by)
    # A row lacks what is missing of itself: an ICB may be short of a trust that England hardly misses.
    level = by if by == "treatment_function" else selection.level
    gaps = {unit: choice.gaps_of_unit(unit, level) for unit in over_time.units}
    seen = seen_over_time(connection, choice, over_time, by)
    signals = latest_signals(over_time, choice.rules, seen=seen, gaps=gaps)
    return Parts(rows, dict(offered(choice))[rows], parts, signals)


def offered(choice: Choice) -> list[tuple[str, str]]:
    """What the rows may be, with its name."""
    found = [(SPECIALTIES, "Specialties")]
    members = below(choice, ORGANISATIONS)
    if len(members) > 1:
        found.append((ORGANISATIONS, PLURALS[members[0].level]))
    if choice.source == "monthly" and choice.organisation.level == "england":
        found.append((TRUSTS, "NHS trusts"))
    return found


def below(choice: Choice, rows: str) -> list[Organisation]:
    """The organisations of the rows, by name."""
    here, everybody = choice.organisation, choice.organisations
    if here.kind == "group":
        return [each for each in everybody if each.level == "provider" and each.code in choice.codes]
    if choice.source == "weekly":
        return []
    if rows == TRUSTS:
        return [each for each in everybody if each.level == "provider" and each.kind == "nhs"]
    level = LEVEL_BELOW.get(here.level)
    kind = choice.filters.kind if level == "provider" else ""
    return [
        each
        for each in everybody
        if each.level == level
        and (here.level == "england" or each.parent_code == here.code)
        and kind in ("", each.kind)
    ]


def _specialties(choice: Choice) -> tuple[Part, ...]:
    codes = sorted(choice.offered_functions, key=in_order)
    return tuple(
        Part(code, short_name_of(code), {"tf": (code,), "group": _kept_group(choice)}) for code in codes
    )


def _kept_group(choice: Choice) -> str:
    # A group of specialties makes way for one of them; a group of trusts stays.
    return choice.filters.group if choice.organisation.kind == "group" else ""


def _organisation(each: Organisation) -> Part:
    return Part(each.code, each.name, {"level": each.level, "org": each.code, "group": "", "rows": ""})


def _selection(choice: Choice, members: list[Organisation]) -> Selection:
    selection = choice.selection(choice.dates, by=members[0].level)
    return replace(selection, codes=tuple(each.code for each in members))
