"""The lists that a scope's plan is worked out from, and the parts that a table tells apart.

They are those of one organisation or of a group of trusts, with all specialties or some.
An organisation and one of its specialties have a forecast to be held to; other sums have none.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from sqlalchemy import Connection

from dashboard.store.plan_anchors import anchors_of
from dashboard.store.plans import PlanRow, plans_of
from ingest.forecasts.plan_rows import unpacked
from rtt.planning.anchor import Anchor
from rtt.planning.needs import Lists
from rtt.planning.size_and_order import size_and_order
from rtt.planning.standing import size_and_order_of_sum
from rtt.planning.steady import steady_at
from rtt.terms.arrays import Floats, Ints
from rtt.terms.treatment_functions import TOTAL


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One specialty: its plan, the places of its lists, and what is forecast of it."""

    row: PlanRow
    units: Ints
    anchors: tuple[Anchor, ...]


@dataclass(frozen=True, slots=True, eq=False)
class PlannedLists:
    """`rows` are the lists themselves, in their order; `parts` is empty for one specialty."""

    whole: PlanRow
    anchors: tuple[Anchor, ...]
    lists: Lists
    rows: tuple[PlanRow, ...]
    parts: tuple[Part, ...]


def planned_lists(
    connection: Connection, census: date, level: str, codes: tuple[str, ...], asked: tuple[str, ...]
) -> PlannedLists | None:
    """Of organisations of a level and of the specialties `asked`, () for all, at the newest month.

    None where nobody was waiting, or the newest return is missing. Two statements, one of a group.
    """
    found, kept = plans_of(connection, level, codes)
    places = [at for at, row in enumerate(found[: len(kept)]) if not asked or row.treatment_function in asked]
    if not places:
        return None
    rows = tuple(found[at] for at in places)
    lists = unpacked([kept[at] for at in places])
    one = len(codes) == 1
    anchors = anchors_of(connection, census, level, codes[0]) if one else {}
    parts = tuple(_parts(rows, lists, anchors)) if len(asked) != 1 else ()
    every = np.arange(len(rows))
    if one and len(asked) <= 1:
        code = asked[0] if asked else TOTAL
        whole = next(row for row in found if row.treatment_function == code)
        return PlannedLists(whole, anchors.get(code, ()), lists, rows, parts)
    return PlannedLists(_summed(rows, lists, every, TOTAL), (), lists, rows, parts)


def _parts(rows: Sequence[PlanRow], lists: Lists, anchors: dict[str, tuple[Anchor, ...]]) -> list[Part]:
    by_code: dict[str, list[int]] = {}
    for at, row in enumerate(rows):
        by_code.setdefault(row.treatment_function, []).append(at)
    found = []
    for code, places in by_code.items():
        units = np.array(places)
        row = rows[places[0]] if len(places) == 1 else _summed(rows, lists, units, code)
        found.append(Part(row, units, anchors.get(code, ())))
    return found


def _summed(rows: Sequence[PlanRow], lists: Lists, units: Ints, code: str) -> PlanRow:
    """Lists as one row: added up, size and order weighted by who waits. Nothing that needs a question or the
    months themselves: no load, no pressure.
    """
    own, some = [rows[at] for at in units], lists.some(units)
    of = np.zeros(len(units), dtype=np.int64)
    waiting, rates = some.waiting, some.rates[0]
    steady = steady_at(rates)
    (order_13, size_13, largest_13), (order_4, size_4, largest_4) = (
        size_and_order_of_sum(waiting, size_and_order(waiting, rates, kept), of, 1) for kept in (13, 4)
    )
    nothing = dict.fromkeys(
        ("needed_longest", "needed_todays", "chance", "longest_alone", "load", "load_reported", "mean_weeks",
         "pressure", "target_list", "departures_needed")
    )  # fmt: skip
    enough = any(row.planned for row in own)
    found: PlanRow = replace(
        own[0],
        treatment_function=code,
        months=max(row.months for row in own),
        total=sum(row.total for row in own),
        within_18=sum(row.within_18 for row in own),
        over_52=sum(row.over_52 for row in own),
        starts=_sum(rates.starts) if enough else None,
        stops=_sum(rates.stops) if enough else None,
        order_13=float(order_13[0]),
        size_13=float(size_13[0]),
        order_4=float(order_4[0]),
        size_4=float(size_4[0]),
        largest_13=float(largest_13[0]),
        largest_4=float(largest_4[0]),
        steady_list=_sum(steady.bands),
        steady_stops=_sum(steady.stops),
        **nothing,
    )
    return found


def _sum(values: Floats) -> float:
    return float(values.sum())
