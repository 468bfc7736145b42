"""What of an ICB's or a region's months before nobody can place: a commissioner whose code is no more."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from dashboard.store.counts import part_totals
from rtt.terms.parts import INCOMPLETE
from rtt.terms.wording import list_text, month_text, number_text, share_text

if TYPE_CHECKING:
    from dashboard.scope.scope import Scope


def unplaced_words(connection: Connection, scope: Scope) -> str:
    """The share of the last such month that could not be placed, in a sentence; '' where all could.

    Two statements where something could not, none otherwise.
    """
    gone = scope.unplaced_months
    if not gone:
        return ""
    month = max(gone)
    own = scope.selection((month,))
    left = replace(own, level="commissioner", codes=tuple(sorted(gone[month])), blocks=())
    mine, lost = (_list(part_totals(connection, each, ""), month) for each in (own, left))
    if not lost:
        return ""
    return (
        f"{share_text(lost / (mine + lost))} of {month_text(month)} could not be placed: "
        f"{_codes(gone[month])} ({number_text(lost)} pathways) may have been a part of it, and is left out."
    )


def _list(totals: dict[tuple[date, str, str], int], month: date) -> int:
    return totals.get((month, "", INCOMPLETE), 0)


def _codes(codes: Collection[str]) -> str:
    return f"commissioner {list_text(sorted(codes))}"
